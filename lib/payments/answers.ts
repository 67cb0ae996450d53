// What a bank says is stored raw first, then applied: the same answer any number of times settles once.
import { and, eq, sql } from 'drizzle-orm'
import type { Database, Transaction } from '../../db/client.ts'
import { paymentAttempts, paymentEvents, payments } from '../../db/schema/payments.ts'
import { env } from '../platform/env.ts'
import { log } from '../platform/log.ts'
import type { BankAnswer } from './gateways/gateway.ts'
import { findGateway } from './gateways/registry.ts'
import { replayContract } from './replay.ts'
import { type Channel, isOverdue, mayMove, stateAsked, staysInDoubt } from './rules.ts'
import { type Attempt, lockAttempt, recordAudit, scheduleCheck, transition } from './transitions.ts'

/** Should the process die between storing an answer and applying it, the bank is asked this much later. */
const SAFETY_NET_MS = 60_000

/**
 * Stores an answer and, where it is authentic and of an order of ours, applies it. `unknown`: no order of ours. `now`: of a
 * query's answer, when the bank was asked.
 */
export async function receiveAnswer(
  db: Database,
  gateway: string,
  channel: Channel,
  answer: BankAnswer,
  now: Date,
): Promise<'applied' | 'not-authentic' | 'unknown'> {
  const stored = await db.transaction(tx => storeAnswer(tx, gateway, channel, answer, now))
  if (!answer.authentic) return 'not-authentic'
  if (!stored.attemptId) return 'unknown'
  const { attemptId, eventId } = stored
  if (!stored.applied) await db.transaction(tx => applyAnswer(tx, attemptId, eventId, channel, answer, now))
  return 'applied'
}

async function storeAnswer(
  tx: Transaction,
  gateway: string,
  channel: Channel,
  answer: BankAnswer,
  now: Date,
): Promise<{ eventId: number; attemptId: string | null; applied: boolean }> {
  // What a bank answers to a question counts even where it told the same before: it is the newer word.
  const dedupKey = channel === 'query' ? `${answer.dedupKey} asked at ${now.toISOString()}` : answer.dedupKey
  const [attempt] = await tx
    .select()
    .from(paymentAttempts)
    .where(and(eq(paymentAttempts.number, answer.orderNumber), eq(paymentAttempts.gateway, gateway)))
  const [added] = await tx
    .insert(paymentEvents)
    .values({
      gateway,
      dedupKey,
      attemptId: attempt?.id ?? null,
      channel,
      authentic: answer.authentic,
      outcome: answer.outcome,
      payload: answer.payload,
      receivedAt: now,
    })
    .onConflictDoNothing()
    .returning({ id: paymentEvents.id })
  if (added) {
    if (attempt && channel !== 'query') {
      const soon = answer.authentic ? new Date(now.getTime() + SAFETY_NET_MS) : now
      await scheduleCheck(tx, attempt as Attempt, now, soon)
    }
    return { eventId: added.id, attemptId: attempt?.id ?? null, applied: false }
  }
  const [known] = await tx
    .select({
      eventId: paymentEvents.id,
      attemptId: paymentEvents.attemptId,
      applied: sql<boolean>`${paymentEvents.appliedAt} is not null`,
    })
    .from(paymentEvents)
    .where(and(eq(paymentEvents.gateway, gateway), eq(paymentEvents.dedupKey, dedupKey)))
  return known!
}

async function applyAnswer(
  tx: Transaction,
  attemptId: string,
  eventId: number,
  channel: Channel,
  answer: BankAnswer,
  now: Date,
): Promise<void> {
  const attempt = await lockAttempt(tx, attemptId)
  const marked = await tx
    .update(paymentEvents)
    .set({ appliedAt: now })
    .where(and(eq(paymentEvents.id, eventId), sql`${paymentEvents.appliedAt} is null`))
    .returning({ id: paymentEvents.id })
  if (marked.length === 0) return
  const asked = stateAsked(answer, attempt)
  if (!asked) return
  if (asked === 'captured') await recordCapture(tx, attempt, answer.transactionId!, now)
  if (staysInDoubt(attempt, asked, channel, now)) {
    await scheduleCheck(tx, attempt, now, now)
  } else if (mayMove(attempt.state, asked)) {
    // What does not fit is asked about at once, unless it is itself the answer to a question.
    const askAt = asked === 'in_doubt' && channel !== 'query' ? now : undefined
    await transition(tx, attempt, asked, now, { declineCode: answer.declineCode, askAt })
  } else if (asked === 'declined' && attempt.state === 'declined') {
    await noteDecline(tx, attempt, answer.declineCode, now)
  } else if (asked !== attempt.state) {
    await recordAudit(tx, attempt, 'answer_ignored', now, undefined, { asked, event: eventId })
    log.warn(
      { payment: attempt.number, state: attempt.state, asked },
      'an answer of the bank asks for an illegal move',
    )
  }
}

