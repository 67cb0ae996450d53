// Forgets what banks said long ago.
import { sql } from 'drizzle-orm'
import type { Database } from '../../db/client.ts'
import { paymentEvents, paymentExceptions } from '../../db/schema/payments.ts'
import { env } from '../platform/env.ts'
import { daysBefore, purge } from '../platform/purge.ts'

/** Deletes banks' answers older than PAYMENT_EVENT_DAYS, forged ones too, but for those that money held for staff rests on. */
export async function forgetPaymentEvents(db: Database, now: Date): Promise<void> {
  const before = daysBefore(now, env().PAYMENT_EVENT_DAYS).toISOString()
  const held = sql`exists (select from ${paymentExceptions} where ${paymentExceptions.eventId} = ${paymentEvents.id})`
  await purge(
    db,
    paymentEvents,
    paymentEvents.receivedAt,
    sql`${paymentEvents.receivedAt} < ${before} and not ${held}`,
  )
}
