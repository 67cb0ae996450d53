// Reads a form that was sent: what no form of ours sends is not found, all else is kept whole and read field by field.
import { notFound } from 'next/navigation'
import type { Field, Fields, Form, Refusal, Values } from './form.ts'
import { KEPT_FILES_FIELD } from './state.ts'

/** What was typed into each field; and all that was sent, in one text that tells it from anything else. */
export type Sent = { typed: Map<string, string[]>; content: string }

/** More than any form of ours: the page to pay has a box for each of a thousand invoices. */
const MOST_PARTS = 3000
/** As much as the server takes of a form of words alone. */
const MOST_CHARACTERS = 1024 * 1024

/**
 * Characters that no keyboard types: PostgreSQL refuses a NUL, and half a character in JSON; turning the direction of
 * writing disguises a name.
 */
const UNPRINTABLE = /(?![\t\n\r])\p{Cc}|\p{Cs}|[\u202a-\u202e\u2066-\u2069]/gu

/** An action's arguments can be forged: `sent` may be anything. */
export function readSent(fields: Fields, sent: unknown): Sent {
  if (!(sent instanceof FormData)) notFound()
  const typed = new Map(Object.keys(fields).map(name => [name, [] as string[]]))
  const content: unknown[] = []
  let parts = 0
  let characters = 0
  for (const [name, value] of sent) {
    parts += 1
    characters += name.length + (typeof value === 'string' ? value.length : 0)
    if (parts > MOST_PARTS || characters > MOST_CHARACTERS) notFound()
    const all = typed.get(name)
    if (!all && name !== KEPT_FILES_FIELD) continue
    content.push([name, typeof value === 'string' ? value : [value.name, value.size]])
    if (all && typeof value === 'string') {
      all.push(fields[name]!.secret ? value : value.replace(UNPRINTABLE, ''))
    }
  }
  return { typed, content: JSON.stringify(content) }
}

/** The files chosen in this field: one without a choice sends a file of no bytes, nameless, or named so by the way scripts post forms. */
export const filesIn = (sent: FormData, field: string): File[] =>
  sent
    .getAll(field)
    .filter((value): value is File => typeof value !== 'string')
    .filter(({ name, size }) => size > 0 || !['', 'undefined', 'blob'].includes(name))

/** `field`: none where it is of the form as a whole. */
export type Wrong = Refusal & { field?: string }

/** Each field but those that its page left out, then what is between them. `ids`: of the files that were taken; until then their field is not looked at. */
export function readFields<F extends Fields, Code extends string>(
  { fields, together }: Form<F, Code>,
  { typed }: Sent,
  without: readonly string[] = [],
  ids?: string[],
): { ok: true; input: Values<F> } | { ok: false; wrong: Wrong[] } {
  const right: Record<string, unknown> = {}
  const wrong = new Map<string, Refusal>()
  for (const [name, field] of Object.entries(fields)) {
    if (without.includes(name) || (field.kind === 'files' && !ids)) continue
    const read = readField(field, field.kind === 'files' ? ids! : (typed.get(name) ?? []), right)
    if ('error' in read) wrong.set(name, read)
    else right[name] = read.value
  }
  for (const [name, error] of Object.entries(together?.(right as Partial<Values<F>>) ?? {})) {
    if (error && !wrong.has(name)) wrong.set(name, { error })
  }
  if (wrong.size === 0) return { ok: true, input: right as Values<F> }
  // In the order of the form.
  const names = Object.keys(fields).filter(name => wrong.has(name))
  return { ok: false, wrong: names.map(name => ({ field: name, ...wrong.get(name)! })) }
}

const readField = (field: Field, typed: string[], right: Record<string, unknown>) =>
  field.kind === 'boxes' || field.kind === 'files'
    ? field.read(typed, right)
    : field.read((field.kind === 'button' ? typed.at(-1) : typed[0]) ?? '', right)

/** What may be shown again: everything that was typed but secrets. */
export function keptValues(fields: Fields, { typed }: Sent): Record<string, string[]> {
  return Object.fromEntries([...typed].filter(([name, values]) => values.length > 0 && !fields[name]!.secret))
}
