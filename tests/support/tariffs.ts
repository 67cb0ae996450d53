// The tariffs that a new database knows, as queries say them: for tests without a database.
import type { BillerCode } from '../../db/billers.ts'
import { knownTariffs } from '../../db/tariffs.ts'
import { addDays } from '../../lib/platform/dates.ts'
import type { Tariff } from '../../lib/tariffs/schema.ts'

/** Oldest first, their ids counted from 1. */
export function tariffsOf(biller: BillerCode, group: string): Tariff[] {
  const rows = knownTariffs[biller]!.filter(row => row.group === group)
  return rows.map(({ from, low, block, vatPercent, note, ...row }, index) => ({
    ...row,
    id: index + 1,
    biller,
    validFrom: from,
    validTo: rows[index + 1] ? addDays(rows[index + 1]!.from, -1) : null,
    low: low ?? null,
    block: block ? { ...block, low: block.low ?? null } : null,
    vatPercent: String(vatPercent),
    note: note ?? null,
  }))
}
