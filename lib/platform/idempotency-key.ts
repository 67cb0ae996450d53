// Tells a form that was sent twice from another one.
import { createHash } from 'node:crypto'

/** A hidden field with a random number of each form that a page shows. */
export const IDEMPOTENCY_FIELD = 'idempotencyKey'

/**
 * The same for a form sent twice, by a double click or a reload. Whoever goes back and sends it with other content has
 * sent another form: all fields count, and the names and sizes of files.
 */
export function idempotencyKey(form: FormData): string {
  const content = [...form]
    .filter(([name]) => !name.startsWith('$'))
    .map(([name, value]) => [name, typeof value === 'string' ? value : [value.name, value.size]])
  // Under no key: a form sent again is the same one, whatever became of AUTH_SECRET meanwhile.
  return createHash('sha256').update(JSON.stringify(content)).digest('base64url')
}
