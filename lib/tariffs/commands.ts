// Adds tariffs: by an administrator of their biller, for good and written down.
import { and, eq, isNull, sql } from 'drizzle-orm'
import { billerOf } from '../../db/billers.ts'
import { tariffs } from '../../db/schema/tariffs.ts'
import type { Staff } from '../auth/staff.ts'
import type { BillerCode } from '../billers/contract-codes.ts'
import { okOnce } from '../forms/answers.ts'
import { recordEvent } from '../platform/audit.ts'
import { database } from '../platform/database.ts'
import { fail, type Result } from '../platform/result.ts'
import { isKeyedHash, keyedHash } from '../platform/seal.ts'
import { typedOf } from './forms.ts'
import type { NewTariff } from './schema.ts'

/** First key of the advisory locks that let tariffs of a biller be added one after the other; the second is its id. */
const TARIFFS_LOCK = 7_274_826

/** Who may add tariffs of a biller. */
export const mayAddTariffs = ({ role, billerIds }: Staff, biller: BillerCode): boolean =>
  role === 'administrator' && billerIds.includes(billerOf(biller).id)

/** Shows what a tariff would change: that somebody looked is written down, and nothing else. */
export async function previewTariff(
  staff: Staff,
  biller: BillerCode,
  tariff: NewTariff,
  now: Date,
): Promise<Result<NewTariff, 'notFound'>> {
  if (!mayAddTariffs(staff, biller)) return fail('notFound')
  return database().transaction(async tx => {
    const details = { biller, ...typedOf(tariff) }
    await recordEvent(tx, { accountId: staff.id, action: 'tariff.previewed', details, at: now })
    return okOnce(tx, tariff)
  })
}

const PREVIEW = 'tariff preview'
const previewed = ({ id }: Staff, biller: BillerCode, tariff: NewTariff): string =>
  JSON.stringify([id, biller, typedOf(tariff)])

/**
 * For the address of what a tariff changes: there it is confirmed by a single button, so nobody else's link may lead there, nor one of another
 * tariff.
 */
export const previewMark = (staff: Staff, biller: BillerCode, tariff: NewTariff): string =>
  keyedHash(previewed(staff, biller, tariff), PREVIEW)

/** The member of staff filled in this very tariff, and may still add it. */
export const isPreviewed = (mark: unknown, staff: Staff, biller: BillerCode, tariff: NewTariff): boolean =>
  mayAddTariffs(staff, biller) &&
  typeof mark === 'string' &&
  isKeyedHash(mark, previewed(staff, biller, tariff), PREVIEW)

/**
 * Adds a row; one from the same day counts no more. `seen`: the newest row of the group that its page showed, 0: none; `moved`:
 * there is another one by now. Its value: the row's id.
 */
export async function addTariff(
  staff: Staff,
  { biller, seen }: { biller: BillerCode; seen: number },
  tariff: NewTariff,
  now: Date,
): Promise<Result<number, 'notFound' | 'moved'>> {
  if (!mayAddTariffs(staff, biller)) return fail('notFound')
  const billerId = billerOf(biller).id
  const ofGroup = and(eq(tariffs.billerId, billerId), eq(tariffs.tariffGroup, tariff.group))
  return database().transaction(async tx => {
    // Whoever adds another one waits for this, and then sees it.
    await tx.execute(sql`select pg_advisory_xact_lock(${TARIFFS_LOCK}, ${billerId})`)
    const [newest] = await tx.select({ id: sql<number | null>`max(id)::int` }).from(tariffs).where(ofGroup)
    if ((newest!.id ?? 0) !== seen) return fail('moved')
    const replaced = await tx
      .update(tariffs)
      .set({ replacedAt: now })
      .where(and(ofGroup, eq(tariffs.validFrom, tariff.validFrom), isNull(tariffs.replacedAt)))
      .returning({ id: tariffs.id })
    const { validFrom, block, fixedFee, tvTax, vatPercent, source, note } = tariff
    const [added] = await tx
      .insert(tariffs)
      .values({
        ...{ billerId, tariffGroup: tariff.group, validFrom },
        ...{ priceHigh: tariff.high, priceLow: tariff.low },
        blockLimit: block?.limit,
        blockKind: block?.kind,
        blockPriceHigh: block?.high,
        blockPriceLow: block?.low,
        ...{ fixedFee, tvTax, vatPercent, source, note },
        recordedBy: staff.id,
        recordedAt: now,
      })
      .returning({ id: tariffs.id })
    await recordEvent(tx, {
      accountId: staff.id,
      action: 'tariff.added',
      details: { biller, ...typedOf(tariff), replaced: replaced[0]?.id ?? null },
      at: now,
    })
    return okOnce(tx, added!.id)
  })
}
