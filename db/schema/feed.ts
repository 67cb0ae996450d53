// Runs of the feed import, and where their staged rows lie.
import { sql } from 'drizzle-orm'
import { check, index, pgSchema, pgTable, uniqueIndex } from 'drizzle-orm/pg-core'
import { isOneOf } from '../checks.ts'
import { feedStatuses } from '../enums.ts'
import { ofBiller } from './billers.ts'

/** Rows of runs that are loading: unlogged tables, made and dropped by lib/feed/slices.ts, none while no feed loads. */
export const feedStaging = pgSchema('feed_staging')

/**
 * One feed that was loaded, or is being loaded slice by slice: a slice's data and its number are written in one
 * transaction. A run that broke off stays `running` until the same feed takes it up or another one abandons it.
 */
export const feedRuns = pgTable(
  'feed_runs',
  c => ({
    id: c.bigint({ mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
    billerId: ofBiller(),
    startedAt: c.timestamp({ withTimezone: true }).notNull(),
    finishedAt: c.timestamp({ withTimezone: true }),
    status: c.text({ enum: feedStatuses }).notNull(),
    /** Of what was loaded and how; null: a run of the time when a feed was one transaction. */
    digest: c.text(),
    slices: c.integer().notNull().default(1),
    slicesDone: c.integer().notNull().default(1),
    /** FeedReport of lib/feed/schema.ts; while running the counts so far. */
    report: c.jsonb().notNull(),
  }),
  t => [
    index('feed_runs_newest').on(t.billerId, t.startedAt),
    uniqueIndex('feed_runs_one_running').on(t.billerId).where(sql`status = 'running'`),
    check('feed_runs_status', isOneOf(t.status, feedStatuses)),
    check('feed_runs_finished', sql`(${t.status} = 'running') = (${t.finishedAt} is null)`),
    check('feed_runs_slices', sql`${t.slicesDone} between 0 and ${t.slices}`),
  ],
)
