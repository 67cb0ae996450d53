'use client'
// The fields and buttons of a form, with what its action answered.
import { type FormEvent, Fragment, type ReactNode, useState } from 'react'
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
  PicksField,
  SelectField,
  TextAreaField,
} from './form-field.tsx'
import { Buttons, type FormButton, type FormLinks, Reveal, Upload, WaysOut } from './form-parts.tsx'
import { SendAgain } from './send-again.tsx'
import { tellUpload } from './upload-progress.ts'
import { type FormAction, type FormTexts, leadsElsewhere, type ShownForm, useForm } from './use-form.ts'

/** A field as lib/forms declares it, with its texts. `value`: what it begins with. */
export type FieldSpec = {
  kind: 'text' | 'note' | 'select' | 'picks' | 'box' | 'boxes' | 'hidden' | 'button' | 'files'
  name: string
  label: ReactNode
  hint?: string
  /** Of picks: what unfolds all but the first few. */
  more?: string
  /** Its hint, and a picture, by what is chosen in the field `hintsBy`. */
  hintsBy?: string
  hints?: Record<string, ReactNode>
  value?: string
  max?: number
  type?: 'tel' | 'email' | 'password' | 'date'
  inputMode?: 'numeric' | 'decimal'
  autoComplete?: string
  after?: string
  follows?: string
  /** Of a few characters. */
  short?: true
  /** Emptied once there is an answer. */
  secret?: true
  /** Stood at when it appears. */
  autoFocus?: true
  options?: Choice[]
}

/** Fields under a legend; those of one row stand side by side where there is room. */
export type FieldGroup = { legend: string; rows: string[][] }

export function FormFields({
  action,
  id,
  prefix,
  shown,
  initial,
  specs,
  groups,
  buttons,
  links = {},
  files,
  reveal,
  texts,
  calm,
  above,
  below,
  children,
}: ShownForm & {
  action: FormAction
  /** Of the ids of its fields: a page may have several with the same. */
  prefix: string
  specs: FieldSpec[]
  groups: FieldGroup[]
  buttons: FormButton[]
  links?: FormLinks
  files?: FileTexts
  /** Of a form with passwords: what shows them. */
  reveal?: string
  texts: FormTexts
  calm?: boolean
  above?: ReactNode
  below?: ReactNode
  children?: ReactNode
}) {
  const [gone, setGone] = useState<number>()
  const watch = files && ((data: FormData) => tellUpload(data, setGone))
  const { state: answered, pending, sendAgain, props } = useForm(action, initial, texts, id, watch)
  const [early, setEarly] = useState<{ round: number; errors: FormError[] }>()
  // What fields begin with stays: browsers bring back, after Back, what differs from it.
  const [begun] = useState(answered.values)
  const [chosen, setChosen] = useState<Record<string, string>>({})
  const [revealed, setRevealed] = useState(false)
  const state = early?.round === answered.round ? { ...answered, errors: early.errors } : answered
  const onSubmit = (event: FormEvent<HTMLFormElement>) => {
    const errors =
      files && !leadsElsewhere(event) ? unsendable(new FormData(event.currentTarget), specs, files) : []
    if (errors.length > 0) event.preventDefault()
    setEarly(errors.length > 0 ? { round: answered.round, errors } : undefined)
    // Browsers keep passwords, and offer what was typed elsewhere, by a field's type.
    setRevealed(false)
    props.onSubmit(event)
  }
  const onInput = (event: FormEvent<HTMLFormElement>) => {
    const { target } = event
    if (target instanceof HTMLSelectElement) setChosen({ ...chosen, [target.name]: target.value })
    props.onInput(event)
  }
  const last = specs.findLast(({ type }) => type === 'password')?.name
  const fieldOf = (spec: FieldSpec) => (
    <Fragment key={spec.name}>
      <FieldOf {...{ prefix, state, begun, files, revealed, chosen }} spec={spec} />
      {reveal && spec.name === last && (
        <Reveal label={reveal} pressed={revealed} press={() => setRevealed(!revealed)} />
      )}
    </Fragment>
  )
  return (
    <form {...props} onSubmit={onSubmit} onInput={onInput} data-scripted className="stack">
      <input type="hidden" name={SHOWN_FIELD} value={shown} readOnly />
      {/* Where Enter sends the form: as its first button does. Of two the last counts, which is the button's. */}
      {buttons[0]?.intent && <input type="hidden" name="intent" value={buttons[0].intent} readOnly />}
      {Object.keys(state.values).length > 0 && state.errors.some(({ field }) => field) && (
        <input type="hidden" name={REFUSED_FIELD} value="1" readOnly />
      )}
      <ErrorSummary
        title={texts.title}
        errors={listed(state.errors, specs, prefix)}
        round={state.round}
        calm={calm}
      >
        <WaysOut ways={state.errors.flatMap(({ code }) => links[code] ?? [])} />
        <SendAgain send={sendAgain} label={texts.again} />
      </ErrorSummary>
      {above}
      <Grouped specs={specs} groups={groups} fieldOf={fieldOf} />
      {children}
      <Buttons buttons={buttons} pending={pending} />
      {files && <Upload gone={gone} texts={files} />}
      {below}
    </form>
  )
}

