// How money, days, months and quantities print in each language. On the server only: browsers may lack Albanian data.
import type { CsvStyle } from '../platform/csv.ts'
import type { IsoDate } from '../platform/dates.ts'
import type { Currency, MoneyPattern } from '../platform/money.ts'
import { printMinor } from '../platform/money.ts'
import { type Locale, languageTag } from './locale.ts'

const cached = <Key extends string, Value>(make: (key: Key) => Value) => {
  const values = new Map<Key, Value>()
  return (key: Key): Value => {
    const value = values.get(key) ?? make(key)
    values.set(key, value)
    return value
  }
}

// "ALL 10,159.41" reads as *all*, and nobody says the code: a word behind the figure.
const OWN_UNIT: Partial<Record<`${Locale} ${Currency}`, string>> = {
  'en ALL': '\u00a0lek',
  'sr ALL': '\u00a0leka',
}

const patterns = cached((key: `${Locale} ${Currency}`): MoneyPattern => {
  const [locale, currency] = key.split(' ') as [Locale, Currency]
  const parts = new Intl.NumberFormat(languageTag[locale], {
    style: 'currency',
    currency,
    minimumFractionDigits: 2,
    maximumFractionDigits: 2,
  }).formatToParts(1_234_567.5)
  const first = parts.findIndex(part => part.type === 'integer')
  const last = parts.findIndex(part => part.type === 'fraction')
  const join = (some: Intl.NumberFormatPart[]) => some.map(part => part.value).join('')
  const unit = OWN_UNIT[key]
  return {
    prefix: unit ? '' : join(parts.slice(0, first)),
    suffix: unit ?? join(parts.slice(last + 1)),
    decimal: parts.find(part => part.type === 'decimal')!.value,
    group: parts.find(part => part.type === 'group')!.value,
  }
})

/** The pattern of a currency in a language, for printMinor on either side of the wire. */
export const moneyPattern = (currency: Currency, locale: Locale): MoneyPattern =>
  patterns(`${locale} ${currency}`)

/** 123450 EUR prints `1 234,50 €` (sq), `€1,234.50` (en), `1.234,50 €` (sr); no space in it breaks a line. */
export const formatMoney = (minor: number, currency: Currency, locale: Locale): string =>
  printMinor(minor, moneyPattern(currency, locale))

/** `Lekë`, `lek`, `€`: what stands beside an amount. */
export function currencySign(currency: Currency, locale: Locale): string {
  const { prefix, suffix } = moneyPattern(currency, locale)
  return `${prefix}${suffix}`.trim()
}

/** The price of a unit, to a hundredth of the smallest coin: `0,0905 €`. Takes the decimal string that the database gives. */
export function formatPrice(price: string, currency: Currency, locale: Locale): string {
  const { prefix, suffix } = moneyPattern(currency, locale)
  return `${prefix}${formatNumber(price, locale, 2, 4)}${suffix}`
}

/** Where a sum beside it names the currency: `1 234,50`. */
export const formatAmount = (minor: number, currency: Currency, locale: Locale): string =>
  printMinor(minor, { ...moneyPattern(currency, locale), prefix: '', suffix: '' })

type DayStyle = 'short' | 'long' | 'month' | 'name' | 'ofYear' | 'weekday'

const dayFormats = cached((key: `${Locale} ${DayStyle}`) => {
  const [locale, style] = key.split(' ') as [Locale, DayStyle]
  return new Intl.DateTimeFormat(languageTag[locale], {
    timeZone: 'UTC',
    ...(style === 'short' && { day: '2-digit', month: '2-digit', year: 'numeric' }),
    ...(style === 'long' && { day: 'numeric', month: 'long', year: 'numeric' }),
    ...(style === 'month' && { month: 'long', year: 'numeric' }),
    ...(style === 'name' && { month: 'short' }),
    ...(style === 'weekday' && { weekday: 'long' }),
    ...(style === 'ofYear' &&
      (locale === 'sr' ? { day: '2-digit', month: '2-digit' } : { day: 'numeric', month: 'long' })),
  })
})

/** `03.02.2024`. */
export const formatDay = (day: IsoDate, locale: Locale): string =>
  dayFormats(`${locale} short`).format(new Date(`${day}T00:00:00Z`))

/** `e martë`. */
export const formatWeekday = (day: IsoDate, locale: Locale): string =>
  dayFormats(`${locale} weekday`).format(new Date(`${day}T00:00:00Z`))

/** `3 shkurt`, `03.02.`: short in Serbian, as below. */
const formatDayOfYear = (day: IsoDate, locale: Locale): string =>
  dayFormats(`${locale} ofYear`).format(new Date(`${day}T00:00:00Z`))

/** Inside a sentence: `3 shkurt 2024`; long Serbian days lack the case that a sentence asks for. */
export const formatDayInSentence = (day: IsoDate, locale: Locale): string =>
  dayFormats(`${locale} ${locale === 'sr' ? 'short' : 'long'}`).format(new Date(`${day}T00:00:00Z`))

/** A day that is near: without its year, where that is the one of `today`. */
export const formatNearDay = (day: IsoDate, today: IsoDate, locale: Locale): string =>
  day.slice(0, 4) !== today.slice(0, 4) ? formatDayInSentence(day, locale) : formatDayOfYear(day, locale)

/** The month a day lies in, as it begins a line: `Shkurt 2024`. Albanian and Serbian write months small elsewhere. */
export const formatMonth = (day: IsoDate, locale: Locale): string =>
  atStart(formatMonthInSentence(day, locale))

/** Inside a sentence: `shkurt 2024`. */
export const formatMonthInSentence = (day: IsoDate, locale: Locale): string =>
  dayFormats(`${locale} month`).format(new Date(`${day.slice(0, 7)}-01T00:00:00Z`))

