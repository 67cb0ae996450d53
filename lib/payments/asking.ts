// Asks a bank what became of an attempt, one question at a time.
import { and, eq, not, sql } from 'drizzle-orm'
import type { Database, Transaction } from '../../db/client.ts'
import { paymentAttempts } from '../../db/schema/payments.ts'
import { isStopped } from '../maintenance/queries.ts'
import { env } from '../platform/env.ts'
import { log } from '../platform/log.ts'
import { accountOfAttempt } from './accounts.ts'
import { receiveAnswer } from './answers.ts'
import { type AttemptRow, lockAttempt, transition } from './attempts.ts'
import type { BankAnswer, GatewayAccount } from './gateways/gateway.ts'
import { withinLockWait } from './lock-wait.ts'
import { putQuestion } from './questions.ts'
import { hasExpired, mayMove, orderNumberOf, staysOpen } from './rules.ts'

/** A customer who wants to cancel, or comes back from the bank, waits so long for the question before. */
export const SHORT_PAUSE_MS = 1000

/**
 * Between two questions about one attempt, by why the later is asked: the job; somebody looks, and the older the
 * attempt the rarer (a twentieth of its age); the customer wants it asked, wants to cancel, or comes back from the bank.
 */
const PAUSES = {
  job: { leastMs: 5000, ofAge: 0 },
  looking: { leastMs: 5000, ofAge: 0.05 },
  wanted: { leastMs: 5000, ofAge: 0 },
  cancelling: { leastMs: SHORT_PAUSE_MS, ofAge: 0 },
  returning: { leastMs: SHORT_PAUSE_MS, ofAge: 0 },
}

/**
 * Asks the bank what became of an attempt and applies what it says. One question at a time: `too-soon` where another
 * was asked within the pause, or while payments are stopped. `not-found` changes nothing before the attempt's expiry. `busy`: somebody else holds the
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
        not(isStopped(now)),
        // A clock that was set back leaves a question in the future: it is none of just now.
        sql`coalesce(${paymentAttempts.askedAt} not between ${now.toISOString()}::timestamptz - ${pause} + interval '1 microsecond'
          and ${now.toISOString()}::timestamptz + ${pause}, true)`,
      ),
    )
    .returning()
  if (!attempt) return 'too-soon'
  const account = await accountOfAttempt(attempt)
  const answer = isUnplaced(attempt) ? 'not-found' : await ask(db, account, attempt, now)
  if (answer === 'no-answer' || (answer !== 'not-found' && !account)) return 'no-answer'
  if (answer === 'not-found') {
    await db
      .update(paymentAttempts)
      .set({ untriedAt: attempt.askedAt })
      .where(eq(paymentAttempts.id, attemptId))
    const expired = await withinLockWait(db, tx => expireIfOverdue(tx, attemptId, now))
    return expired === 'busy' ? expired : answer
  }
  const received = await receiveAnswer(db, account!, 'query', answer, now)
  return received === 'stored' ? 'busy' : 'answered'
}

/** Nobody was led to the bank for it: whether it has the order or not, none can have paid. */
const isUnplaced = ({ state, sentToBankAt }: AttemptRow): boolean =>
  state === 'pending' && sentToBankAt === null

async function ask(
  db: Database,
  account: GatewayAccount | undefined,
  attempt: AttemptRow,
  now: Date,
): Promise<BankAnswer | 'not-found' | 'no-answer'> {
  if (!account) return 'no-answer'
  const number = orderNumberOf(attempt)
  const answer = await putQuestion(db, account, { ...attempt, number }, now)
  if (typeof answer === 'string') return answer
  // Whatever it names counts as what was asked about; another order it may not be.
  if ((answer.orderNumber ?? number) === number) return { ...answer, orderNumber: number }
  log.error(
    { payment: attempt.number, account: account.code },
    'a bank answered about another order than asked',
  )
  return 'no-answer'
}

async function expireIfOverdue(tx: Transaction, attemptId: string, now: Date): Promise<void> {
  const attempt = await lockAttempt(tx, attemptId)
  if (!hasExpired(attempt, env().PAYMENT_EXPIRY_MINUTES, now) || !mayMove(attempt.state, 'expired')) return
  if (staysOpen(attempt, 'expired', 'query', now)) return
  await transition(tx, attempt, 'expired', now)
}
