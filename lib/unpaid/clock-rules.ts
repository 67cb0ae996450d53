// What unpaid invoices cost as days go by. Pure; amounts in minor units of one currency.
import type { Debt } from '../billing/schema.ts'
import { amountDue, interestPerDay } from '../ledger/rules.ts'
import { addDays, addMonths, type IsoDate } from '../platform/dates.ts'

/** What an amount on another day is counted from. */
export type Counted = Pick<Debt, 'counted'>

/** What is due of it on a day, interest included. */
export const owedOn = ({ counted }: Counted, day: IsoDate): number =>
  amountDue(counted.billed, counted.balance, counted.terms, day).total

/** What the day after `day` adds. */
export const perDayOn = ({ counted }: Counted, day: IsoDate): number =>
  interestPerDay(counted.billed, counted.balance, counted.terms, day)

/** A day of the month that exists in it: the 31st of a shorter one is its last. */
function dayOfMonth(month: IsoDate, day: number): IsoDate {
  const last = addDays(addMonths(month, 1), -1)
  const on = `${month.slice(0, 8)}${String(day).padStart(2, '0')}`
  return on < last ? on : last
}

/** The next of those days after `today`. */
export function nextPayday(day: number, today: IsoDate): IsoDate {
  const on = dayOfMonth(addMonths(today, 0), day)
  return on > today ? on : dayOfMonth(addMonths(today, 1), day)
}

/** The same day of the month that many months later. */
export const monthsLater = (day: IsoDate, months: number): IsoDate =>
  dayOfMonth(addMonths(day, months), Number(day.slice(8)))

/** When the days are that the clock shows: the next payday and a month from now, each once. */
export const clockDays = (today: IsoDate, payday: number): IsoDate[] =>
  [...new Set([nextPayday(payday, today), monthsLater(today, 1)])].sort()

/** What each costs on each of the days, and one day of it; `sums` and `perDay` of all of them. */
export function clockOf<One extends Counted>(
  debts: readonly One[],
  today: IsoDate,
  days: readonly IsoDate[],
): { rows: { debt: One; owed: number[]; perDay: number }[]; sums: number[]; perDay: number } {
  const rows = debts.map(debt => ({
    debt,
    owed: days.map(day => owedOn(debt, day)),
    perDay: perDayOn(debt, today),
  }))
  return {
    rows,
    sums: days.map((_, index) => rows.reduce((sum, { owed }) => sum + owed[index]!, 0)),
    perDay: rows.reduce((sum, { perDay }) => sum + perDay, 0),
  }
}

/** When the next of those that cost nothing tomorrow begins to cost interest, and what a day of all of them costs from then on. */
export function nextStart(
  debts: readonly Counted[],
  today: IsoDate,
): { on: IsoDate; perDay: number } | undefined {
  const starts = debts.map(debt => startOf(debt, today))
  const first = starts
    .filter(start => start !== undefined)
    .sort()
    .at(0)
  if (first === undefined) return undefined
  const before = addDays(first, -1)
  return { on: first, perDay: debts.reduce((sum, debt) => sum + perDayOn(debt, before), 0) }
}

/** The first day that costs interest, where tomorrow does not: the one after the due date, or one on which other terms begin. */
function startOf(debt: Counted, today: IsoDate): IsoDate | undefined {
  if (perDayOn(debt, today) > 0) return undefined
  const { billed, terms } = debt.counted
  // The last days before something changes.
  const changes = terms.flatMap(({ fromOn, untilOn }) => [addDays(fromOn, -1), untilOn ?? []]).flat()
  const before = [billed.dueOn, ...changes]
    .filter(day => day > today)
    .sort()
    .find(day => perDayOn(debt, day) > 0)
  return before && addDays(before, 1)
}