const monthNames = cached(
  (locale: Locale) => new Intl.DateTimeFormat(languageTag[locale], { timeZone: 'UTC', month: 'long' }),
)

/** A month without its year: `tetor`. */
export const formatMonthName = (day: IsoDate, locale: Locale): string =>
  monthNames(locale).format(new Date(`${day.slice(0, 7)}-01T00:00:00Z`))

/** A word that begins a line. */
export const atStart = (text: string): string => text.slice(0, 1).toUpperCase() + text.slice(1)

const instantFormats = cached((key: `${Locale} ${string}`) => {
  const [locale, timeZone] = key.split(' ') as [Locale, string]
  return new Intl.DateTimeFormat(languageTag[locale], {
    timeZone,
    day: '2-digit',
    month: '2-digit',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  })
})

/** Under a bar: `Shk`. */
export const formatShortMonth = (day: IsoDate, locale: Locale): string => {
  const name = dayFormats(`${locale} name`).format(new Date(`${day.slice(0, 7)}-01T00:00:00Z`))
  return atStart(name)
}

/** Day and time of an instant in an IANA zone. */
export const formatInstant = (at: Date, locale: Locale, timeZone: string): string =>
  instantFormats(`${locale} ${timeZone}`).format(at)

const timeFormats = cached((key: `${Locale} ${string}`) => {
  const [locale, timeZone] = key.split(' ') as [Locale, string]
  return new Intl.DateTimeFormat(languageTag[locale], { timeZone, timeStyle: 'medium', hourCycle: 'h23' })
})

/** The time of an instant that is just past, to the second: `06:14:05`. */
export const formatTime = (at: Date, locale: Locale, timeZone: string): string =>
  timeFormats(`${locale} ${timeZone}`).format(at)

const minuteFormats = cached((key: `${Locale} ${string}`) => {
  const [locale, timeZone] = key.split(' ') as [Locale, string]
  return new Intl.DateTimeFormat(languageTag[locale], {
    timeZone,
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  })
})

/** The time of an instant to the minute: `07:35`. */
export const formatMinute = (at: Date, locale: Locale, timeZone: string): string =>
  minuteFormats(`${locale} ${timeZone}`).format(at)

const numberFormats = cached((key: `${Locale} ${string}`) => {
  const [locale, digits] = key.split(' ') as [Locale, string]
  const [least, most] = digits.split('-').map(Number)
  return new Intl.NumberFormat(languageTag[locale], {
    minimumFractionDigits: least,
    maximumFractionDigits: most,
    // Beside amounts of five digits, Albanian would leave those of four ungrouped.
    useGrouping: 'always',
  })
})

/** A plain number with between `least` and `most` decimals. Takes the decimal string that the database gives. */
export const formatNumber = (value: number | string, locale: Locale, least = 0, most = 3): string =>
  numberFormats(`${locale} ${least}-${most}`).format(Number(value))

const percentFormats = cached(
  (locale: Locale) => new Intl.NumberFormat(languageTag[locale], { style: 'percent' }),
)

/** `45%`: without a space in all three languages. */
export const formatPercent = (percent: number, locale: Locale): string =>
  percentFormats(locale).format(percent / 100)

const changeFormats = cached(
  (locale: Locale) =>
    new Intl.NumberFormat(languageTag[locale], {
      style: 'percent',
      signDisplay: 'exceptZero',
      maximumFractionDigits: 1,
    }),
)

/** By which share something became more or less: `+21,3%`. */
export const formatChange = (share: number, locale: Locale): string => changeFormats(locale).format(share)

/** A file's size: `240 kB`, `1,2 MB`. */
export const formatFileSize = (bytes: number, locale: Locale): string =>
  bytes < 1_000_000
    ? `${formatNumber(Math.max(1, bytes / 1000), locale, 0, 0)}\u00a0kB`
    : `${formatNumber(bytes / 1_000_000, locale, 0, 1)}\u00a0MB`

const listFormats = cached(
  (locale: Locale) => new Intl.ListFormat(languageTag[locale], { type: 'conjunction' }),
)

/** `10 147,68 Lekë dhe 54,09 €`. */
export const formatList = (items: string[], locale: Locale): string => listFormats(locale).format(items)

/** A name as it is written inside a sentence; `TV` and the like keep their capitals. */
export const inSentence = (name: string): string =>
  /^\p{Lu}{2}/u.test(name) ? name : name.slice(0, 1).toLowerCase() + name.slice(1)

const UNIT_SIGN: Record<string, string> = { kWh: 'kWh', m3: 'm³', kvarh: 'kvarh' }

/** `kWh`, `m³`; empty where the biller counts none. */
export const unitSign = (unit: string): string => UNIT_SIGN[unit] ?? ''

/** `1.185 kWh`; a biller's unit is `kWh`, `m3` or `none`. */
export const formatUnits = (value: number | string, unit: string, locale: Locale): string =>
  [formatNumber(value, locale), unitSign(unit)].filter(Boolean).join('\u00a0')

/** A decimal as a person would type it: `0,0905`. Takes the decimal string that the database gives, and leaves anything else as it is. */
export const typedDecimal = (value: string, locale: Locale): string =>
  /^\d+\.\d+$/.test(value) ? value.replace('.', csvStyle[locale].decimal) : value

/** As spreadsheets are set where the language is spoken (docs/decisions/0060-history.md). */
export const csvStyle: Record<Locale, CsvStyle> = {
  sq: { separator: ';', decimal: ',' },
  en: { separator: ',', decimal: '.' },
  sr: { separator: ';', decimal: ',' },
}
