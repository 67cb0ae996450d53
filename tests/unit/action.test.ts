// Forms as they may really come: repeated fields, files, signs that no keyboard types, forged arguments.
import { expect, it } from 'vitest'
import { z } from 'zod'
import { areTexts, invalid, parseForm } from '../../lib/platform/action.ts'
import { cut } from '../../lib/platform/text.ts'

const formOf = (...fields: [string, string | Blob][]): FormData => {
  const form = new FormData()
  for (const [name, value] of fields) form.append(name, value)
  return form
}
const schema = z.object({ alias: z.string('required'), tags: z.array(z.string()), password: z.string() })
const parse = (...fields: [string, string | Blob][]) => parseForm(schema, formOf(...fields), ['tags'])

it('loses unprintable signs that the database refuses or that disguise a name, but no line and no password’s', () => {
  const result = parse(
    ['alias', 'a\0b\u202Ec\u0007\nd'],
    ['tags', 'x\0'],
    ['tags', 'y'],
    ['password', 'p\u202Eq'],
  )
  expect(result).toEqual({ ok: true, value: { alias: 'abc\nd', tags: ['x', 'y'], password: 'p\u202Eq' } })
})

it('cuts no character in half', () => {
  const long = `${'x'.repeat(499)}😀`
  expect(invalid(formOf(['alias', long]), {}).values.alias).toBe('x'.repeat(499))
  expect(cut(`${long}\ude00`, 1000)).toBe(long)
})

it('takes the first of a repeated field, and no file for a text', () => {
  expect(parse(['alias', 'a'], ['alias', 'b'], ['password', ''])).toMatchObject({
    ok: true,
    value: { alias: 'a', tags: [] },
  })
  expect(parse(['alias', new Blob(['a'])], ['password', ''])).toMatchObject({
    state: { fieldErrors: { alias: 'required' } },
  })
})

it('is not led astray by names that objects have themselves', () => {
  const result = parse(['__proto__', 'x'], ['constructor', 'y'], ['alias', 'a'], ['password', ''])
  expect(result).toMatchObject({ ok: true })
  expect(({} as Record<string, unknown>).x).toBeUndefined()
})

it.each([[['a']], [{ a: 1 }], [null], [undefined], [7], ['a\0'], ['a\ud83d'], ['a'.repeat(201)]])(
  'does not take %j for a bound text',
  forged => {
    expect(areTexts('kesco', forged)).toBe(false)
    expect(areTexts('kesco', 'DPR-6687')).toBe(true)
  },
)
