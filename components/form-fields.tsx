'use client'
// The fields and buttons of a form, with what its action answered.
import { type FormEvent, type ReactNode, useState } from 'react'
import { type FormError, type FormState, REFUSED_FIELD, SHOWN_FIELD } from '@/lib/forms/state.ts'
import { fillText } from '@/lib/i18n/texts.ts'
import { ErrorSummary } from './error-summary.tsx'
import {
  Box,
  type Choice,
  FieldNotes,
  FileField,
  type FileTexts,
  FormField,
  SelectField,
  TextAreaField,
} from './form-field.tsx'
import { SendAgain } from './send-again.tsx'
import { Button } from './ui/button.tsx'
import { type FormAction, type FormTexts, leadsElsewhere, type ShownForm, useForm } from './use-form.ts'

/** A field as lib/forms declares it, with its texts. `value`: what it begins with. */
export type FieldSpec = {
  kind: 'text' | 'note' | 'select' | 'box' | 'boxes' | 'hidden' | 'button' | 'files'
  name: string
  label: ReactNode
  hint?: string
  value?: string
  max?: number
  type?: 'tel' | 'email' | 'password'
  inputMode?: 'numeric' | 'decimal'
  autoComplete?: string
  after?: string
  follows?: string
  /** Of a few characters. */
  short?: true
  /** Emptied once there is an answer. */
  secret?: true
  options?: Choice[]
}

/** `says`: a longer label, for those who do not see what it stands beside. */
export type FormButton = {
  label: string
  says?: string
  intent?: string
  look?: 'primary' | 'secondary' | 'danger'
}
/** A way out that an error offers, by its code. */
export type FormLinks = Record<string, { href: string; label: string }>

export function FormFields({
  action,
  id,
  prefix,
  shown,
  initial,
  specs,
  buttons,
  links = {},
  files,
  texts,
  children,
}: ShownForm & {
  action: FormAction
  /** Of the ids of its fields: a page may have several with the same. */
  prefix: string
  specs: FieldSpec[]
  buttons: FormButton[]
  links?: FormLinks
  files?: FileTexts
  texts: FormTexts
  children?: ReactNode
}) {
  const { state: answered, pending, sendAgain, props } = useForm(action, initial, texts, id)
  const [early, setEarly] = useState<{ round: number; errors: FormError[] }>()
  const state = early?.round === answered.round ? { ...answered, errors: early.errors } : answered
  const onSubmit = (event: FormEvent<HTMLFormElement>) => {
    const errors =
      files && !leadsElsewhere(event) ? unsendable(new FormData(event.currentTarget), specs, files) : []
    if (errors.length > 0) event.preventDefault()
    setEarly(errors.length > 0 ? { round: answered.round, errors } : undefined)
    props.onSubmit(event)
  }
  const link = state.errors.map(({ code }) => links[code]).find(Boolean)
  return (
    <form {...props} onSubmit={onSubmit} data-scripted className="stack">
      <input type="hidden" name={SHOWN_FIELD} value={shown} readOnly />
      {/* Where Enter sends the form: as its first button does. Of two the last counts, which is the button's. */}
      {buttons[0]?.intent && <input type="hidden" name="intent" value={buttons[0].intent} readOnly />}
      {Object.keys(state.values).length > 0 && state.errors.some(({ field }) => field) && (
        <input type="hidden" name={REFUSED_FIELD} value="1" readOnly />
      )}
      <ErrorSummary title={texts.title} errors={listed(state.errors, specs, prefix)} round={state.round}>
        {link && (
          <p className="mt-2">
            <a href={link.href}>{link.label}</a>
          </p>
        )}
        <SendAgain send={sendAgain} label={texts.again} />
      </ErrorSummary>
      {specs.map(spec => (
        <FieldOf key={spec.name} spec={spec} prefix={prefix} state={state} files={files} />
      ))}
      {children}
      <Buttons buttons={buttons} pending={pending} />
    </form>
  )
}

