// The outbox: every e-mail and SMS, written in the transaction that causes it and sent by a job.
import { sql } from 'drizzle-orm'
import { check, index, pgTable, primaryKey, unique, uniqueIndex } from 'drizzle-orm/pg-core'
import { isOneOf } from '../checks.ts'
import { caseSteps, locales, messageChannels, messageStates } from '../enums.ts'
import { accounts, ofAccount } from './accounts.ts'
import { invoices } from './billing.ts'
import { contracts } from './contracts.ts'
import { feedRuns } from './feed.ts'
import { payments } from './ledger.ts'
import { disconnections, outages } from './supply.ts'

/**
 * What somebody is told, as their inbox shows it: worded in their language when it is read or sent, from `values` and from what
 * its items are by then. Events of one kind that one run of a feed brings are one notice.
 */
export const notices = pgTable(
  'notices',
  c => ({
    id: c.uuid().primaryKey().defaultRandom(),
    accountId: ofAccount(),
    /** Which one of the catalogue (lib/notifications/catalogue.ts). */
    kind: c.text().notNull(),
    /** The contract it is about, where it is about one. */
    contractId: c.bigint({ mode: 'number' }).references(() => contracts.id),
    /** What makes it one: of an account no two have the same. */
    key: c.text().notNull(),
    /** The run of a feed that brought it: it is sent once that has ended. */
    feedRunId: c.bigint({ mode: 'number' }).references(() => feedRuns.id),
    /** What its texts need and no item says: ids, days and amounts, nobody's name. */
    values: c.jsonb().notNull().default({}),
    createdAt: c.timestamp({ withTimezone: true }).notNull().defaultNow(),
    /** When its messages were written, or it was found to have none. */
    handedOverAt: c.timestamp({ withTimezone: true }),
    readAt: c.timestamp({ withTimezone: true }),
    archivedAt: c.timestamp({ withTimezone: true }),
  }),
  t => [
    unique('notices_key').on(t.accountId, t.key),
    index('notices_newest').on(t.accountId, t.createdAt, t.id),
    index('notices_unread').on(t.accountId).where(sql`read_at is null and archived_at is null`),
    index('notices_to_hand_over').on(t.createdAt).where(sql`handed_over_at is null`),
    index('notices_created').on(t.createdAt),
  ],
)

/** What a notice tells of: each event once a person, however often a feed brings it. */
export const noticeItems = pgTable(
  'notice_items',
  c => ({
    accountId: ofAccount(),
    /** `new-invoice:1234`: the kind and what it happened to. */
    event: c.text().notNull(),
    noticeId: c
      .uuid()
      .notNull()
      .references(() => notices.id, { onDelete: 'cascade' }),
    /** No key: contracts stay. */
    contractId: c.bigint({ mode: 'number' }),
    /** One of these, by the notice's kind. */
    invoiceId: c.bigint({ mode: 'number' }).references(() => invoices.id),
    paymentId: c.bigint({ mode: 'number' }).references(() => payments.id),
    disconnectionId: c.bigint({ mode: 'number' }).references(() => disconnections.id),
    outageId: c.bigint({ mode: 'number' }).references(() => outages.id),
  }),
  t => [
    primaryKey({ columns: [t.accountId, t.event] }),
    index('notice_items_notice').on(t.noticeId),
    // A page of the inbox: notices have ids at random, each of which would be looked for by itself.
    index('notice_items_of_account').on(t.accountId, t.noticeId),
  ],
)

/** By which channels somebody wants a kind of notice, of one contract or (null) of all; where nothing is said, as the account says. */
export const noticeChoices = pgTable(
  'notice_choices',
  c => ({
    accountId: ofAccount(),
    /** Of noticeKinds (lib/notifications/notice-kinds.ts). */
    kind: c.text().notNull(),
    contractId: c.bigint({ mode: 'number' }).references(() => contracts.id),
    email: c.boolean().notNull(),
    sms: c.boolean().notNull(),
    chosenAt: c.timestamp({ withTimezone: true }).notNull(),
  }),
  t => [unique('notice_choices_one').on(t.accountId, t.kind, t.contractId).nullsNotDistinct()],
)

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
    /** What it tells of: worded as it is sent, with what is true by then. Null: its text is sealed already. */
    noticeId: c.uuid().references(() => notices.id, { onDelete: 'cascade' }),
    /** Of a notice: not before, for the night is quiet. */
    sendAfter: c.timestamp({ withTimezone: true }),
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
    // What could not be delivered of late (lib/health).
    index('messages_failed').on(t.channel, t.createdAt).where(sql`state = 'failed'`),
    index('messages_contract').on(t.contractId, t.createdAt, t.id).where(sql`contract_id is not null`),
    check('messages_channel', isOneOf(t.channel, messageChannels)),
    check('messages_state', isOneOf(t.state, messageStates)),
    uniqueIndex('messages_notice').on(t.noticeId, t.channel).where(sql`notice_id is not null`),
    index('messages_queued').on(t.channel, t.createdAt).where(sql`state = 'queued' and notice_id is null`),
    index('messages_notices_due')
      .on(t.channel, t.sendAfter)
      .where(sql`state = 'queued' and notice_id is not null`),
    check(
      'messages_sealed',
      sql`${t.state} <> 'queued' or ${t.sealed} is not null or ${t.noticeId} is not null`,
    ),
  ],
)

/** A channel that did not answer, or asked to be left alone: no message is tried on it before `until`. */
export const channelPauses = pgTable('channel_pauses', c => ({
  channel: c.text({ enum: messageChannels }).primaryKey(),
  until: c.timestamp({ withTimezone: true }).notNull(),
}))
