// Attempts to pay through a bank. Amounts are minor units.
import { sql } from 'drizzle-orm'
import { check, foreignKey, index, pgTable, primaryKey, unique, uniqueIndex } from 'drizzle-orm/pg-core'
import { isOneOf } from '../checks.ts'
import {
  answerChannels,
  attemptStates,
  closedAttemptStates,
  currencies,
  gatewayNames,
  openAttemptStates,
  outcomes,
} from '../enums.ts'
import { accounts } from './accounts.ts'
import { invoices } from './billing.ts'
import { contracts } from './contracts.ts'
import { gatewayAccounts } from './gateway-accounts.ts'
import { payLinks } from './pay-links.ts'

/** One try to pay chosen invoices of one or more contracts of a biller at a bank. States and moves: lib/payments/rules.ts. */
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
    gateway: c.text({ enum: gatewayNames }).notNull(),
    /** Null in rows that a portal of before wrote while it was being replaced: the sandbox's. */
    gatewayAccountId: c.smallint().references(() => gatewayAccounts.id),
    amount: c.bigint({ mode: 'number' }).notNull(),
    currency: c.text({ enum: currencies }).notNull(),
    /** Its customer chose to pay less than was due of its invoices, where the biller takes parts. */
    isPart: c.boolean().notNull().default(false),
    state: c.text({ enum: attemptStates }).notNull().default('created'),
    /**
     * Its invoices can be in no other attempt. Only of one whose end is not known, and never of whoever has a link: nobody without access
     * to a contract keeps its customers from paying. One that reopened by a late answer when another had its invoices holds none.
     */
    live: c.boolean().notNull(),
    /** The day it began in the biller's time zone: what is due was counted to it. */
    startedOn: c.date({ mode: 'string' }).notNull(),
    /** From the form: the same form sent twice is the same attempt. */
    idempotencyKey: c.uuid().notNull(),
    declineCode: c.text(),
    /** When the bank first took the order and the customer was led there; before that nobody can have paid it. */
    sentToBankAt: c.timestamp({ withTimezone: true }),
    /** What the bank answered to the order, kept so that it is placed once: where the browser is led to. */
    redirect: c.jsonb().$type<{ method: 'GET' | 'POST'; url: string; fields: Record<string, string> }>(),
    /** What the bank calls the order, where it has a name of its own for it. */
    bankOrderId: c.text(),
    /** Until when it can be paid at the bank, where that says so. */
    orderExpiresAt: c.timestamp({ withTimezone: true }),
    /** Who places the order has it for half a minute; a process that died with it is followed by another. */
    placingSince: c.timestamp({ withTimezone: true }),
    /** How often placing it was begun: the bank is given another reference each time. */
    placed: c.smallint().notNull().default(0),
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
    index('payment_attempts_account_created').on(t.accountId, t.createdAt),
    uniqueIndex('payment_attempts_bank_order')
      .on(t.gatewayAccountId, t.bankOrderId)
      .where(sql`bank_order_id is not null`),
    // What is followed up: until its end is known, and for three days after it was given up.
    index('payment_attempts_open').on(t.createdAt).where(isOneOf(sql`state`, openAttemptStates)),
    index('payment_attempts_closed').on(t.stateChangedAt).where(isOneOf(sql`state`, closedAttemptStates)),
    check('payment_attempts_amount', sql`${t.amount} > 0`),
    check('payment_attempts_state', isOneOf(t.state, attemptStates)),
    check('payment_attempts_payer', sql`num_nonnulls(${t.accountId}, ${t.payLinkId}) = 1`),
    check(
      'payment_attempts_holds',
      sql`not ${t.live} or (${t.payLinkId} is null and ${isOneOf(t.state, openAttemptStates)})`,
    ),
  ],
)

/** The invoices an attempt is to pay, with what it is to pay of each: what was due when it began, or less where the biller takes parts. */
export const paymentAttemptInvoices = pgTable(
  'payment_attempt_invoices',
  c => ({
    attemptId: c.uuid().notNull(),
    invoiceId: c
      .bigint({ mode: 'number' })
      .notNull()
      .references(() => invoices.id),
    /** Whose it was when the attempt began: what is captured is booked there. */
    contractId: c
      .bigint({ mode: 'number' })
      .notNull()
      .references(() => contracts.id),
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
    index('payment_attempt_invoices_contract').on(t.contractId, t.attemptId),
    index('payment_attempt_invoices_live').on(t.contractId).where(sql`live`),
    uniqueIndex('payment_attempt_invoices_one_live').on(t.invoiceId).where(sql`live`),
    check('payment_attempt_invoices_amounts', sql`least(${t.interest}, ${t.principal}, ${t.tvTax}) >= 0`),
  ],
)

/** Every answer of a bank, stored raw before anything is concluded from it. */
export const paymentEvents = pgTable(
  'payment_events',
  c => ({
    id: c.bigint({ mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
    gateway: c.text({ enum: gatewayNames }).notNull(),
    /** Null: of no account that the portal has. */
    gatewayAccountId: c.smallint().references(() => gatewayAccounts.id),
    dedupKey: c.text().notNull(),
    attemptId: c.uuid().references(() => paymentAttempts.id),
    /** How it reached us. */
    channel: c.text({ enum: answerChannels }).notNull(),
    /** Signed by the bank, or its answer to a question. */
    authentic: c.boolean().notNull(),
    /** Unsigned, as all that the bank sends of itself: the bank is asked before any of it is believed. */
    isHint: c.boolean().notNull().default(false),
    outcome: c.text({ enum: outcomes }).notNull(),
    payload: c.jsonb().notNull(),
    receivedAt: c.timestamp({ withTimezone: true }).notNull().defaultNow(),
    appliedAt: c.timestamp({ withTimezone: true }),
  }),
  t => [
    unique('payment_events_dedup').on(t.gateway, t.gatewayAccountId, t.dedupKey).nullsNotDistinct(),
    index('payment_events_attempt').on(t.attemptId),
    index('payment_events_received').on(t.receivedAt),
    // When a bank answered last (lib/health).
    index('payment_events_account').on(t.gatewayAccountId, t.receivedAt).where(sql`authentic`),
    index('payment_events_forged').on(t.receivedAt).where(sql`not authentic`),
    check('payment_events_hint', sql`not (${t.authentic} and ${t.isHint})`),
    index('payment_events_unapplied').on(t.attemptId).where(sql`authentic and applied_at is null`),
    check('payment_events_channel', isOneOf(t.channel, answerChannels)),
  ],
)
