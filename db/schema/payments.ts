// Attempts to pay through a bank. Amounts are minor units.
import { sql } from 'drizzle-orm'
import { check, foreignKey, index, pgTable, primaryKey, unique, uniqueIndex } from 'drizzle-orm/pg-core'
import { isOneOf } from '../checks.ts'
import {
  answerChannels,
  attemptStates,
  closedAttemptStates,
  currencies,
  openAttemptStates,
  outcomes,
} from '../enums.ts'
import { accounts } from './accounts.ts'
import { invoices } from './billing.ts'
import { contracts } from './contracts.ts'
import { payLinks } from './pay-links.ts'

/** One try to pay chosen invoices of one contract at a bank. States and moves: lib/payments/rules.ts. */
export const paymentAttempts = pgTable(
  'payment_attempts',
  c => ({
    id: c.uuid().primaryKey().defaultRandom(),
    /** Our payment number: the bank's order number, the receipt's number, and the reference in later feeds. */
    number: c.text().notNull().unique(),
    /** The payer is one of the two: an account, or whoever has a link. */
    accountId: c.uuid().references(() => accounts.id),
    payLinkId: c.uuid().references(() => payLinks.id),
    billerId: c.smallint().notNull(),
    contractId: c.bigint({ mode: 'number' }).notNull(),
    gateway: c.text().notNull(),
    amount: c.bigint({ mode: 'number' }).notNull(),
    currency: c.text({ enum: currencies }).notNull(),
    state: c.text({ enum: attemptStates }).notNull().default('created'),
    /**
     * It holds no invoice: it reopened by a late answer when another attempt had its invoices already; or, for good, its payer has
     * a link, for nobody without access to a contract keeps its customers from paying.
     */
    released: c.boolean().notNull().default(false),
    /** While live, its invoices can be in no other attempt. */
    live: c
      .boolean()
      .notNull()
      .generatedAlwaysAs(sql`${isOneOf(sql`state`, openAttemptStates)} and not released`),
    /** The day it began in the biller's time zone: what is due was counted to it. */
    startedOn: c.date({ mode: 'string' }).notNull(),
    /** From the form: the same form sent twice is the same attempt. */
    idempotencyKey: c.uuid().notNull(),
    declineCode: c.text(),
    /** When the bank first took the order and the customer was led there; before that nobody can have paid it. */
    sentToBankAt: c.timestamp({ withTimezone: true }),
    createdAt: c.timestamp({ withTimezone: true }).notNull().defaultNow(),
    stateChangedAt: c.timestamp({ withTimezone: true }).notNull().defaultNow(),
    /** When the bank was last asked: one question at a time. */
    askedAt: c.timestamp({ withTimezone: true }),
    /** The latest question to which the bank answered that it knows of no try to pay. */
    untriedAt: c.timestamp({ withTimezone: true }),
    /** When the customer's browser last came back from the bank. */
    returnedAt: c.timestamp({ withTimezone: true }),
  }),
  t => [
    unique('payment_attempts_idempotency').on(t.accountId, t.idempotencyKey),
    unique('payment_attempts_live').on(t.id, t.live),
    uniqueIndex('payment_attempts_link')
      .on(t.payLinkId, t.idempotencyKey)
      .where(sql`pay_link_id is not null`),
    foreignKey({ columns: [t.billerId, t.contractId], foreignColumns: [contracts.billerId, contracts.id] }),
    index('payment_attempts_contract_created').on(t.contractId, t.createdAt),
    // What of a contract is being paid by links: nearly always nothing.
    index('payment_attempts_open_link')
      .on(t.contractId)
      .where(sql`pay_link_id is not null and ${isOneOf(sql`state`, openAttemptStates)}`),
    // What is followed up: until its end is known, and for three days after it was given up.
    index('payment_attempts_open').on(t.createdAt).where(isOneOf(sql`state`, openAttemptStates)),
    index('payment_attempts_closed').on(t.stateChangedAt).where(isOneOf(sql`state`, closedAttemptStates)),
    check('payment_attempts_amount', sql`${t.amount} > 0`),
    check('payment_attempts_state', isOneOf(t.state, attemptStates)),
    check('payment_attempts_payer', sql`num_nonnulls(${t.accountId}, ${t.payLinkId}) = 1`),
    check('payment_attempts_link_holds_none', sql`${t.payLinkId} is null or ${t.released}`),
  ],
)

/** The invoices an attempt is to pay, with what was due of each when it began. */
export const paymentAttemptInvoices = pgTable(
  'payment_attempt_invoices',
  c => ({
    attemptId: c.uuid().notNull(),
    invoiceId: c
      .bigint({ mode: 'number' })
      .notNull()
      .references(() => invoices.id),
    /** Follows the attempt's by the foreign key's cascade. */
    live: c.boolean().notNull(),
    interest: c.bigint({ mode: 'number' }).notNull(),
    principal: c.bigint({ mode: 'number' }).notNull(),
    tvTax: c.bigint({ mode: 'number' }).notNull(),
  }),
  t => [
    primaryKey({ columns: [t.attemptId, t.invoiceId] }),
    foreignKey({
      columns: [t.attemptId, t.live],
      foreignColumns: [paymentAttempts.id, paymentAttempts.live],
    }).onUpdate('cascade'),
    uniqueIndex('payment_attempt_invoices_one_live').on(t.invoiceId).where(sql`live`),
    check('payment_attempt_invoices_amounts', sql`least(${t.interest}, ${t.principal}, ${t.tvTax}) >= 0`),
  ],
)

/** Every answer of a bank, stored raw before anything is concluded from it. */
export const paymentEvents = pgTable(
  'payment_events',
  c => ({
    id: c.bigint({ mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
    gateway: c.text().notNull(),
    dedupKey: c.text().notNull(),
    attemptId: c.uuid().references(() => paymentAttempts.id),
    /** How it reached us. */
    channel: c.text({ enum: answerChannels }).notNull(),
    authentic: c.boolean().notNull(),
    outcome: c.text({ enum: outcomes }).notNull(),
    payload: c.jsonb().notNull(),
    receivedAt: c.timestamp({ withTimezone: true }).notNull().defaultNow(),
    appliedAt: c.timestamp({ withTimezone: true }),
  }),
  t => [
    unique('payment_events_dedup').on(t.gateway, t.dedupKey),
    index('payment_events_attempt').on(t.attemptId),
    index('payment_events_received').on(t.receivedAt),
    index('payment_events_forged').on(t.receivedAt).where(sql`not authentic`),
    index('payment_events_unapplied').on(t.attemptId).where(sql`authentic and applied_at is null`),
    check('payment_events_channel', isOneOf(t.channel, answerChannels)),
  ],
)
