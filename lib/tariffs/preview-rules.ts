// What a tariff that is added changes: which row ends when, and what typical bills come to before and after; pure.
import type { BillerCode } from '../billers/contract-codes.ts'
import { addDays, type IsoDate } from '../platform/dates.ts'
import { calculateBill, monthOf, tariffOn } from './rules.ts'
import type { NewTariff, Period, Tariff } from './schema.ts'

/** Minor units; null: no tariff. */
export type Example = { kwh: number; before: number | null; after: number }

/**
 * `ends`: the row that holds until then, and its last day now; `replaces`: the row from the same day, which counts no more.
 * `until`: the last day of the new one; null: until another is added.
 */
export type TariffChange = {
  ends: { from: IsoDate; lastDay: IsoDate } | null
  replaces: boolean
  until: IsoDate | null
  examples: Example[]
}

/** kWh of a month that many households know. */
const TYPICAL_KWH = 300
/** Of what meters with two registers count, by day: as in the regulator's own examples. */
export const DAY_SHARE = 0.6

/** Of a group's tariffs, oldest first. */
export function changeBy(biller: BillerCode, tariffs: readonly Tariff[], added: NewTariff): TariffChange {
  const before = tariffOn(tariffs, added.validFrom)
  const month = monthOf(added.validFrom)
  const replaces = before?.validFrom === added.validFrom
  const next = tariffs.find(({ validFrom }) => validFrom > added.validFrom)
  return {
    ends: before && !replaces ? { from: before.validFrom, lastDay: addDays(added.validFrom, -1) } : null,
    replaces,
    until: next ? addDays(next.validFrom, -1) : null,
    examples: amountsShown(before, added).map(kwh => ({
      kwh,
      before: before ? monthBy(before, month, kwh) : null,
      after: monthBy({ ...added, id: 0, biller, validTo: null }, month, kwh),
    })),
  }
}

/** A typical month, and both sides of the border of each block. */
function amountsShown(...tariffs: (NewTariff | undefined)[]): number[] {
  const limits = tariffs.flatMap(tariff => tariff?.block?.limit ?? [])
  return [...new Set([TYPICAL_KWH, ...limits.flatMap(limit => [limit, limit + 1])])].sort((a, b) => a - b)
}

/** What a month's bill comes to, were all of it by this tariff. */
function monthBy(tariff: Tariff, month: Period, kwh: number): number {
  // In thousandths, as bills count: in whole kWh, one more would move to the day more than its share.
  const high = tariff.low === null ? kwh : Math.round(kwh * DAY_SHARE * 1000) / 1000
  const bill = calculateBill([{ ...tariff, validFrom: month.from, validTo: null }], month, {
    high,
    low: Math.round((kwh - high) * 1000) / 1000,
  })
  if (!bill.ok) throw new Error('a whole month by one tariff has a bill')
  return bill.value.total
}
