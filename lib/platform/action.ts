// What a form's action takes and returns: parsed input, or the form again with errors and what was typed.
import { notFound } from 'next/navigation'
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

/** Fields that are never shown again. */
export const SECRET = /password|code$/i

/** What `parseForm` read of a form: its known fields and no others. */
const readFields = new WeakMap<FormData, Map<string, FormDataEntryValue[]>>()

/** The form again, with errors and what was typed into the fields that its schema knows, but secrets. */
export function invalid(
  form: FormData,
  errors: Pick<Partial<FormState>, 'fieldErrors' | 'formError' | 'errorValues'>,
): FormState {
  const values: Record<string, string> = {}
  const checked: string[] = []
  for (const [name, sent] of readFields.get(form) ?? []) {
    const typed = sent.filter(value => typeof value === 'string').map(value => cut(value, 500))
    if (typed.length > 0 && (!SECRET.test(name) || name === 'contractCode')) values[name] = typed[0]!
    if (!SECRET.test(name)) checked.push(...typed.map(value => `${name}=${value}`))
  }
  return {
    status: 'invalid',
    fieldErrors: errors.fieldErrors ?? {},
    formError: errors.formError,
    errorValues: errors.errorValues,
    values,
    checked,
    round: Date.now(),
  }
}

/**
 * Characters that no keyboard types: PostgreSQL refuses a NUL, and half a character in JSON; turning the direction of
 * writing disguises a name.
 */
const UNPRINTABLE = /(?![\t\n\r])\p{Cc}|\p{Cs}|[\u202a-\u202e\u2066-\u2069]/gu

/**
 * Whether arguments bound to an action are texts as its page bound them: they travel through the page and can be forged
 * into anything. Whatever else they are is not found.
 */
export const areTexts = (...bound: unknown[]): boolean =>
  bound.every(text => typeof text === 'string' && text.length <= 200 && text.search(UNPRINTABLE) < 0)

/** More than any form of ours: the page to pay has a box for each of a thousand invoices. */
const MOST_PARTS = 3000
/** As much as the server takes of a form of words alone. */
const MOST_CHARACTERS = 1024 * 1024

/**
 * Parses a form by its schema, whose messages are keys. Repeated fields are arrays where `lists` names them, else the
 * first counts. Unprintable characters are left out, but not of passwords. `judge`: error keys by field of what the schema
 * cannot know, of the fields that are right by it, so that all that is wrong is told at once. Every action that takes a
 * form begins with it: what no form of ours can have sent is not found, and costs no more than reading it once.
 */
export function parseForm<Schema extends z.ZodObject>(
  schema: Schema,
  form: FormData,
  lists: readonly string[] = [],
  judge: (typed: Partial<z.output<Schema>>) => Record<string, string> = () => ({}),
): { ok: true; value: z.output<Schema> } | { ok: false; state: FormState } {
  const fields = readForm(form, Object.keys(schema.shape))
  readFields.set(form, fields)
  const input = Object.fromEntries(
    [...fields]
      .filter(([name, values]) => values.length > 0 || lists.includes(name))
      .map(([name, values]) => [name, lists.includes(name) ? values : values[0]]),
  )
  const result = schema.safeParse(input)
  const fieldErrors = judge(rightFields(schema, input))
  if (result.success && Object.keys(fieldErrors).length === 0) return { ok: true, value: result.data }
  for (const issue of result.error?.issues ?? []) fieldErrors[String(issue.path[0] ?? '')] ??= issue.message
  return { ok: false, state: invalid(form, { fieldErrors }) }
}

/** Each field by itself, where its part of the schema takes it. */
function rightFields<Schema extends z.ZodObject>(
  { shape }: Schema,
  input: Record<string, unknown>,
): Partial<z.output<Schema>> {
  const right = Object.entries(shape).flatMap(([name, field]) => {
    const { success, data } = (field as z.ZodType).safeParse(input[name])
    return success ? [[name, data]] : []
  })
  return Object.fromEntries(right)
}

/** The values of the named fields, in one pass. An action's arguments can be forged: `form` may be anything. */
function readForm(form: unknown, names: string[]): Map<string, FormDataEntryValue[]> {
  if (!(form instanceof FormData)) notFound()
  const fields = new Map(names.map(name => [name, [] as FormDataEntryValue[]]))
  let parts = 0
  let characters = 0
  for (const [name, value] of form) {
    parts += 1
    characters += name.length + (typeof value === 'string' ? value.length : 0)
    if (parts > MOST_PARTS || characters > MOST_CHARACTERS) notFound()
    fields.get(name)?.push(/password/i.test(name) ? value : printable(value))
  }
  return fields
}

const printable = (value: FormDataEntryValue): FormDataEntryValue =>
  typeof value === 'string' ? value.replace(UNPRINTABLE, '') : value
