// A database of its own for each test file, and the way to empty it again.
import { sql } from 'drizzle-orm'
import { afterAll, inject } from 'vitest'
import type { Database } from '../../db/client.ts'
import { closeDatabases, database } from '../../lib/platform/database.ts'
import { cloneTemplate } from './postgres.ts'

/**
 * Clones the migrated database (schema and billers, nothing else) for the calling test file and drops it after
 * the file's last test. Call it once, at the top: `const db = await testDatabase()`. The settings' DATABASE_URL
 * and lib/platform/database.ts lead to it too, by the way that `through` opens to it.
 */
export async function testDatabase(
  through: (url: string) => Promise<string> = async url => url,
): Promise<Database> {
  // A file before whose tests were all skipped ran no hooks.
  await closeDatabases()
  const { url, drop } = await cloneTemplate(inject('databaseServer'))
  process.env.DATABASE_URL = await through(url)
  const db = database()
  afterAll(async () => {
    await closeDatabases()
    await drop()
  })
  return db
}

/**
 * Takes all rows out of these tables and out of those that refer to them, and has their ids begin at 1 again. TRUNCATE does the
 * same by new files for each table and index, of which it makes hundreds: that takes ten times as long.
 */
export async function deleteRows(db: Database, ...tables: string[]): Promise<void> {
  const names = sql.raw(`'{${tables.join()}}'::regclass[]`)
  await db.execute(sql`do $$
    declare
      named regclass;
    begin
      -- No rule about what may be deleted, nor in which order.
      set local session_replication_role = replica;
      for named in
        with recursive emptied as (
          select unnest(${names}) as id
          union select conrelid from pg_constraint join emptied on confrelid = id where contype = 'f'
        ) select id from emptied
      loop
        execute format('delete from %s', named);
        perform setval(objid, 1, false) from pg_depend join pg_sequence on seqrelid = objid where refobjid = named;
      end loop;
    end $$`)
}
