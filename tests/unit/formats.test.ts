// How money, days and languages print. Source: CLDR as Node carries it.
import { describe, expect, it } from 'vitest'
import {
  formatDay,
  formatDayInSentence,
  formatInstant,
  formatMoney,
  formatMonth,
  formatUnits,
} from '../../lib/i18n/formats.ts'
import { localeOfHeader } from '../../lib/i18n/locale.ts'

const plain = (text: string) => text.replace(/\s/g, ' ')

describe('money', () => {
  it.each([
    [123450, 'EUR', 'sq', '1234,50 €'],
    [123456750, 'EUR', 'sq', '1 234 567,50 €'],
    [123450, 'EUR', 'en', '€1,234.50'],
    [123450, 'EUR', 'sr', '1.234,50 €'],
    [55600, 'ALL', 'sq', '556,00 Lekë'],
    [55600, 'ALL', 'en', 'ALL 556.00'],
    [55600, 'ALL', 'sr', '556,00 ALL'],
    [5, 'EUR', 'en', '€0.05'],
    [-5, 'EUR', 'en', '−€0.05'],
  ] as const)('%i %s in %s', (minor, currency, locale, printed) => {
    expect(plain(formatMoney(minor, currency, locale))).toBe(printed)
  })
})

it('days and months', () => {
  expect(formatDayInSentence('2024-02-03', 'sq')).toBe('3 shkurt 2024')
  expect(formatDayInSentence('2024-02-03', 'en')).toBe('3 February 2024')
  expect(formatDayInSentence('2024-02-03', 'sr')).toBe('03.02.2024.')
  expect(formatDay('2024-02-03', 'en')).toBe('03/02/2024')
  expect(formatMonth('2024-02-29', 'sq')).toBe('shkurt 2024')
})

it('the day begins at 00:00', () => {
  const at = new Date('2024-02-03T23:05:00Z')
  expect(formatInstant(at, 'sq', 'Europe/Tirane')).toBe('04.02.2024, 00:05')
  expect(formatInstant(at, 'en', 'Europe/Tirane')).toBe('04/02/2024, 00:05')
  expect(formatInstant(at, 'sr', 'Europe/Tirane')).toBe('04.02.2024. 00:05')
})

it('quantities carry their biller’s unit', () => {
  expect(plain(formatUnits('1185.000', 'kWh', 'sr'))).toBe('1.185 kWh')
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
