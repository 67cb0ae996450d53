// A labelled field with its hint and its error, wired for screen readers. Serves in client forms too: plain props only.
import type { InputHTMLAttributes, ReactNode } from 'react'
import { fillText } from '@/lib/i18n/texts.ts'

type Labels = {
  name: string
  /** Where the name stands more than once on a page. */
  id?: string
  label: string
  hint?: ReactNode
  error?: string
  /** Of a few characters: a code, a number. */
  short?: boolean
}

function Labelled({ name, id = name, label, hint, error, children }: Labels & { children: ReactNode }) {
  return (
    <div className={error ? 'field invalid' : 'field'}>
      <label htmlFor={id}>{label}</label>
      <FieldNotes name={id} hint={hint} error={error} />
      {children}
    </div>
  )
}

/** What every element that is typed into has. */
const control = ({ name, id = name, hint, error, short }: Labels) => ({
  id,
  name,
  'aria-describedby': describedBy(id, hint, error),
  'aria-invalid': error ? true : undefined,
  className: short ? 'input short' : 'input',
})

type Input = Pick<
  InputHTMLAttributes<HTMLInputElement>,
  'type' | 'autoComplete' | 'inputMode' | 'defaultValue' | 'maxLength' | 'autoFocus'
>

/** `secret`: emptied once a form is answered (components/use-form.ts). */
export function FormField({
  name,
  id,
  label,
  hint,
  error,
  type = 'text',
  short,
  secret,
  ...input
}: Labels & Input & { secret?: boolean }) {
  const labels = { name, id, label, hint, error, short }
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

/** So many picks stand open; the others are folded away, unless one of them is chosen. */
const PICKS_OPEN = 3

/** One of a few, each in full; its label is their legend, unless they are a group of the form. `more`: unfolds those beyond the first few. */
export function PicksField({
  name,
  id = name,
  label,
  hint,
  error,
  defaultValue,
  options,
  more,
}: Labels & { defaultValue?: string; options: Choice[]; more: string }) {
  const pick = ({ value, label: shown }: Choice, index: number) => (
    <label key={value} className="pick">
      <input
        id={value === options[0]?.value ? id : `${id}-${value || index}`}
        name={name}
        value={value}
        type="radio"
        defaultChecked={value === defaultValue}
        aria-describedby={describedBy(id, hint, error)}
        className="box"
      />
      {shown}
    </label>
  )
  const [open, folded] = [options.slice(0, PICKS_OPEN), options.slice(PICKS_OPEN)]
  const Group = label ? 'fieldset' : 'div'
  return (
    <Group className={label && (error ? 'field invalid' : 'field')}>
      {label && <legend>{label}</legend>}
      <FieldNotes name={id} hint={hint} error={error} />
      {open.map(pick)}
      {folded.length > 0 && (
        <details open={folded.some(({ value }) => value === defaultValue)}>
          <summary className="more">{more}</summary>
          {folded.map(pick)}
        </details>
      )}
    </Group>
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

export function FieldNotes({ name, hint, error }: { name: string; hint?: ReactNode; error?: string }) {
  return (
    <>
      {hint && <small id={`${name}-hint`}>{hint}</small>}
      {error && (
        <p id={`${name}-error`} className="error">
          {error}
        </p>
      )}
    </>
  )
}

const describedBy = (name: string, hint?: ReactNode, error?: string) =>
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
    <div className={error ? 'field invalid' : 'field'}>
      <FieldNotes name={id} error={error} />
      <div className="flex items-start gap-3 py-2">
        <input
          id={id}
          name={name}
          value={value}
          type="checkbox"
          defaultChecked={checked}
          aria-describedby={describedBy(id, undefined, error)}
          aria-invalid={error ? true : undefined}
          className="box"
        />
        <label htmlFor={id} className="font-normal wrap-anywhere">
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
  /** While they are sent, with a `{percent}`, and once all of them have been. */
  sending: string
  sent: string
}

/** `errors`: one for each file that was refused, or of the field as a whole. `files`: those that the form kept. */
export function FileField({
  texts: { hint, accept, maxFiles, kept },
  errors,
  files,
  ...given
}: Labels & { texts: FileTexts; errors: string[]; files: { name: string; reference: string }[] }) {
  const said = [files.length > 0 && kept.more, given.hint, hint].filter(Boolean).join(' ')
  const labels = { ...given, hint: said, error: undefined }
  return (
    <div className="space-y-4">
      {files.length > 0 && (
        <fieldset aria-describedby={kept.name} className="field">
          <legend>{fillText(kept.legend, { count: files.length })}</legend>
          <small id={kept.name}>{kept.hint}</small>
          {files.map(({ name, reference }, index) => {
            const box = { id: `${kept.name}-${index}`, name: kept.name, value: reference, label: name }
            return <Box key={reference} {...box} checked />
          })}
        </fieldset>
      )}
      <Labelled {...labels}>
        {errors.length > 0 && (
          <ul id={`${labels.id ?? labels.name}-error`} className="error wrap-anywhere">
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
