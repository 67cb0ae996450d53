// What explains the difference of two bills, in words: names of its parts, what changed in each, and the sentences before them.
import type { BillerCode } from '../billers/contract-codes.ts'
import {
  formatAmount,
  formatList,
  formatMoney,
  formatMonth,
  formatMonthInSentence,
  formatNumber,
  formatPercent,
  formatPrice,
  formatUnits,
  inSentence,
  unitSign,
} from '../i18n/formats.ts'
import type { Locale } from '../i18n/locale.ts'
import { translator } from '../i18n/translator.ts'
import type { IsoDate } from '../platform/dates.ts'
import type { Currency } from '../platform/money.ts'
import { type Difference, mainReason, type NamedBill, sharesOf } from './difference-rules.ts'
import type { DifferencePart } from './difference-schema.ts'
import { lineName } from './invoice-content.ts'

/** Of whose bills: what they are counted in and called by. */
export type BillsOf = {
  biller: { code: BillerCode; unit: string }
  currency: Currency
  tariffGroup: string | null
}

const wayOf = (amount: number) => (amount > 0 ? 'more' : 'less')

/** Prices as the database writes them, not as the language adds them up. */
const price = (value: number, { currency }: BillsOf, locale: Locale) =>
  formatPrice(value.toFixed(4), currency, locale)

/** `amount` with the sign of what it does: `+763,30`. */
export const formatSignedAmount = (amount: number, currency: Currency, locale: Locale): string =>
  `${amount > 0 ? '+' : ''}${formatAmount(amount, currency, locale)}`

const limitOf = (part: DifferencePart, { biller }: BillsOf, locale: Locale): string | null =>
  part.about === 'block' && part.limit !== null ? formatUnits(part.limit, biller.unit, locale) : null

/** As its row of a table begins. */
export function partName(part: DifferencePart, of: BillsOf, locale: Locale): string {
  const t = translator(locale, 'compare')
  switch (part.about) {
    case 'usage':
      return t(part.perDay ? 'parts.usagePerDay' : 'parts.usage')
    case 'block': {
      const limit = limitOf(part, of, locale)
      return limit ? t('parts.block', { limit }) : t('parts.blockUnknown')
    }
    case 'price':
      return t('parts.price', { unit: unitSign(of.biller.unit) })
    case 'line':
      return lineName(part.code, of, locale)
    case 'vat':
      return part.percent
        ? t('parts.vatOf', { percent: formatPercent(Number(part.percent), locale) })
        : t('parts.vat')
    default:
      return t(`parts.${part.about}`)
  }
}

/** `7,20 → 10,10 kWh`, `8,50 as before`; null where two figures say nothing. */
export function partChange(part: DifferencePart, of: BillsOf, locale: Locale): string | null {
  const t = translator(locale, 'compare')
  if (part.about === 'rounding') return null
  if (part.about === 'price' && !part.known) return pricesChange(part, locale)
  const [before, now] = [part.before, part.now].map(value => plainValue(part, value, of, locale))
  if (before === now) return t('parts.same', { value: `${now}${signOf(part, of)}` })
  return `${t('parts.change', { before: before!, now: now! })}${signOf(part, of)}`
}

/** Several prices on each side: `0,0779 / 0,1329 → 0,0905 / 0,1543`. */
function pricesChange(
  { prices, amount }: DifferencePart & { about: 'price' },
  locale: Locale,
): string | null {
  const t = translator(locale, 'compare')
  if (!prices || prices.before.length === 0 || prices.now.length === 0) return null
  const listed = (some: number[]) => some.map(one => formatNumber(one.toFixed(4), locale, 2, 4)).join(' / ')
  const [before, now] = [listed(prices.before), listed(prices.now)]
  if (before !== now) return t('parts.change', { before, now })
  // The same prices, of other shares of the use where they did something.
  return amount === 0 ? t('parts.same', { value: now }) : now
}

function signOf(part: DifferencePart, { biller }: BillsOf): string {
  return part.about === 'usage' || part.about === 'block' ? `\u00a0${unitSign(biller.unit)}` : ''
}

function plainValue(part: DifferencePart, value: number, of: BillsOf, locale: Locale): string {
  switch (part.about) {
    case 'usage':
      return part.perDay ? formatNumber(value, locale, 2, 2) : formatNumber(value, locale)
    case 'days':
    case 'block':
      return formatNumber(value, locale)
    case 'rates':
      return formatPercent(value, locale)
    case 'price':
      return formatNumber(value.toFixed(4), locale, 2, 4)
    default:
      return formatAmount(value, of.currency, locale)
  }
}

