// What appliances come to in a month of 30 days, by the tariff's own function; pure.
import { addMonths, type IsoDate } from '../platform/dates.ts'
import { calculateBill } from '../tariffs/rules.ts'
import type { Tariff } from '../tariffs/schema.ts'
import {
  type BilledMonth,
  type BlockAdvice,
  type Estimate,
  type NightSaving,
  type Together,
  typical,
  type UsedAppliance,
} from './schema.ts'

const DAYS = 30
/** A whole month of 30 days, whichever: the prices are those of today for all of it. */
const MONTH = { from: '2026-11-01', to: '2026-11-30' }

/** Of one appliance in the month. */
export function wattHours({ kind, watts, use, count }: UsedAppliance): number {
  const appliance = typical(kind)
  const perHundredth = appliance.per === 'day' ? DAYS : (appliance.minutes / 60) * (DAYS / 7)
  return Math.round((watts * use * count * perHundredth) / 100)
}

const sum = (numbers: readonly number[]): number => numbers.reduce((all, one) => all + one, 0)

/** To a thousandth. */
const kwhOf = (used: readonly UsedAppliance[]): number => sum(used.map(wattHours)) / 1000

const thousandths = (kwh: number): number => Math.round(kwh * 1000) / 1000

/** So many percent of them, of whole watt-hours, so that no half is lost on the way. */
const shareOf = (kwh: number, percent: number): number =>
  Math.round((Math.round(kwh * 1000) * percent) / 100) / 1000

/** The month's bill, of whose kWh so many percent are of the high rate. */
const billOf = (tariff: Tariff, kwh: number, dayPercent: number) =>
  billOfRates(tariff, kwh, tariff.low === null ? kwh : shareOf(kwh, dayPercent))

function billOfRates(tariff: Tariff, kwh: number, high: number) {
  const always = { ...tariff, validFrom: MONTH.from, validTo: null }
  const bill = calculateBill([always], MONTH, { high, low: thousandths(kwh - high) })
  if (!bill.ok) throw new Error(`An estimate of ${kwh} kWh is no bill: ${bill.code}.`)
  return bill.value
}

/** The month by the tariff. What it costs without any use is no appliance's; the rest is theirs by what each uses. */
export function estimate(tariff: Tariff, used: readonly UsedAppliance[], dayPercent: number): Estimate {
  const kwh = kwhOf(used)
  const { total, tvTax } = billOf(tariff, kwh, dayPercent)
  const unused = billOf(tariff, 0, dayPercent).total
  const energy = total - unused
  const each = used.map(wattHours)
  const amounts = distribute(energy, each)
  const shares = each.map((wattHours, index) => ({ wattHours, amount: amounts[index]! }))
  return { kwh, shares, energy, standing: unused - tvTax, tvTax, total }
}

/** Whole parts of a whole by their weights, none off by one or more; what rounding leaves goes to the largest remainders. */
export function distribute(whole: number, weights: readonly number[]): number[] {
  const all = BigInt(sum(weights))
  if (all === 0n) return weights.map(() => 0)
  const shares = weights.map((weight, index) => {
    const exact = BigInt(whole) * BigInt(weight)
    return { index, part: Number(exact / all), rest: exact % all }
  })
  const left = whole - sum(shares.map(({ part }) => part))
  const favoured = new Set(
    shares
      .toSorted((a, b) => (a.rest === b.rest ? a.index - b.index : a.rest > b.rest ? -1 : 1))
      .slice(0, left)
      .map(({ index }) => index),
  )
  return shares.map(({ part, index }) => part + (favoured.has(index) ? 1 : 0))
}

/** Within this share of its limit a block is near enough to speak of. */
const NEAR_PERCENT = 20

/** Null where the tariff has no block, or the month is far from its limit. */
export function blockAdvice(tariff: Tariff, kwh: number, dayPercent: number): BlockAdvice | null {
  const { block } = tariff
  if (!block) return null
  const total = (of: number, by = tariff) => billOf(by, of, dayPercent).total
  const over = thousandths(kwh - block.limit)
  const advice = (about: BlockAdvice['about'], amount: number) =>
    amount > 0 ? { about, kwh: Math.abs(over), amount } : null
  if (block.kind === 'above')
    return over > 0 ? advice('above', total(kwh) - total(kwh, { ...tariff, block: null })) : null
  if (Math.abs(over) > (block.limit * NEAR_PERCENT) / 100) return null
  return over > 0
    ? advice('under', total(kwh) - total(block.limit))
    : advice('near', total(block.limit + 1) - total(block.limit))
}

/** Those that are marked to run together; null where fewer than two are. `powerKw`: what the contract allows. */
export function together(used: readonly UsedAppliance[], powerKw: number | null): Together | null {
  const some = used.filter(appliance => appliance.together)
  const watts = sum(some.map(({ watts, count }) => watts * count))
  const isTooMuch = powerKw !== null && watts > powerKw * 1000
  const count = sum(some.map(({ count }) => count))
  if (count < 2 && !isTooMuch) return null
  return { kinds: [...new Set(some.map(({ kind }) => kind))], count, watts, isTooMuch }
}

/** What it saves to run by night what can; null where the tariff has one rate, or nothing is saved. */
export function nightSaving(
  tariff: Tariff,
  used: readonly UsedAppliance[],
  dayPercent: number,
): NightSaving | null {
  const movable = used.filter(({ kind }) => typical(kind).isMovable)
  if (tariff.low === null) return null
  const kwh = kwhOf(used)
  const high = shareOf(kwh - kwhOf(movable), dayPercent)
  const amount = billOf(tariff, kwh, dayPercent).total - billOfRates(tariff, kwh, high).total
  return amount > 0 ? { kinds: [...new Set(movable.map(({ kind }) => kind))], amount } : null
}

const YEAR = 12

/**
 * The reader's own bills beside an estimate: the average of the twelve months that end with the last one, of those that were billed, and
 * the same month a year ago. `months`: in whatever order, one row a month.
 */
export function ownBills(months: readonly BilledMonth[], today: IsoDate) {
  const last = months
    .map(({ period }) => period)
    .sort()
    .at(-1)
  const year = last ? months.filter(({ period }) => period > addMonths(last, -YEAR)) : []
  const counted = year.flatMap(({ units }) => units ?? [])
  return {
    average: year.length > 0 && {
      months: year.length,
      total: Math.round(sum(year.map(({ total }) => total)) / year.length),
      kwh: counted.length === year.length ? Math.round(sum(counted) / counted.length) : null,
    },
    yearAgo: months.find(({ period }) => period === addMonths(today, -YEAR)),
  }
}
