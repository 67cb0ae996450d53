// Follows refunds by card up: the bank is told once and only once, then asked what became of it until that is known.
import { eq, sql } from 'drizzle-orm'
import type { Database, Transaction } from '../../db/client.ts'
import { refunds } from '../../db/schema/refunds.ts'
import { stoppedUntil } from '../maintenance/queries.ts'
import { type RefundBank, refundBank } from '../payments/refunding.ts'
import { clock } from '../platform/clock.ts'
import { log } from '../platform/log.ts'
import { othersOf } from './at-bank.ts'
import { findRefund, isLastRefundCheck, nextRefundCheckAt, TELLING_MS } from './rules.ts'
import { lockRefund, moveRefund, scheduleRefundCheck, scheduleRefundTelling } from './states.ts'

type Context = { database: Database }
type Told = { refundId: string }

/** A job that was taken at the moment when payments were stopped, or of before there was maintenance, comes back and rests from then on. */
const COMES_BACK_MS = 10_000

/** Whether payments are stopped: then the job comes back, by `schedule`. */
async function rests(
  tx: Transaction,
  refundId: string,
  now: Date,
  schedule: typeof scheduleRefundCheck,
): Promise<boolean> {
  if (!(await stoppedUntil(tx, now))) return false
  await schedule(tx, refundId, new Date(now.getTime() + COMES_BACK_MS))
  return true
}

/**
 * Tells the bank of a refund that was agreed to. Whoever tells it has claimed it before, in a transaction of its own: should the process
 * die from then on, nobody tells it again, and it is asked.
 */
export async function submitRefund(
  { refundId }: Told,
  { database }: Context,
  bank: RefundBank = refundBank,
): Promise<void> {
  const now = clock.now()
  const claimed = await database.transaction(async tx => {
    const found = await lockRefund(tx, refundId)
    if (found?.refund.state !== 'submitted' || found.refund.askedAt !== null) return undefined
    if (await rests(tx, refundId, now, scheduleRefundTelling)) return undefined
    if (found.isTakenBack) {
      await moveRefund(tx, found.refund, found.attemptId, 'failed', now, { failureCode: 'taken_back' })
      return undefined
    }
    await tx.update(refunds).set({ askedAt: now }).where(eq(refunds.id, refundId))
    await scheduleRefundCheck(tx, refundId, new Date(now.getTime() + TELLING_MS))
    return found
  })
  if (!claimed) return
  const { refund, attemptId, transactionId } = claimed
  const of = { transactionId, amount: refund.amount, number: refund.number }
  const answer = await bank.giveBack(database, attemptId, of)
  await database.transaction(async tx => {
    const later = await lockRefund(tx, refundId)
    // Whoever asked the bank meanwhile has heard the same.
    if (later?.refund.state !== 'submitted' && later?.refund.state !== 'unknown') return
    if (answer.state === 'later') {
      // As if it had not been told of it.
      if (later.refund.state !== 'submitted') return
      await tx.update(refunds).set({ askedAt: null }).where(eq(refunds.id, refundId))
      await scheduleRefundTelling(tx, refundId, answer.at)
    } else if (answer.state === 'unknown') {
      if (later.refund.state === 'submitted')
        await moveRefund(tx, later.refund, attemptId, 'unknown', clock.now())
    } else {
      const changed =
        answer.state === 'succeeded'
          ? { transactionId: answer.transactionId ?? null }
          : { failureCode: answer.code }
      await moveRefund(tx, later.refund, attemptId, answer.state, clock.now(), changed)
    }
  })
}

/** Asks the bank about a refund of which nobody knows what became of it; one that somebody was telling it of and died with, too. */
export async function checkRefund(
  { refundId }: Told,
  { database }: Context,
  bank: RefundBank = refundBank,
): Promise<void> {
  const now = clock.now()
  const found = await database.transaction(async tx => {
    const found = await lockRefund(tx, refundId)
    if (!found) return undefined
    const { refund, attemptId } = found
    if (
      ['submitted', 'unknown'].includes(refund.state) &&
      (await rests(tx, refundId, now, scheduleRefundCheck))
    )
      return undefined
    if (refund.state === 'unknown') return found
    if (refund.state !== 'submitted' || refund.askedAt === null) return undefined
    const sinceTold = now.getTime() - refund.askedAt.getTime()
    // Far in the future where the clock was set back since.
    if (Math.abs(sinceTold) < TELLING_MS)
      await scheduleRefundCheck(tx, refundId, new Date(now.getTime() + TELLING_MS - sinceTold))
    // Asked ten minutes from now: the bank may still be at it.
    else await moveRefund(tx, refund, attemptId, 'unknown', now)
    return undefined
  })
  if (!found) return
  const told = await bank.listGivenBack(database, found.attemptId, now)
  await database.transaction(async tx => {
    const later = await lockRefund(tx, refundId)
    if (later?.refund.state !== 'unknown') return
    const { refund, attemptId } = later
    await tx.update(refunds).set({ askedAt: now }).where(eq(refunds.id, refundId))
    if (told !== 'no-answer') {
      const { taken, unnumbered } = await othersOf(tx, attemptId, refund)
      const ours = findRefund(refund, told, taken, unnumbered)
      if (ours) {
        await moveRefund(tx, refund, attemptId, 'succeeded', now, { transactionId: ours.id ?? null })
        return
      }
      if (isLastRefundCheck(refund.stateChangedAt, now)) {
        await moveRefund(tx, refund, attemptId, 'failed', now, { failureCode: 'not_made' })
        return
      }
    }
    await scheduleRefundCheck(tx, refundId, nextRefundCheckAt(refund.stateChangedAt, now))
  })
}

/** So many at a time: the others are found ten minutes later. */
const SWEEP = 1000

/** Finds refunds under way that have no job: a queue that was emptied or restored, or a job that was given up. */
export async function sweepRefunds(_: unknown, { database }: Context): Promise<void> {
  const now = clock.now()
  const { rows } = await database.execute<{ id: string; isTold: boolean }>(sql`
    select r.id, r.asked_at is not null as "isTold" from refunds r
    where r.state in ('submitted', 'unknown')
      and not exists (select from graphile_worker.jobs j where j.key in ('submit-refund:' || r.id, 'check-refund:' || r.id)
        and (j.attempts < j.max_attempts or j.locked_at is not null))
    limit ${SWEEP}`)
  for (const { id, isTold } of rows) {
    await database.transaction(tx =>
      isTold ? scheduleRefundCheck(tx, id, now) : scheduleRefundTelling(tx, id, now),
    )
  }
  if (rows.length > 0) log.warn({ refunds: rows.length }, 'refunds had lost the job that follows them up')
}
