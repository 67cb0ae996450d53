// A database of its own for each test file.
import { randomBytes } from 'node:crypto'
import pg from 'pg'
import { afterAll, inject } from 'vitest'
import type { Database } from '../../db/client.ts'
import { closeDatabases, database } from '../../lib/platform/database.ts'

/**
 * Clones the migrated database (schema and billers, nothing else) for the calling test file and drops it after
 * the file's last test. Call it once, at the top: `const db = await testDatabase()`. The settings' DATABASE_URL
 * and lib/platform/database.ts lead to it too, by the way that `through` opens to it.
 */
export async function testDatabase(
  through: (url: string) => Promise<string> = async url => url,
): Promise<Database> {
  const server = inject('databaseServer')
  const name = `test_${randomBytes(6).toString('hex')}`
  await onServer(server, `create database ${name} template drita`)
  process.env.DATABASE_URL = await through(server.replace(/\/drita$/, `/${name}`))
  const db = database()
  afterAll(async () => {
    await closeDatabases()
    await onServer(server, `drop database ${name} with (force)`)
  })
  return db
}

async function onServer(url: string, statement: string): Promise<void> {
  const admin = new pg.Client({ connectionString: url.replace(/\/drita$/, '/postgres') })
  await admin.connect()
  try {
    await admin.query(statement)
  } finally {
    await admin.end()
  }
}
