// The sandbox bank's own book. Amounts are minor units.
import { bigint, check, pgTable, text, timestamp } from 'drizzle-orm/pg-core'
import { isOneOf } from '../checks.ts'
import { sandboxOrderStates } from '../enums.ts'

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
    status: text({ enum: sandboxOrderStates }).notNull().default('open'),
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
  t => [check('sandbox_bank_orders_status', isOneOf(t.status, sandboxOrderStates))],
)
