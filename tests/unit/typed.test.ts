// What people type or paste: every spelling of one thing is read as that thing, by every reader.
import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { parsePhoneNumberFromString } from 'libphonenumber-js/max'
import { describe, expect, it, test } from 'vitest'
import { identifierKey } from '../../lib/accounts/identify.ts'
import { plainCode } from '../../lib/auth/recovery-codes.ts'
import { readContractAddress, readContractCode } from '../../lib/billers/contract-codes.ts'
import { readAnyPhone, readPhone } from '../../lib/billers/phones.ts'
import { readEmail, shownEmail } from '../../lib/platform/emails.ts'
import { checkDigitFits, readBusinessNumber, readPersonalNumber } from '../../lib/platform/identifiers.ts'
import {
  readCode,
  readGrouped,
  readId,
  readLine,
  readName,
  readNote,
  readPassword,
} from '../../lib/platform/typed.ts'

/** What may stand around or inside of what is typed, and means nothing: by keyboard, message or web page. */
const NOTHING = [
  '\u200b',
  '\u200e',
  '\u202a',
  '\u202c',
  '\u2066',
  '\u00ad',
  '\ufeff',
  '\u2060',
  '\0',
  '\ufe0f',
]
const BLANKS = [' ', '\u00a0', '\u202f', '\u2007', '\u3000', '\t', '\n', '\r\n']
const HYPHENS = ['\u2010', '\u2011', '\u2012', '\u2013', '\u2014', '\u2212', '\uff0d', '\ufe63']

const READERS: Record<string, [(typed: string) => unknown, string, unknown]> = {
  line: [readLine, 'Rruga 5', 'Rruga 5'],
  note: [readNote, 'Rruga 5', 'Rruga 5'],
  name: [readName, 'Ana Marija', 'Ana Marija'],
  code: [readCode, 'Ab 1', 'Ab 1'],
  'one-time code': [readGrouped, '123 456', '123456'],
  'recovery code': [plainCode, '7kq2m x9rtb', '7kq2mx9rtb'],
  'contract of KESCO': [typed => readContractCode('kesco', typed), 'DPR 6687', 'DPR-6687'],
  'contract of OSHEE': [typed => readContractCode('oshee', typed), 'AL 0000001', 'AL0000001'],
  'contract of another': [typed => readContractCode('ukt', typed), 'ab 12.3', 'ab12.3'],
  'personal number': [readPersonalNumber, 'J 00101999 W', 'J00101999W'],
  'business number': [typed => readBusinessNumber(typed)?.number, 'J 91402501 L', 'J91402501L'],
  phone: [typed => readPhone(typed, 'kesco'), '044 123456', '+38344123456'],
  email: [readEmail, 'ana@example.com', 'ana@example.com'],
  username: [typed => identifierKey(typed).value, 'mirela', 'mirela'],
  'e-mail to sign in': [typed => identifierKey(typed).value, 'ana@example.com', 'ana@example.com'],
  'phone to sign in': [typed => identifierKey(typed).value, '044 123456', '+38344123456'],
}

describe.each(Object.entries(READERS))('a %s', (_, [read, typed, meant]) => {
  it('is what it is', () => expect(read(typed)).toEqual(meant))
  it.each(NOTHING)('is the same with %j in it', nothing => {
    const [first, ...rest] = typed
    expect(read(`${nothing}${first}${nothing}${rest.join('')}${nothing}`)).toEqual(meant)
  })
  it.each(BLANKS)('is the same with %j for a blank, and around it', blank => {
    // A note keeps its lines.
    if (read === readNote && /[\r\n]/.test(blank)) return
    expect(read(`${blank}${typed.replaceAll(' ', blank)}${blank}${blank}`)).toEqual(meant)
  })
})

describe('names', () => {
  it.each([
    ["D'Angelo", "D'Angelo"],
    ['D’Angelo', "D'Angelo"],
    ['D`Angelo', "D'Angelo"],
    ['D´Angelo', "D'Angelo"],
    ['Dʼ Angelo', "D' Angelo"],
    ['Ge\u0308zim C\u0327ela', 'Gëzim Çela'],
    ['Đorđe', 'Đorđe'],
    ['Ђорђе', 'Ђорђе'],
    ...HYPHENS.map(hyphen => [`Ana${hyphen}Marija`, 'Ana-Marija']),
  ])('%j is read as %j', (typed, name) => expect(readName(typed)).toBe(name))
})

