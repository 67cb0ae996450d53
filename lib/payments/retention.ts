// Forgets what banks said long ago, and what others said in their name.
import { sql } from 'drizzle-orm'
import type { Database } from '../../db/client.ts'
import { paymentExceptions } from '../../db/schema/payment-exceptions.ts'
import { paymentEvents } from '../../db/schema/payments.ts'
import { env } from '../platform/env.ts'
import { daysBefore, purge } from '../platform/purge.ts'

/**
 * Deletes banks' answers older than PAYMENT_EVENT_DAYS, but for those that money held for staff rests on; forged ones after
 * FORGED_ANSWER_DAYS.
 */
export async function forgetPaymentEvents(db: Database, now: Date): Promise<void> {
  const { PAYMENT_EVENT_DAYS, FORGED_ANSWER_DAYS } = env()
  const { receivedAt, authentic, id } = paymentEvents
  const olderThan = (days: number) => sql`${receivedAt} < ${daysBefore(now, days).toISOString()}`
  const held = sql`exists (select from ${paymentExceptions} where ${paymentExceptions.eventId} = ${id})`
  await purge(db, paymentEvents, receivedAt, sql`${olderThan(PAYMENT_EVENT_DAYS)} and not ${held}`)
  await purge(db, paymentEvents, receivedAt, sql`not ${authentic} and ${olderThan(FORGED_ANSWER_DAYS)}`)
}
