// Money that a bank told of and that fits nothing, that was paid twice, or that a settlement file has otherwise than the portal.
import { sql } from 'drizzle-orm'
import { check, index, pgTable, unique } from 'drizzle-orm/pg-core'
import { isOneOf } from '../checks.ts'
import { differences, exceptionKinds } from '../enums.ts'
import { accounts } from './accounts.ts'
import { payments } from './ledger.ts'
import { paymentAttempts, paymentEvents } from './payments.ts'
import { settlementRows } from './settlements.ts'

/**
 * Money that a bank told of and that fits nothing: held for staff until it is explained. Booked, and then with a payment,
 * only once the bank has said so in answer to a question. What was paid twice is booked, and no word of the bank's.
 */
export const paymentExceptions = pgTable(
  'payment_exceptions',
  c => ({
    id: c.bigint({ mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
    kind: c.text({ enum: exceptionKinds }).notNull(),
    gateway: c.text().notNull(),
    /** As the bank named it. */
    orderNumber: c.text().notNull(),
    /** The bank's number of the transaction; empty where it named none. */
    transactionId: c.text().notNull(),
    attemptId: c.uuid().references(() => paymentAttempts.id),
    /** The bank's last word on it; null: paid twice, or a difference to a settlement file. */
    eventId: c.bigint({ mode: 'number' }).references(() => paymentEvents.id),
    paymentId: c.bigint({ mode: 'number' }).references(() => payments.id),
    /** When it was last told of, by a call where one did: a question asked since then may explain it. */
    openedAt: c.timestamp({ withTimezone: true }).notNull(),
    resolvedAt: c.timestamp({ withTimezone: true }),
    /** Of a difference: the row of the bank's file; null where no file has it. */
    settlementRowId: c.bigint({ mode: 'number' }).references(() => settlementRows.id),
    /** Who of the staff said that it is settled, and why; null: the bank's word or a payment did. */
    resolvedBy: c.uuid().references(() => accounts.id),
    note: c.text(),
  }),
  t => [
    unique('payment_exceptions_told').on(t.gateway, t.orderNumber, t.transactionId, t.kind),
    index('payment_exceptions_attempt').on(t.attemptId),
    index('payment_exceptions_event').on(t.eventId),
    index('payment_exceptions_settlement_row').on(t.settlementRowId),
    index('payment_exceptions_open').on(t.openedAt).where(sql`resolved_at is null`),
    check('payment_exceptions_kind', isOneOf(t.kind, exceptionKinds)),
    check(
      'payment_exceptions_told_by',
      sql`(${t.eventId} is null) = (${t.kind} = 'paid_twice' or ${isOneOf(t.kind, differences)})`,
    ),
    check('payment_exceptions_note', sql`(${t.resolvedBy} is null) = (${t.note} is null)`),
    check(
      'payment_exceptions_attempt_known',
      sql`(${t.attemptId} is not null or ${t.kind} = 'unknown_order' or ${isOneOf(t.kind, differences)}) and (${t.paymentId} is null or ${t.attemptId} is not null)`,
    ),
  ],
)
