// Asks a bank what became of an attempt, one question at a time.
import { and, eq, sql } from 'drizzle-orm'
import type { Database, Transaction } from '../../db/client.ts'
import { paymentAttempts } from '../../db/schema/payments.ts'
import { env } from '../platform/env.ts'
import { receiveAnswer } from './answers.ts'
import { lockAttempt, transition } from './attempts.ts'
import { findGateway } from './gateways/registry.ts'
import { withinLockWait } from './lock-wait.ts'
import { hasExpired, mayMove, staysInDoubt } from './rules.ts'

/** A customer who wants to cancel waits so long for the question before. */
export const CANCELLING_PAUSE_MS = 1000

/**
 * Between two questions about one attempt, by why the later is asked: the job; somebody looks, and the older the
 * attempt the rarer (a twentieth of its age); the customer wants it asked; the customer wants to cancel.
 */
const PAUSES = {
  job: { leastMs: 5000, ofAge: 0 },
  looking: { leastMs: 5000, ofAge: 0.05 },
  wanted: { leastMs: 5000, ofAge: 0 },
  cancelling: { leastMs: CANCELLING_PAUSE_MS, ofAge: 0 },
}

/**
 * Asks the bank what became of an attempt and applies what it says. One question at a time: `too-soon` where another
 * was asked within the pause. `not-found` changes nothing before the attempt's expiry. `busy`: somebody else holds the
 * contract, and what the bank said is not applied yet.
 */
export async function askBank(
  db: Database,
  attemptId: string,
  why: keyof typeof PAUSES,
  now: Date,
): Promise<'answered' | 'not-found' | 'no-answer' | 'too-soon' | 'busy'> {
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
    await db
      .update(paymentAttempts)
      .set({ untriedAt: attempt.askedAt })
      .where(eq(paymentAttempts.id, attemptId))
    const expired = await withinLockWait(db, tx => expireIfOverdue(tx, attemptId, now))
    return expired === 'busy' ? expired : answer
  }
  const received = await receiveAnswer(db, attempt.gateway, 'query', answer, now)
  return received === 'stored' ? 'busy' : 'answered'
}

async function expireIfOverdue(tx: Transaction, attemptId: string, now: Date): Promise<void> {
  const attempt = await lockAttempt(tx, attemptId)
  if (!hasExpired(attempt, env().PAYMENT_EXPIRY_MINUTES, now) || !mayMove(attempt.state, 'expired')) return
  if (staysInDoubt(attempt, 'expired', 'query', now)) return
  await transition(tx, attempt, 'expired', now)
}
