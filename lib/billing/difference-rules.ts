// Why one bill of a contract is for more or less than another: parts that add up to the cent. Pure; amounts in minor units.
import type { ReadingKind } from '../../db/enums.ts'
import { addDays, addMonths, daysBetween, type IsoDate } from '../platform/dates.ts'
import { tariffOn } from '../tariffs/rules.ts'
import type { Tariff } from '../tariffs/schema.ts'
import type { DifferencePart, Measure } from './difference-schema.ts'
import { type JustAbove, justAbove } from './limit-rules.ts'
import { inWhole, measuredParts } from './measured-rules.ts'
import type { InvoiceLine } from './schema.ts'
import { splitPrincipal } from './statement-rules.ts'

export type ComparedBill = {
  number?: string
  period: IsoDate
  periodFrom: IsoDate | null
  periodTo: IsoDate | null
  units: string | null
  principal: number
  tvTax: number
  total: number
  lines: InvoiceLine[]
}

/** `number`: where both are of one month, which alone does not tell them apart. */
export type NamedBill = { period: IsoDate; number?: string | undefined }

export type Difference = {
  before: Measure & NamedBill & { total: number }
  now: Measure & NamedBill & { total: number }
  amount: number
  /** They add up to `amount`, whatever the bills say. */
  parts: DifferencePart[]
  /** Of the newer bill; null where it is not just above a limit. */
  justAbove: (JustAbove & { which: 'before' | 'now' }) | null
}

/** `tariffs`: those of the contract's group; what a border of their blocks did, or would have done, is told by them alone. */
export function differenceOf(
  before: ComparedBill,
  now: ComparedBill,
  tariffs: readonly Tariff[] = [],
): Difference {
  const tariff = tariffOn(tariffs, before.periodTo ?? before.period)
  const charged = chargedParts(before, now, tariff)
  const parts: DifferencePart[] = [
    ...(charged ?? [step({ about: 'principal' }, before.principal, now.principal)]),
    ...(before.tvTax || now.tvTax ? [step({ about: 'tvTax' } as const, before.tvTax, now.tvTax)] : []),
  ]
  const isOneMonth = before.period === now.period
  const shown = ({ period, number, total, ...bill }: ComparedBill) => ({
    ...{ ...measureOf(bill), period, total },
    number: isOneMonth ? number : undefined,
  })
  const which = before.period > now.period ? 'before' : 'now'
  const above = justAbove(which === 'now' ? now : before, tariffs)
  return {
    ...{ before: shown(before), now: shown(now), amount: now.total - before.total, parts },
    justAbove: above && { ...above, which },
  }
}

/** `days`: of the period that it is for, both ends counted; null: it does not say. */
export const measureOf = ({
  units,
  periodFrom,
  periodTo,
}: Pick<ComparedBill, 'units' | 'periodFrom' | 'periodTo'>): Measure => {
  const days = periodFrom && periodTo ? daysBetween(periodFrom, periodTo) + 1 : 0
  return { units: units === null ? null : Number(units), days: days > 0 ? days : null }
}

const step = <About>(about: About, before: number, now: number) => ({
  ...about,
  before,
  now,
  amount: now - before,
})

const sumOf = (lines: readonly { amount: number }[]) => lines.reduce((sum, { amount }) => sum + amount, 0)

/** Lines by what they are for, and the VAT on them; null where they do not tell. */
function chargedParts(
  before: ComparedBill,
  now: ComparedBill,
  tariff: Tariff | undefined,
): DifferencePart[] | null {
  const [splitBefore, splitNow] = [before, now].map(({ lines, principal }) =>
    splitPrincipal(lines, principal),
  )
  if (!splitBefore || !splitNow) return null
  const measured = measuredParts(
    { ...measureOf(before), lines: before.lines },
    { ...measureOf(now), lines: now.lines },
    tariff,
  )
  const all = [...before.lines, ...now.lines].filter(({ code }) => code !== 'TV')
  const codes = new Set(all.map(({ code }) => code).filter(code => !measured?.codes.has(code)))
  const of = (bill: ComparedBill, code: string) => sumOf(bill.lines.filter(line => line.code === code))
  const net: DifferencePart[] = [
    ...(measured?.parts ?? []),
    ...[...codes].map(code => step({ about: 'line' as const, code }, of(before, code), of(now, code))),
  ]
  const percent = vatPercent(sumOf(net), splitNow.vat - splitBefore.vat, all)
  return [...net, step({ about: 'vat' as const, percent }, splitBefore.vat, splitNow.vat)]
}

/** The one rate of all lines, where the difference of the VAT is that of it. */
function vatPercent(net: number, vat: number, lines: InvoiceLine[]): string | null {
  const rates = new Set(lines.map(line => Number(line.vatPercent)))
  const [rate] = rates
  if (rate === undefined || rates.size > 1) return null
  // Each bill's VAT was rounded for itself: their difference may be a cent off.
  return Math.abs((net * rate) / 100 - vat) <= 1 ? String(rate) : null
}

