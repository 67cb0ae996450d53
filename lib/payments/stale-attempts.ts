// An attempt that nobody continues at the bank is stale: it is released for whoever else wants to pay the same invoices.
import { setTimeout as sleep } from 'node:timers/promises'
import { and, eq, inArray, ne } from 'drizzle-orm'
import type { Database } from '../../db/client.ts'
import { accounts } from '../../db/schema/accounts.ts'
import { invoices } from '../../db/schema/billing.ts'
import { contractAccess } from '../../db/schema/contract-access.ts'
import { contracts } from '../../db/schema/contracts.ts'
import { paymentAttemptInvoices, paymentAttempts } from '../../db/schema/payments.ts'
import { isStale } from '../billing/under-way.ts'
import { hasAccess, isOwnInvoice } from '../contracts/access.ts'
import { database } from '../platform/database.ts'
import { askBank, SHORT_PAUSE_MS } from './asking.ts'
import { lockAttempt, transition } from './attempts.ts'
import { withinLockWait } from './lock-wait.ts'
import { accountOf, type Payer } from './payer.ts'
import { staysOpen } from './rules.ts'

/** Cancels the stale attempts at the chosen invoices, where the bank knows of no try to pay them. */
export async function releaseStaleAttempts(
  customer: { id: string },
  invoiceIds: readonly number[],
  now: Date,
): Promise<void> {
  const db = database()
  const waiting = await db
    .selectDistinct({ id: paymentAttempts.id })
    .from(paymentAttemptInvoices)
    .innerJoin(paymentAttempts, eq(paymentAttempts.id, paymentAttemptInvoices.attemptId))
    .innerJoin(invoices, eq(invoices.id, paymentAttemptInvoices.invoiceId))
    .innerJoin(contractAccess, eq(contractAccess.contractId, paymentAttemptInvoices.contractId))
    .innerJoin(accounts, eq(accounts.id, contractAccess.accountId))
    .innerJoin(contracts, eq(contracts.id, contractAccess.contractId))
    .where(
      and(
        inArray(paymentAttemptInvoices.invoiceId, [...invoiceIds]),
        paymentAttemptInvoices.live,
        eq(contractAccess.accountId, customer.id),
        ne(paymentAttempts.accountId, customer.id),
        hasAccess,
        isOwnInvoice,
        isStale(now.toISOString()),
      ),
    )
  for (const { id } of waiting) await cancelUntried(db, id, customer, now)
}

/**
 * Asks the bank about an attempt, pending or in doubt, and cancels it where the bank knows of no try to pay it; where it knows of one,
 * that counts and nothing is cancelled. `not-known`: the bank could not say. `busy`: somebody else holds the contract.
 */
export async function cancelUntried(
  db: Database,
  attemptId: string,
  by: Payer,
  now: Date,
): Promise<'done' | 'not-known' | 'busy'> {
  let answer = await askBank(db, attemptId, 'cancelling', now)
  if (answer === 'too-soon') {
    // The page that offers to cancel had just asked: once that question had its time, this one is put.
    await sleep(SHORT_PAUSE_MS)
    answer = await askBank(db, attemptId, 'cancelling', new Date(now.getTime() + SHORT_PAUSE_MS))
  }
  if (answer === 'answered') return 'done'
  if (answer !== 'not-found') return answer === 'busy' ? answer : 'not-known'
  const cancelled = await withinLockWait(db, async tx => {
    const attempt = await lockAttempt(tx, attemptId)
    const isInDoubt = attempt.state === 'in_doubt' && !staysOpen(attempt, 'cancelled', 'query', now)
    if (attempt.state === 'pending' || isInDoubt)
      await transition(tx, attempt, 'cancelled', now, { accountId: accountOf(by) })
  })
  return cancelled ?? 'done'
}
