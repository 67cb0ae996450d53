// What a bank says is stored raw first, then applied: the same answer any number of times settles once.
import { and, asc, eq, isNull, sql } from 'drizzle-orm'
import type { Database, Transaction } from '../../db/client.ts'
import type { AnswerChannel } from '../../db/enums.ts'
import { paymentAttempts, paymentEvents } from '../../db/schema/payments.ts'
import { limits } from '../platform/limits.ts'
import { log } from '../platform/log.ts'
import { mayLog } from '../platform/log-limit.ts'
import { takeTry } from '../platform/rate-limits.ts'
import { cut } from '../platform/text.ts'
import { type AttemptRow, lockAttempt, recordAudit, scheduleCheck, transition } from './attempts.ts'
import { recordCapture } from './captures.ts'
import { holdException, type StoredEvent } from './exceptions.ts'
import type { BankAnswer } from './gateways/gateway.ts'
import { findGateway } from './gateways/registry.ts'
import { withinLockWait } from './lock-wait.ts'
import { mayMove, movesMoney, stateAsked, staysInDoubt } from './rules.ts'

/** Should the process die between storing an answer and applying it, a job applies it this much later. */
const SAFETY_NET_MS = 60_000
/** Where somebody else holds the contract, as a feed does, a job applies the answer this much later. */
const BUSY_MS = 5_000
/** So much of a forged answer is kept: no bank's answer is longer, and in UTF-8 it takes 2 kB at most. */
const FORGED_CHARACTERS = 700

/**
 * Stores an answer and, where it is authentic and of an order of ours, applies it. `stored`: somebody else holds the
 * contract, and a job applies it in a moment. `unknown`: no order of ours. `now`: of a query's answer, when the bank was
 * asked.
 */
export async function receiveAnswer(
  db: Database,
  gateway: string,
  channel: AnswerChannel,
  answer: BankAnswer,
  now: Date,
): Promise<'applied' | 'stored' | 'not-authentic' | 'unknown'> {
  if (!answer.authentic) {
    await receiveForgery(db, gateway, channel, answer, now)
    return 'not-authentic'
  }
  const { attempt, event } = await db.transaction(tx => storeAnswer(tx, gateway, channel, answer, now))
  if (!attempt) return 'unknown'
  if (event && (await apply(db, attempt.id, event, answer, now)) === 'busy') {
    await scheduleCheck(db, attempt, now, new Date(now.getTime() + BUSY_MS))
    return 'stored'
  }
  return 'applied'
}

/**
 * Anybody can send them: they are stored shortened, and of all of them so many an hour. Whatever one says, the bank is
 * asked about an order of ours.
 */
async function receiveForgery(
  db: Database,
  gateway: string,
  channel: AnswerChannel,
  answer: BankAnswer,
  now: Date,
): Promise<void> {
  const { seconds } = await takeTry(limits.forgedAnswers(), '')
  const few = seconds > 0 && mayLog('forged answer')
  if (few) log.warn({ ...few, gateway }, 'more forged answers of banks come in an hour than are stored')
  await db.transaction(async tx => {
    const attempt = await attemptNamed(tx, gateway, answer)
    const short = { ...answer, payload: shortened(answer.payload) }
    const isNew = seconds > 0 || (await addEvent(tx, gateway, channel, short, attempt, now))
    if (attempt && isNew) await scheduleCheck(tx, attempt, now, now)
  })
}

/** Short fields are kept whole, whatever stands in long ones. */
function shortened(payload: BankAnswer['payload']): BankAnswer['payload'] {
  let left = FORGED_CHARACTERS
  const fields = Object.entries(payload).sort(([, one], [, other]) => one.length - other.length)
  return Object.fromEntries(
    fields.map(([name, value]) => {
      const kept = cut(value, left)
      left -= kept.length
      return [name, kept]
    }),
  )
}

async function attemptNamed(
  tx: Transaction,
  gateway: string,
  { orderNumber }: BankAnswer,
): Promise<AttemptRow | undefined> {
  const [row] = await tx
    .select()
    .from(paymentAttempts)
    .where(and(eq(paymentAttempts.number, orderNumber), eq(paymentAttempts.gateway, gateway)))
  return row
}

/** Undefined where the same answer is there already. */
async function addEvent(
  tx: Transaction,
  gateway: string,
  channel: AnswerChannel,
  { dedupKey, authentic, outcome, payload }: BankAnswer,
  attempt: AttemptRow | undefined,
  now: Date,
): Promise<{ id: number } | undefined> {
  const attemptId = attempt?.id ?? null
  const [added] = await tx
    .insert(paymentEvents)
    .values({ gateway, dedupKey, attemptId, channel, authentic, outcome, payload, receivedAt: now })
    .onConflictDoNothing()
    .returning({ id: paymentEvents.id })
  return added
}

