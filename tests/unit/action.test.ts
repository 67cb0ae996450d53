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
const schema = z.object({
  alias: z.string('required'),
  tags: z.array(z.string()).optional(),
  password: z.string(),
})
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
  const form = formOf(['alias', long], ['password', 'p'])
  expect(parseForm(schema, form).ok).toBe(true)
  expect(invalid(form, {}).values).toEqual({ alias: 'x'.repeat(499) })
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

/** How Next.js says that there is no such page. */
const NOT_FOUND = expect.objectContaining({ digest: expect.stringContaining('404') })
const thrown = (run: () => unknown) => {
  try {
    return run()
  } catch (error) {
    return error
  }
}

it.each([[{}], [[]], [null], [undefined], ['x'], [7], [{ getAll: [], keys: [] }]])(
  'does not take %j for a form',
  forged => {
    expect(thrown(() => parseForm(schema, forged as unknown as FormData))).toEqual(NOT_FOUND)
    expect(invalid(forged as unknown as FormData, {}).values).toEqual({})
  },
)

/** Counts how often its fields are looked through, and how many are looked at. */
class CountedForm extends FormData {
  passes = 0
  looks = 0
  override getAll(name: string) {
    this.passes += 1
    return super.getAll(name)
  }
  override keys() {
    this.passes += 1
    return super.keys()
  }
  override *[Symbol.iterator](): FormDataIterator<[string, FormDataEntryValue]> {
    this.passes += 1
    for (const entry of super.entries()) {
      this.looks += 1
      yield entry
    }
  }
}
const counted = (parts: number, name: (index: number) => string) => {
  const form = new CountedForm()
  form.append('alias', 'a')
  form.append('password', 'p')
  for (let index = 2; index < parts; index += 1) form.append(name(index), '')
  return form
}

it.each([
  ['names of their own', (index: number) => `n${index}`],
  ['one name', () => 'tags'],
])('reads a form of 3,000 parts with %s once, and answers with no field that the form has not', (_, name) => {
  const form = counted(3000, name)
  expect(parseForm(schema, form, ['tags']).ok).toBe(true)
  expect(Object.keys(invalid(form, {}).values)).toEqual(name(2) === 'tags' ? ['alias', 'tags'] : ['alias'])
  expect([form.passes, form.looks]).toEqual([1, 3000])
})

it.each([
  [
    'what is wrong by the schema and by the judge',
    [
      ['kind', 'b'],
      ['number', '7'],
    ],
    { name: 'required', number: 'odd' },
  ],
  [
    'the schema first',
    [
      ['name', ''],
      ['kind', 'b'],
      ['number', '7'],
    ],
    { name: 'required', number: 'odd' },
  ],
  [
    'nothing that leans on what is wrong itself',
    [
      ['name', 'a'],
      ['kind', 'c'],
      ['number', '7'],
    ],
    { kind: 'choose' },
  ],
] as [string, [string, string][], Record<string, string>][])('tells at once %s', (_, fields, fieldErrors) => {
  const numbers = z.object({
    name: z.string('required').min(1, 'required'),
    kind: z.enum(['b'], 'choose'),
    number: z.string('required'),
  })
  const judge = ({ name, kind, number }: Partial<z.output<typeof numbers>>): Record<string, string> => ({
    ...(name === '' && { name: 'empty' }),
    ...(kind && number === '7' && { number: 'odd' }),
  })
  expect(parseForm(numbers, formOf(...fields), [], judge)).toMatchObject({
    ok: false,
    state: { fieldErrors },
  })
  const right = formOf(['name', 'a'], ['kind', 'b'], ['number', '8'])
  expect(parseForm(numbers, right, [], judge)).toMatchObject({ ok: true, value: { number: '8' } })
})

it('has no more than that to do with a larger one, which is not found', () => {
  const form = counted(30_000, index => `n${index}`)
  expect(thrown(() => parseForm(schema, form, ['tags']))).toEqual(NOT_FOUND)
  expect([form.passes, form.looks]).toEqual([1, 3001])
})

it.each([
  ['a value', formOf(['alias', 'a'.repeat(1_048_577)])],
  ['a name', formOf(['a'.repeat(1_048_577), ''])],
  [
    'values together',
    formOf(...Array.from({ length: 1100 }, () => ['tags', 'a'.repeat(1000)] as [string, string])),
  ],
])('finds no form whose words are longer than any: %s', (_, form) => {
  expect(thrown(() => parseForm(schema, form, ['tags']))).toEqual(NOT_FOUND)
})