test('notes keep their lines, at most one empty one between two', () => {
  expect(readNote('  Një\u00a0 rresht \r\n\r\n\r\n\r\n\u200bdy\u2028tre\n\n')).toBe('Një rresht\n\ndy\ntre')
})

test('passwords are altered in nothing, but that two keyboards compose the same', () => {
  for (const typed of [' a ', 'p\u202Eq', '\u200b1', 'Ａ１', 'x\u00a0y', '\0', '‘’–'])
    expect(readPassword(typed)).toBe(typed)
  expect(readPassword('Ge\u0308zim')).toBe(readPassword('Gëzim'))
})

describe('contract codes', () => {
  it.each([
    ...[
      'DPR-6687',
      'dpr 6687',
      'DPR6687',
      'dpr.6687',
      'Dpr - 6687',
      'ДПР 6687',
      'дпр-6687',
      'DРR6687',
      'ＤＰＲ－６６８７',
    ].map(typed => ['kesco', typed, 'DPR-6687'] as const),
    ...HYPHENS.map(hyphen => ['kesco', `dpr${hyphen}6687`, 'DPR-6687'] as const),
    ['kesco', 'DPZ-10442', 'DPZ-10442'],
    ['kesco', 'дпз 10442', 'DPZ-10442'],
    ...['al0000001', 'AL 0000001', 'al-0000001', 'АL0000001', 'ал0000001', 'AL 000 00 01'].map(
      typed => ['oshee', typed, 'AL0000001'] as const,
    ),
    ...['tr0.a0000000000004', 'TR0 A0000000000004', 'TR0A0000000000004', 'ТR0.А0000000000004'].map(
      typed => ['oshee', typed, 'TR0.A0000000000004'] as const,
    ),
    ['digitalb', 'ab-12.3', 'ab-12.3'],
    ['digitalb', '1234 5678', '12345678'],
    ['ukt', 'ab–123', 'ab-123'],
  ] as const)('%s %s is stored as %s', (biller, typed, stored) => {
    expect(readContractCode(biller, typed)).toBe(stored)
  })
  it.each([
    ['oshee', 'AL000001'],
    ['oshee', ''],
    ['kesco', 'DXX-6687'],
    ['kesco', 'DPR-12'],
    ['kesco', 'DPR_6687'],
    ['ukt', 'abc'],
    ['ukt', 'a/bcd'],
    ['ukt', 'ëëëë'],
  ] as const)('%s does not take %s', (biller, typed) => {
    expect(readContractCode(biller, typed)).toBeUndefined()
  })
  it.each([
    ['kesco', 'DPR-6687', 'DPR-6687'],
    ['KESCO', 'dpr%206687', 'DPR-6687'],
    ['kesco', 'dpr%E2%80%936687', 'DPR-6687'],
    ['police-fines', 'ab-12', 'ab-12'],
    ['oshee', 'DPR-6687', undefined],
    ['elsewhere', 'DPR-6687', undefined],
    ['kesco', '%E2', undefined],
    ['kesco', '%00', undefined],
  ])('the address /contracts/%s/%s is of %s', (biller, code, read) => {
    expect(readContractAddress({ biller, code })?.code).toBe(read)
  })
})

