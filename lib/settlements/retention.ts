// Forgets what banks said long ago they have paid out.
import { sql } from 'drizzle-orm'
import type { Database } from '../../db/client.ts'
import { paymentExceptions } from '../../db/schema/payment-exceptions.ts'
import { settlementFiles, settlementRows } from '../../db/schema/settlements.ts'
import { env } from '../platform/env.ts'
import { daysBefore, purge } from '../platform/purge.ts'
import { LOOKED_BACK_DAYS } from './jobs.ts'

/**
 * Deletes rows of settlement files that were loaded more than PAYMENT_EVENT_DAYS ago, but for those that a difference rests on, and
 * files of which nothing is left. Never what captures are still looked for in.
 */
export async function forgetSettlements(db: Database, now: Date): Promise<void> {
  const before = daysBefore(now, Math.max(env().PAYMENT_EVENT_DAYS, 2 * LOOKED_BACK_DAYS))
  const isOld = sql`${settlementFiles.loadedAt} < ${before.toISOString()}`
  const { id, fileId } = settlementRows
  const held = sql`exists (select from ${paymentExceptions} where ${paymentExceptions.settlementRowId} = ${id})`
  const ofOld = sql`${fileId} in (select ${settlementFiles.id} from ${settlementFiles} where ${isOld})`
  await purge(db, settlementRows, fileId, sql`${ofOld} and not ${held}`)
  const empty = sql`not exists (select from ${settlementRows} where ${fileId} = ${settlementFiles.id})`
  await purge(db, settlementFiles, settlementFiles.loadedAt, sql`${isOld} and ${empty}`)
}
