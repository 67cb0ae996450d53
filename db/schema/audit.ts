// Who did what, when: appended, never changed.
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
    details: jsonb(),
  },
  t => [
    index('audit_events_account').on(t.accountId, t.at),
    index('audit_events_subject').on(t.subject, t.at),
  ],
)