describe('personal and business numbers', () => {
  it.each(['1234567892', '1012345670', 'J00101999W', 'J05115999K', 'K00101001D'])('%s is valid', number => {
    expect(readPersonalNumber(number)).toBe(number)
    expect(checkDigitFits(number)).toBe(true)
  })
  it.each(['1234567893', 'J00101999V', 'J05115998K'])('%s has a wrong check digit', number => {
    expect(readPersonalNumber(number)).toBe(number)
    expect(checkDigitFits(number)).toBe(false)
  })
  it('skips the check of Kosovan numbers that begin with 9', () =>
    expect(checkDigitFits('9000000001')).toBe(true))
  it.each([
    '',
    '-',
    '123456789',
    '12345678',
    '1.01E+09',
    'Z00101999W',
    'J0010199W',
    '12345678901',
    'J00101999X',
  ])('%j has no form', typed => expect(readPersonalNumber(typed)).toBeUndefined())
  it.each([
    [' j00101999w ', 'J00101999W'],
    ['123 456 7892', '1234567892'],
    ['123-456-789-2', '1234567892'],
    ['１２３４５６７８９２', '1234567892'],
    ['Ј00101999W', 'J00101999W'],
    ['К00101001D', 'K00101001D'],
    ['Κ00101001D', 'K00101001D'],
  ])('%s is %s', (typed, number) => expect(readPersonalNumber(typed)).toBe(number))
  it.each([
    [' 811-234-567 ', '811234567', 'XK'],
    ['j91402501l', 'J91402501L', 'AL'],
    ['Ј 91402501 L', 'J91402501L', 'AL'],
  ])('%s is %s of %s', (typed, number, country) =>
    expect(readBusinessNumber(typed)).toEqual({ number, country }),
  )
  it.each(['', 'N91402501L', '81123456'])('%j is none of a business', typed =>
    expect(readBusinessNumber(typed)).toBeUndefined(),
  )

  it('of a feed that was refused once are read where they can be', () => {
    const rows = readFileSync('tests/support/feed-cases/personal-numbers/contracts.csv', 'utf8')
      .trim()
      .split('\n')
    expect(rows.slice(1).map(row => readPersonalNumber(row.split(',')[4]!))).toEqual([
      'J05115999K',
      undefined,
      undefined,
      '1234567892',
      'K00101001D',
      undefined,
    ])
  })
})

describe('phones', () => {
  const KOSOVO = '+38344123456'
  const ALBANIA = '+355692123456'
  it.each([
    ...['044 123 456', '044123456', '044/123-456', '(044) 123.456', '44 123 456', '０４４１２３４５６'].map(
      typed => [typed, 'kesco', KOSOVO] as const,
    ),
    ...['069 212 3456', '0692123456', '069–212–3456', '69 212 3456'].map(
      typed => [typed, 'oshee', ALBANIA] as const,
    ),
    // With a prefix of whatever form, whoever the biller is.
    ...(['kesco', 'oshee', undefined] as const).flatMap(biller => [
      ...[
        '+383 44 123 456',
        '383 44 123 456',
        '0038344123456',
        '+383 (0)44 123 456',
        '383044123456',
        '＋38344123456',
      ].map(typed => [typed, biller, KOSOVO] as const),
      ...['+355 69 212 3456', '355692123456', '00355 69 212 3456', '+355 069 212 3456'].map(
        typed => [typed, biller, ALBANIA] as const,
      ),
      ['+41 79 123 45 67', biller, '+41791234567'] as const,
      ['0041 79 123 45 67', biller, '+41791234567'] as const,
    ]),
    // Where no biller is known: whichever country has such a mobile number.
    ['044 123 456', undefined, KOSOVO],
    ['069 212 3456', undefined, ALBANIA],
  ] as const)('%s of %s is %s', (typed, biller, stored) => {
    expect(readPhone(typed, biller)).toBe(stored)
    if (!biller) expect(identifierKey(typed)).toEqual({ column: 'phone', value: stored })
  })
  it.each([
    ['038 200 100', 'kesco'],
    ['12', 'kesco'],
    ['abc', 'kesco'],
    ['', 'kesco'],
    ['+383 44 12', 'kesco'],
    ['044123456 / 049123456', 'kesco'],
    // In Albania it is a telephone at home, or nothing: a stranger in Kosovo gets no code for it.
    ['044 123 456', 'oshee'],
  ] as const)('%j of %s is no mobile number', (typed, biller) => {
    expect(readPhone(typed, biller)).toBeUndefined()
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
            if (readAnyPhone(typed, biller) !== (phone?.isValid() ? phone.number : undefined))
              wrong.push(typed)
          }
        }
      }
    }
    expect(wrong).toEqual([])
  })
  it('takes a telephone at home from a biller, not from an account', () => {
    expect(readAnyPhone('038 200 100', 'kesco')).toBe('+38338200100')
    expect(readAnyPhone('12', 'kesco')).toBeUndefined()
  })
})

