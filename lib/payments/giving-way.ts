// A payment that nobody continues at the bank gives way to whoever else wants to pay the same invoices.
import { and, count, eq, gt, inArray, ne, type Placeholder, sql } from 'drizzle-orm'
import { alias } from 'drizzle-orm/pg-core'
import type { Database } from '../../db/client.ts'
import { contractAccess } from '../../db/schema/accounts.ts'
import { paymentAttemptInvoices, paymentAttempts } from '../../db/schema/payments.ts'
import { hasAccess } from '../contracts/access.ts'
import { database } from '../platform/database.ts'
import { env } from '../platform/env.ts'
import { askBank } from './asking.ts'
import { withinLockWait } from './lock-wait.ts'
import { lockAttempt, transition } from './transitions.ts'

/** Whoever left so many payments of a contract unfinished within a day holds its invoices no longer by beginning anew. */
const LEFT_UNFINISHED = 3

/**
 * Whether the joined attempt is another account's than the joined access's, pending, and begun PAYMENT_GIVES_WAY_MINUTES
 * ago, or the latest of many: anybody may pay anybody's invoices, but nobody may keep others from it by never paying.
 * `now`: an ISO instant. For queries over payment_attempts and contract_access.
 */
export function givesWay(now: string | Placeholder) {
  const earlier = alias(paymentAttempts, 'earlier')
  const unfinished = database()
    .select({ count: count() })
    .from(earlier)
    .where(
      and(
        eq(earlier.contractId, paymentAttempts.contractId),
        eq(earlier.accountId, paymentAttempts.accountId),
        inArray(earlier.state, ['cancelled', 'expired']),
        gt(earlier.createdAt, sql`${now}::timestamptz - interval '1 day'`),
      ),
    )
  const minutes = sql.raw(String(env().PAYMENT_GIVES_WAY_MINUTES))
  return sql<boolean>`coalesce(${paymentAttempts.state} = 'pending'
    and ${paymentAttempts.accountId} <> ${contractAccess.accountId}
    and (${paymentAttempts.createdAt} <= ${now}::timestamptz - interval '${minutes} minutes'
      or (${unfinished}) >= ${sql.raw(String(LEFT_UNFINISHED))}), false)`
}

/** Cancels those payments of the chosen invoices that give way, where the bank knows of no try to pay them. */
export async function makeWay(
  customer: { id: string },
  invoiceIds: readonly number[],
  now: Date,
): Promise<void> {
  const db = database()
  const waiting = await db
    .selectDistinct({ id: paymentAttempts.id })
    .from(paymentAttemptInvoices)
    .innerJoin(paymentAttempts, eq(paymentAttempts.id, paymentAttemptInvoices.attemptId))
    .innerJoin(contractAccess, eq(contractAccess.contractId, paymentAttempts.contractId))
    .where(
      and(
        inArray(paymentAttemptInvoices.invoiceId, [...invoiceIds]),
        paymentAttemptInvoices.live,
        eq(contractAccess.accountId, customer.id),
        ne(paymentAttempts.accountId, customer.id),
        hasAccess,
        givesWay(now.toISOString()),
      ),
    )
  for (const { id } of waiting) await cancelUntried(db, id, customer, now)
}

/**
 * Asks the bank about a pending attempt and cancels it where the bank knows of no try to pay it; where it knows of one,
 * that counts and nothing is cancelled. `not-known`: the bank could not say. `busy`: somebody else holds the contract.
 */
export async function cancelUntried(
  db: Database,
  attemptId: string,
  by: { id: string },
  now: Date,
): Promise<'done' | 'not-known' | 'busy'> {
  const answer = await askBank(db, attemptId, 'cancelling', now)
  if (answer === 'answered') return 'done'
  if (answer !== 'not-found') return answer === 'busy' ? answer : 'not-known'
  const cancelled = await withinLockWait(db, async tx => {
    const attempt = await lockAttempt(tx, attemptId)
    if (attempt.state === 'pending') await transition(tx, attempt, 'cancelled', now, { accountId: by.id })
  })
  return cancelled ?? 'done'
}
