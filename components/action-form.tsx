'use client'
// A form with its action: shows the errors the action answers with, and keeps what was typed.
import { type ReactNode, useActionState } from 'react'
import { fillText } from '@/lib/i18n/texts.ts'
import { type FormState, idle } from '@/lib/platform/action.ts'
import { ErrorSummary } from './error-summary.tsx'
import { describedBy, FieldNotes, type FieldProps, FormField, SelectField } from './form-field.tsx'
import { Button } from './ui/button.tsx'

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
  /** `onError`: shown only once that error was answered, or the box was checked. */
  | { kind: 'box'; name: string; label: ReactNode; onError?: string }
  | { kind: 'hidden'; name: string; defaultValue: string }

export type FormAction = (state: FormState, form: FormData) => Promise<FormState>

/** `errorTexts`: by error key, raw. `buttons`: the first is the main one; `intent` where there are several. */
export function ActionForm({
  action,
  fields,
  buttons,
  errorTitle,
  errorTexts,
  children,
}: {
  action: FormAction
  fields: FormFieldSpec[]
  buttons: { label: string; intent?: string; look?: 'primary' | 'secondary' | 'danger' }[]
  errorTitle: string
  errorTexts: Record<string, string>
  children?: ReactNode
}) {
  const [state, submit, pending] = useActionState(action, idle)
  const text = (key: string) => fillText(errorTexts[key] ?? key, state.errorValues)
  const errors = [
    ...(state.formError ? [{ text: text(state.formError) }] : []),
    ...fields.flatMap(field => {
      const key = state.fieldErrors[field.name]
      if (!key || field.kind === 'hidden') return []
      // The field's name goes before: "Fill in this field" nine times over helps nobody.
      const label = typeof field.label === 'string' ? `${field.label}: ` : ''
      return [{ field: field.name, text: `${label}${text(key)}` }]
    }),
  ]
  return (
    <form action={submit} noValidate key={state.round} className="space-y-5">
      <ErrorSummary title={errorTitle} errors={errors} round={state.round} />
      {fields.map(field => (
        <Field key={field.name} field={field} state={state} text={text} />
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

function Field({
  field,
  state,
  text,
}: {
  field: FormFieldSpec
  state: FormState
  text: (key: string) => string
}) {
  if (field.kind === 'hidden') {
    return <input type="hidden" name={field.name} defaultValue={field.defaultValue} />
  }
  const key = state.fieldErrors[field.name]
  const error = key && text(key)
  if (field.kind === 'box') {
    const checked = state.checked.includes(`${field.name}=on`)
    const shown = !field.onError || checked || Object.values(state.fieldErrors).includes(field.onError)
    return shown ? <Box name={field.name} label={field.label} error={error} checked={checked} /> : null
  }
  const typed = { error, defaultValue: state.values[field.name] ?? field.defaultValue }
  if (field.kind === 'select') return <SelectField {...field} {...typed} />
  const { kind, ...rest } = field
  return <FormField {...rest} {...typed} />
}

function Box({
  name,
  label,
  error,
  checked,
}: {
  name: string
  label: ReactNode
  error?: string
  checked: boolean
}) {
  return (
    <div className="space-y-1">
      <FieldNotes name={name} error={error} />
      <div className="flex items-start gap-3">
        <input
          id={name}
          name={name}
          type="checkbox"
          defaultChecked={checked}
          aria-describedby={describedBy(name, undefined, error)}
          aria-invalid={error ? true : undefined}
          className="mt-0.5 size-6 shrink-0 accent-accent"
        />
        <label htmlFor={name}>{label}</label>
      </div>
    </div>
  )
}