describe('e-mail addresses', () => {
  it.each([
    ['Ana@Example.COM', 'ana@example.com'],
    [' ana@example.com\u00a0', 'ana@example.com'],
    ['ana+bills@example.com', 'ana+bills@example.com'],
    ["o'brien@example.com", "o'brien@example.com"],
    ['o’brien@example.com', "o'brien@example.com"],
    ['a@b.al', 'a@b.al'],
    ['ana.hoxha@mail.sub.example.co.uk', 'ana.hoxha@mail.sub.example.co.uk'],
    ['ana@example.photography', 'ana@example.photography'],
    ['{ana}/x=1!#$%&*?^`|~@example.com', '{ana}/x=1!#$%&*?^`|~@example.com'],
    ['_ana-@1st-example.com', '_ana-@1st-example.com'],
    ['ana＠example。com', 'ana@example.com'],
    ['ana@example.com.', 'ana@example.com'],
    ['ana@çelik.example', 'ana@xn--elik-zoa.example'],
    ['ana@c\u0327ELIK.example', 'ana@xn--elik-zoa.example'],
    ['ana@XN--elik-zoa.example', 'ana@xn--elik-zoa.example'],
    ['ana@пример.срб', 'ana@xn--e1afmkfd.xn--90a3ac'],
    [`${'a'.repeat(64)}@example.com`, `${'a'.repeat(64)}@example.com`],
  ])('%j is %s, to sign in with too', (typed, email) => {
    expect(readEmail(typed)).toBe(email)
    expect(readEmail(email)).toBe(email)
    expect(readEmail(shownEmail(email))).toBe(email)
    expect(identifierKey(typed)).toEqual({ column: 'email', value: email })
  })
  it('are shown as people write them', () => {
    expect(shownEmail('ana@xn--elik-zoa.example')).toBe('ana@çelik.example')
    expect(shownEmail('ana@example.com')).toBe('ana@example.com')
  })
  it.each([
    '',
    'ana',
    'ana@',
    '@example.com',
    'ana@example',
    'ana@localhost',
    'ana@127.0.0.1',
    'ana@1.2',
    'ana@[127.0.0.1]',
    'ana@-example.com',
    'ana@example..com',
    'ana@exam ple.com',
    'ana@ex%61mple.com',
    'ana@example.com/x',
    'a b@example.com',
    'ana@@example.com',
    'x@example.com,ana@example.com',
    '"a@example.com, b"@example.com',
    '.ana@example.com',
    'ana..hoxha@example.com',
    'gëzim@example.com',
    'ana@example.com\nBcc: x@example.com',
    `${'a'.repeat(65)}@example.com`,
    `a@${'b'.repeat(60)}.${'c'.repeat(63)}.${'d'.repeat(63)}.${'e'.repeat(63)}.com`,
  ])('%j is none', typed => expect(readEmail(typed)).toBeUndefined())
})

test('reading what was read changes nothing', () => {
  const typed = fc.string({
    unit: fc.constantFrom(
      ...NOTHING,
      ...BLANKS,
      ...HYPHENS,
      ...'aZ0٣.@+ëДРΚ’´`',
      'e\u0308',
      '\u0301',
      '😀',
      '\ud83d',
      '½',
    ),
  })
  fc.assert(
    fc.property(typed, text => {
      for (const read of [readLine, readNote, readName, readCode, readGrouped, readPassword]) {
        expect(read(read(text))).toBe(read(text))
      }
    }),
    { seed: 12, numRuns: 500 },
  )
})

test('an id is read in the letters that it is stored in, and nothing else is one', () => {
  const id = '0191f7c0-5a5e-4c1e-9d7e-3b8f2a6c4d10'
  expect(readId(id.toUpperCase())).toBe(id)
  for (const none of ['', '1', `${id}0`, ` ${id}`, undefined, [id]]) expect(readId(none)).toBeUndefined()
})
