// Money given back: of what a payment made here left over. Amounts are minor units.
import { sql } from 'drizzle-orm'
import { check, index, pgTable, uniqueIndex } from 'drizzle-orm/pg-core'
import { isOneOf } from '../checks.ts'
import { currencies, refundStates, refundWays } from '../enums.ts'
import { accounts } from './accounts.ts'
import { payments } from './ledger.ts'

/** One person asks for it and another one agrees. States and moves: lib/refunds/rules.ts. */
export const refunds = pgTable(
  'refunds',
  c => ({
    id: c.uuid().primaryKey().defaultRandom(),
    /** Our number of it, for people and for the bank: R, the year, and eight digits or more. */
    number: c.text().notNull().unique(),
    /** Its amount is set aside in payments.refunded, by a trigger, until it failed or was refused. */
    paymentId: c
      .bigint({ mode: 'number' })
      .notNull()
      .references(() => payments.id),
    /** `card`: by the bank, to the card. `credit`: by the biller, in its own books. */
    way: c.text({ enum: refundWays }).notNull(),
    amount: c.bigint({ mode: 'number' }).notNull(),
    currency: c.text({ enum: currencies }).notNull(),
    state: c.text({ enum: refundStates }).notNull().default('requested'),
    /** From the form: the same form sent twice is the same refund. */
    idempotencyKey: c.uuid().notNull(),
    reason: c.text().notNull(),
    requestedBy: c
      .uuid()
      .notNull()
      .references(() => accounts.id),
    requestedAt: c.timestamp({ withTimezone: true }).notNull(),
    decidedBy: c.uuid().references(() => accounts.id),
    decidedAt: c.timestamp({ withTimezone: true }),
    stateChangedAt: c.timestamp({ withTimezone: true }).notNull(),
    /** When the bank was told of it, which happens once, and later when it was last asked what became of it. */
    askedAt: c.timestamp({ withTimezone: true }),
    /** The bank's own number of it; two refunds never have the same. */
    transactionId: c.text(),
    failureCode: c.text(),
  }),
  t => [
    uniqueIndex('refunds_idempotency').on(t.requestedBy, t.idempotencyKey),
    uniqueIndex('refunds_transaction')
      .on(t.paymentId, t.transactionId)
      .where(sql`transaction_id is not null`),
    index('refunds_payment').on(t.paymentId),
    index('refunds_open').on(t.stateChangedAt).where(sql`state in ('requested', 'submitted', 'unknown')`),
    check('refunds_amount', sql`${t.amount} > 0`),
    check('refunds_state', isOneOf(t.state, refundStates)),
    check('refunds_way', isOneOf(t.way, refundWays)),
    check('refunds_two_people', sql`${t.decidedBy} <> ${t.requestedBy}`),
    check(
      'refunds_decided',
      sql`(${t.state} = 'requested') = (${t.decidedBy} is null) and (${t.decidedBy} is null) = (${t.decidedAt} is null)`,
    ),
  ],
)
