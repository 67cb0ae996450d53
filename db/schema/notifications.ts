// The outbox: every e-mail and SMS, written in the transaction that causes it and sent by a job.
import { sql } from 'drizzle-orm'
import { check, index, integer, pgTable, text, timestamp, uuid } from 'drizzle-orm/pg-core'
import { accounts } from './accounts.ts'

/** A message to one person. Recipient and text are sealed (AES-256-GCM): they hold codes and personal data. */
export const messages = pgTable(
  'messages',
  {
    id: uuid().primaryKey().defaultRandom(),
    accountId: uuid().references(() => accounts.id, { onDelete: 'set null' }),
    channel: text().notNull(),
    /** Which message of the catalogue (namespace `messages`). */
    kind: text().notNull(),
    language: text().notNull(),
    sealed: text().notNull(),
    state: text().notNull().default('queued'),
    tries: integer().notNull().default(0),
    createdAt: timestamp({ withTimezone: true }).notNull().defaultNow(),
    sentAt: timestamp({ withTimezone: true }),
  },
  t => [
    index('messages_created_at').on(t.createdAt.desc()),
    check('messages_channel', sql`${t.channel} in ('email', 'sms')`),
    check('messages_state', sql`${t.state} in ('queued', 'sent', 'failed')`),
  ],
)
