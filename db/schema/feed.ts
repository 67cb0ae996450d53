// Runs of the feed import.
import { sql } from 'drizzle-orm'
import { bigint, check, index, jsonb, pgTable, smallint, text, timestamp } from 'drizzle-orm/pg-core'
import { billers } from './contracts.ts'

/** One loaded feed and its report. It is written with the data: a run that failed leaves no row. */
export const feedRuns = pgTable(
  'feed_runs',
  {
    id: bigint({ mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
    billerId: smallint()
      .notNull()
      .references(() => billers.id),
    startedAt: timestamp({ withTimezone: true }).notNull(),
    finishedAt: timestamp({ withTimezone: true }).notNull(),
    status: text().notNull(),
    /** FeedReport of lib/feed/schema.ts. */
    report: jsonb().notNull(),
  },
  t => [
    index('feed_runs_biller').on(t.billerId, t.startedAt.desc()),
    check('feed_runs_status', sql`${t.status} in ('loaded', 'loaded_with_refusals')`),
  ],
)
