// Identifiers: forms and check digits of published examples.
import { parsePhoneNumberFromString } from 'libphonenumber-js/max'
import { describe, expect, it } from 'vitest'
import { passwordHolds, registerInput } from '../../lib/accounts/schema.ts'
import { wrongBusinessNumber, wrongNumbers } from '../../lib/accounts/wrong-numbers.ts'
import { normaliseContractCode } from '../../lib/billers/contract-codes.ts'
import { normaliseAnyPhone, normalisePhone } from '../../lib/billers/phones.ts'
import { sameMeter, sameReading } from '../../lib/contracts/rules.ts'
import { numberProofInput } from '../../lib/contracts/schema.ts'
import { checkDigitFits, normalisePersonalNumber } from '../../lib/platform/identifiers.ts'
import { foldName } from '../../lib/platform/names.ts'

describe('personal numbers', () => {
  it.each(['1234567892', '1012345670', 'J00101999W', 'J05115999K', 'K00101001D'])('%s is valid', number => {
    expect(normalisePersonalNumber(number)).toBe(number)
    expect(checkDigitFits(number)).toBe(true)
  })
  it.each(['1234567893', 'J00101999V', 'J05115998K'])('%s has a wrong check digit', number => {
    expect(normalisePersonalNumber(number)).toBe(number)
    expect(checkDigitFits(number)).toBe(false)
  })
  it('skips the check of Kosovan numbers that begin with 9', () =>
    expect(checkDigitFits('9000000001')).toBe(true))
  it.each(['', '123456789', 'Z00101999W', 'J0010199W', '12345678901', 'J00101999X'])(
    '%s has no form',
    text => {
      expect(normalisePersonalNumber(text)).toBeUndefined()
    },
  )
  it('takes them as people write them', () =>
    expect(normalisePersonalNumber(' j00101999w ')).toBe('J00101999W'))
})

describe('contract codes', () => {
  it.each([
    ['oshee', 'al0000001', 'AL0000001'],
    ['oshee', 'AL 0000001', 'AL0000001'],
    ['oshee', 'tr0.a0000000000004', 'TR0.A0000000000004'],
    ['kesco', 'dpr6687', 'DPR-6687'],
    ['kesco', 'DPR 6687', 'DPR-6687'],
    ['kesco', 'DPZ-10442', 'DPZ-10442'],
    ['digitalb', 'ab-12.3', 'ab-12.3'],
  ] as const)('%s %s is stored as %s', (biller, typed, stored) => {
    expect(normaliseContractCode(biller, typed)).toBe(stored)
  })
  it.each([
    ['oshee', 'AL000001'],
    ['kesco', 'DXX-6687'],
    ['kesco', 'DPR-12'],
    ['ukt', 'abc'],
    ['ukt', 'a b c d'],
  ] as const)('%s does not take %s', (biller, typed) => {
    expect(normaliseContractCode(biller, typed)).toBeUndefined()
  })
})

describe('phones', () => {
  it.each([
    ['044 123 456', 'kesco', '+38344123456'],
    ['+383 49 123 456', 'kesco', '+38349123456'],
    ['069 212 3456', 'oshee', '+355692123456'],
    ['+41 79 123 45 67', 'oshee', '+41791234567'],
  ] as const)('%s of %s is %s', (typed, biller, stored) => expect(normalisePhone(typed, biller)).toBe(stored))
  it.each(['038 200 100', '12', 'abc', '+383 44 12'])('%s is no mobile number', typed => {
    expect(normalisePhone(typed, 'kesco')).toBeUndefined()
  })
  it('knows usual mobile numbers as the library does, under every prefix', () => {
    const wrong: string[] = []
    for (const [biller, country, code] of [
      ['oshee', 'AL', '+355'],
      ['kesco', 'XK', '+383'],
    ] as const) {
      for (let start = 40; start < 1000; start++) {
        for (const rest of ['12345', '123456', '1234567']) {
          for (const prefix of [code, `${code} `, '0']) {
            const typed = `${prefix}${start}${rest}`
            const phone = parsePhoneNumberFromString(typed, country)
            if (normaliseAnyPhone(typed, biller) !== (phone?.isValid() ? phone.number : undefined))
              wrong.push(typed)
          }
        }
      }
    }
    expect(wrong).toEqual([])
  })
  it('takes a telephone at home from a biller, not from an account', () => {
    expect(normaliseAnyPhone('038 200 100', 'kesco')).toBe('+38338200100')
    expect(normaliseAnyPhone('12', 'kesco')).toBeUndefined()
  })
})

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
    ['Abcdefg1', true],
    ['abcdefg1', false],
    ['Abcdefgh', false],
    ['Abcdef1', false],
    [`A1${'x'.repeat(126)}`, true],
    [`A1${'x'.repeat(127)}`, false],
    ['Blerta.2024', false],
    ['Fjala e gjatë 7 Ç', true],
  ])('%s: %s', (password, holds) =>
    expect(passwordHolds(password, 'blerta', 'someone@example.com')).toBe(holds),
  )
})

