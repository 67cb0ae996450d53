// A database of its own for each test file.
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
  const { url, drop } = await cloneTemplate(inject('databaseServer'))
  process.env.DATABASE_URL = await through(url)
  const db = database()
  afterAll(async () => {
    await closeDatabases()
    await drop()
  })
  return db
}
