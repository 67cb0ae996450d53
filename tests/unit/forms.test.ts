// Forms as they may really come: repeated fields, files, characters that no keyboard types, forged arguments.
import { expect, it } from 'vitest'
import * as accountForms from '../../lib/accounts/forms.ts'
import * as caseForms from '../../lib/cases/forms.ts'
import { moveForm } from '../../lib/cases/forms.ts'
import * as contractForms from '../../lib/contracts/forms.ts'
import { choiceField, textField } from '../../lib/forms/fields.ts'
import { type Form, form } from '../../lib/forms/form.ts'
import { keptValues, readFields, readSent } from '../../lib/forms/sent.ts'
import { openShown, sealShown, versionOf } from '../../lib/forms/shown.ts'
import { SHOWN_FIELD } from '../../lib/forms/state.ts'
import { seal } from '../../lib/platform/seal.ts'

const sample = form({
  name: 'sample',
  fields: {
    alias: textField(40),
    biller: choiceField('select', ['oshee', 'kesco']),
    tags: { kind: 'boxes', read: (typed: string[]) => ({ value: typed }) },
    secret: { kind: 'text', secret: true, read: (typed: string) => ({ value: typed }) },
  },
  together: ({ alias, biller }) => ({ alias: alias === biller ? 'same' : undefined }),
  failures: {},
})

it('groups every field that is typed into, in the order of the form', () => {
  const grouped = Object.values({ ...accountForms, ...caseForms, ...contractForms })
    .map(one => one as Form)
    .filter(one => typeof one === 'object' && one.groups)
  expect(grouped.length).toBeGreaterThan(1)
  for (const { name, fields, groups } of grouped) {
    const shown = Object.keys(fields).filter(field => !['hidden', 'button'].includes(fields[field]!.kind))
    expect(Object.values(groups!).flat(2), name).toEqual(shown)
  }
})

const dataOf = (...fields: [string, string | Blob][]): FormData => {
  const data = new FormData()
  for (const [name, value] of fields) data.append(name, value)
  return data
}
const read = (...fields: [string, string | Blob][]) =>
  readFields(sample, readSent(sample.fields, dataOf(...fields)))

it('loses characters that the database refuses or that disguise a name, but none of a secret', () => {
  const { typed } = readSent(
    sample.fields,
    dataOf(['alias', 'a\0b\u202Ec\u0007\nd'], ['tags', 'x\0'], ['secret', 'p\u202Eq']),
  )
  expect([...typed]).toEqual([
    ['alias', ['abc\nd']],
    ['biller', []],
    ['tags', ['x']],
    ['secret', ['p\u202Eq']],
  ])
})

it('keeps everything that was typed, whole, but secrets and what it has no field for', () => {
  const long = `${'ë'.repeat(60_000)}😀`
  const sent = readSent(
    sample.fields,
    dataOf(['alias', long], ['secret', 'p'], ['other', 'o'], ['tags', 'x'], ['tags', 'y']),
  )
  expect(keptValues(sample.fields, sent)).toEqual({ alias: [long], tags: ['x', 'y'] })
})

it('reads every field, those after a wrong one too, and then what is between them', () => {
  expect(read()).toEqual({
    ok: false,
    wrong: [
      { field: 'alias', error: 'required' },
      { field: 'biller', error: 'required' },
    ],
  })
  expect(read(['alias', 'oshee'], ['biller', 'oshee'])).toEqual({
    ok: false,
    wrong: [{ field: 'alias', error: 'same' }],
  })
  expect(read(['alias', ' Home '], ['biller', 'kesco'], ['tags', 'a'], ['tags', 'b'])).toEqual({
    ok: true,
    input: { alias: 'Home', biller: 'kesco', tags: ['a', 'b'], secret: '' },
  })
})

it('takes the first of a repeated field, and no file for a text', () => {
  expect(read(['alias', 'a'], ['alias', 'b'], ['biller', 'oshee'])).toMatchObject({ input: { alias: 'a' } })
  expect(read(['alias', new Blob(['a'])], ['biller', 'oshee'])).toMatchObject({ wrong: [{ field: 'alias' }] })
})

it('is not led astray by names that objects have themselves', () => {
  expect(read(['__proto__', 'x'], ['constructor', 'y'], ['alias', 'a'], ['biller', 'oshee'])).toMatchObject({
    ok: true,
  })
  expect(({} as Record<string, unknown>).x).toBeUndefined()
})

it.each([
  [undefined],
  [null],
  ['text'],
  [{ alias: 'a' }],
  [dataOf(...Array.from({ length: 3001 }, (_, index): [string, string] => [`x${index}`, '']))],
  [dataOf(['alias', 'x'.repeat(1024 * 1024 + 1)])],
])('does not find what no form of ours sends', forged => {
  expect(() => readSent(sample.fields, forged)).toThrow(/NEXT_HTTP_ERROR_FALLBACK;404/)
})

it('tells forms by everything that was sent with them', () => {
  const content = (...fields: [string, string | Blob][]) => readSent(sample.fields, dataOf(...fields)).content
  expect(content(['alias', 'a'], ['$ACTION_KEY', 'k'])).toBe(content(['alias', 'a'], ['$ACTION_KEY', 'l']))
  expect(content(['alias', 'a'])).not.toBe(content(['alias', 'b']))
  expect(content(['secret', 'a'])).not.toBe(content(['secret', 'b']))
  const file = (name: string, text: string) => new File([text], name)
  expect(content(['tags', file('a.pdf', 'x')])).not.toBe(content(['tags', file('a.pdf', 'xy')]))
})

it('knows what it was shown for, where it is sealed by us for that', () => {
  const shown = sealShown(sample, 'the account', { contract: '7' })
  expect(openShown(dataOf([SHOWN_FIELD, shown]))).toMatchObject({
    name: 'sample',
    version: versionOf(sample),
    account: 'the account',
    for: { contract: '7' },
    kept: ['alias', 'biller', 'tags'],
  })
  expect(openShown(dataOf([SHOWN_FIELD, sealShown(sample, null)]))!.key).not.toBe(
    openShown(dataOf([SHOWN_FIELD, shown]))!.key,
  )
  for (const forged of ['', 'x', `${shown.slice(0, -2)}AA`, seal('{}', 'cookie draft')]) {
    expect(openShown(dataOf([SHOWN_FIELD, forged]))).toBeUndefined()
  }
  expect(openShown(dataOf())).toBeUndefined()
})

it('is another form where its fields are others, or where it says so', () => {
  expect(versionOf({ ...sample, fields: { ...sample.fields, more: textField(9) } } as never)).not.toBe(
    versionOf(sample),
  )
  expect(versionOf({ ...sample, version: '2' })).not.toBe(versionOf(sample))
  expect(versionOf({ ...sample })).toBe(versionOf(sample))
})

it('lets no draft choose an account to be closed, or confirm that', () => {
  const sent = dataOf([SHOWN_FIELD, sealShown(moveForm, 'me')])
  expect(openShown(sent)!.kept).toEqual(['note', 'handTo', 'intent'])
})
