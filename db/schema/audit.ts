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
    index('audit_events_account_newest').on(t.accountId, t.id),
    index('audit_events_subject_newest').on(t.subject, t.id),
    index('audit_events_age').on(t.at),
  ],
)
