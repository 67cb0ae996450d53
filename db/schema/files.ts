// Uploaded documents: what they are and where they belong. The files themselves are in the storage (lib/files/storage.ts).
import { sql } from 'drizzle-orm'
import { check, index, pgTable } from 'drizzle-orm/pg-core'
import { isOneOf } from '../checks.ts'
import { documentTypes, scanResults } from '../enums.ts'
import { accounts } from './accounts.ts'
import { caseDrafts, cases } from './cases.ts'
import { customerReadings } from './customer-readings.ts'

/**
 * The row is written before the file is stored, and joined to what it belongs to with that. Without such a thing it is
 * unused, and a job removes file and row.
 */
export const documents = pgTable(
  'documents',
  c => ({
    id: c.uuid().primaryKey().defaultRandom(),
    /** Its key in the storage: random, says nothing. */
    storageKey: c.text().notNull().unique(),
    /** As the person's device called it, with an ending of its type: shown, never used as a path. */
    name: c.text().notNull(),
    /** Recognised by content. */
    type: c.text({ enum: documentTypes }).notNull(),
    bytes: c.integer().notNull(),
    /** Null: whoever uploaded it has no account. */
    accountId: c.uuid().references(() => accounts.id),
    caseId: c.uuid().references(() => cases.id, { onDelete: 'set null' }),
    /** With which event of the case it came; null: with its filing, or before this was kept. */
    caseEvent: c.smallint(),
    /** Of a form that is not sent yet. */
    draftId: c.uuid().references(() => caseDrafts.id, { onDelete: 'set null' }),
    /** Of a reading that a customer sent: a photo of the meter. */
    readingId: c.bigint({ mode: 'number' }).references(() => customerReadings.id, { onDelete: 'set null' }),
    /** What the virus scanner said: clean, infected. Null: it was not asked, or has not answered yet. */
    scan: c.text({ enum: scanResults }),
    /** The file is gone; the row says that there was one. */
    removedAt: c.timestamp({ withTimezone: true }),
    /** When what it belongs to was decided, written by triggers there, or the reading sent: it is removed a while after that. */
    decidedAt: c.timestamp({ withTimezone: true }),
    createdAt: c.timestamp({ withTimezone: true }).notNull(),
  }),
  t => [
    index('documents_case').on(t.caseId),
    index('documents_draft').on(t.draftId).where(sql`draft_id is not null`),
    index('documents_reading').on(t.readingId).where(sql`reading_id is not null`),
    index('documents_account').on(t.accountId),
    index('documents_decided').on(t.decidedAt).where(sql`${t.removedAt} is null`),
    index('documents_unscanned').on(t.createdAt).where(sql`${t.scan} is null and ${t.removedAt} is null`),
    check('documents_scan', isOneOf(t.scan, scanResults)),
    check('documents_infected', sql`${t.scan} is distinct from 'infected' or ${t.removedAt} is not null`),
    check('documents_type', isOneOf(t.type, documentTypes)),
    // Programs open a file by its ending.
    check(
      'documents_name_ending',
      sql`${t.name} ~* case ${t.type} when 'application/pdf' then '\\.pdf$' when 'image/jpeg' then '\\.jpe?g$' else '\\.png$' end`,
    ),
  ],
)

/** Which store on disk keeps this database's files, where they are kept so: one row, and the same id in a file there. */
export const documentStore = pgTable(
  'document_store',
  c => ({ only: c.boolean().primaryKey().default(true), id: c.uuid().notNull() }),
  t => [check('document_store_only', sql`${t.only}`)],
)
