// A year of consumption as a picture: which months, and where each bar stands. One geometry for pages and paper; pure.
import { scaleBand, scaleLinear } from 'd3-scale'
import type { ReadingKind } from '../../db/enums.ts'
import { addMonths, type IsoDate } from '../platform/dates.ts'
import type { Consumption, ConsumptionMonth } from './schema.ts'
import { HISTORY_MONTHS } from './statement-rules.ts'

export type { ConsumptionMonth } from './schema.ts'

/** What is charted of an invoice; `units` as the database says them. */
export type BilledUnits = {
  period: IsoDate
  units: string | null
  readingKind: ReadingKind | null
  cancelledOn: IsoDate | null
}

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

/** The twelve months that end with the one that `last` lies in, oldest first. Invoices of one month are added up. */
export function consumptionMonths(invoices: readonly BilledUnits[], last: IsoDate): ConsumptionMonth[] {
  const counted = invoices.filter(({ units, cancelledOn }) => units !== null && !cancelledOn)
  return Array.from({ length: HISTORY_MONTHS }, (_, month) => {
    const period = addMonths(last, month + 1 - HISTORY_MONTHS)
    const billed = counted.filter(invoice => invoice.period === period)
    if (billed.length === 0) return { period, units: null, kind: 'missing' }
    const isEstimated = billed.some(({ readingKind }) => readingKind === 'estimated')
    const units = billed.reduce((sum, invoice) => sum + Number(invoice.units), 0)
    return { period, units, kind: isEstimated ? 'estimated' : 'read' }
  })
}

/** Of the twelve months that end with `last`, from the invoices of these and of the year before. */
export function consumptionOf(
  invoices: readonly BilledUnits[],
  last: IsoDate | undefined,
): Consumption | null {
  const months = last ? consumptionMonths(invoices, last) : []
  if (!last || months.every(({ units }) => units === null)) return null
  return { months, before: consumptionMonths(invoices, addMonths(last, -HISTORY_MONTHS)) }
}

/** What a year of consumption answers first. `percent`: more (less: below 0) than in the month before; null: not to be said. */
export type ConsumptionNews = { period: IsoDate; units: number; before: IsoDate; percent: number | null }

/** From so many months after the month billed on, an invoice that is still the newest is not the present one. */
const STALE_AFTER = 4

export const isStale = (newest: IsoDate, today: IsoDate): boolean => addMonths(newest, STALE_AFTER) <= today

const MOST_PERCENT = 999

/** Of the last month; null where it is missing. */
export function consumptionNews(months: readonly ConsumptionMonth[]): ConsumptionNews | null {
  const [before, last] = months.slice(-2)
  if (!before || !last || last.units === null) return null
  const { period, units } = last
  // Of nothing, and of what was credited, nothing is a share; after a flat stood empty, it says nothing.
  const share = before.units && before.units > 0 ? Math.round((units / before.units - 1) * 100) : null
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
