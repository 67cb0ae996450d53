// Who did what, when: appended, never changed; deleted only when more than a year old (db/migrations/0023).
import { bigint, index, inet, jsonb, pgTable, text, timestamp, uuid } from 'drizzle-orm/pg-core'

/** No foreign keys: an event outlives the account and the thing it speaks of. */
export const auditEvents = pgTable(
  'audit_events',
  {
    id: bigint({ mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
    at: timestamp({ withTimezone: true }).notNull().defaultNow(),
    accountId: uuid(),
    action: text().notNull(),
    /** `contract:12`, `attempt:…`: the kind of thing and its id. */
    subject: text(),
    address: inet(),
    /** The session in which a member of staff did it. No key either. */
    sessionId: uuid(),
    details: jsonb(),
  },
  t => [
    index('audit_events_account').on(t.accountId, t.at),
    index('audit_events_subject').on(t.subject, t.at),
    // Rows come in the order of their time: a few kilobytes find the old ones (purge_audit_events).
    index('audit_events_at').using('brin', t.at),
  ],
)