/** Of an authentic answer. `event` is missing where the same one was applied before. */
async function storeAnswer(
  tx: Transaction,
  gateway: string,
  channel: AnswerChannel,
  answer: BankAnswer,
  now: Date,
): Promise<{ attempt?: AttemptRow; event?: StoredEvent }> {
  // What a bank answers to a question counts even where it told the same before: it is the newer word.
  const dedupKey = channel === 'query' ? `${answer.dedupKey} asked at ${now.toISOString()}` : answer.dedupKey
  const attempt = await attemptNamed(tx, gateway, answer)
  const added = await addEvent(tx, gateway, channel, { ...answer, dedupKey }, attempt, now)
  if (added) {
    const event = { id: added.id, channel, receivedAt: now }
    if (attempt && channel !== 'query') {
      await scheduleCheck(tx, attempt, now, new Date(now.getTime() + SAFETY_NET_MS))
    }
    if (!attempt && movesMoney(answer.outcome)) {
      const { orderNumber, transactionId } = answer
      const told = { kind: 'unknown_order' as const, gateway, orderNumber, transactionId }
      await holdException(tx, { ...told, attemptId: null, paymentId: null }, event)
    }
    return { attempt, event }
  }
  const [known] = await tx
    .select({
      id: paymentEvents.id,
      channel: paymentEvents.channel,
      receivedAt: paymentEvents.receivedAt,
    })
    .from(paymentEvents)
    .where(
      and(
        eq(paymentEvents.gateway, gateway),
        eq(paymentEvents.dedupKey, dedupKey),
        isNull(paymentEvents.appliedAt),
      ),
    )
  return { attempt, event: known }
}

/** Applies what is stored of an attempt and was not applied yet, in the order in which it came. */
export async function applyStored(
  db: Database,
  attempt: { id: string; gateway: string },
  now: Date,
): Promise<'applied' | 'busy'> {
  const waiting = await db
    .select({
      id: paymentEvents.id,
      channel: paymentEvents.channel,
      receivedAt: paymentEvents.receivedAt,
      payload: sql<BankAnswer['payload']>`${paymentEvents.payload}`,
    })
    .from(paymentEvents)
    .where(
      and(eq(paymentEvents.attemptId, attempt.id), isNull(paymentEvents.appliedAt), paymentEvents.authentic),
    )
    .orderBy(asc(paymentEvents.id))
  for (const { payload, ...event } of waiting) {
    const answer = findGateway(attempt.gateway)?.reread(payload)
    if (answer && (await apply(db, attempt.id, event, answer, now)) === 'busy') return 'busy'
  }
  return 'applied'
}

const apply = (db: Database, attemptId: string, event: StoredEvent, answer: BankAnswer, now: Date) =>
  withinLockWait(db, tx => applyAnswer(tx, attemptId, event, answer, now))

async function applyAnswer(
  tx: Transaction,
  attemptId: string,
  event: StoredEvent,
  answer: BankAnswer,
  now: Date,
): Promise<void> {
  const attempt = await lockAttempt(tx, attemptId)
  const marked = await tx
    .update(paymentEvents)
    .set({ appliedAt: now })
    .where(and(eq(paymentEvents.id, event.id), isNull(paymentEvents.appliedAt)))
    .returning({ id: paymentEvents.id })
  if (marked.length === 0) return
  const asked =
    answer.outcome === 'captured'
      ? await recordCapture(tx, attempt, event, answer, now)
      : stateAsked(answer, attempt)
  if (!asked) return
  // What does not fit is asked about at once, unless it is itself the answer to a question.
  const askAt = asked === 'in_doubt' && event.channel !== 'query' ? now : undefined
  if (staysInDoubt(attempt, asked, event.channel, event.receivedAt)) {
    await scheduleCheck(tx, attempt, now, now)
  } else if (mayMove(attempt.state, asked)) {
    await transition(tx, attempt, asked, now, { declineCode: answer.declineCode, askAt })
  } else if (asked === 'declined' && attempt.state === 'declined') {
    await noteDecline(tx, attempt, answer.declineCode, now)
  } else if (askAt) {
    await scheduleCheck(tx, attempt, now, askAt)
  } else if (asked !== attempt.state) {
    await recordAudit(tx, attempt, 'answer_ignored', now, undefined, { asked, event: event.id })
    log.warn(
      { payment: attempt.number, state: attempt.state, asked },
      'an answer of the bank asks for an illegal move',
    )
  }
}

/** The same order can be declined again, with another card: the last reason is the one that helps. */
async function noteDecline(
  tx: Transaction,
  attempt: AttemptRow,
  declineCode: string | undefined,
  now: Date,
): Promise<void> {
  if (!declineCode || declineCode === attempt.declineCode) return
  await tx.update(paymentAttempts).set({ declineCode }).where(eq(paymentAttempts.id, attempt.id))
  await recordAudit(tx, attempt, 'declined', now)
}