function Buttons({ buttons, pending }: { buttons: FormButton[]; pending: boolean }) {
  return (
    <p className="actions">
      {buttons.map(({ label, says, intent, look }) => (
        <Button
          key={label}
          look={look}
          name={intent && 'intent'}
          value={intent}
          aria-label={says}
          aria-disabled={pending}
        >
          {label}
        </Button>
      ))}
    </p>
  )
}

/** The errors as the top of a form says them: the field's name goes before, for "Fill in this field" nine times over helps nobody. */
const listed = (errors: FormError[], specs: FieldSpec[], prefix: string) =>
  errors.map(({ field, text }) => {
    const label = specs.find(({ name }) => name === field)?.label
    return { field: field && prefix + field, text: typeof label === 'string' ? `${label}: ${text}` : text }
  })

type FieldOfProps = { spec: FieldSpec; prefix: string; state: FormState; files?: FileTexts }

function FieldOf({ spec, prefix, state, files }: FieldOfProps) {
  const { kind, name, label, hint, after, follows, options = [] } = spec
  const id = prefix + name
  const errors = state.errors.filter(({ field }) => field === name).map(({ text }) => text)
  const [error] = errors
  const typed = state.values[name]
  const value = typed?.[0] ?? spec.value ?? ''
  if (after && !typed && !state.errors.some(({ code }) => code === after)) return null
  if (kind === 'hidden') return <input type="hidden" name={name} value={spec.value ?? ''} readOnly />
  // Of a form that was typed into, a box that is not among what was typed was unchecked.
  const begun = Object.keys(state.values).length > 0 ? (typed ?? []) : (spec.value ?? '').split(' ')
  if (kind === 'box') {
    return <Box id={id} name={name} value="on" label={label} checked={begun.includes('on')} error={error} />
  }
  if (kind === 'boxes') {
    const chosen = follows === undefined ? undefined : (state.values[follows] ?? [])
    const open = options.filter(one => !chosen || chosen.includes(one.value))
    if (open.length === 0) return null
    return (
      <fieldset className={error ? 'field invalid' : 'field'}>
        <legend>{label}</legend>
        <FieldNotes name={id} hint={hint} error={error} />
        {open.map((one, index) => {
          const own = index === 0 ? id : `${id}-${one.value}`
          return <Box key={own} id={own} name={name} {...one} checked={begun.includes(one.value)} />
        })}
      </fieldset>
    )
  }
  const text = { id, name, label: String(label), hint, error, defaultValue: value }
  if (kind === 'files' && files) {
    // What was chosen has arrived and is kept: it is not sent once more. Where no answer came it is.
    const kept = state.files?.kept ?? []
    const key = kept.map(({ reference }) => reference).join()
    return <FileField key={key} {...text} texts={files} errors={errors} files={kept} />
  }
  if (kind === 'note') return <TextAreaField {...text} />
  if (kind === 'select') {
    return <SelectField {...text} options={options.map(one => ({ ...one, label: String(one.label) }))} />
  }
  const { type, inputMode, autoComplete = 'off', max, secret, short } = spec
  const input = { type, inputMode, autoComplete, maxLength: max, secret, short }
  return <FormField {...text} {...input} />
}

/** What is wrong with files and needs no server to be seen: an upload that is bound to be refused is spared. */
function unsendable(data: FormData, specs: FieldSpec[], texts: FileTexts): FormError[] {
  const field = specs.find(({ kind }) => kind === 'files')!.name
  // A field without a choice sends a nameless file.
  const files = data.getAll(field).filter(file => typeof file !== 'string' && file.name !== '') as File[]
  if (data.getAll(texts.kept.name).length + files.length > texts.maxFiles) {
    return [{ field, code: 'tooMany', text: texts.tooMany }]
  }
  return files
    .filter(file => file.size > texts.maxBytes)
    .map(file => ({ field, code: 'tooLarge', text: fillText(texts.tooLarge, { file: file.name }) }))
}
