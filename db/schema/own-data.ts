// Copies of everything held about a person.
import { index, pgTable, primaryKey } from 'drizzle-orm/pg-core'
import { ofAccount } from './accounts.ts'

/**
 * A copy of everything held about a person, which a job makes; one a person at most. It is erased when it is fetched,
 * or a day after it was asked for.
 */
export const ownDataExports = pgTable(
  'own_data_exports',
  c => ({
    id: c.uuid().primaryKey().defaultRandom(),
    accountId: ofAccount().unique(),
    requestedAt: c.timestamp({ withTimezone: true }).notNull(),
    readyAt: c.timestamp({ withTimezone: true }),
    /** Set by the one request that gets it. */
    fetchedAt: c.timestamp({ withTimezone: true }),
  }),
  t => [index('own_data_exports_requested').on(t.requestedAt)],
)

/** Consecutive pieces of a copy's text, each sealed by itself: no process has to hold all of it. */
export const ownDataExportParts = pgTable(
  'own_data_export_parts',
  c => ({
    exportId: c
      .uuid()
      .notNull()
      .references(() => ownDataExports.id, { onDelete: 'cascade' }),
    position: c.integer().notNull(),
    sealed: c.text().notNull(),
  }),
  t => [primaryKey({ columns: [t.exportId, t.position] })],
)
