// A bill that its length alone pushed over the limit from which another price holds. Pure; amounts in minor units.
import { addDays, addMonths, daysBetween, type IsoDate } from '../platform/dates.ts'
import { calculateBill, tariffOn } from '../tariffs/rules.ts'
import type { Tariff } from '../tariffs/schema.ts'
import { daysOf, type WatchedBill } from './bill-finding-rules.ts'

/** `unitsLow`: what of its units was used at night. */
type PricedBill = WatchedBill & { principal: number; unitsLow: number }

/** `units` in `days`; in the `usualDays` of its month it would be `usual`, which is within the `limit`. `extra`: what that cost. */
export type LongPeriod = {
  kind: 'longPeriod'
  period: IsoDate
  days: number
  units: number
  usualDays: number
  usual: number
  limit: number
  extra: number
}

/** No month is longer. */
const LONGEST_MONTH = 31

/**
 * By the tariff of the bill's own days. Where that changed within them, or where the bill is not for what the limit makes of it, its
 * biller counts the limit by days: nothing is said.
 */
export function longPeriod(bill: PricedBill, tariffs: readonly Tariff[]): LongPeriod | null {
  const { periodFrom: from, periodTo: to, period, units, unitsLow, principal } = bill
  const days = daysOf(bill)
  if (!from || !to || units === null || days <= LONGEST_MONTH) return null
  const tariff = sameThroughout(tariffs, from, to)
  if (!tariff?.block) return null
  const { limit } = tariff.block
  const usualDays = daysBetween(period, addDays(addMonths(period, 1), -1)) + 1
  const usual = Math.round((units * usualDays) / days)
  if (units <= limit || usual > limit) return null
  const usage = { high: units - unitsLow, low: unitsLow }
  const above = calculateBill([tariff], { from, to }, usage)
  const within = calculateBill([{ ...tariff, block: null }], { from, to }, usage)
  if (!above.ok || !within.ok) return null
  const extra = above.value.total - within.value.total
  const charged = principal - (within.value.net + within.value.vat)
  if (extra <= 0 || charged < extra / 2) return null
  return { kind: 'longPeriod', period, days, units, usualDays, usual, limit, extra }
}

/** Another row may charge the same, of another source. */
function sameThroughout(tariffs: readonly Tariff[], from: IsoDate, to: IsoDate): Tariff | null {
  const [first, last] = [tariffOn(tariffs, from), tariffOn(tariffs, to)]
  const charged = ({ high, low, block, vatPercent }: Tariff) => JSON.stringify([high, low, block, vatPercent])
  return first && last && charged(first) === charged(last) ? { ...first, validTo: null } : null
}
