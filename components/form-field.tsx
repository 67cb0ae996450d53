// A labelled field with its hint and its error, wired for screen readers. Serves in client forms too: plain props only.
import type { HTMLAttributes, HTMLInputTypeAttribute } from 'react'

export type FieldProps = {
  name: string
  /** Where the name stands more than once on a page. */
  id?: string
  label: string
  hint?: string
  error?: string
  type?: HTMLInputTypeAttribute
  autoComplete?: string
  inputMode?: HTMLAttributes<HTMLInputElement>['inputMode']
  defaultValue?: string
  maxLength?: number
  required?: boolean
}

const BOX = 'block min-h-11 w-full rounded-lg border-2 bg-surface px-3 py-2 text-ink'

export function FormField({ name, id = name, label, hint, error, type = 'text', ...rest }: FieldProps) {
  return (
    <div className="space-y-1">
      <label htmlFor={id} className="block font-bold">
        {label}
      </label>
      <FieldNotes name={id} hint={hint} error={error} />
      <input
        {...rest}
        id={id}
        name={name}
        type={type}
        aria-describedby={describedBy(id, hint, error)}
        aria-invalid={error ? true : undefined}
        autoCapitalize={type === 'text' && rest.autoComplete?.includes('name') ? undefined : 'none'}
        spellCheck={false}
        className={`${BOX} ${error ? 'border-bad' : 'border-field'}`}
      />
    </div>
  )
}

export function SelectField({
  name,
  label,
  hint,
  error,
  defaultValue,
  options,
}: Pick<FieldProps, 'name' | 'label' | 'hint' | 'error' | 'defaultValue'> & {
  options: { value: string; label: string }[]
}) {
  return (
    <div className="space-y-1">
      <label htmlFor={name} className="block font-bold">
        {label}
      </label>
      <FieldNotes name={name} hint={hint} error={error} />
      {/* Keyed by its value: React's reset after an action would forget the choice. */}
      <select
        key={defaultValue}
        id={name}
        name={name}
        defaultValue={defaultValue}
        aria-describedby={describedBy(name, hint, error)}
        aria-invalid={error ? true : undefined}
        className={`${BOX} ${error ? 'border-bad' : 'border-field'}`}
      >
        {options.map(option => (
          <option key={option.value} value={option.value}>
            {option.label}
          </option>
        ))}
      </select>
    </div>
  )
}

export function FieldNotes({ name, hint, error }: { name: string; hint?: string; error?: string }) {
  return (
    <>
      {hint && (
        <p id={`${name}-hint`} className="text-sm text-muted">
          {hint}
        </p>
      )}
      {error && (
        <p id={`${name}-error`} className="font-bold text-bad">
          {error}
        </p>
      )}
    </>
  )
}

export const describedBy = (name: string, hint?: string, error?: string) =>
  [hint && `${name}-hint`, error && `${name}-error`].filter(Boolean).join(' ') || undefined

/** A text of several lines. */
export function TextAreaField({
  name,
  label,
  hint,
  error,
  defaultValue,
  maxLength,
}: Pick<FieldProps, 'name' | 'label' | 'hint' | 'error' | 'defaultValue' | 'maxLength'>) {
  return (
    <div className="space-y-1">
      <label htmlFor={name} className="block font-bold">
        {label}
      </label>
      <FieldNotes name={name} hint={hint} error={error} />
      <textarea
        id={name}
        name={name}
        rows={4}
        defaultValue={defaultValue}
        maxLength={maxLength}
        aria-describedby={describedBy(name, hint, error)}
        aria-invalid={error ? true : undefined}
        className={`${BOX} ${error ? 'border-bad' : 'border-field'}`}
      />
    </div>
  )
}

export type FileFieldProps = Pick<FieldProps, 'name' | 'label' | 'hint' | 'error'> & {
  /** What the browser offers to choose from. */
  accept: string
  /** Bytes a file, and files together: checked in the browser before anything is sent, and by the server in any case. */
  maxBytes: number
  maxFiles: number
}

export function FileField({ name, label, hint, error, accept, maxFiles }: FileFieldProps) {
  return (
    <div className="space-y-1">
      <label htmlFor={name} className="block font-bold">
        {label}
      </label>
      <FieldNotes name={name} hint={hint} error={error} />
      <input
        id={name}
        name={name}
        type="file"
        accept={accept}
        multiple={maxFiles > 1}
        aria-describedby={describedBy(name, hint, error)}
        aria-invalid={error ? true : undefined}
        className={`${BOX} ${error ? 'border-bad' : 'border-field'}`}
      />
    </div>
  )
}