type GroupedProps = { specs: FieldSpec[]; groups: FieldGroup[]; fieldOf: (spec: FieldSpec) => ReactNode }

/** Fields of no group stand first. */
function Grouped({ specs, groups, fieldOf }: GroupedProps) {
  const grouped = groups.flatMap(({ rows }) => rows.flat())
  const rowOf = (names: string[]) => {
    const row = names.flatMap(name => specs.filter(spec => spec.name === name)).map(fieldOf)
    return row.length > 1 ? (
      <div key={names[0]} className="half">
        {row}
      </div>
    ) : (
      row
    )
  }
  return (
    <>
      {specs.filter(({ name }) => !grouped.includes(name)).map(fieldOf)}
      {groups
        .filter(({ rows }) => specs.some(({ name }) => rows.flat().includes(name)))
        .map(({ legend, rows }) => (
          <fieldset key={legend} className="card">
            <legend>{legend}</legend>
            {rows.map(rowOf)}
          </fieldset>
        ))}
    </>
  )
}

/** The errors as the top of a form says them: the field's name goes before, for "Fill in this field" nine times over helps nobody. */
const listed = (errors: FormError[], specs: FieldSpec[], prefix: string) =>
  errors.map(({ field, text }) => {
    const label = specs.find(({ name }) => name === field)?.label
    // A box is named by a sentence, which ends itself.
    const named =
      typeof label === 'string' && (label.endsWith('.') ? `${label} ${text}` : `${label}: ${text}`)
    return { field: field && prefix + field, text: named || text }
  })

type FieldOfProps = {
  spec: FieldSpec
  prefix: string
  state: FormState
  begun: FormState['values']
  files?: FileTexts
  revealed: boolean
  /** In selects, by field. */
  chosen: Record<string, string>
}

function FieldOf({ spec, prefix, state, begun, files, revealed, chosen: now }: FieldOfProps) {
  const { kind, name, label, after, follows, hintsBy = '', options = [] } = spec
  const hint = spec.hints?.[now[hintsBy] ?? state.values[hintsBy]?.[0] ?? ''] ?? spec.hint
  const id = prefix + name
  const errors = state.errors.filter(({ field }) => field === name).map(({ text }) => text)
  const [error] = errors
  const typed = state.values[name]
  const value = begun[name]?.[0] ?? spec.value ?? ''
  if (after && !typed && !state.errors.some(({ code }) => code === after)) return null
  if (kind === 'hidden') return <input type="hidden" name={name} value={spec.value ?? ''} readOnly />
  // Of a form that was typed into, a box that is not among what was typed was unchecked.
  const checked = Object.keys(state.values).length > 0 ? (typed ?? []) : (spec.value ?? '').split(' ')
  if (kind === 'box') {
    return <Box id={id} name={name} value="on" label={label} checked={checked.includes('on')} error={error} />
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
          return <Box key={own} id={own} name={name} {...one} checked={checked.includes(one.value)} />
        })}
      </fieldset>
    )
  }
  const text = { id, name, label: String(label), hint, error, defaultValue: value }
  if (kind === 'picks') return <PicksField {...text} options={options} more={spec.more ?? ''} />
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
  const { inputMode, autoComplete = 'off', max, secret, short, autoFocus } = spec
  const type = revealed && spec.type === 'password' ? 'text' : spec.type
  const input = { type, inputMode, autoComplete, maxLength: max, secret, short, autoFocus }
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
