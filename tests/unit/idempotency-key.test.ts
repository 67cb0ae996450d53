// Which forms are one form sent twice.
import { expect, it } from 'vitest'
import { idempotencyKey } from '../../lib/platform/idempotency-key.ts'

process.env.AUTH_SECRET = 'a-secret-of-the-tests-only-0123456789'

const form = (...fields: [string, string | File][]): FormData => {
  const made = new FormData()
  for (const [name, value] of fields) made.append(name, value)
  return made
}
const file = (name: string, content: string) => new File([content], name)
const base: [string, string | File][] = [
  ['idempotencyKey', '1'],
  ['name', 'a'],
  ['documents', file('a.pdf', 'x')],
]
const key = idempotencyKey(form(...base))

it('a double click sends the same form', () => {
  expect(idempotencyKey(form(['$ACTION_KEY', 'k'], ...base))).toBe(key)
  expect(key).toMatch(/^[\w-]{43}$/)
})

it.each([
  ['another page’s', [['idempotencyKey', '2'], base[1]!, base[2]!]],
  ['one with another field', [base[0]!, ['name', 'b'], base[2]!]],
  ['one with another file', [base[0]!, base[1]!, ['documents', file('b.pdf', 'x')]]],
  ['one with a file of another size', [base[0]!, base[1]!, ['documents', file('a.pdf', 'xy')]]],
  ['one with a file more', [...base, ['documents', file('a.pdf', 'x')]]],
  ['one with other borders', [base[0]!, ['name', 'a","documents'], base[2]!]],
] as [string, [string, string | File][]][])('%s is another form', (_, fields) => {
  expect(idempotencyKey(form(...fields))).not.toBe(key)
})