/** The same order can be declined again, with another card: the last reason is the one that helps. */
async function noteDecline(
  tx: Transaction,
  attempt: Attempt,
  declineCode: string | undefined,
  now: Date,
): Promise<void> {
  if (!declineCode || declineCode === attempt.declineCode) return
  await tx.update(paymentAttempts).set({ declineCode }).where(eq(paymentAttempts.id, attempt.id))
  await recordAudit(tx, attempt, 'declined', now)
}

/** Money came: one payment for each transaction of the bank, whatever the attempt's state, and what it pays. */
async function recordCapture(
  tx: Transaction,
  attempt: Attempt,
  transactionId: string,
  now: Date,
): Promise<void> {
  const earlier = await tx
    .select({ transactionId: payments.transactionId })
    .from(payments)
    .where(eq(payments.attemptId, attempt.id))
  if (earlier.some(payment => payment.transactionId === transactionId)) return
  await tx.insert(payments).values({
    billerId: attempt.billerId,
    contractId: attempt.contractId,
    reference: earlier.length === 0 ? attempt.number : `${attempt.number}-${earlier.length + 1}`,
    // The day the customer paid: interest does not run on because the bank answers late.
    paidOn: attempt.startedOn,
    amount: attempt.amount,
    method: 'CARD',
    source: attempt.gateway,
    attemptId: attempt.id,
    transactionId,
    receivedAt: now,
  })
  await replayContract(tx, attempt.contractId)
  if (earlier.length > 0) {
    await recordAudit(tx, attempt, 'second_capture', now, undefined, { transactions: earlier.length + 1 })
  }
}

/**
 * Between two questions about one attempt, by why the later is asked: the job; somebody looks, and the older the
 * attempt the rarer (a twentieth of its age); the customer wants to cancel.
 */
const PAUSES = {
  job: { leastMs: 5000, ofAge: 0 },
  looking: { leastMs: 5000, ofAge: 0.05 },
  cancelling: { leastMs: 1000, ofAge: 0 },
}

/**
 * Asks the bank what became of an attempt and applies what it says. One question at a time: `too-soon` where another
 * was asked within the pause. `not-found` changes nothing before the attempt's expiry.
 */
export async function askBank(
  db: Database,
  attemptId: string,
  why: keyof typeof PAUSES,
  now: Date,
): Promise<'answered' | 'not-found' | 'no-answer' | 'too-soon'> {
  const { leastMs, ofAge } = PAUSES[why]
  const pause = sql`greatest(${`${leastMs} milliseconds`}::interval,
    ${ofAge} * (${now.toISOString()}::timestamptz - ${paymentAttempts.createdAt}))`
  const [attempt] = await db
    .update(paymentAttempts)
    .set({ askedAt: now })
    .where(
      and(
        eq(paymentAttempts.id, attemptId),
        sql`coalesce(${paymentAttempts.askedAt} <= ${now.toISOString()}::timestamptz - ${pause}, true)`,
      ),
    )
    .returning()
  if (!attempt) return 'too-soon'
  const answer = (await findGateway(attempt.gateway)?.query(attempt)) ?? 'no-answer'
  if (answer === 'no-answer') return answer
  if (answer === 'not-found') {
    await db.transaction(tx => expireIfOverdue(tx, attemptId, now))
    return answer
  }
  await receiveAnswer(db, attempt.gateway, 'query', answer, now)
  return 'answered'
}

async function expireIfOverdue(tx: Transaction, attemptId: string, now: Date): Promise<void> {
  const attempt = await lockAttempt(tx, attemptId)
  if (!isOverdue(attempt, env().PAYMENT_EXPIRY_MINUTES, now) || !mayMove(attempt.state, 'expired')) return
  if (staysInDoubt(attempt, 'expired', 'query', now)) return
  await transition(tx, attempt, 'expired', now)
}
