// Copies of everything held about a person.
import { index, integer, pgTable, primaryKey, text, timestamp, uuid } from 'drizzle-orm/pg-core'
import { accounts } from './accounts.ts'

/**
 * A copy of everything held about a person, which a job makes; one a person at most. It is erased when it is fetched,
 * or a day after it was asked for.
 */
export const ownDataExports = pgTable(
  'own_data_exports',
  {
    id: uuid().primaryKey().defaultRandom(),
    accountId: uuid()
      .notNull()
      .unique()
      .references(() => accounts.id, { onDelete: 'cascade' }),
    requestedAt: timestamp({ withTimezone: true }).notNull(),
    readyAt: timestamp({ withTimezone: true }),
    /** Set by the one request that gets it. */
    fetchedAt: timestamp({ withTimezone: true }),
  },
  t => [index('own_data_exports_requested').on(t.requestedAt)],
)

/** Consecutive pieces of a copy's text, each sealed by itself: no process has to hold all of it. */
export const ownDataExportParts = pgTable(
  'own_data_export_parts',
  {
    exportId: uuid()
      .notNull()
      .references(() => ownDataExports.id, { onDelete: 'cascade' }),
    position: integer().notNull(),
    sealed: text().notNull(),
  },
  t => [primaryKey({ columns: [t.exportId, t.position] })],
)
