// Runs of the feed import, who may send feeds, what is kept of a run, and where staged rows lie.
import { sql } from 'drizzle-orm'
import { check, index, pgSchema, pgTable, unique, uniqueIndex } from 'drizzle-orm/pg-core'
import { isOneOf } from '../checks.ts'
import { feedFilePurposes, feedStatuses, openFeedStatuses } from '../enums.ts'
import { ofBiller } from './billers.ts'

/** Rows of runs that are loading: unlogged tables, made and dropped by lib/feed/slices.ts, none while no feed loads. */
export const feedStaging = pgSchema('feed_staging')

/** With which a biller's system sends its feeds. Several may count at once, so that one can follow another. */
export const feedTokens = pgTable(
  'feed_tokens',
  c => ({
    id: c.integer().primaryKey().generatedAlwaysAsIdentity(),
    billerId: ofBiller(),
    /** Keyed, under AUTH_SECRET. */
    hash: c.text().notNull(),
    createdAt: c.timestamp({ withTimezone: true }).notNull(),
    lastUsedAt: c.timestamp({ withTimezone: true }),
    revokedAt: c.timestamp({ withTimezone: true }),
  }),
  t => [unique('feed_tokens_hash').on(t.hash), index('feed_tokens_biller').on(t.billerId)],
)

/**
 * One feed that was loaded, or is being loaded slice by slice: a slice's data and its number are written in one
 * transaction. A run that broke off stays `running` until the same feed takes it up or another one abandons it. One that
 * was uploaded has its row from the start, one of the command once its rows are judged.
 */
export const feedRuns = pgTable(
  'feed_runs',
  c => ({
    id: c.bigint({ mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
    billerId: ofBiller(),
    startedAt: c.timestamp({ withTimezone: true }).notNull(),
    finishedAt: c.timestamp({ withTimezone: true }),
    status: c.text({ enum: feedStatuses }).notNull(),
    /** Of what was loaded and how; null: a run of the time when a feed was one transaction, or one that is not cut yet. */
    digest: c.text(),
    slices: c.integer().notNull().default(1),
    slicesDone: c.integer().notNull().default(1),
    /** FeedReport of lib/feed/schema.ts; while running the counts so far. */
    report: c.jsonb().notNull(),
    /** Who uploaded it; null: the command. */
    tokenId: c.integer().references(() => feedTokens.id),
    /** Of the files that were uploaded: what was sent before is the same run. Null too: it came to nothing, and may be sent again. */
    uploadDigest: c.text(),
    /** Why an upload was refused as a whole, unread. */
    refusedFor: c.text(),
  }),
  t => [
    index('feed_runs_newest').on(t.billerId, t.startedAt),
    uniqueIndex('feed_runs_one_running').on(t.billerId).where(sql`status = 'running'`),
    uniqueIndex('feed_runs_upload').on(t.billerId, t.uploadDigest).where(sql`upload_digest is not null`),
    index('feed_runs_open').on(t.billerId, t.id).where(isOneOf(sql`status`, openFeedStatuses)),
    check('feed_runs_status', isOneOf(t.status, feedStatuses)),
    check('feed_runs_finished', sql`(${isOneOf(t.status, openFeedStatuses)}) = (${t.finishedAt} is null)`),
    check('feed_runs_slices', sql`${t.slicesDone} between 0 and ${t.slices}`),
  ],
)

/** Where in the storage of files a piece of a run's file lies. Its row is written first, so that no piece is forgotten. */
export const feedRunFiles = pgTable(
  'feed_run_files',
  c => ({
    storageKey: c.text().primaryKey(),
    /** Null: of an upload that is still coming. */
    runId: c.bigint({ mode: 'number' }).references(() => feedRuns.id),
    purpose: c.text({ enum: feedFilePurposes }).notNull(),
    /** A file of the feed, as `invoices`. */
    file: c.text().notNull(),
    /** From 0: pieces are joined in this order. */
    piece: c.integer().notNull(),
    createdAt: c.timestamp({ withTimezone: true }).notNull(),
  }),
  t => [
    index('feed_run_files_run').on(t.runId, t.purpose, t.file, t.piece),
    index('feed_run_files_created').on(t.createdAt),
    check('feed_run_files_purpose', isOneOf(t.purpose, feedFilePurposes)),
  ],
)
