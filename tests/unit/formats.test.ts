// How money, days and languages print. Source: CLDR as Node carries it.
import { describe, expect, it } from 'vitest'
import { currencies, locales } from '../../db/enums.ts'
import { numberProofForm } from '../../lib/contracts/forms.ts'
import { sameReading } from '../../lib/contracts/rules.ts'
import {
  formatChange,
  formatDay,
  formatDayInSentence,
  formatInstant,
  formatMoney,
  formatMonth,
  formatMonthInSentence,
  formatMonthName,
  formatNearDay,
  formatNumber,
  formatPercent,
  formatShortMonth,
  formatUnits,
} from '../../lib/i18n/formats.ts'
import { localeOfHeader } from '../../lib/i18n/locale.ts'
import { plainAmount } from '../../lib/platform/money.ts'

const plain = (text: string) => text.replace(/\s/g, ' ')

describe('money', () => {
  it.each([
    [123450, 'EUR', 'sq', '1 234,50 €'],
    [123456750, 'EUR', 'sq', '1 234 567,50 €'],
    [123450, 'EUR', 'en', '€1,234.50'],
    [123450, 'EUR', 'sr', '1.234,50 €'],
    [55600, 'ALL', 'sq', '556,00 Lekë'],
    [340660, 'ALL', 'sq', '3 406,60 Lekë'],
    [1015941, 'ALL', 'sq', '10 159,41 Lekë'],
    [99999, 'EUR', 'sq', '999,99 €'],
    [55600, 'ALL', 'en', '556.00 lek'],
    [1015941, 'ALL', 'en', '10,159.41 lek'],
    [-1015941, 'ALL', 'en', '−10,159.41 lek'],
    [7548, 'EUR', 'en', '€75.48'],
    [340660, 'ALL', 'sr', '3.406,60 leka'],
    [55600, 'ALL', 'sr', '556,00 leka'],
    [5, 'EUR', 'en', '€0.05'],
    [-5, 'EUR', 'en', '−€0.05'],
  ] as const)('%i %s in %s', (minor, currency, locale, printed) => {
    expect(plain(formatMoney(minor, currency, locale))).toBe(printed)
  })

  it('breaks no line inside an amount or before its currency, and is read by the form that asks for one', () => {
    for (const locale of locales)
      for (const currency of currencies)
        for (let minor = 1; minor < 1e11; minor = minor * 3 + 7) {
          const printed = formatMoney(minor, currency, locale)
          expect(printed).not.toContain(' ')
          const { read } = numberProofForm.fields.invoiceTotal
          expect(read(printed, {})).toEqual({ value: plainAmount(minor) })
        }
  })
})

it('a reading is read as it is printed', () => {
  for (const locale of locales)
    for (const reading of ['0', '214', '1234', '12345.5', '123456.125'])
      expect(sameReading(formatNumber(reading, locale), reading)).toBe(true)
})

it('days and months', () => {
  expect(formatDayInSentence('2024-02-03', 'sq')).toBe('3 shkurt 2024')
  expect(formatDayInSentence('2024-02-03', 'en')).toBe('3 February 2024')
  expect(formatDayInSentence('2024-02-03', 'sr')).toBe('03.02.2024.')
  expect(locales.map(locale => formatNearDay('2024-02-03', '2024-12-31', locale))).toEqual([
    '3 shkurt',
    '3 February',
    '03.02.',
  ])
  expect(formatNearDay('2024-12-31', '2025-01-01', 'sr')).toBe('31.12.2024.')
  expect(formatDay('2024-02-03', 'en')).toBe('03/02/2024')
  expect(formatMonth('2024-02-29', 'sq')).toBe('Shkurt 2024')
  expect(formatMonth('2024-02-29', 'sr')).toBe('Februar 2024.')
  expect(formatMonthInSentence('2024-02-29', 'sq')).toBe('shkurt 2024')
})

it('months by name, percent, units', () => {
  expect(locales.map(locale => formatMonthName('2026-11-01', locale))).toEqual([
    'nëntor',
    'November',
    'novembar',
  ])
  expect(locales.map(locale => formatShortMonth('2026-11-01', locale))).toEqual(['Nën', 'Nov', 'Nov'])
  expect(locales.map(locale => formatPercent(45, locale))).toEqual(['45%', '45%', '45%'])
  expect([0.2134, -0.05, 0].map(share => formatChange(share, 'sq'))).toEqual(['+21,3%', '-5%', '0%'])
  expect(formatUnits('3', 'none', 'en')).toBe('3')
})

it('the day begins at 00:00', () => {
  const at = new Date('2024-02-03T23:05:00Z')
  expect(formatInstant(at, 'sq', 'Europe/Tirane')).toBe('04.02.2024, 00:05')
  expect(formatInstant(at, 'en', 'Europe/Tirane')).toBe('04/02/2024, 00:05')
  expect(formatInstant(at, 'sr', 'Europe/Tirane')).toBe('04.02.2024. 00:05')
})

it('quantities carry their biller’s unit', () => {
  expect(plain(formatUnits('1185.000', 'kWh', 'sr'))).toBe('1.185 kWh')
  expect(plain(formatUnits('1185.000', 'kWh', 'sq'))).toBe('1 185 kWh')
  expect(plain(formatUnits('12.5', 'm3', 'en'))).toBe('12.5 m³')
})

it.each([
  ['en-US,en;q=0.9', 'en'],
  ['de,sr;q=0.5,en;q=0.4', 'sr'],
  ['hr', 'sr'],
  ['de', undefined],
  [null, undefined],
  ['en;q=0,sq', 'sq'],
] as const)('Accept-Language %s gives %s', (header, locale) => expect(localeOfHeader(header)).toBe(locale))
