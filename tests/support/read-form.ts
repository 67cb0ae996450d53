// A form read as its action reads it, but for its documents.
import type { Fields, Form, Values } from '../../lib/forms/form.ts'
import { readFields, readSent } from '../../lib/forms/sent.ts'

/** `without`: fields that the page left out. `code`: the first thing that is wrong. */
export function readForm<F extends Fields, Code extends string>(
  form: Form<F, Code>,
  typed: Record<string, string | null | undefined>,
  without: string[] = [],
): { ok: true; value: Values<F> } | { ok: false; code: string } {
  const data = new FormData()
  for (const [name, text] of Object.entries(typed)) if (text != null) data.append(name, text)
  const read = readFields(form, readSent(form.fields, data), without)
  return read.ok ? { ok: true, value: read.input } : { ok: false, code: read.wrong[0]!.error }
}

/** The same of what is right. */
export function mustRead<F extends Fields, Code extends string>(
  form: Form<F, Code>,
  typed: Record<string, string | null | undefined>,
  without: string[] = [],
): Values<F> {
  const read = readForm(form, typed, without)
  if (!read.ok) throw new Error(read.code)
  return read.value
}
