// A year of consumption as a picture: which months, and where each bar stands. One geometry for pages and paper; pure.
import { scaleBand, scaleLinear } from 'd3-scale'
import type { ReadingKind } from '../../db/enums.ts'
import { addMonths, daysBetween, type IsoDate } from '../platform/dates.ts'
import type { Consumption, ConsumptionMonth } from './schema.ts'
import { HISTORY_MONTHS } from './statement-rules.ts'

export type { ConsumptionMonth } from './schema.ts'

/** What is charted of an invoice; `units` as the database says them. The days it is for are not always known. */
export type BilledUnits = {
  period: IsoDate
  units: string | null
  readingKind: ReadingKind | null
  cancelledOn: IsoDate | null
  periodFrom?: IsoDate | null
  periodTo?: IsoDate | null
  isCorrected?: boolean
}
/** In minor units. */
export type BilledMoney = BilledUnits & { total: number }

/** Shares of the chart's width from its left edge, and of the height of its bars from the top. */
export type ConsumptionBar = ConsumptionMonth & {
  left: number
  middle: number
  width: number
  top: number
  height: number
  /** Nothing was used in more units than in this month; of several, the last one. */
  isHighest: boolean
}

/**
 * `before`: where a line through the months of a year earlier stands, null where one is missing. `lines`: where round numbers of
 * units stand, and `zero` where none does; shares of the height.
 */
export type ConsumptionChart = {
  bars: ConsumptionBar[]
  before: (number | null)[]
  lines: { units: number; top: number }[]
  zero: number
}

/** Beyond so many months a bar is a year. */
const MOST_MONTHS = 24

/** What is billed for less of a month's days is a part of it. Readings come a few days early or late. */
const WHOLE_FROM = 0.8

/** `count` months that end with the one that `last` lies in, oldest first. Invoices of one month are added up. */
export const consumptionMonths = (
  invoices: readonly BilledUnits[],
  last: IsoDate,
  count = HISTORY_MONTHS,
): ConsumptionMonth[] =>
  monthsOf(invoices, last, count, ({ units }) => (units === null ? null : Number(units)))

function monthsOf<Invoice extends BilledUnits>(
  invoices: readonly Invoice[],
  last: IsoDate,
  count: number,
  amountOf: (invoice: Invoice) => number | null,
): ConsumptionMonth[] {
  const byMonth = Map.groupBy(
    invoices.filter(invoice => !invoice.cancelledOn && amountOf(invoice) !== null),
    ({ period }) => period,
  )
  return Array.from({ length: count }, (_, month) => {
    const period = addMonths(last, month + 1 - count)
    const billed = byMonth.get(period)
    if (!billed) return { period, units: null, kind: 'missing' }
    const isEstimated = billed.some(({ readingKind }) => readingKind === 'estimated')
    return {
      period,
      units: billed.reduce((sum, invoice) => sum + amountOf(invoice)!, 0),
      kind: isEstimated ? 'estimated' : 'read',
      ...(isPartOf(period, billed) && { isPart: true }),
      ...(billed.some(({ isCorrected }) => isCorrected) && { isCorrected: true }),
    }
  })
}

function isPartOf(period: IsoDate, billed: readonly BilledUnits[]): boolean {
  let days = 0
  for (const { periodFrom, periodTo } of billed) {
    if (!periodFrom || !periodTo) return false
    days += daysBetween(periodFrom, periodTo) + 1
  }
  return days < WHOLE_FROM * daysBetween(period, addMonths(period, 1))
}

/** Of `count` months that end with `last`, from the invoices of these and of the year before; null: no units at all. */
export const consumptionOf = (
  invoices: readonly BilledUnits[],
  last: IsoDate | undefined,
  count = HISTORY_MONTHS,
): Consumption | null => picturedOf(last, count, (to, of) => consumptionMonths(invoices, to, of))

/** The same in money, minor units. */
export const billedOf = (
  invoices: readonly BilledMoney[],
  last: IsoDate | undefined,
  count = HISTORY_MONTHS,
): Consumption | null => picturedOf(last, count, (to, of) => monthsOf(invoices, to, of, ({ total }) => total))

function picturedOf(
  last: IsoDate | undefined,
  count: number,
  monthsUpTo: (last: IsoDate, count: number) => ConsumptionMonth[],
): Consumption | null {
  if (last === undefined) return null
  const all = monthsUpTo(last, count + HISTORY_MONTHS)
  const months = all.slice(HISTORY_MONTHS)
  if (months.every(({ units }) => units === null)) return null
  return count > MOST_MONTHS
    ? yearsOf(months, all)
    : { by: 'month', months, before: likeWithLike(months, all.slice(0, count)) }
}

