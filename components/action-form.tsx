'use client'
// A form with its action: shows the errors the action answers with, and keeps what was typed.
import { type FormEvent, type ReactNode, useState } from 'react'
import { fillText } from '@/lib/i18n/texts.ts'
import { type FormFiles, type FormState, idle } from '@/lib/platform/action.ts'
import { ErrorSummary } from './error-summary.tsx'
import {
  describedBy,
  FieldNotes,
  type FieldProps,
  FileField,
  type FileFieldProps,
  FormField,
  SelectField,
  TextAreaField,
} from './form-field.tsx'
import { Button } from './ui/button.tsx'
import { useKeptAction } from './use-kept-action.ts'

export type FormFieldSpec =
  | ({ kind: 'text' } & FieldProps)
  | {
      kind: 'select'
      name: string
      label: string
      hint?: string
      defaultValue?: string
      options: { value: string; label: string }[]
    }
  /**
   * `onError`: shown only once that error was answered, or the box was checked. `follows`: only where that other box is
   * checked, as `name=value`. `value`: where several boxes have one name.
   */
  | { kind: 'box'; name: string; label: ReactNode; onError?: string; follows?: string; value?: string }
  | ({ kind: 'textarea' } & Pick<FieldProps, 'name' | 'label' | 'hint' | 'defaultValue' | 'maxLength'>)
  /** At most one a form: what the action says of `files` is of this field. */
  | ({ kind: 'file' } & FileFieldProps)
  | { kind: 'hidden'; name: string; defaultValue: string }

export type FormAction = (state: FormState, form: FormData) => Promise<FormState>

/**
 * `errorTexts`: by error key, raw. `errorLinks`: a way out that an error of the form offers. `initialErrors`: error keys by
 * field, where the form begins with them. `buttons`: the first is the main one; `intent` where there are several.
 */
export function ActionForm({
  action,
  fields,
  buttons,
  errorTitle,
  errorTexts,
  errorLinks = {},
  initialErrors = {},
  children,
}: {
  action: FormAction
  fields: FormFieldSpec[]
  buttons: { label: string; intent?: string; look?: 'primary' | 'secondary' | 'danger' }[]
  errorTitle: string
  errorTexts: Record<string, string>
  errorLinks?: Record<string, { href: string; label: string }>
  initialErrors?: Record<string, string>
  children?: ReactNode
}) {
  const [answered, submit, pending] = useKeptAction(action, { ...idle, fieldErrors: initialErrors })
  const [early, setEarly] = useState<FormState>()
  const state = early ?? answered
  const check = (event: FormEvent<HTMLFormElement>) => {
    const refused = unsendableFiles(new FormData(event.currentTarget), fields)
    if (refused.length === 0) return setEarly(undefined)
    event.preventDefault()
    const files = { kept: answered.files?.kept ?? [], refused }
    setEarly({ ...answered, fieldErrors: {}, files, formError: undefined, round: Date.now() })
  }
  const text = (key: string, values = state.errorValues) => fillText(errorTexts[key] ?? key, values)
  const errorsOf = (field: FormFieldSpec) => {
    const key = state.fieldErrors[field.name]
    const refused = field.kind === 'file' ? (state.files?.refused ?? []) : []
    return [...(key ? [text(key)] : []), ...refused.map(({ code, values }) => text(code, values))]
  }
  const errors = [
    ...(state.formError ? [{ text: text(state.formError) }] : []),
    ...fields.flatMap(field => {
      if (field.kind === 'hidden') return []
      // The field's name goes before: "Fill in this field" nine times over helps nobody.
      const label = typeof field.label === 'string' ? `${field.label}: ` : ''
      return errorsOf(field).map(error => ({ field: field.name, text: `${label}${error}` }))
    }),
  ]
  const link = state.formError ? errorLinks[state.formError] : undefined
  return (
    <form
      action={submit}
      onSubmit={fields.some(field => field.kind === 'file') ? check : undefined}
      noValidate
      key={answered.round}
      data-scripted
      className="space-y-5"
    >
      <ErrorSummary title={errorTitle} errors={errors} round={state.round}>
        {link && (
          <p className="mt-2">
            <a href={link.href} className="underline">
              {link.label}
            </a>
          </p>
        )}
      </ErrorSummary>
      {fields.map(field => (
        <Field key={keyOf(field)} field={field} state={state} errors={errorsOf(field)} />
      ))}
      {children}
      <p className="flex flex-wrap gap-3">
        {buttons.map(({ label, intent, look }) => (
          <Button key={label} look={look} name={intent && 'intent'} value={intent} aria-disabled={pending}>
            {label}
          </Button>
        ))}
      </p>
    </form>
  )
}

/** What is wrong with files and needs no server to be seen: an upload that is bound to be refused is spared. */
function unsendableFiles(form: FormData, fields: FormFieldSpec[]): FormFiles['refused'] {
  const field = fields.find(one => one.kind === 'file')
  if (!field) return []
  // A field without a choice sends a nameless file.
  const files = form.getAll(field.name).filter(file => typeof file !== 'string' && file.name !== '') as File[]
  if (form.getAll(field.kept.name).length + files.length > field.maxFiles) {
    return [{ code: 'documentCount', values: {} }]
  }
  return files
    .filter(file => file.size > field.maxBytes)
    .map(file => ({ code: 'documentSize', values: { file: file.name } }))
}

function Field({ field, state, errors }: { field: FormFieldSpec; state: FormState; errors: string[] }) {
  if (field.kind === 'hidden') {
    return <input type="hidden" name={field.name} defaultValue={field.defaultValue} />
  }
  const [error] = errors
  if (field.kind === 'box') {
    const { name, label, value = 'on' } = field
    const checked = state.checked.includes(`${name}=${value}`)
    const answered = [state.formError, ...Object.values(state.fieldErrors)]
    const shown =
      (!field.onError || checked || answered.includes(field.onError)) &&
      (!field.follows || state.checked.includes(field.follows))
    return shown ? <Box name={name} value={value} label={label} error={error} checked={checked} /> : null
  }
  if (field.kind === 'file') {
    const { kind, ...rest } = field
    return <FileField {...rest} errors={errors} files={state.files?.kept ?? []} />
  }
  const typed = { error, defaultValue: state.values[field.name] ?? field.defaultValue }
  if (field.kind === 'textarea') return <TextAreaField {...field} {...typed} />
  if (field.kind === 'select') return <SelectField {...field} {...typed} />
  const { kind, ...rest } = field
  return <FormField {...rest} {...typed} />
}

const keyOf = (field: FormFieldSpec) =>
  field.kind === 'box' && field.value ? `${field.name} ${field.value}` : field.name

function Box({
  name,
  value,
  label,
  error,
  checked,
}: {
  name: string
  value: string
  label: ReactNode
  error?: string
  checked: boolean
}) {
  const id = value === 'on' ? name : `${name}-${value}`
  return (
    <div className="space-y-1">
      <FieldNotes name={id} error={error} />
      <div className="flex items-start gap-3">
        <input
          id={id}
          name={name}
          value={value}
          type="checkbox"
          defaultChecked={checked}
          aria-describedby={describedBy(id, undefined, error)}
          aria-invalid={error ? true : undefined}
          className="mt-0.5 size-6 shrink-0 accent-accent"
        />
        <label htmlFor={id}>{label}</label>
      </div>
    </div>
  )
}
