// A bill just above the limit from which the whole month costs more: what staying within it would have saved. Pure.
import type { IsoDate } from '../platform/dates.ts'
import { calculateBill, monthOf, tariffOn } from '../tariffs/rules.ts'
import type { Tariff } from '../tariffs/schema.ts'
import type { InvoiceLine } from './schema.ts'

/** Units above the limit, and what the bill would have been less at the limit, in minor units with VAT. */
export type JustAbove = { limit: number; above: number; less: number }

/** Further above, to stay within is another month, and no slip. */
const MOST_PERCENT_ABOVE = 5

type Bill = {
  period: IsoDate
  periodFrom: IsoDate | null
  periodTo: IsoDate | null
  units: string | null
  lines: InvoiceLine[]
}

/** Null too where the row of prices is not the one that the bill was made by, or has no limit for the whole month. */
export function justAbove(
  { period, periodFrom, periodTo, units, lines }: Bill,
  tariffs: readonly Tariff[],
): JustAbove | null {
  const days = periodFrom && periodTo ? { from: periodFrom, to: periodTo } : monthOf(period)
  const tariff = tariffOn(tariffs, days.from)
  if (tariff?.block?.kind !== 'whole' || tariff !== tariffOn(tariffs, days.to)) return null
  const { limit } = tariff.block
  const used = Number(units ?? 0)
  if (used <= limit || used > limit * (1 + MOST_PERCENT_ABOVE / 100)) return null
  const [billed, within] = [used, limit].map(high => calculateBill([tariff], days, { high, low: 0 }))
  if (!billed?.ok || !within?.ok) return null
  const energyOf = (some: readonly { code: string; amount: number }[]) =>
    some.filter(({ code }) => code === 'ENERGY').reduce((sum, { amount }) => sum + amount, 0)
  if (energyOf(billed.value.lines) !== energyOf(lines)) return null
  return { limit, above: used - limit, less: billed.value.total - within.value.total }
}
