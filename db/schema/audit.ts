// Who did what, when: appended, never changed; deleted only when more than a year old (db/migrations/0023).
import { index, pgTable } from 'drizzle-orm/pg-core'

/** No foreign keys: an event outlives the account and the thing it speaks of. */
export const auditEvents = pgTable(
  'audit_events',
  c => ({
    id: c.bigint({ mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
    at: c.timestamp({ withTimezone: true }).notNull().defaultNow(),
    accountId: c.uuid(),
    action: c.text().notNull(),
    /** `contract:12`, `attempt:…`: the kind of thing and its id. */
    subject: c.text(),
    address: c.inet(),
    /** The session in which a member of staff did it. No key either. */
    sessionId: c.uuid(),
    details: c.jsonb(),
  }),
  t => [
    index('audit_events_account_newest').on(t.accountId, t.id),
    index('audit_events_subject_newest').on(t.subject, t.id),
    index('audit_events_age').on(t.at),
  ],
)
