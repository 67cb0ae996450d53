// One embedded PostgreSQL for all test files, with a migrated database that each of them clones.
import type { TestProject } from 'vitest/node'
import { migrateDatabase } from '../../db/migrate.ts'
import { startTemplate } from './postgres.ts'

declare module 'vitest' {
  interface ProvidedContext {
    databaseServer: string
  }
}

/** Vitest's global setup; returns what it calls at the end. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const { url, stop } = await startTemplate(migrateDatabase)
  project.provide('databaseServer', url)
  return stop
}
