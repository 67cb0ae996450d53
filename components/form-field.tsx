// A labelled field with its hint and its error, wired for screen readers. Serves in client forms too: plain props only.
import type { HTMLAttributes, HTMLInputTypeAttribute } from 'react'
import { fillText } from '@/lib/i18n/texts.ts'

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
  /** Emptied once a form is answered: components/use-form.ts. */
  secret?: boolean
}

const BOX = 'block min-h-11 w-full rounded-lg border-2 bg-surface px-3 py-2 text-ink'

export function FormField({
  name,
  id = name,
  label,
  hint,
  error,
  type = 'text',
  secret,
  ...rest
}: FieldProps) {
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
        data-secret={secret}
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
  id = name,
  label,
  hint,
  error,
  defaultValue,
  options,
}: Pick<FieldProps, 'name' | 'id' | 'label' | 'hint' | 'error' | 'defaultValue'> & {
  options: { value: string; label: string }[]
}) {
  return (
    <div className="space-y-1">
      <label htmlFor={id} className="block font-bold">
        {label}
      </label>
      <FieldNotes name={id} hint={hint} error={error} />
      {/* Keyed by its value: React's reset after an action would forget the choice. */}
      <select
        key={defaultValue}
        id={id}
        name={name}
        defaultValue={defaultValue}
        aria-describedby={describedBy(id, hint, error)}
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
  id = name,
  label,
  hint,
  error,
  defaultValue,
  maxLength,
}: Pick<FieldProps, 'name' | 'id' | 'label' | 'hint' | 'error' | 'defaultValue' | 'maxLength'>) {
  return (
    <div className="space-y-1">
      <label htmlFor={id} className="block font-bold">
        {label}
      </label>
      <FieldNotes name={id} hint={hint} error={error} />
      <textarea
        id={id}
        name={name}
        rows={4}
        defaultValue={defaultValue}
        maxLength={maxLength}
        aria-describedby={describedBy(id, hint, error)}
        aria-invalid={error ? true : undefined}
        className={`${BOX} ${error ? 'border-bad' : 'border-field'}`}
      />
    </div>
  )
}

export type FileFieldProps = Pick<FieldProps, 'name' | 'id' | 'label' | 'hint'> & {
  /** What the browser offers to choose from. */
  accept: string
  /** Bytes a file, and files together: checked in the browser before anything is sent, and by the server in any case. */
  maxBytes: number
  maxFiles: number
  /** The boxes of files that the form kept: their field, and what is said of them. `legend` has a `{count}`. */
  kept: { name: string; legend: string; hint: string; more: string }
}

/** `errors`: one for each file that was refused, or of the field as a whole. `files`: those that the form kept. */
export function FileField({
  name,
  id = name,
  label,
  hint,
  errors,
  accept,
  maxFiles,
  kept,
  files,
}: FileFieldProps & { errors: string[]; files: { name: string; reference: string }[] }) {
  const hints = files.length > 0 ? `${kept.more} ${hint}` : hint
  return (
    <div className="space-y-4">
      {files.length > 0 && (
        <fieldset aria-describedby={kept.name} className="space-y-2 rounded-lg border-2 border-line p-3">
          <legend className="px-1 font-bold">{fillText(kept.legend, { count: files.length })}</legend>
          <p id={kept.name} className="text-sm text-muted">
            {kept.hint}
          </p>
          {files.map((file, index) => (
            <div key={file.reference} className="flex items-start gap-3">
              <input
                id={`${kept.name}-${index}`}
                name={kept.name}
                value={file.reference}
                type="checkbox"
                defaultChecked
                className="mt-0.5 size-6 shrink-0 accent-accent"
              />
              <label htmlFor={`${kept.name}-${index}`} className="wrap-anywhere">
                {file.name}
              </label>
            </div>
          ))}
        </fieldset>
      )}
      <div className="space-y-1">
        <label htmlFor={id} className="block font-bold">
          {label}
        </label>
        <FieldNotes name={id} hint={hints} />
        {errors.length > 0 && (
          <ul id={`${id}-error`} className="space-y-1 wrap-anywhere font-bold text-bad">
            {errors.map((error, index) => (
              // Phones call every photo the same, so texts are.
              // biome-ignore lint/suspicious/noArrayIndexKey: nothing moves in it
              <li key={index}>{error}</li>
            ))}
          </ul>
        )}
        <input
          id={id}
          name={name}
          type="file"
          accept={accept}
          multiple={maxFiles > 1}
          aria-describedby={describedBy(id, hints, errors[0])}
          aria-invalid={errors.length > 0 ? true : undefined}
          className={`${BOX} ${errors.length > 0 ? 'border-bad' : 'border-field'}`}
        />
      </div>
    </div>
  )
}
