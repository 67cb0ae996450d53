// The sandbox bank's own book. Amounts are minor units.
import { sql } from 'drizzle-orm'
import { check, pgTable } from 'drizzle-orm/pg-core'
import { isOneOf } from '../checks.ts'
import { sandboxOrderStates } from '../enums.ts'

/** Orders at the sandbox bank. The bank's own book: the portal never reads it, it asks the bank. */
export const sandboxBankOrders = pgTable(
  'sandbox_bank_orders',
  c => ({
    orderNumber: c.text().primaryKey(),
    amount: c.bigint({ mode: 'number' }).notNull(),
    currency: c.text().notNull(),
    language: c.text().notNull(),
    returnUrl: c.text().notNull(),
    callbackUrl: c.text().notNull(),
    status: c.text({ enum: sandboxOrderStates }).notNull().default('open'),
    transactionId: c.text(),
    declineCode: c.text(),
    /** When the customer paid, was declined or cancelled. */
    decidedAt: c.timestamp({ withTimezone: true }),
    /** When the bank knows its answer: a late card's lies in the future, a silent card's never comes. */
    answersAt: c.timestamp({ withTimezone: true }),
    /** Money given back, oldest first. */
    refunds: c.jsonb().$type<{ id: string; amount: number; at: string }[]>().notNull().default(sql`'[]'`),
    createdAt: c.timestamp({ withTimezone: true }).notNull().defaultNow(),
    /** When the merchant last sent the customer to its page, which expires. */
    pageOpenedAt: c.timestamp({ withTimezone: true }).notNull().defaultNow(),
  }),
  t => [check('sandbox_bank_orders_status', isOneOf(t.status, sandboxOrderStates))],
)