/** What made the most of it: `you used more each day`; null where no sentence says that better than its row. */
function reasonWords(part: DifferencePart, of: BillsOf, locale: Locale): string | null {
  const t = translator(locale, 'compare')
  const way = wayOf(part.amount)
  switch (part.about) {
    case 'usage':
      return t(part.perDay ? 'reasons.usagePerDay' : 'reasons.usage', { way })
    case 'block': {
      const limit = limitOf(part, of, locale)
      return limit ? t('reasons.block', { way, limit }) : t('reasons.blockUnknown', { way })
    }
    case 'days':
    case 'rates':
    case 'price':
      return t(`reasons.${part.about}`, { way })
    default:
      return null
  }
}

/** A bill by its month as `format` says it, and by its number where the month does not tell it apart. */
export function billName({ period, number }: NamedBill, locale: Locale, format = formatMonth): string {
  const month = format(period, locale)
  return number ? translator(locale, 'compare')('choose.numbered', { month, number }) : month
}

/** A month as it begins a sentence; with its year where the other one is of another, or the same month. */
function nameOf(bill: NamedBill, other: NamedBill, locale: Locale): string {
  return billName(bill, locale, period => {
    const month = translator(locale, 'compare')('months', { month: period.slice(5, 7) })
    const isPlain = period.slice(0, 4) === other.period.slice(0, 4) && period !== other.period
    return isPlain ? month : translator(locale, 'consumption')('ofYear', { month, year: period.slice(0, 4) })
  })
}

/** `October cost 989,40 Lekë more, because you used more each day`. */
export function differenceTitle(difference: Difference, of: BillsOf, locale: Locale): string {
  const t = translator(locale, 'compare')
  const { before, now, amount } = difference
  const month = nameOf(now, before, locale)
  const main = mainReason(difference)
  if (!main) return t('title.same', { month, before: nameOf(before, now, locale) })
  const values = { month, amount: formatMoney(Math.abs(amount), of.currency, locale) }
  const reason = reasonWords(main, of, locale)
  return reason
    ? t(`title.${wayOf(amount)}Because`, { ...values, reason })
    : t(`title.${wayOf(amount)}`, values)
}

/** What is said first: units and days, what is which share of the difference, and what the price did. */
export function differenceSentences(difference: Difference, of: BillsOf, locale: Locale): string[] {
  return [
    unitsWords(difference, of, locale),
    sharesWords(difference, of, locale),
    ...priceWords(difference, of, locale),
    justAboveWords(difference, of, locale),
  ].filter(sentence => sentence !== null)
}

function unitsWords({ before, now }: Difference, { biller }: BillsOf, locale: Locale): string | null {
  const t = translator(locale, 'compare')
  if (before.units === null || now.units === null || biller.unit === 'none') return null
  const units = {
    now: formatUnits(now.units, biller.unit, locale),
    before: formatNumber(before.units, locale),
  }
  if (before.units === now.units) return t('unitsSame', { units: units.now })
  // Of the same days, how many they are says nothing.
  return before.days === null || now.days === null || before.days === now.days
    ? t('units', units)
    : t('unitsInDays', { ...units, days: now.days, daysBefore: before.days })
}

/** So many parts a sentence holds; a bill of many lines has its table. */
const MOST_IN_SENTENCE = 4

function sharesWords(difference: Difference, of: BillsOf, locale: Locale): string | null {
  const t = translator(locale, 'compare')
  const name = (part: DifferencePart) => {
    const words = partName(part, of, locale)
    // A code that has no name is written as it is.
    return part.about === 'line' && words === part.code ? words : inSentence(words)
  }
  const all = sharesOf(difference)
  const [one] = all ?? []
  if (all?.length === 1) return t('whole', { part: name(one!.part) })
  const shares = all?.filter(({ percent }) => percent > 0)
  const changed = difference.parts.filter(({ about, amount }) => amount !== 0 && about !== 'vat')
  const vat = difference.parts.some(({ about, amount }) => about === 'vat' && amount !== 0) ? 'some' : 'none'
  const list = shares
    ? shares.map(({ part, percent }) =>
        t('share', { part: name(part), percent: formatPercent(percent, locale) }),
      )
    : changed.map(part =>
        t('share', { part: name(part), percent: formatSignedAmount(part.amount, of.currency, locale) }),
      )
  if (changed.length < 2 || list.length > MOST_IN_SENTENCE) return null
  const isOneWay = new Set(changed.map(({ amount }) => Math.sign(amount))).size === 1
  return t(shares ? 'shares' : isOneWay ? 'together' : 'against', { list: formatList(list, locale), vat })
}

