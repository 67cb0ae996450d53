// What stands out in the bills of one contract: readings that stood still, estimates, long periods, far more than a year ago. Pure.
import type { ReadingKind } from '../../db/enums.ts'
import { addDays, addMonths, daysBetween, type IsoDate } from '../platform/dates.ts'

/** A bill that was not cancelled. Readings and units as numbers; null: it says none. */
export type WatchedBill = {
  id: number
  /** First day of the billing month. */
  period: IsoDate
  periodFrom: IsoDate | null
  periodTo: IsoDate | null
  issuedOn: IsoDate
  previousReading: number | null
  currentReading: number | null
  readingKind: ReadingKind | null
  units: number | null
}

/** `months`: so many before it in a row in which nothing was counted. */
export type StillThenJump = { kind: 'stillThenJump'; period: IsoDate; months: number; units: number }
/** `bills`: so many in a row, this one included. */
export type Estimated = { kind: 'estimated'; period: IsoDate; bills: number }
/** Units a day, in this month and in the same month a year before. */
export type AboveLastYear = {
  kind: 'aboveLastYear'
  period: IsoDate
  before: IsoDate
  perDay: number
  perDayBefore: number
}

/** From the first day of its period to the last; where the bill does not say them, those of its month. */
export const daysOf = ({ period, periodFrom, periodTo }: WatchedBill): number =>
  daysBetween(periodFrom ?? period, periodTo ?? addDays(addMonths(period, 1), -1)) + 1

const isRead = ({ readingKind }: WatchedBill) => readingKind === 'read' || readingKind === 'remote'

const isEstimate = (bill: WatchedBill | undefined) => bill?.readingKind === 'estimated'

/** Nothing was counted: no units, or the reading of the bill before once more. */
const isStill = ({ units, previousReading, currentReading }: WatchedBill) =>
  units === 0 || (units !== null && currentReading !== null && currentReading === previousReading)

/**
 * The bills of months that have one alone, by their first day: what two bills of a month, or none, say of it is not known, and no
 * other month is compared with it.
 */
export type BilledMonths = Map<IsoDate, WatchedBill>

export const billedMonths = (bills: readonly WatchedBill[]): BilledMonths =>
  new Map(
    [...Map.groupBy(bills, ({ period }) => period)].flatMap(([month, some]) =>
      some.length === 1 ? [[month, some[0]!]] : [],
    ),
  )

/** The bill of so many months after this one; before it, where `by` is less than 0. */
const monthsFrom = ({ period }: WatchedBill, by: number, months: BilledMonths): WatchedBill | undefined =>
  months.get(addMonths(period, by))

/** The bills of the months before, without a gap, for as long as they are such as `is` says; the nearest first. */
function rowBefore(
  bill: WatchedBill,
  months: BilledMonths,
  is: (one: WatchedBill) => boolean,
): WatchedBill[] {
  const row: WatchedBill[] = []
  for (let back = 1; ; back++) {
    const one = monthsFrom(bill, -back, months)
    if (!one || !is(one)) return row
    row.push(one)
  }
}

function median(values: readonly number[]): number | undefined {
  const sorted = values.toSorted((a, b) => a - b)
  const [low, high] = [sorted[Math.ceil(sorted.length / 2) - 1], sorted[Math.floor(sorted.length / 2)]]
  return low === undefined || high === undefined ? undefined : (low + high) / 2
}

/** A flat may stand empty for a month; nobody is asked about that. */
const STILL_MONTHS = 2
/** How many of the months before tell what is usual, and how few of them still do. */
const USUAL_MONTHS = 12
const LEAST_USUAL = 3
/** Of a longer row no more is asked than of one of so many months. */
const MOST_COUNTED = 6
/** Of what its months would have used, so much is enough: they may be those in which less is used. */
const OF_ROW = 0.3
/** Where nothing tells what is usual: so long a row, and so many units for each of its months, are more than moving in. */
const UNKNOWN_MONTHS = 3
const UNKNOWN_UNITS = 150
/** A house for the summer is as empty each year, and used as much. */
const AS_LAST_YEAR = 0.6

/**
 * The meter stood still for months, and one bill then has the units of more than one: what was not read was made up for. Compared
 * with the same month a year before, else with what was usual before the row, never with months in which nothing was counted.
 */
