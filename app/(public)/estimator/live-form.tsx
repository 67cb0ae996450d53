'use client'
// The estimator's form: with a script what it comes to follows what is typed, drawn by the server as for everybody else.
import { type ReactNode, useEffect, useRef } from 'react'

/** So long after the last key. */
const PAUSE_MS = 350

export function LiveForm({ children }: { children: ReactNode }) {
  const form = useRef<HTMLFormElement>(null)
  useEffect(() => follow(form.current!), [])
  return (
    <form ref={form} method="get" action="/estimator" noValidate data-scripted className="stack">
      {children}
    </form>
  )
}

/** `data-old`: what is shown is not of what stands in the fields, which may be half typed (app/globals.css). */
function follow(form: HTMLFormElement): () => void {
  let timer: ReturnType<typeof setTimeout>
  let asking = new AbortController()
  const ask = async () => {
    asking.abort()
    asking = new AbortController()
    const fields = new URLSearchParams([...new FormData(form)].map(([name, value]) => [name, String(value)]))
    // Where no answer comes, the button is still there.
    const answer = await fetch(`${form.action}?${fields}`, { signal: asking.signal }).catch(() => undefined)
    const text = answer?.ok ? await answer.text().catch(() => undefined) : undefined
    if (!answer || text === undefined) return
    const fresh = new DOMParser().parseFromString(text, 'text/html')
    if (!fresh.querySelector('[data-live]') || fresh.querySelector('[role=alert]')) return
    show(fresh)
    delete form.dataset.old
    history.replaceState(history.state, '', answer.url)
  }
  const onInput = () => {
    form.dataset.old = ''
    clearTimeout(timer)
    timer = setTimeout(ask, PAUSE_MS)
  }
  form.addEventListener('input', onInput)
  // A browser that goes back restores the fields without telling.
  if (isTouched(form)) onInput()
  return () => {
    clearTimeout(timer)
    form.removeEventListener('input', onInput)
  }
}

const isTouched = (form: HTMLFormElement): boolean =>
  [...form.querySelectorAll('input')].some(
    ({ value, defaultValue, checked, defaultChecked }) =>
      value !== defaultValue || checked !== defaultChecked,
  )

/** Fields keep what is typed in them; the languages lead back to the address as it is now. */
function show(fresh: Document): void {
  for (const part of document.querySelectorAll<HTMLElement>('[data-live], .language-links')) {
    const { live } = part.dataset
    const now = fresh.querySelector<HTMLElement>(live ? `[data-live="${live}"]` : '.language-links')
    if (!now) continue
    part.hidden = now.hidden
    if (part instanceof HTMLInputElement) part.value = (now as HTMLInputElement).value
    else if (!part.querySelector('input')) part.innerHTML = now.innerHTML
  }
}