function priceWords({ parts, before, now }: Difference, of: BillsOf, locale: Locale): string[] {
  const t = translator(locale, 'compare')
  const why = translator(locale, 'why')
  const unit = unitSign(of.biller.unit)
  const month = (of: { period: IsoDate }) => formatMonthInSentence(of.period, locale)
  const moved = parts.find(part => part.about === 'block' && part.kind === 'whole')
  const isOtherRow =
    moved !== undefined && parts.some(({ about, amount }) => about === 'price' && amount !== 0)
  return parts.flatMap(part => {
    if (part.about === 'block') {
      const limit = limitOf(part, of, locale)
      if (!limit) return []
      if (part.kind === 'above') return [t('blockAbove', { limit })]
      const values = { limit, unit, price: price(part.price!, of, locale), way: wayOf(part.amount) }
      // What holds by the prices of the one bill alone is said of it alone.
      return [isOtherRow ? t('blockOf', { ...values, month: month(before) }) : t('blockWhole', values)]
    }
    if (part.about !== 'price' || !part.known) return []
    if (part.before === part.now) return [why('priceSame', { unit })]
    if (isOtherRow) return [t('priceOf', { month: month(now), price: price(part.now, of, locale) })]
    // As it went in time, whichever bill is compared with which.
    const [from, to] = before.period > now.period ? [part.now, part.before] : [part.before, part.now]
    return [why('priceChanged', { unit, before: price(from, of, locale), now: price(to, of, locale) })]
  })
}

/** That a little less would have cost much less. */
function justAboveWords(
  difference: Difference,
  { biller, currency }: BillsOf,
  locale: Locale,
): string | null {
  const { justAbove, before, now } = difference
  if (!justAbove) return null
  const [bill, other] = justAbove.which === 'now' ? [now, before] : [before, now]
  return translator(locale, 'compare')('justAbove', {
    month: nameOf(bill, other, locale),
    amount: formatMoney(justAbove.less, currency, locale),
    above: formatUnits(justAbove.above, biller.unit, locale),
    limit: formatUnits(justAbove.limit, biller.unit, locale),
  })
}

/** How a part's amount is counted: `89,80 kWh more × 8,50`; its name where there is no more to say. */
export function partFormula(
  part: DifferencePart,
  difference: Difference,
  of: BillsOf,
  locale: Locale,
): string {
  const t = translator(locale, 'compare')
  const why = translator(locale, 'why')
  const { before, now } = difference
  const units = (value: number, digits = 0) =>
    `${formatNumber(value, locale, digits, 2)}\u00a0${unitSign(of.biller.unit)}`
  if (part.about === 'days' && part.price !== null)
    return t('how.days', {
      way: wayOf(part.now - part.before),
      count: Math.abs(part.now - part.before),
      units: units(before.units! / part.before, 2),
      price: price(part.price, of, locale),
    })
  if (part.about === 'usage' && part.price !== null) {
    const more = part.perDay ? (part.now - part.before) * now.days! : part.now - part.before
    return why(more > 0 ? 'unitsMore' : 'unitsLess', {
      units: units(Math.abs(more), part.perDay ? 2 : 0),
      price: price(part.price, of, locale),
    })
  }
  if (part.about === 'price' && part.known && now.units !== null) {
    const more = part.now - part.before
    // A cent that rounding gave to it would not be in the product.
    if (Math.round(now.units * more * 100) === part.amount)
      return t('how.price', { units: units(now.units), difference: price(more, of, locale) })
  }
  if (part.about === 'block' && part.price !== null && now.units !== null) {
    const former = difference.parts.find(({ about }) => about === 'usage')
    const more = former?.about === 'usage' && former.price !== null ? part.price - former.price : null
    if (more !== null && Math.abs(now.units * more * 100 - part.amount) < 1)
      return t('how.block', {
        part: partName(part, of, locale),
        units: units(now.units),
        difference: price(more, of, locale),
      })
  }
  if (part.about === 'vat' && part.percent) {
    const net = difference.parts
      .filter(({ about }) => about !== 'vat' && about !== 'tvTax')
      .reduce((sum, { amount }) => sum + amount, 0)
    return t('how.vat', {
      percent: formatPercent(Number(part.percent), locale),
      amount: formatAmount(net, of.currency, locale),
    })
  }
  return partName(part, of, locale)
}
