// The sandbox bank's own book. Amounts are minor units.
import { sql } from 'drizzle-orm'
import { bigint, check, pgTable, text, timestamp } from 'drizzle-orm/pg-core'

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
