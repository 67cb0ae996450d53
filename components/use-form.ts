'use client'
// Sends a form so that it stays as it stands, with what was typed, whatever becomes of the line.
import { unstable_isUnrecognizedActionError, unstable_rethrow } from 'next/navigation'
import { type FormEvent, startTransition, useActionState, useEffect, useRef } from 'react'
import { type FormState, OTHERS_FIELD } from '@/lib/forms/state.ts'
import { fillText } from '@/lib/i18n/texts.ts'

export type FormAction = (state: FormState, data: FormData) => Promise<FormState>

/**
 * What is said above errors, where no answer came, where the server failed, where the database was busy, and, raw, where
 * too many documents come at once.
 */
export type FormTexts = Record<'title' | 'line' | 'failed' | 'busy' | 'uploads' | 'again', string>

/** As lib/request/show-form.ts gives it. */
export type ShownForm = { id: string | undefined; shown: string; initial: FormState }

/**
 * A form's state, and what its `<form>` needs. `sendAgain`: the very form that got no answer, which is done but once.
 * Without a script the browser sends the form itself. `watch`: called with what is about to be sent; what it returns, once there is
 * an answer or none comes.
 */
export function useForm(
  action: FormAction,
  initial: FormState,
  texts: FormTexts,
  id?: string,
  watch: (data: FormData) => () => void = () => () => {},
) {
  const [state, submit, pending] = useActionState(
    // What the server renders must be the action itself: its form is sent without a script.
    typeof window === 'undefined' ? action : surviving(action, texts, watch),
    initial,
  )
  const form = useRef<HTMLFormElement>(null)
  const last = useRef<FormData>(undefined)
  const answered = useRef(state)
  const sentAt = useRef(0)
  const untouched = useRef(false)
  const tapped = useRef<HTMLButtonElement>(null)
  useEffect(() => {
    if (!form.current || state === answered.current) return
    answered.current = state
    if (state.stale) showAnew(form.current)
    else if (!isLost(state)) emptySecrets(form.current)
  }, [state])
  const send = (data: FormData) => {
    last.current = data
    sentAt.current = Date.now()
    untouched.current = true
    startTransition(() => submit(data))
  }
  const onSubmit = (event: FormEvent<HTMLFormElement>) => {
    if (event.defaultPrevented) return
    if (leadsElsewhere(event)) return takeOthers(event.currentTarget)
    const submitter = submitterOf(event)
    // React would empty the form once there is an answer.
    event.preventDefault()
    const data = new FormData(event.currentTarget)
    if (submitter?.name) data.append(submitter.name, submitter.value)
    const isSame = untouched.current && tapped.current === submitter
    if (pending || (isSame && Date.now() - sentAt.current < SECOND_TAP_MS)) return
    tapped.current = submitter
    send(data)
  }
  const sendAgain = () => {
    if (!pending && last.current) send(last.current)
  }
  const onInput = ({ currentTarget }: FormEvent<HTMLFormElement>) => {
    untouched.current = false
    currentTarget.dataset.touched = ''
  }
  const props = {
    id,
    ref: form,
    action: submit,
    onSubmit,
    onInput,
    noValidate: true,
    'data-touched': Object.keys(state.values).length > 0 ? '' : undefined,
  }
  return { state, pending, sendAgain: isLost(state) ? sendAgain : undefined, props }
}

/** A second tap on a button may come after the answer to the first, and would send what that has emptied. */
const SECOND_TAP_MS = 1000

const submitterOf = (event: FormEvent<HTMLFormElement>) =>
  (event.nativeEvent as SubmitEvent).submitter as HTMLButtonElement | null

/** By a button with an address of its own: the page in another language. */
export const leadsElsewhere = (event: FormEvent<HTMLFormElement>): boolean =>
  submitterOf(event)?.hasAttribute('formaction') === true

/** With it go the other forms of the page that were typed into. */
function takeOthers(form: HTMLFormElement): void {
  const add = ({ formData }: FormDataEvent) => {
    for (const other of document.querySelectorAll<HTMLFormElement>('form[data-touched]')) {
      if (other !== form) formData.append(OTHERS_FIELD, wordsOf(other))
    }
  }
  form.addEventListener('formdata', add, { once: true })
}

/** Of files, their names. */
const wordsOf = (form: HTMLFormElement): string =>
  new URLSearchParams(
    [...new FormData(form)].map(([name, value]) => [name, typeof value === 'string' ? value : value.name]),
  ).toString()

/** The code of an error that the browser noticed: whether the form was done is not known. */
const LOST = 'lost'
const isLost = ({ errors }: FormState): boolean => errors.some(({ code }) => code === LOST)

/** Passwords and codes that were refused are typed anew. */
function emptySecrets(form: HTMLFormElement): void {
  for (const input of form.querySelectorAll<HTMLInputElement>('input[data-secret]')) input.value = ''
}

const surviving =
  (action: FormAction, texts: FormTexts, watch: (data: FormData) => () => void): FormAction =>
  async (state, data) => {
    const ended = watch(data)
    try {
      return await action(state, data).finally(ended)
    } catch (error) {
      try {
        unstable_rethrow(error)
      } catch (next) {
        // Where the action leads to. The router leaves the window where it is as long as the beginning of that page is in sight.
        scrollTo(0, 0)
        throw next
      }
      const lost = { ...state, round: Date.now() }
      if (unstable_isUnrecognizedActionError(error)) return { ...lost, stale: true }
      const text = textOf(error as Error & { digest?: string }, texts)
      return { ...lost, errors: [{ code: LOST, text }] }
    }
  }

/** What the server threw has a digest (`BUSY` is of db/errors.ts); whatever stands before it has none (lib/http/uploads.ts). */
function textOf({ message, digest }: Error & { digest?: string }, texts: FormTexts): string {
  if (digest !== undefined) return digest === 'BUSY' ? texts.busy : texts.failed
  const [, minutes] = /^UPLOADS (\d+)$/.exec(message) ?? []
  return minutes ? fillText(texts.uploads, { minutes }, document.documentElement.lang) : texts.line
}

/** Leaves for the page as it is now, which gets what was typed; of files it gets the names alone. */
function showAnew(form: HTMLFormElement): void {
  form.action = `/unsent?to=${encodeURIComponent(location.pathname + location.search)}`
  form.method = 'post'
  form.enctype = 'application/x-www-form-urlencoded'
  takeOthers(form)
  HTMLFormElement.prototype.submit.call(form)
}