it('tells every field of the form that is wrong, by key', () => {
  const result = registerInput.safeParse({
    biller: '',
    username: '1x',
    email: 'x',
    password: 'a',
    passwordConfirm: 'b',
  })
  const keys = Object.fromEntries(result.error!.issues.map(issue => [issue.path[0], issue.message]))
  expect(keys).toMatchObject({
    biller: 'chooseBiller',
    contractCode: 'required',
    username: 'usernameRule',
    email: 'emailForm',
    acceptTerms: 'acceptTerms',
  })
})

it.each([
  ['2596,60', '2596.60'],
  ['2 596,60 Lekë', '2596.60'],
  ['2.596,60', '2596.60'],
  ['€1,234.50', '1234.50'],
  ['214', '214'],
  ['1.234', '1234'],
])('reads the total %s as %s', (typed, plain) => {
  expect(numberProofInput.parse({ invoiceNumber: 'x', invoiceTotal: typed }).invoiceTotal).toBe(plain)
})

describe('names', () => {
  const { firstName } = registerInput.shape
  it.each(['Blerta', 'Đorđe', 'Ana-Marija', "D'Angelo", 'Çelik e Re', 'Dž. Ilić'])('%s is one', name => {
    expect(firstName.parse(` ${name} `)).toBe(name)
  })
  it.each([
    'http://elsewhere.example',
    'Win 100',
    '{code}',
    '<b>Ana</b>',
    'Ana\nBcc: x@y.z',
    'Ana\u202Ekola',
    'www@x',
    '.-',
  ])('%j is none', name => {
    expect(firstName.safeParse(name).error?.issues[0]?.message).toBe('nameForm')
  })
})

it.each([
  [{}, {}],
  [{ contractCode: 'x', phone: '12' }, {}],
  [{ personalNumber: '' }, { personalNumber: 'personalNumberForm' }],
  [
    { biller: 'kesco', contractCode: 'x', phone: '12', personalNumber: '1' },
    { contractCode: 'contractCodeForm', phone: 'phoneForm', personalNumber: 'personalNumberForm' },
  ],
  [
    { biller: 'oshee', phone: '12', personalNumber: '1234567890' },
    { phone: 'phoneForm', personalNumber: 'personalNumberCheck' },
  ],
  [{ personalNumber: '1234567890', confirmPersonalNumber: 'on' }, {}],
  [{ biller: 'kesco', contractCode: 'dpr 6687', phone: '044 123 456', personalNumber: '1234567892' }, {}],
] as const)('of %j what is wrong is %j', (typed, wrong) => {
  expect(wrongNumbers(typed)).toEqual(wrong)
})

it.each([
  [{}, {}],
  [{ nipt: '' }, { nipt: 'businessNumberForm' }],
  [{ nipt: 'x' }, { nipt: 'businessNumberForm' }],
  [{ nipt: 'J91402501X' }, { nipt: 'businessNumberCheck' }],
  [{ nipt: 'J91402501X', confirmNipt: 'on' }, {}],
  [{ nipt: 'J91402501L' }, {}],
])('of the business %j what is wrong is %j', (typed, wrong) => {
  expect(wrongBusinessNumber(typed)).toEqual(wrong)
})
