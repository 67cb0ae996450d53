// Money received, and what it pays. Amounts are minor units.
import { sql } from 'drizzle-orm'
import { check, foreignKey, index, pgTable, primaryKey, unique } from 'drizzle-orm/pg-core'
import { isOneOf } from '../checks.ts'
import { paymentMethods } from '../enums.ts'
import { invoices } from './billing.ts'
import { contracts } from './contracts.ts'
import { paymentAttempts } from './payments.ts'

/** Money received: handed over by a feed, or captured by a bank for an attempt of ours. */
export const payments = pgTable(
  'payments',
  c => ({
    id: c.bigint({ mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
    billerId: c.smallint().notNull(),
    contractId: c.bigint({ mode: 'number' }).notNull(),
    reference: c.text().notNull(),
    paidOn: c.date({ mode: 'string' }).notNull(),
    amount: c.bigint({ mode: 'number' }).notNull(),
    method: c.text({ enum: paymentMethods }).notNull(),
    source: c.text().notNull(),
    /** The invoice it names; one not known yet leaves the payment unassigned until it comes. */
    invoiceNumber: c.text(),
    reversedOn: c.date({ mode: 'string' }),
    /** Ours: the attempt that was captured, with the bank's own number of the transaction. */
    attemptId: c.uuid().references(() => paymentAttempts.id),
    transactionId: c.text(),
    /** Ours, where one capture pays several contracts and each has a payment: the number of their one receipt; else null. */
    receiptNumber: c.text(),
    /** Ours: when the bank took the money; null where it gave no time. */
    transactionAt: c.timestamp({ withTimezone: true }),
    /** Ours: when the biller's feed brought it back. */
    confirmedAt: c.timestamp({ withTimezone: true }),
    receivedAt: c.timestamp({ withTimezone: true }).notNull().defaultNow(),
    /** Sum of its allocations, written by their trigger alone; the rest is a surplus. */
    allocated: c.bigint({ mode: 'number' }).notNull().default(0),
    /** Sum of its refunds that neither failed nor were refused, written by their trigger alone: it pays no invoice. */
    refunded: c.bigint({ mode: 'number' }).notNull().default(0),
  }),
  t => [
    unique('payments_biller_reference').on(t.billerId, t.reference),
    unique('payments_id_contract').on(t.id, t.contractId),
    unique('payments_attempt_transaction').on(t.attemptId, t.transactionId, t.contractId),
    // Ours that pay less than they brought.
    index('payments_left_over')
      .on(t.billerId, t.receivedAt)
      .where(sql`attempt_id is not null and reversed_on is null and allocated + refunded < amount`),
    foreignKey({ columns: [t.billerId, t.contractId], foreignColumns: [contracts.billerId, contracts.id] }),
    // With it lies (0102) the id, for what asks when invoices of many months were paid.
    index('payments_of_contract').on(t.contractId, t.paidOn),
    index('payments_invoice_number').on(t.billerId, t.invoiceNumber),
    // What a biller asks for: ours of a day, by when we heard of them, and those that were taken back on it.
    index('payments_ours_received').on(t.billerId, t.receivedAt).where(sql`attempt_id is not null`),
    index('payments_ours_reversed')
      .on(t.billerId, t.reversedOn)
      .where(sql`attempt_id is not null and reversed_on is not null`),
    // What customers are told of: few at any time.
    index('payments_stray')
      .on(t.contractId)
      .where(sql`reversed_on is null and allocated + refunded < amount`),
    index('payments_unnamed').on(t.contractId).where(sql`invoice_number is null`),
    check('payments_amount', sql`${t.amount} > 0`),
    check('payments_allocated', sql`${t.allocated} between 0 and ${t.amount}`),
    check('payments_refunded', sql`${t.refunded} >= 0 and ${t.allocated} + ${t.refunded} <= ${t.amount}`),
    check('payments_reversed_pays_nothing', sql`${t.reversedOn} is null or ${t.allocated} = 0`),
    check('payments_method', isOneOf(t.method, paymentMethods)),
    // So that a payment without one is all that may pay more than one invoice.
    check('payments_ours_name_none', sql`${t.attemptId} is null or ${t.invoiceNumber} is null`),
    check('payments_transaction', sql`(${t.attemptId} is null) = (${t.transactionId} is null)`),
  ],
)

/** What a payment pays of an invoice, both of one contract. The only place where money is assigned. */
export const paymentAllocations = pgTable(
  'payment_allocations',
  c => ({
    paymentId: c.bigint({ mode: 'number' }).notNull(),
    invoiceId: c.bigint({ mode: 'number' }).notNull(),
    contractId: c.bigint({ mode: 'number' }).notNull(),
    interest: c.bigint({ mode: 'number' }).notNull(),
    principal: c.bigint({ mode: 'number' }).notNull(),
    tvTax: c.bigint({ mode: 'number' }).notNull(),
  }),
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
    // With it lies (0102) the payment: what pays many invoices of a contract is a page or two.
    index('payment_allocations_of_contract').on(t.contractId, t.invoiceId),
    check(
      'payment_allocations_amounts',
      sql`least(${t.interest}, ${t.principal}, ${t.tvTax}) >= 0 and ${t.interest} + ${t.principal} + ${t.tvTax} > 0`,
    ),
  ],
)
