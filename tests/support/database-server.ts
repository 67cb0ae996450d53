// One embedded PostgreSQL for all test files, with a migrated database that each of them clones.
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import pg from 'pg'
import type { TestProject } from 'vitest/node'
import { startEmbeddedPostgres } from '../../db/embedded.ts'
import { migrateDatabase } from '../../db/migrate.ts'

declare module 'vitest' {
  interface ProvidedContext {
    databaseServer: string
  }
}

/** Vitest's global setup; returns what it calls at the end. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'drita-tests-'))
  fs.chmodSync(folder, 0o755)
  // The data are thrown away: nothing waits for the disk.
  const settings = ['fsync=off', 'synchronous_commit=off', 'full_page_writes=off']
  const server = await startEmbeddedPostgres(folder, { settings })
  await migrateDatabase(server.url)
  const admin = new pg.Client({ connectionString: server.url.replace(/\/drita$/, '/postgres') })
  await admin.connect()
  await admin.query('alter database drita with is_template true')
  await admin.end()
  project.provide('databaseServer', server.url)
  return async () => {
    await server.stop()
    fs.rmSync(folder, { recursive: true, force: true })
  }
}
