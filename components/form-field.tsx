// A labelled field with its hint and its error, wired for screen readers. Serves in client forms too: plain props only.
import type { InputHTMLAttributes, ReactNode } from 'react'
import { fillText } from '@/lib/i18n/texts.ts'

type Labels = {
  name: string
  /** Where the name stands more than once on a page. */
  id?: string
  label: string
  hint?: string
  error?: string
}

const BOX = 'block min-h-11 w-full rounded-lg border-2 bg-surface px-3 py-2 text-ink'

function Labelled({ name, id = name, label, hint, error, children }: Labels & { children: ReactNode }) {
  return (
    <div className="space-y-1">
      <label htmlFor={id} className="block font-bold">
        {label}
      </label>
      <FieldNotes name={id} hint={hint} error={error} />
      {children}
    </div>
  )
}

/** What every element that is typed into has. */
const control = ({ name, id = name, hint, error }: Labels) => ({
  id,
  name,
  'aria-describedby': describedBy(id, hint, error),
  'aria-invalid': error ? true : undefined,
  className: `${BOX} ${error ? 'border-bad' : 'border-field'}`,
})

type Input = Pick<
  InputHTMLAttributes<HTMLInputElement>,
  'type' | 'autoComplete' | 'inputMode' | 'defaultValue' | 'maxLength'
>

/** `secret`: emptied once a form is answered (components/use-form.ts). */
export function FormField({
  name,
  id,
  label,
  hint,
  error,
  type = 'text',
  secret,
  ...input
}: Labels & Input & { secret?: boolean }) {
  const labels = { name, id, label, hint, error }
  return (
    <Labelled {...labels}>
      <input
        {...input}
        {...control(labels)}
        type={type}
        data-secret={secret}
        autoCapitalize={type === 'text' && input.autoComplete?.includes('name') ? undefined : 'none'}
        spellCheck={false}
      />
    </Labelled>
  )
}

export function SelectField({
  defaultValue,
  options,
  ...labels
}: Labels & { defaultValue?: string; options: { value: string; label: string }[] }) {
  return (
    <Labelled {...labels}>
      {/* Keyed by its value: React's reset after an action would forget the choice. */}
      <select key={defaultValue} {...control(labels)} defaultValue={defaultValue}>
        {options.map(({ value, label }) => (
          <option key={value} value={value}>
            {label}
          </option>
        ))}
      </select>
    </Labelled>
  )
}

/** A text of several lines. */
export function TextAreaField({ defaultValue, ...labels }: Labels & { defaultValue?: string }) {
  return (
    <Labelled {...labels}>
      <textarea {...control(labels)} rows={4} defaultValue={defaultValue} />
    </Labelled>
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

const describedBy = (name: string, hint?: string, error?: string) =>
  [hint && `${name}-hint`, error && `${name}-error`].filter(Boolean).join(' ') || undefined

export type Choice = { value: string; label: ReactNode }

export function Box({
  id,
  name,
  value,
  label,
  checked,
  error,
}: Choice & { id: string; name: string; checked: boolean; error?: string }) {
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
        <label htmlFor={id} className="wrap-anywhere">
          {label}
        </label>
      </div>
    </div>
  )
}

/** Of the field for documents: `tooMany` and `tooLarge` are said before anything is sent. */
export type FileTexts = {
  hint: string
  /** What the browser offers to choose from. */
  accept: string
  /** Bytes a file: checked in the browser before anything is sent, and by the server in any case. */
  maxBytes: number
  maxFiles: number
  /** The boxes of files that the form kept: their field, and what is said of them. `legend` has a `{count}`. */
  kept: { name: string; legend: string; hint: string; more: string }
  tooMany: string
  /** With a `{file}`. */
  tooLarge: string
}

/** `errors`: one for each file that was refused, or of the field as a whole. `files`: those that the form kept. */
export function FileField({
  texts: { hint, accept, maxFiles, kept },
  errors,
  files,
  ...given
}: Labels & { texts: FileTexts; errors: string[]; files: { name: string; reference: string }[] }) {
  const labels = { ...given, hint: files.length > 0 ? `${kept.more} ${hint}` : hint, error: undefined }
  return (
    <div className="space-y-4">
      {files.length > 0 && (
        <fieldset aria-describedby={kept.name} className="space-y-2 rounded-lg border-2 border-line p-3">
          <legend className="px-1 font-bold">{fillText(kept.legend, { count: files.length })}</legend>
          <p id={kept.name} className="text-sm text-muted">
            {kept.hint}
          </p>
          {files.map(({ name, reference }, index) => {
            const box = { id: `${kept.name}-${index}`, name: kept.name, value: reference, label: name }
            return <Box key={reference} {...box} checked />
          })}
        </fieldset>
      )}
      <Labelled {...labels}>
        {errors.length > 0 && (
          <ul id={`${labels.id ?? labels.name}-error`} className="space-y-1 wrap-anywhere font-bold text-bad">
            {errors.map((error, index) => (
              // Phones call every photo the same, so texts are.
              // biome-ignore lint/suspicious/noArrayIndexKey: nothing moves in it
              <li key={index}>{error}</li>
            ))}
          </ul>
        )}
        <input
          {...control({ ...labels, error: errors[0] })}
          type="file"
          accept={accept}
          multiple={maxFiles > 1}
        />
      </Labelled>
    </div>
  )
}
