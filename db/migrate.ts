// Brings a database to the present schema; safe to call from several nodes at once.
import { migrate } from 'drizzle-orm/node-postgres/migrator'
import { runMigrations as migrateJobs } from 'graphile-worker'
import pg from 'pg'
import { openDatabase } from './client.ts'

const LOCK = 7_274_820

/** Applies db/migrations and the job queue's own migrations to the database at `url`. */
export async function migrateDatabase(url: string): Promise<void> {
  const lock = new pg.Client({ connectionString: url })
  await lock.connect()
  try {
    await lock.query('select pg_advisory_lock($1)', [LOCK])
    const db = openDatabase(url, 1)
    try {
      await migrate(db, { migrationsFolder: 'db/migrations' })
    } finally {
      await db.$client.end()
    }
    await migrateJobs({ connectionString: url })
  } finally {
    await lock.end()
  }
}