const missing = (period: IsoDate): ConsumptionMonth => ({ period, units: null, kind: 'missing' })

/** A part is compared with no whole, nor a whole with a part. */
const likeWithLike = (
  months: readonly ConsumptionMonth[],
  before: readonly ConsumptionMonth[],
): ConsumptionMonth[] =>
  before.map((month, place) => (month.isPart === months[place]!.isPart ? month : missing(month.period)))

/** Calendar years; a part of one is compared with the same months of the year before, where each was billed. */
function yearsOf(months: readonly ConsumptionMonth[], all: readonly ConsumptionMonth[]): Consumption {
  const earlier = new Map(all.map(month => [month.period, month]))
  const years = [...Map.groupBy(months, ({ period }) => period.slice(0, 4))].map(([year, of]) => {
    const period = `${year}-01-01`
    const known = of.filter(month => month.units !== null)
    const before = known.map(month => earlier.get(addMonths(month.period, -HISTORY_MONTHS)))
    const isPart = known.length < HISTORY_MONTHS || known.some(month => month.isPart)
    const isLike =
      isPart && before.every((month, at) => month?.units != null && month.isPart === known[at]!.isPart)
    return {
      bar: known.length === 0 ? missing(period) : yearOf(period, known, isPart),
      before: known.length > 0 && isLike ? yearOf(period, before as KnownMonth[], isPart) : missing(period),
    }
  })
  return { by: 'year', months: years.map(({ bar }) => bar), before: years.map(({ before }) => before) }
}

type KnownMonth = Extract<ConsumptionMonth, { units: number }>

/** Of its months some may be estimated: the table tells which. */
const yearOf = (period: IsoDate, months: readonly KnownMonth[], isPart: boolean): ConsumptionMonth => ({
  period,
  units: months.reduce((sum, { units }) => sum + units, 0),
  kind: 'read',
  ...(isPart && { isPart: true }),
  ...(months.some(({ isCorrected }) => isCorrected) && { isCorrected: true }),
})

/** What a year of consumption answers first. `percent`: more (less: below 0) than in the month before; null: not to be said. */
export type ConsumptionNews = { period: IsoDate; units: number; before: IsoDate; percent: number | null }

/** From so many months after the month billed on, an invoice that is still the newest is not the present one. */
const STALE_AFTER = 4

export const isStale = (newest: IsoDate, today: IsoDate): boolean => addMonths(newest, STALE_AFTER) <= today

/** Beyond, a share says nothing. */
export const MOST_PERCENT = 999

/** Of the last month; null where it is missing. */
export function consumptionNews(months: readonly ConsumptionMonth[]): ConsumptionNews | null {
  const [before, last] = months.slice(-2)
  if (!before || !last || last.units === null) return null
  const { period, units } = last
  // Of nothing, of what was credited and of a part, nothing is a share; after a flat stood empty, it says nothing.
  const isLike = before.isPart === last.isPart
  const share =
    isLike && before.units && before.units > 0 ? Math.round((units / before.units - 1) * 100) : null
  const percent = units < 0 || (share !== null && share > MOST_PERCENT) ? null : share
  return { period, units, before: before.period, percent }
}

/** About so many lines across; fewer where round numbers ask for it. */
const LINES = 5
/** Of a month's share of the width, so much is left free. */
const FREE = 0.316

/**
 * Bars in their true heights from a common zero, also where the units of a month are credited, which goes down; where nothing was
 * used, bars have no height. A missing month has a place and no height. `before`: as many months, a year earlier, on the same scale.
 */
export function consumptionChart(
  months: readonly ConsumptionMonth[],
  before: readonly ConsumptionMonth[] = [],
): ConsumptionChart {
  const values = months.flatMap(({ units }) => units ?? [])
  const all = [...values, ...before.flatMap(({ units }) => units ?? [])]
  const across = scaleBand<string>()
    .domain(months.map(({ period }) => period))
    .paddingInner(FREE)
    .paddingOuter(FREE / 2)
  const down = scaleLinear()
    .domain([Math.min(0, ...all), Math.max(1, ...all)])
    .nice(LINES)
    .range([1, 0])
  const most = Math.max(...values)
  const highest = months.findLast(({ units }) => units === most)
  const bars = months.map(month => {
    const left = across(month.period)!
    const width = across.bandwidth()
    const ends = [down(0), down(month.units ?? 0)]
    const top = Math.min(...ends)
    return {
      ...month,
      left,
      middle: left + width / 2,
      width,
      top,
      height: Math.max(...ends) - top,
      isHighest: month === highest,
    }
  })
  return {
    bars,
    before: before.map(({ units }) => (units === null ? null : down(units))),
    lines: down.ticks(LINES).map(units => ({ units, top: down(units) })),
    zero: down(0),
  }
}
