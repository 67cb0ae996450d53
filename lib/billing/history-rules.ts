// Which months of a contract's history are asked for, and which of them there are. Pure.
import { addDays, addMonths, type IsoDate } from '../platform/dates.ts'
import { readMonth } from '../platform/typed.ts'
import type { InvoicedMonths, MonthRange } from './schema.ts'
import { HISTORY_MONTHS } from './statement-rules.ts'

type End = keyof MonthRange
type MonthsError = 'monthForm' | 'monthsReversed'

/** What an address asks for; of an end that it does not name, or that cannot be read, nothing. `typed`: as it was typed. */
export type AskedMonths = {
  typed: Record<End, string>
  months: Partial<MonthRange>
  errors: Partial<Record<End, MonthsError>>
}

/** No invoice is older, and the database does not know every year that can be typed. */
const isOfOurTime = (month: IsoDate) => month >= '1990' && month < '2100'

export function readMonths(query: Partial<Record<End, unknown>>): AskedMonths {
  const asked: AskedMonths = { typed: { from: '', to: '' }, months: {}, errors: {} }
  for (const end of ['from', 'to'] as const) {
    const typed = query[end]
    if (typeof typed !== 'string' || typed.trim() === '') continue
    asked.typed[end] = typed
    const month = readMonth(typed)
    if (month && isOfOurTime(month)) asked.months[end] = month
    else asked.errors[end] = 'monthForm'
  }
  const { from, to } = asked.months
  if (from && to && from > to) asked.errors.to = 'monthsReversed'
  return Object.keys(asked.errors).length > 0 ? { ...asked, months: {} } : asked
}

/** The last month that is shown unasked: an invoice for months to come does not hide those of now. */
export const lastOf = ({ latest, to }: InvoicedMonths): IsoDate => latest ?? to

/**
 * The months asked for, as far as they lie in `span`: twelve that end with the one named, or all from it up to now; from a later month to
 * an earlier one where none does.
 */
export function rangeIn(span: InvoicedMonths, { from, to }: Partial<MonthRange>): MonthRange {
  const last = from !== undefined && from > lastOf(span) ? span.to : lastOf(span)
  const first = from ?? addMonths(to ?? last, 1 - HISTORY_MONTHS)
  const isBefore = first < span.from
  return { from: isBefore ? span.from : first, to: to === undefined ? last : to > span.to ? span.to : to }
}

/** How many months; none where it ends before it begins. */
export function monthCount({ from, to }: MonthRange): number {
  const monthOf = (day: IsoDate) => Number(day.slice(0, 4)) * 12 + Number(day.slice(5, 7))
  return Math.max(0, monthOf(to) - monthOf(from) + 1)
}

/** The first days of its months, latest first. */
export const billingMonths = (range: MonthRange): IsoDate[] =>
  Array.from({ length: monthCount(range) }, (_, back) => addMonths(range.to, -back))

export const lastDayOf = (month: IsoDate): IsoDate => addDays(addMonths(month, 1), -1)

type Contract = { biller: string; code: string }

/** The page of these months, or its table as a file; without months: the twelve up to the latest. */
export function historyPath({ biller, code }: Contract, range?: MonthRange | null, file?: 'csv'): string {
  const page = `/contracts/${biller}/${code}/history${file ? `.${file}` : ''}`
  return range ? `${page}?from=${range.from.slice(0, 7)}&to=${range.to.slice(0, 7)}` : page
}

export const statementPath = ({ biller, code }: Contract, year: number): string =>
  `/contracts/${biller}/${code}/statement/${year}.pdf`
