// What a form's action takes and returns: parsed input, or the form again with errors and what was typed.
import type { z } from 'zod'
import { cut } from './text.ts'

/** The files of a form: those kept while it is corrected, and an error key and its values for each that was refused. */
export type FormFiles = {
  kept: { name: string; reference: string }[]
  refused: { code: string; values: Record<string, string> }[]
}

/**
 * The state a form shows. Errors are message keys, never texts, and values never hold a secret: without JavaScript
 * this travels through the page as plain text and can be forged.
 */
export type FormState = {
  status: 'idle' | 'invalid'
  fieldErrors: Record<string, string>
  formError?: string
  /** For placeholders of the form's error. */
  errorValues?: Record<string, string | number>
  values: Record<string, string>
  /** Names of the boxes that were checked, as `name=value`. */
  checked: string[]
  files?: FormFiles
  /** Changes with every answer: the key that makes a form show the values of its newest state. */
  round: number
}

export const idle: FormState = { status: 'idle', fieldErrors: {}, values: {}, checked: [], round: 0 }

const SECRET = /password|code$/i

/** The form again, with errors and everything that was typed but secrets. */
export function invalid(
  form: FormData,
  errors: Pick<Partial<FormState>, 'fieldErrors' | 'formError' | 'errorValues'>,
): FormState {
  const values: Record<string, string> = {}
  const checked: string[] = []
  for (const [name, value] of form) {
    if (typeof value !== 'string' || name.startsWith('$')) continue
    checked.push(`${name}=${value}`)
    if (!SECRET.test(name) || name === 'contractCode') values[name] = cut(value, 500)
  }
  return {
    status: 'invalid',
    fieldErrors: errors.fieldErrors ?? {},
    formError: errors.formError,
    errorValues: errors.errorValues,
    values,
    checked: checked.filter(pair => !SECRET.test(pair.split('=')[0]!)),
    round: Date.now(),
  }
}

/**
 * Signs that no keyboard types: PostgreSQL refuses a NUL, and half a character in JSON; turning the direction of
 * writing disguises a name.
 */
const UNPRINTABLE = /(?![\t\n\r])\p{Cc}|\p{Cs}|[\u202a-\u202e\u2066-\u2069]/gu

/**
 * Whether arguments bound to an action are texts as its page bound them: they travel through the page and can be forged
 * into anything. Whatever else they are is not found.
 */
export const areTexts = (...bound: unknown[]): boolean =>
  bound.every(text => typeof text === 'string' && text.length <= 200 && text.search(UNPRINTABLE) < 0)

/**
 * Parses a form by its schema, whose messages are keys. Repeated fields are arrays where `lists` names them. Unprintable
 * signs are left out, but not of passwords.
 */
export function parseForm<Schema extends z.ZodType>(
  schema: Schema,
  form: FormData,
  lists: readonly string[] = [],
): { ok: true; value: z.output<Schema> } | { ok: false; state: FormState } {
  const input: Record<string, unknown> = {}
  for (const name of new Set(form.keys())) {
    if (name.startsWith('$')) continue
    const values = /password/i.test(name) ? form.getAll(name) : form.getAll(name).map(printable)
    input[name] = lists.includes(name) ? values : values[0]
  }
  for (const name of lists) input[name] ??= []
  const result = schema.safeParse(input)
  if (result.success) return { ok: true, value: result.data }
  const fieldErrors: Record<string, string> = {}
  for (const issue of result.error.issues) fieldErrors[String(issue.path[0] ?? '')] ??= issue.message
  return { ok: false, state: invalid(form, { fieldErrors }) }
}

const printable = (value: FormDataEntryValue): FormDataEntryValue =>
  typeof value === 'string' ? value.replace(UNPRINTABLE, '') : value
