// What of a payment goes back to whoever paid: for what customers are told of their money.
import { type SQL, sql } from 'drizzle-orm'
import { payments } from '../../db/schema/ledger.ts'

/**
 * What of a payment is given back, or on its way back. What is no more than asked for its payer is told nothing of: to them it is money
 * that is not used, although staff have set it aside (`payments.refunded`). `paymentId`: of the joined payment, where that has another name.
 */
export const givenBack = (paymentId: SQL = sql`${payments.id}`) =>
  sql<number>`(select coalesce(sum(back.amount), 0) from refunds back
    where back.payment_id = ${paymentId} and back.state in ('submitted', 'unknown', 'succeeded'))`.mapWith(
    Number,
  )

/** What of it pays no invoice and does not go back; one that was taken back has nothing over. */
export const notUsed = sql<number>`case when ${payments.reversedOn} is null
  then ${payments.amount} - ${payments.allocated} - ${givenBack()} else 0 end`.mapWith(Number)
