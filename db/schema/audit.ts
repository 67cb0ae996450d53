// Who did what, when: appended, never changed; deleted only when more than a year old (db/migrations/0023).
import { sql } from 'drizzle-orm'
import { index, pgTable, primaryKey } from 'drizzle-orm/pg-core'

/**
 * No foreign keys: an event outlives the account and the thing it speaks of. By months of `at`, each a table of its own
 * (db/migrations/0095): a key has the column that parts them, and PostgreSQL 16 knows no identity there.
 */
export const auditEvents = pgTable(
  'audit_events',
  c => ({
    id: c.bigint({ mode: 'number' }).notNull().default(sql`nextval('audit_events_id_seq')`),
    at: c.timestamp({ withTimezone: true }).notNull().defaultNow(),
    accountId: c.uuid(),
    action: c.text().notNull(),
    /** `contract:12`, `attempt:…`: the kind of thing and its id. */
    subject: c.text(),
    address: c.inet(),
    /** The session in which a member of staff did it. No key either. */
    sessionId: c.uuid(),
    /** Of the request it happened in, or that caused the job it happened in; the log has the same. */
    requestId: c.text(),
    details: c.jsonb(),
  }),
  t => [
    primaryKey({ columns: [t.id, t.at] }),
    index('audit_events_account_newest').on(t.accountId, t.id),
    index('audit_events_subject_newest').on(t.subject, t.id),
    index('audit_events_age').on(t.at),
  ],
)
