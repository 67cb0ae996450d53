// Late interest by dated terms. Pure; amounts in minor units of one currency.
import { addDays, daysBetween, type IsoDate } from '../platform/dates.ts'

/** A biller's terms of late interest from a day on; with `untilOn`, for a time (an amnesty, a plan). */
export type InterestTerm = {
  fromOn: IsoDate
  /** The last day; null: until others follow. */
  untilOn: IsoDate | null
  /** Interest per day in millionths of the unpaid principal; 1000 = 0.1 %. */
  perDayPpm: number
  /** Interest never exceeds this share of the principal. */
  capPercent: number
  /** Milliseconds since 1970. */
  recordedAt: number
}

/** Whether there is a biller's late interest to tell of at all. */
export const chargesInterest = (terms: readonly InterestTerm[]): boolean =>
  terms.some(({ perDayPpm }) => perDayPpm > 0)

/** On a day that no terms cover nothing is added to what has accrued. */
const NO_INTEREST = { perDayPpm: 0, capPercent: 100 }

/** Terms for a time before those that are open; else the later day, then what was recorded last. */
function outranks(a: InterestTerm, b: InterestTerm): boolean {
  if ((a.untilOn === null) !== (b.untilOn === null)) return a.untilOn !== null
  return a.fromOn === b.fromOn ? a.recordedAt >= b.recordedAt : a.fromOn > b.fromOn
}

/** The terms in force on a day. Of rows recorded at the same time the later in the list counts. */
function termOn(
  terms: readonly InterestTerm[],
  day: IsoDate,
): Pick<InterestTerm, 'perDayPpm' | 'capPercent'> {
  let inForce: InterestTerm | undefined
  for (const term of terms) {
    const covers = term.fromOn <= day && (term.untilOn === null || day <= term.untilOn)
    if (covers && (!inForce || outranks(term, inForce))) inForce = term
  }
  return inForce ?? NO_INTEREST
}

/** The last day from `day` on, but `to` at most, before terms begin or end. */
function endOfStretch(terms: readonly InterestTerm[], day: IsoDate, to: IsoDate): IsoDate {
  let end = to
  for (const { fromOn, untilOn } of terms) {
    const beforeChange =
      fromOn > day ? addDays(fromOn, -1) : untilOn !== null && untilOn >= day ? untilOn : to
    if (beforeChange < end) end = beforeChange
  }
  return end
}

/** The sum of the daily rates, in millionths, over the days after `from` up to and with `to`. */
function ratesBetween(terms: readonly InterestTerm[], from: IsoDate, to: IsoDate): number {
  let sum = 0
  for (let day = from; day < to; ) {
    const first = addDays(day, 1)
    const last = endOfStretch(terms, first, to)
    sum += daysBetween(day, last) * termOn(terms, first).perDayPpm
    day = last
  }
  return sum
}

/**
 * Interest in millionths of a minor unit: what had accrued up to `from`, and what the days after it up to `to` add on
 * `unpaid`; at most the cap of the day `to`. Exact: unpaid principal × days × rate exceeds what a number holds.
 */
export function accruedInterest(
  accrued: bigint,
  unpaid: number,
  principal: number,
  terms: readonly InterestTerm[],
  from: IsoDate,
  to: IsoDate,
): bigint {
  const grown = accrued + BigInt(unpaid) * BigInt(ratesBetween(terms, from, to))
  const cap = BigInt(principal) * BigInt(termOn(terms, to).capPercent) * 10_000n
  return grown < cap ? grown : cap
}

/** The terms as they were known at a moment. */
export const termsKnownAt = (terms: readonly InterestTerm[], moment: number): InterestTerm[] =>
  terms.filter(term => term.recordedAt <= moment)