/** What made most of it, of the parts that go its way; VAT follows the others. Undefined where the totals are the same. */
export function mainReason({ amount, parts }: Difference): DifferencePart | undefined {
  const share = (part: DifferencePart) => part.amount * Math.sign(amount)
  const going = parts.filter(part => share(part) > 0)
  const [most] = going.filter(({ about }) => about !== 'vat').sort((one, other) => share(other) - share(one))
  return most ?? going[0]
}

/**
 * What of the difference each part is, with the VAT on it, in whole percent that add up to 100; null where some parts go against it, or VAT has no one rate: then
 * there are no shares of it.
 */
export function sharesOf({ amount, parts }: Difference): { part: DifferencePart; percent: number }[] | null {
  const changed = parts.filter(part => part.amount !== 0)
  const vat = changed.find(part => part.about === 'vat')
  if (amount === 0 || changed.some(part => part.amount > 0 !== amount > 0)) return null
  if (vat && (vat.about !== 'vat' || vat.percent === null)) return null
  const factor = vat?.about === 'vat' ? 1 + Number(vat.percent) / 100 : 1
  const shared = changed.filter(({ about }) => about !== 'vat')
  const amounts = shared.map(part =>
    part.about === 'tvTax' || part.about === 'principal' ? part.amount : part.amount * factor,
  )
  // VAT was rounded once a bill: what the parts come to may be a cent off.
  const all = amounts.reduce((sum, one) => sum + one, 0)
  const percents = inWhole(
    amounts.map(one => (one / all) * 100),
    100,
  )
  return percents && shared.map((part, index) => ({ part, percent: percents[index]! }))
}

/** What must be known of one of the bills, or of both together, before they are compared. */
export type Remark =
  | { about: 'cancelled' | 'corrected'; which: 'before' | 'now'; on: IsoDate }
  | { about: 'estimated' | 'unknownUnits' | 'unknownDays' | 'nothingUsed'; which: 'before' | 'now' }
  | { about: 'meterBegan'; which: 'before' | 'now' }
  | { about: 'readingsApart'; ended: string; began: string }
  | { about: 'monthsBetween'; months: number }

export type RemarkedBill = ComparedBill & {
  cancelledOn: IsoDate | null
  correctedOn: IsoDate | null
  readingKind: ReadingKind | null
  previousReading: string | null
  currentReading: string | null
}

/** `isMeasured`: the biller counts units. `billed`: the months of all the contract's bills. */
export function remarksOn(
  before: RemarkedBill,
  now: RemarkedBill,
  isMeasured: boolean,
  billed: readonly IsoDate[],
): Remark[] {
  const ofOne = (bill: RemarkedBill, which: 'before' | 'now'): Remark[] => [
    ...(bill.cancelledOn ? [{ about: 'cancelled' as const, which, on: bill.cancelledOn }] : []),
    ...(bill.correctedOn ? [{ about: 'corrected' as const, which, on: bill.correctedOn }] : []),
    ...(isMeasured ? ofUsage(bill, which) : []),
  ]
  return [
    ...ofOne(before, 'before'),
    ...ofOne(now, 'now'),
    ...(isMeasured ? ofBoth(before, now, billed) : []),
  ]
}

function ofUsage(bill: RemarkedBill, which: 'before' | 'now'): Remark[] {
  if (bill.units === null) return [{ about: 'unknownUnits', which }]
  const { days, units } = measureOf(bill)
  return [
    ...(bill.readingKind === 'estimated' ? [{ about: 'estimated' as const, which }] : []),
    ...(units === 0 ? [{ about: 'nothingUsed' as const, which }] : []),
    ...(days === null ? [{ about: 'unknownDays' as const, which }] : []),
    ...(hasOtherMeter(bill) ? [{ about: 'meterBegan' as const, which }] : []),
  ]
}

/** A new meter, or one that began again at zero, shows less at its end than at its beginning: what was billed is neither. */
const hasOtherMeter = ({ previousReading, currentReading }: RemarkedBill): boolean =>
  previousReading !== null && currentReading !== null && Number(currentReading) < Number(previousReading)

/** Of bills that follow each other, the one begins where the other ended; a gap between them stays a gap. */
function ofBoth(one: RemarkedBill, other: RemarkedBill, billed: readonly IsoDate[]): Remark[] {
  const [first, second] = one.period < other.period ? [one, other] : [other, one]
  const follows =
    first.periodTo && second.periodFrom
      ? addDays(first.periodTo, 1) === second.periodFrom
      : addMonths(first.period, 1) === second.period
  if (!follows) {
    const months = monthsBetween(first.period, second.period) - 1
    const isGap = !billed.some(period => first.period < period && period < second.period)
    return isGap && months > 0 ? [{ about: 'monthsBetween', months }] : []
  }
  const { currentReading: ended } = first
  const { previousReading: began } = second
  return ended !== null && began !== null && Number(ended) !== Number(began)
    ? [{ about: 'readingsApart', ended, began }]
    : []
}

const monthsBetween = (from: IsoDate, to: IsoDate): number =>
  (Number(to.slice(0, 4)) - Number(from.slice(0, 4))) * 12 + Number(to.slice(5, 7)) - Number(from.slice(5, 7))
