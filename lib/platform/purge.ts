// Deletes what is past, a batch at a time.
import { type SQL, type SQLWrapper, sql } from 'drizzle-orm'
import type { PgTable } from 'drizzle-orm/pg-core'
import type { Database } from '../../db/client.ts'

/** A statement that deletes so many takes tens of milliseconds: nobody waits long for a row, or for the disk. */
export const BATCH = 1000

/**
 * Deletes the rows of `table` that are `due`, those first that `age` puts first; `due` is a range of `age`, on an index.
 * Each batch is a transaction of its own: what is interrupted goes on with the next run.
 */
export async function purge(db: Database, table: PgTable, age: SQLWrapper, due: SQL): Promise<void> {
  const batch = sql`delete from ${table} where ctid = any (array(
    select ctid from ${table} where ${due} order by ${age} limit ${BATCH}))`
  while ((await db.execute(batch)).rowCount === BATCH);
}

const DAY_MS = 86_400_000

export const daysBefore = (now: Date, days: number): Date => new Date(now.getTime() - days * DAY_MS)
