// Forgets what banks said long ago, what others said in their name, and links that nobody paid by.
import { and, eq, gt, inArray, isNotNull, lt, notExists, or, sql } from 'drizzle-orm'
import type { Database } from '../../db/client.ts'
import { openAttemptStates } from '../../db/enums.ts'
import { payLinks } from '../../db/schema/pay-links.ts'
import { paymentExceptions } from '../../db/schema/payment-exceptions.ts'
import { paymentAttempts, paymentEvents } from '../../db/schema/payments.ts'
import { env } from '../platform/env.ts'
import { daysBefore, purge } from '../platform/purge.ts'

/**
 * Deletes banks' answers older than PAYMENT_EVENT_DAYS, but for those that money held for staff rests on; those that are forged or
 * unsigned after FORGED_ANSWER_DAYS.
 */
export async function forgetPaymentEvents(db: Database, now: Date): Promise<void> {
  const { PAYMENT_EVENT_DAYS, FORGED_ANSWER_DAYS } = env()
  const { receivedAt, authentic, id } = paymentEvents
  const olderThan = (days: number) => sql`${receivedAt} < ${daysBefore(now, days).toISOString()}`
  const held = sql`exists (select from ${paymentExceptions} where ${paymentExceptions.eventId} = ${id})`
  await purge(db, paymentEvents, receivedAt, sql`${olderThan(PAYMENT_EVENT_DAYS)} and not ${held}`)
  await purge(db, paymentEvents, receivedAt, sql`not ${authentic} and ${olderThan(FORGED_ANSWER_DAYS)}`)
}

/** Of a biller whose invoice numbers are proofs, the newest guest's link to an invoice: a number that somebody found proves nothing. */
const isNewestFind = sql`(${payLinks.accountId} is null
  and exists (select from billers b where b.id = ${payLinks.billerId} and b.paper_proof = 'number')
  and not exists (select from pay_link_invoices mine join pay_link_invoices other on other.invoice_id = mine.invoice_id
    join pay_links later on later.id = other.pay_link_id
    where mine.pay_link_id = ${payLinks.id} and later.account_id is null
      and (later.created_at, later.id) > (${payLinks.createdAt}, ${payLinks.id})))`

/**
 * PAY_LINK_KEPT_DAYS after it could last be paid by, deletes a link by which nobody began to pay: it leads to no receipt, and no
 * number's being known rests on it. Where its payer's receipts went is erased so long after the last payment of it was begun or ended.
 */
export async function forgetPayLinks(db: Database, now: Date): Promise<void> {
  const before = daysBefore(now, env().PAY_LINK_KEPT_DAYS)
  const attempts = db
    .select({ id: paymentAttempts.id })
    .from(paymentAttempts)
    .where(eq(paymentAttempts.payLinkId, payLinks.id))
  const due = and(lt(payLinks.expiresAt, before), notExists(attempts), sql`not ${isNewestFind}`)!
  await purge(db, payLinks, payLinks.createdAt, due)
  const recent = db
    .select({ id: paymentAttempts.id })
    .from(paymentAttempts)
    .where(
      and(
        eq(paymentAttempts.payLinkId, payLinks.id),
        or(inArray(paymentAttempts.state, openAttemptStates), gt(paymentAttempts.stateChangedAt, before)),
      ),
    )
  await db
    .update(payLinks)
    .set({ sealedEmail: null })
    .where(and(isNotNull(payLinks.sealedEmail), lt(payLinks.createdAt, before), notExists(recent)))
}
