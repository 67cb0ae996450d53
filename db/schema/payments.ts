// Money received, what it pays, and attempts to pay through a bank. Amounts are minor units.
import { sql } from 'drizzle-orm'
import {
  bigint,
  boolean,
  check,
  date,
  foreignKey,
  index,
  jsonb,
  pgTable,
  primaryKey,
  smallint,
  text,
  timestamp,
  unique,
  uniqueIndex,
  uuid,
} from 'drizzle-orm/pg-core'
import { accounts } from './accounts.ts'
import { invoices } from './billing.ts'
import { contracts } from './contracts.ts'

/** One try to pay chosen invoices of one contract at a bank. States and moves: lib/payments/rules.ts. */
export const paymentAttempts = pgTable(
  'payment_attempts',
  {
    id: uuid().primaryKey().defaultRandom(),
    /** Our payment number: the bank's order number, the receipt's number, and the reference in later feeds. */
    number: text().notNull().unique(),
    accountId: uuid()
      .notNull()
      .references(() => accounts.id),
    billerId: smallint().notNull(),
    contractId: bigint({ mode: 'number' }).notNull(),
    gateway: text().notNull(),
    amount: bigint({ mode: 'number' }).notNull(),
    currency: text().notNull(),
    state: text().notNull().default('created'),
    /** It reopened by a late answer when another attempt had its invoices already: it does not take them back. */
    released: boolean().notNull().default(false),
    /** While live, its invoices can be in no other attempt. */
    live: boolean()
      .notNull()
      .generatedAlwaysAs(sql`state in ('created', 'pending', 'authorised', 'in_doubt') and not released`),
    /** The day it began in the biller's time zone: what is due was counted to it. */
    startedOn: date({ mode: 'string' }).notNull(),
    /** From the form: the same form sent twice is the same attempt. */
    idempotencyKey: uuid().notNull(),
    declineCode: text(),
    /** When the bank first took the order and the customer was led there; before that nobody can have paid it. */
    sentToBankAt: timestamp({ withTimezone: true }),
    createdAt: timestamp({ withTimezone: true }).notNull().defaultNow(),
    stateChangedAt: timestamp({ withTimezone: true }).notNull().defaultNow(),
    /** When the bank was last asked: one question at a time. */
    askedAt: timestamp({ withTimezone: true }),
    /** The latest question to which the bank answered that it knows of no try to pay. */
    untriedAt: timestamp({ withTimezone: true }),
    /** When the customer's browser last came back from the bank. */
    returnedAt: timestamp({ withTimezone: true }),
  },
  t => [
    unique('payment_attempts_idempotency').on(t.accountId, t.idempotencyKey),
    unique('payment_attempts_live').on(t.id, t.live),
    foreignKey({ columns: [t.billerId, t.contractId], foreignColumns: [contracts.billerId, contracts.id] }),
    index('payment_attempts_contract_created').on(t.contractId, t.createdAt),
    // What is followed up: until its end is known, and for three days after it was given up.
    index('payment_attempts_open')
      .on(t.createdAt)
      .where(sql`state in ('created', 'pending', 'authorised', 'in_doubt')`),
    index('payment_attempts_closed')
      .on(t.stateChangedAt)
      .where(sql`state in ('declined', 'cancelled', 'expired')`),
    check('payment_attempts_amount', sql`${t.amount} > 0`),
    check(
      'payment_attempts_state',
      sql`${t.state} in ('created', 'pending', 'authorised', 'captured', 'declined', 'cancelled', 'expired', 'in_doubt', 'voided')`,
    ),
  ],
)

