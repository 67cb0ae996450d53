import { describe, expect, it } from 'vitest'
import { registerForm } from '../../lib/accounts/forms.ts'
import { passwordFault } from '../../lib/accounts/schema.ts'
import { sameMeter, sameReading } from '../../lib/contracts/rules.ts'
import { readFields } from '../../lib/forms/sent.ts'
import { foldName } from '../../lib/platform/names.ts'

it('folds names', () => {
  expect(foldName('Çelik', 'Ëngjëll')).toBe(foldName('celik', 'ENGJELL'))
  expect(foldName('Đorđe', 'Petrović-Ilić')).toBe('dorde petrovic ilic')
  expect(foldName('  Ana  ', null)).toBe('ana')
})

it.each([
  ['Ђорђе Ђурић', 'Đorđe Đurić', 'Djordje Djurić', 'DORDE DURIC'],
  ['Љубиша Његош', 'Ljubiša Njegoš', 'LJUBIŠA NJEGOŠ', 'ljubisa njegos', 'ǈubiša Ǌegoš'],
  ['Џемал Аџић', 'Džemal Adžić', 'Dzemal Adzic', 'ǅemal Aǆić'],
  ['Шћепан Жижић', 'Šćepan Žižić', 'scepan zizic'],
  ['Јован Хаџи-Цветковић', 'Jovan Hadži-Cvetković', 'Jovan Hadzi Cvetkovic'],
  ['Ëngjëllushe Çela', 'Engjellushe Cela'],
])('%s is folded like %s and every other spelling', (...spellings) => {
  expect(new Set(spellings.map(spelling => foldName(spelling))).size).toBe(1)
  expect(foldName(spellings[0])).toMatch(/^[a-z ]+$/)
})

it.each([
  ['M100001', 'm 100-001', true],
  ['M100001', 'M100002', false],
  ['--', '', false],
])('the meter %s is %s: %s', (known, typed, same) => expect(sameMeter(typed, known)).toBe(same))

it.each([
  ['15000', '15000.000', true],
  ['15 000', '15000.000', true],
  ['15.000', '15000.000', true],
  ['15.000,5', '15000.500', true],
  ['15000.5', '15000.500', true],
  ['15001', '15000.000', false],
  [',', '0.000', false],
  ['0', '0.000', true],
])('the reading %s is %s: %s', (typed, known, same) => expect(sameReading(typed, known)).toBe(same))

describe('passwords', () => {
  it.each([
    ['Abcdefg1', undefined],
    ['abcdefg1', 'passwordCapital'],
    ['Abcdefgh', 'passwordDigit'],
    ['Abcdef1', 'passwordShort'],
    ['abcdefgh', 'passwordRule'],
    ['Abc', 'passwordRule'],
    [`A1${'x'.repeat(126)}`, undefined],
    ['Blerta.2024', 'passwordName'],
    ['1Someone', 'passwordName'],
    ['Fjala e gjatë 7 Ç', undefined],
  ])('%s: %s', (password, fault) =>
    expect(passwordFault(password, 'blerta', 'someone@example.com')).toBe(fault),
  )
})

it('tells every field of the form that is wrong, by key, and of passwords that differ too', () => {
  const typed = { biller: '', username: '1x', email: 'x', password: 'a', passwordConfirm: 'b' }
  const sent = { typed: new Map(Object.entries(typed).map(([name, value]) => [name, [value]])), content: '' }
  const read = readFields(registerForm, sent)
  const keys = read.ok ? {} : Object.fromEntries(read.wrong.map(({ field, error }) => [field, error]))
  expect(keys).toEqual({
    biller: 'chooseBiller',
    contractCode: 'required',
    firstName: 'required',
    lastName: 'required',
    personalNumber: 'required',
    phone: 'required',
    email: 'emailForm',
    username: 'usernameRule',
    password: 'passwordRule',
    passwordConfirm: 'passwordsDiffer',
    acceptTerms: 'acceptTerms',
  })
})

describe('names', () => {
  const { firstName } = registerForm.fields
  it.each(['Blerta', 'Đorđe', 'Ana-Marija', "D'Angelo", 'Çelik e Re', 'Dž. Ilić'])('%s is one', name => {
    expect(firstName.read(` ${name} `, {})).toEqual({ value: name })
  })
  it.each(['http://elsewhere.example', 'Win 100', '{code}', '<b>Ana</b>', 'Ana\nBcc: x@y.z', 'www@x', '.-'])(
    '%j is none',
    name => {
      expect(firstName.read(name, {})).toEqual({ error: 'nameForm' })
    },
  )
})
