// The list of all unpaid invoices as a file, where it is too long to be made while somebody waits.
import { check, index, pgTable } from 'drizzle-orm/pg-core'
import { isOneOf } from '../checks.ts'
import { listFormats, locales } from '../enums.ts'
import { ofAccount } from './accounts.ts'

/** A list that a job makes or has made. It is erased a day after it was asked for. */
export const unpaidLists = pgTable(
  'unpaid_lists',
  c => ({
    id: c.uuid().primaryKey().defaultRandom(),
    accountId: ofAccount(),
    format: c.text({ enum: listFormats }).notNull(),
    language: c.text({ enum: locales }).notNull(),
    requestedAt: c.timestamp({ withTimezone: true }).notNull(),
    /** So many of its invoices are written, of about so many; when the job last said so. */
    written: c.integer().notNull().default(0),
    invoices: c.integer().notNull(),
    beatAt: c.timestamp({ withTimezone: true }).notNull(),
    readyAt: c.timestamp({ withTimezone: true }),
    /** When its job was given up. */
    failedAt: c.timestamp({ withTimezone: true }),
    /** A keyed hash of the invoices that it lists, once it is ready: while they are the same, so is the list. */
    listedHash: c.text(),
    /** The file in base64, once it is ready. */
    sealed: c.text(),
  }),
  t => [
    index('unpaid_lists_account').on(t.accountId, t.requestedAt),
    index('unpaid_lists_requested').on(t.requestedAt),
    check('unpaid_lists_format', isOneOf(t.format, listFormats)),
    check('unpaid_lists_language', isOneOf(t.language, locales)),
  ],
)