/** The invoices an attempt is to pay, with what was due of each when it began. */
export const paymentAttemptInvoices = pgTable(
  'payment_attempt_invoices',
  {
    attemptId: uuid().notNull(),
    invoiceId: bigint({ mode: 'number' })
      .notNull()
      .references(() => invoices.id),
    /** Follows the attempt's by the foreign key's cascade. */
    live: boolean().notNull(),
    interest: bigint({ mode: 'number' }).notNull(),
    principal: bigint({ mode: 'number' }).notNull(),
    tvTax: bigint({ mode: 'number' }).notNull(),
  },
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
  {
    id: bigint({ mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
    gateway: text().notNull(),
    dedupKey: text().notNull(),
    attemptId: uuid().references(() => paymentAttempts.id),
    /** How it reached us. */
    channel: text().notNull(),
    authentic: boolean().notNull(),
    outcome: text().notNull(),
    payload: jsonb().notNull(),
    receivedAt: timestamp({ withTimezone: true }).notNull().defaultNow(),
    appliedAt: timestamp({ withTimezone: true }),
  },
  t => [
    unique('payment_events_dedup').on(t.gateway, t.dedupKey),
    index('payment_events_attempt').on(t.attemptId),
    index('payment_events_received').on(t.receivedAt),
    index('payment_events_forged').on(t.receivedAt).where(sql`not authentic`),
    index('payment_events_unapplied').on(t.attemptId).where(sql`authentic and applied_at is null`),
    check('payment_events_channel', sql`${t.channel} in ('return', 'callback', 'query')`),
  ],
)

/** Money received: handed over by a feed, or captured by a bank for an attempt of ours. */
export const payments = pgTable(
  'payments',
  {
    id: bigint({ mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
    billerId: smallint().notNull(),
    contractId: bigint({ mode: 'number' }).notNull(),
    reference: text().notNull(),
    paidOn: date({ mode: 'string' }).notNull(),
    amount: bigint({ mode: 'number' }).notNull(),
    method: text().notNull(),
    source: text().notNull(),
    /** The invoice it names; one not known yet leaves the payment unassigned until it comes. */
    invoiceNumber: text(),
    reversedOn: date({ mode: 'string' }),
    /** Ours: the attempt that was captured, with the bank's own number of the transaction. */
    attemptId: uuid().references(() => paymentAttempts.id),
    transactionId: text(),
    /** Ours: when the bank took the money; null where it gave no time. */
    transactionAt: timestamp({ withTimezone: true }),
    /** Ours: when the biller's feed brought it back. */
    confirmedAt: timestamp({ withTimezone: true }),
    receivedAt: timestamp({ withTimezone: true }).notNull().defaultNow(),
    /** Sum of its allocations, written by their trigger alone; the rest is a surplus. */
    allocated: bigint({ mode: 'number' }).notNull().default(0),
  },
  t => [
    unique('payments_biller_reference').on(t.billerId, t.reference),
    unique('payments_id_contract').on(t.id, t.contractId),
    unique('payments_attempt_transaction').on(t.attemptId, t.transactionId),
    foreignKey({ columns: [t.billerId, t.contractId], foreignColumns: [contracts.billerId, contracts.id] }),
    index('payments_contract').on(t.contractId, t.paidOn),
    index('payments_invoice_number').on(t.billerId, t.invoiceNumber),
    index('payments_unnamed').on(t.contractId).where(sql`invoice_number is null`),
    check('payments_amount', sql`${t.amount} > 0`),
    check('payments_allocated', sql`${t.allocated} between 0 and ${t.amount}`),
    check('payments_reversed_pays_nothing', sql`${t.reversedOn} is null or ${t.allocated} = 0`),
    check('payments_method', sql`${t.method} in ('CASH', 'CARD', 'TRANSFER')`),
    // So that a payment without one is all that may pay more than one invoice.
    check('payments_ours_name_none', sql`${t.attemptId} is null or ${t.invoiceNumber} is null`),
    check('payments_transaction', sql`(${t.attemptId} is null) = (${t.transactionId} is null)`),
  ],
)

/**
 * Money that a bank told of and that fits nothing: held for staff until it is explained. Booked, and then with a payment,
 * only once the bank has said so in answer to a question.
 */
export const paymentExceptions = pgTable(
  'payment_exceptions',
  {
    id: bigint({ mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
    kind: text().notNull(),
    gateway: text().notNull(),
    /** As the bank named it. */
    orderNumber: text().notNull(),
    /** The bank's number of the transaction; empty where it named none. */
    transactionId: text().notNull(),
    attemptId: uuid().references(() => paymentAttempts.id),
    /** The bank's last word on it. */
    eventId: bigint({ mode: 'number' })
      .notNull()
      .references(() => paymentEvents.id),
    paymentId: bigint({ mode: 'number' }).references(() => payments.id),
    /** When it was last told of, by a call where one did: a question asked since then may explain it. */
    openedAt: timestamp({ withTimezone: true }).notNull(),
    resolvedAt: timestamp({ withTimezone: true }),
  },
  t => [
    unique('payment_exceptions_told').on(t.gateway, t.orderNumber, t.transactionId, t.kind),
    index('payment_exceptions_attempt').on(t.attemptId),
    index('payment_exceptions_event').on(t.eventId),
    index('payment_exceptions_open').on(t.openedAt).where(sql`resolved_at is null`),
    check(
      'payment_exceptions_kind',
      sql`${t.kind} in ('unknown_order', 'wrong_merchant', 'wrong_currency', 'wrong_amount', 'no_transaction', 'second_capture', 'after_void')`,
    ),
    check(
      'payment_exceptions_attempt_known',
      sql`(${t.attemptId} is null) = (${t.kind} = 'unknown_order') and (${t.paymentId} is null or ${t.attemptId} is not null)`,
    ),
  ],
)

/** What a payment pays of an invoice, both of one contract. The only place where money is assigned. */
export const paymentAllocations = pgTable(
  'payment_allocations',
  {
    paymentId: bigint({ mode: 'number' }).notNull(),
    invoiceId: bigint({ mode: 'number' }).notNull(),
    contractId: bigint({ mode: 'number' }).notNull(),
    interest: bigint({ mode: 'number' }).notNull(),
    principal: bigint({ mode: 'number' }).notNull(),
    tvTax: bigint({ mode: 'number' }).notNull(),
  },
  t => [
    primaryKey({ columns: [t.paymentId, t.invoiceId] }),
    foreignKey({
      name: 'payment_allocations_payment',
      columns: [t.paymentId, t.contractId],
      foreignColumns: [payments.id, payments.contractId],
    }),
    foreignKey({
      name: 'payment_allocations_invoice',
      columns: [t.invoiceId, t.contractId],
      foreignColumns: [invoices.id, invoices.contractId],
    }),
    index('payment_allocations_invoice').on(t.invoiceId),
    check(
      'payment_allocations_amounts',
      sql`least(${t.interest}, ${t.principal}, ${t.tvTax}) >= 0 and ${t.interest} + ${t.principal} + ${t.tvTax} > 0`,
    ),
  ],
)

/** Orders at the sandbox bank. The bank's own book: the portal never reads it, it asks the bank. */
export const sandboxBankOrders = pgTable(
  'sandbox_bank_orders',
  {
    orderNumber: text().primaryKey(),
    amount: bigint({ mode: 'number' }).notNull(),
    currency: text().notNull(),
    language: text().notNull(),
    returnUrl: text().notNull(),
    callbackUrl: text().notNull(),
    status: text().notNull().default('open'),
    transactionId: text(),
    declineCode: text(),
    /** When the customer paid, was declined or cancelled. */
    decidedAt: timestamp({ withTimezone: true }),
    /** When the bank knows its answer: a late card's lies in the future, a silent card's never comes. */
    answersAt: timestamp({ withTimezone: true }),
    createdAt: timestamp({ withTimezone: true }).notNull().defaultNow(),
    /** When the merchant last sent the customer to its page, which expires. */
    pageOpenedAt: timestamp({ withTimezone: true }).notNull().defaultNow(),
  },
  t => [
    check(
      'sandbox_bank_orders_status',
      sql`${t.status} in ('open', 'captured', 'declined', 'cancelled', 'silent')`,
    ),
  ],
)
