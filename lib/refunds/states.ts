// Moves a refund: its row, what its payment and invoices become by it, the audit event, and what is told, in the caller's transaction.
import { and, eq, isNull, sql } from 'drizzle-orm'
import type { Executor, Transaction } from '../../db/client.ts'
import type { RefundState } from '../../db/enums.ts'
import { payments } from '../../db/schema/ledger.ts'
import { refunds } from '../../db/schema/refunds.ts'
import { lockAttempt } from '../payments/attempts.ts'
import { resolveGivenBack } from '../payments/differences.ts'
import { replayAndHold } from '../payments/paid-twice.ts'
import { tellWhoPaid } from '../payments/payer-mail.ts'
import { recordEvent } from '../platform/audit.ts'
import { enqueue } from '../platform/jobs.ts'
import { log } from '../platform/log.ts'
import { mayMoveRefund, nextRefundCheckAt } from './rules.ts'

export type RefundRow = typeof refunds.$inferSelect

/** Moves a refund whose attempt and its contracts are locked; throws where the rules do not allow it. `by`: who of the staff. */
export async function moveRefund(
  tx: Transaction,
  refund: RefundRow,
  attemptId: string,
  to: RefundState,
  now: Date,
  { by, ...changed }: Partial<RefundRow> & { by?: string } = {},
): Promise<void> {
  const { id, number, paymentId, way, state } = refund
  if (!mayMoveRefund(way, state, to)) throw new Error(`A refund may not move from ${state} to ${to}.`)
  const [moved] = await tx
    .update(refunds)
    .set({ ...changed, state: to, stateChangedAt: now })
    .where(eq(refunds.id, id))
    .returning()
  await recordRefund(tx, moved!, attemptId, to, now, by)
  // What was set aside is free again.
  if (to === 'failed' || to === 'rejected') {
    const [payment] = await tx
      .select({ contractId: payments.contractId })
      .from(payments)
      .where(eq(payments.id, paymentId))
    await replayAndHold(tx, [payment!.contractId], now)
  }
  if (to === 'failed') log.error({ refund: number, code: moved!.failureCode }, 'ALARM: a refund failed')
  if (to === 'unknown') await scheduleRefundCheck(tx, id, nextRefundCheckAt(now, now))
  if (to === 'succeeded') {
    await resolveGivenBack(tx, paymentId, now)
    await tellWhoPaid(tx, paymentId, { kind: 'refunded', amount: refund.amount, way })
  }
}

/** Into the audit log: who of the staff, or none where the bank said it. */
export async function recordRefund(
  tx: Transaction,
  { number, amount, way, failureCode }: RefundRow,
  attemptId: string,
  state: RefundState,
  now: Date,
  by?: string,
): Promise<void> {
  await recordEvent(tx, {
    at: now,
    accountId: by,
    action: `refund.${state}`,
    subject: `attempt:${attemptId}`,
    details: { number, amount, way, ...(failureCode && { code: failureCode }) },
  })
}

/** Has the bank asked what became of it; one question waits at a time. */
export async function scheduleRefundCheck(tx: Transaction, refundId: string, runAt: Date): Promise<void> {
  const options = { key: `check-refund:${refundId}`, runAt, restsInMaintenance: true }
  await enqueue(tx, 'check-refund', { refundId }, options)
}

/** Has the bank told of one that was agreed to. */
export async function scheduleRefundTelling(tx: Transaction, refundId: string, runAt: Date): Promise<void> {
  const options = { key: `submit-refund:${refundId}`, runAt, urgent: true, restsInMaintenance: true }
  await enqueue(tx, 'submit-refund', { refundId }, options)
}

type LockedRefund = {
  refund: RefundRow
  attemptId: string
  /** The bank's number of the capture that is given back. */
  transactionId: string
  isTakenBack: boolean
}

/** Locks a refund after its attempt and the contracts of that, as everything does that touches their money. */
export async function lockRefund(tx: Transaction, refundId: string): Promise<LockedRefund | undefined> {
  const [of] = await tx
    .select({ attemptId: payments.attemptId })
    .from(refunds)
    .innerJoin(payments, eq(payments.id, refunds.paymentId))
    .where(eq(refunds.id, refundId))
  if (!of) return undefined
  const attemptId = of.attemptId!
  await lockAttempt(tx, attemptId)
  const [refund] = await tx.select().from(refunds).where(eq(refunds.id, refundId)).for('update')
  const [payment] = await tx.select().from(payments).where(eq(payments.id, refund!.paymentId))
  const { transactionId, reversedOn } = payment!
  return { refund: refund!, attemptId, transactionId: transactionId!, isTakenBack: reversedOn !== null }
}

/**
 * After a restore: a refund that was agreed to and that the bank had not been told of by then may have been told since. Takes each as told,
 * so that the bank is asked about it and never told again. Returns how many.
 */
export async function takeRefundsAsTold(tx: Transaction, now: Date): Promise<number> {
  const untold = await tx
    .update(refunds)
    .set({ askedAt: sql`${refunds.stateChangedAt}` })
    .where(and(eq(refunds.state, 'submitted'), isNull(refunds.askedAt)))
    .returning({ id: refunds.id })
  for (const { id } of untold) await scheduleRefundCheck(tx, id, now)
  return untold.length
}

/** Attempts with refunds that wait for a second person, who may have agreed after the moment that a database was restored to. */
export async function listAttemptsOfRequested(db: Executor): Promise<string[]> {
  const rows = await db
    .selectDistinct({ id: payments.attemptId })
    .from(refunds)
    .innerJoin(payments, eq(payments.id, refunds.paymentId))
    .where(and(eq(refunds.state, 'requested'), eq(refunds.way, 'card')))
  return rows.map(({ id }) => id!)
}