export function stillThenJump(bill: WatchedBill, months: BilledMonths): StillThenJump | null {
  const { units, period } = bill
  if (units === null || units <= 0 || isStill(bill) || !isRead(bill)) return null
  const row = rowBefore(bill, months, isStill)
  // After an estimate of too much nothing is billed until it is used up.
  if (row.length < STILL_MONTHS || isEstimate(monthsFrom(row.at(-1)!, -1, months))) return null
  const found = { kind: 'stillThenJump', period, months: row.length, units } as const
  const moving = (one: WatchedBill | undefined) =>
    one && one.units !== null && one.units > 0 && !isStill(one) ? one.units : undefined
  const lastYear = moving(monthsFrom(bill, -12, months))
  const before = Array.from({ length: USUAL_MONTHS }, (_, back) => monthsFrom(row.at(-1)!, -1 - back, months))
  const usual = before.flatMap(one => moving(one) ?? [])
  const like = lastYear ?? (usual.length >= LEAST_USUAL ? median(usual) : undefined)
  if (like === undefined) {
    const each = units / (row.length + 1)
    return row.length >= UNKNOWN_MONTHS && each >= UNKNOWN_UNITS ? found : null
  }
  if (lastYear !== undefined && lastYear >= units * AS_LAST_YEAR) return null
  return units >= like * (1 + Math.min(row.length, MOST_COUNTED) * OF_ROW) ? found : null
}

/** An older bill than that is not mended by a reading of today. */
const ESTIMATED_DAYS = 60

/** Of the newest bill alone: what was estimated before is made up for by the next reading. */
export function estimated(bill: WatchedBill, months: BilledMonths, today: IsoDate): Estimated | null {
  if (!isEstimate(bill) || daysBetween(bill.issuedOn, today) > ESTIMATED_DAYS) return null
  return {
    kind: 'estimated',
    period: bill.period,
    bills: 1 + rowBefore(bill, months, isEstimate).length,
  }
}

/** Well above is so many times as much a day; and so many units a month more, else it is a lamp that was left on. */
const WELL_ABOVE = 1.8
const LEAST_MORE = 100
/** Of a bill of less, or for other than about a month, nothing is a share. */
const LEAST_UNITS = 30
const MONTH_DAYS = [20, 40] as const
/** Of a month in which somebody was away, less was used than its neighbours say: of these, this share is what it is compared with. */
const OF_NEIGHBOURS = 0.95
const NEIGHBOURS = [-3, -2, -1, 1, 2, 3]

/** Read at both ends, for about a month. */
function perDayOf(bill: WatchedBill | undefined, months: BilledMonths): number | undefined {
  const before = bill && monthsFrom(bill, -1, months)
  if (!bill || !before || !isRead(bill) || !isRead(before) || bill.units === null) return undefined
  const days = daysOf(bill)
  if (days < MONTH_DAYS[0] || days > MONTH_DAYS[1] || isStill(before)) return undefined
  return bill.units / days
}

/**
 * Well above the same calendar month a year before, both read, by the day, so that neither the length of a month nor 29 February
 * counts. Where the month before was well above too, it was told of that one.
 */
export function aboveLastYear(bill: WatchedBill, months: BilledMonths): AboveLastYear | null {
  const found = above(bill, months)
  const before = monthsFrom(bill, -1, months)
  return found && !(before && above(before, months)) ? found : null
}

function above(bill: WatchedBill, months: BilledMonths): AboveLastYear | null {
  const before = monthsFrom(bill, -12, months)
  const perDay = perDayOf(bill, months)
  const perDayBefore = perDayOf(before, months)
  if (!before || perDay === undefined || perDayBefore === undefined || before.units! < LEAST_UNITS)
    return null
  const around = NEIGHBOURS.flatMap(by => perDayOf(monthsFrom(before, by, months), months) ?? [])
  const like = Math.max(perDayBefore, (median(around) ?? 0) * OF_NEIGHBOURS)
  if (perDay < like * WELL_ABOVE || (perDay - like) * 30 < LEAST_MORE) return null
  const { period } = bill
  return { kind: 'aboveLastYear', period, before: before.period, perDay, perDayBefore }
}
