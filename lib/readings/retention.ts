// Readings that customers sent are forgotten after a while, with their photos.
import { asc, inArray, lt } from 'drizzle-orm'
import type { Database } from '../../db/client.ts'
import { customerReadings } from '../../db/schema/customer-readings.ts'
import { releaseReadingDocuments } from '../files/commands.ts'
import { env } from '../platform/env.ts'
import { BATCH, daysBefore } from '../platform/purge.ts'

/** Deletes those sent more than READING_DAYS ago, a batch at a time. */
export async function forgetReadings(db: Database, now: Date): Promise<void> {
  while ((await forgetBatch(db, now)) === BATCH);
}

const forgetBatch = (db: Database, now: Date): Promise<number> =>
  db.transaction(async tx => {
    const { id, sentAt } = customerReadings
    const old = await tx
      .select({ id })
      .from(customerReadings)
      .where(lt(sentAt, daysBefore(now, env().READING_DAYS)))
      .orderBy(asc(sentAt))
      .limit(BATCH)
      .for('update')
    const ids = old.map(({ id }) => id)
    await releaseReadingDocuments(tx, ids)
    await tx.delete(customerReadings).where(inArray(id, ids))
    return ids.length
  })
