// The outbox: every e-mail and SMS, written in the transaction that causes it and sent by a job.
import { sql } from 'drizzle-orm'
import { check, index, pgTable } from 'drizzle-orm/pg-core'
import { isOneOf } from '../checks.ts'
import { caseSteps, locales, messageChannels, messageStates } from '../enums.ts'
import { accounts } from './accounts.ts'

/**
 * A message to one person. Recipient and text are sealed (AES-256-GCM): they hold codes and personal data. They are
 * erased once the message has left or failed; a demonstration keeps them for /outbox.
 */
export const messages = pgTable(
  'messages',
  c => ({
    id: c.uuid().primaryKey().defaultRandom(),
    accountId: c.uuid().references(() => accounts.id, { onDelete: 'set null' }),
    /** The contract it is about, where it is about one; no key: contracts stay. Null too: written before this was kept. */
    contractId: c.bigint({ mode: 'number' }),
    /** The case it tells of, and which of its moves; no key: of a case that is gone the move is told alone. */
    caseId: c.uuid(),
    caseMove: c.text({ enum: caseSteps }),
    channel: c.text({ enum: messageChannels }).notNull(),
    /** Which message of the catalogue (namespace `messages`). */
    kind: c.text().notNull(),
    language: c.text({ enum: locales }).notNull(),
    sealed: c.text(),
    /** queued, sent (handed over), delivered (the channel says so), failed. */
    state: c.text({ enum: messageStates }).notNull().default('queued'),
    tries: c.integer().notNull().default(0),
    /** Why it failed, or why the last try did: `smtp-550`, `http-503`, `timeout`. Nothing personal. */
    failure: c.text(),
    /** After this it is not sent any more: the code in it is no longer taken. */
    usefulUntil: c.timestamp({ withTimezone: true }),
    createdAt: c.timestamp({ withTimezone: true }).notNull().defaultNow(),
    sentAt: c.timestamp({ withTimezone: true }),
  }),
  t => [
    index('messages_newest').on(t.createdAt),
    index('messages_account').on(t.accountId),
    index('messages_contract').on(t.contractId, t.createdAt, t.id).where(sql`contract_id is not null`),
    check('messages_channel', isOneOf(t.channel, messageChannels)),
    check('messages_state', isOneOf(t.state, messageStates)),
    check('messages_sealed', sql`${t.state} <> 'queued' or ${t.sealed} is not null`),
  ],
)

/** A channel that did not answer, or asked to be left alone: no message is tried on it before `until`. */
export const channelPauses = pgTable('channel_pauses', c => ({
  channel: c.text({ enum: messageChannels }).primaryKey(),
  until: c.timestamp({ withTimezone: true }).notNull(),
}))
