// Brings the database of the settings up to date: as its owner, where that is another role than the one that serves. And whether it is.
import { migrateDatabase } from '../../db/migrate.ts'
import { isMigrated } from '../../db/readiness.ts'
import type { Env } from '../../lib/platform/env.ts'

type Addresses = Pick<Env, 'DATABASE_URL' | 'DATABASE_DIRECT_URL' | 'DATABASE_OWNER_URL'>

/** PostgreSQL itself, as the role that owns the database; undefined where no database is set. */
export const ownerUrl = (settings: Addresses): string | undefined =>
  settings.DATABASE_OWNER_URL ?? settings.DATABASE_DIRECT_URL ?? settings.DATABASE_URL

/** As migrateDatabase; then the role of DATABASE_URL may do what serving needs, and no more. */
export async function migrate(settings: Addresses, onWait: (sentence: string) => void): Promise<void> {
  const { DATABASE_OWNER_URL, DATABASE_URL } = settings
  const serving = DATABASE_OWNER_URL && DATABASE_URL && decodeURIComponent(new URL(DATABASE_URL).username)
  await migrateDatabase(ownerUrl(settings)!, { onWait, serving: serving || undefined })
}

/** Throws an Error of one sentence where the database at `url` lacks something that this release needs. */
export async function checkMigrated(url: string): Promise<void> {
  if (await isMigrated(url)) return
  throw new Error(
    'The database lacks migrations of this release, or its role their grants: run `npm run migrate`, as the owner, first.',
  )
}
