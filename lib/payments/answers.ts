// What a bank says is stored raw first, then applied: the same answer any number of times settles once.
import { and, asc, eq, gt, isNull, ne, sql } from 'drizzle-orm'
import type { Database, Transaction } from '../../db/client.ts'
import type { AnswerChannel, GatewayName } from '../../db/enums.ts'
import { paymentAttempts, paymentEvents } from '../../db/schema/payments.ts'
import { stoppedUntil } from '../maintenance/queries.ts'
import { limits } from '../platform/limits.ts'
import { log } from '../platform/log.ts'
import { mayLog } from '../platform/log-limit.ts'
import { takeTry } from '../platform/rate-limits.ts'
import { cut } from '../platform/text.ts'
import { accountOfAttempt, isAtAccount, isOrderNamed } from './accounts.ts'
import { type AttemptRow, lockAttempt, recordAudit, scheduleCheck, transition } from './attempts.ts'
import { recordCapture } from './captures.ts'
import { holdException, type StoredEvent } from './exceptions.ts'
import type { BankAnswer, BankTransaction, GatewayAccount } from './gateways/gateway.ts'
import { findGateway } from './gateways/registry.ts'
import { withinLockWait } from './lock-wait.ts'
import { holdRefundedAtBank } from './refunded-at-bank.ts'
import { mayMove, movesMoney, stateAsked, staysOpen } from './rules.ts'

/** Should the process die between storing an answer and applying it, a job applies it this much later. */
const SAFETY_NET_MS = 60_000
/** Where somebody else holds the contract, as a feed does, a job applies the answer this much later. */
const BUSY_MS = 5_000
/** So much of an answer that is not genuine is kept: no bank's answer is longer, and in UTF-8 it takes 2 kB at most. */
const UNBELIEVED_CHARACTERS = 700

/**
 * Stores an answer of an account's bank and, where it is genuine and of an order of ours, applies it. `stored`: somebody else holds the
 * contract, and a job applies it in a moment, or payments are stopped, and it rests until their end. `unknown`: no order of ours. `now`: of a query's answer, when the bank was
 * asked.
 */
export async function receiveAnswer(
  db: Database,
  account: GatewayAccount,
  channel: AnswerChannel,
  answer: BankAnswer,
  now: Date,
): Promise<'applied' | 'stored' | 'hint' | 'forged' | 'unknown'> {
  if (answer.trust !== 'genuine') {
    await receiveUnbelieved(db, account, channel, answer, now)
    return answer.trust
  }
  const { attempt, event } = await db.transaction(tx => storeAnswer(tx, account, channel, answer, now))
  if (!attempt) return 'unknown'
  const applied = event && (await apply(db, attempt.id, account, event, answer, now))
  if (applied) {
    await scheduleCheck(db, attempt, now, new Date(now.getTime() + BUSY_MS))
    return 'stored'
  }
  return 'applied'
}

/**
 * Forgeries and hints: anybody can send them, so they are stored shortened, and of all of them so many an hour. Whatever one says, the
 * bank is asked about an order of ours.
 */
async function receiveUnbelieved(
  db: Database,
  account: GatewayAccount,
  channel: AnswerChannel,
  answer: BankAnswer,
  now: Date,
): Promise<void> {
  const isHint = answer.trust === 'hint'
  if (!isHint) await watchSignatures(account)
  const { seconds } = await takeTry(isHint ? limits.hints() : limits.forgedAnswers(), '')
  const few = seconds > 0 && mayLog(`${answer.trust} answers`)
  if (few) {
    log.warn(
      { ...few, account: account.code },
      `more ${answer.trust} answers of banks come in an hour than are stored`,
    )
  }
  await db.transaction(async tx => {
    const attempt = await findAttempt(tx, account, answer)
    const short = { ...answer, payload: shortened(answer.payload) }
    const isNew = seconds > 0 || (await addEvent(tx, account, channel, short, attempt, now))
    if (attempt && isNew) await scheduleCheck(tx, attempt, now, now)
  })
}

/** A test key against live answers looks like an attack: whoever looks after the account is told, once an hour. */
async function watchSignatures({ code }: GatewayAccount): Promise<void> {
  const { isFirst } = await takeTry(limits.forgedAnswersOfAccount(), code)
  if (isFirst) {
    log.error(
      { account: code },
      'ALARM: answers in a bank’s name are signed wrongly, again and again: is the secret of the account the right one?',
    )
  }
}

/**
 * Keeps, as a hint, a body that names an order and a merchant which are both none of ours: nobody can tell whose it is. `dedupKey`: the
 * same body has the same.
 */
export async function storeUnknown(
  db: Database,
  gateway: GatewayName,
  channel: AnswerChannel,
  { dedupKey, payload }: Pick<BankAnswer, 'dedupKey' | 'payload'>,
  now: Date,
): Promise<void> {
  const { seconds } = await takeTry(limits.hints(), '')
  if (seconds > 0) return
  const added = await db
    .insert(paymentEvents)
    .values({
      gateway,
      dedupKey,
      channel,
      authentic: false,
      isHint: true,
      outcome: 'processing',
      payload: shortened(payload),
      receivedAt: now,
    })
    .onConflictDoNothing()
    .returning({ id: paymentEvents.id })
  const few = added[0] && mayLog('unknown merchants')
  if (few)
    log.warn({ ...few, gateway, event: added[0]!.id }, 'a bank’s name is used for an order of nobody’s here')
}

/** Short fields are kept whole, whatever stands in long ones. */
function shortened(payload: BankAnswer['payload']): BankAnswer['payload'] {
  let left = UNBELIEVED_CHARACTERS
  const fields = Object.entries(payload).sort(([, one], [, other]) => one.length - other.length)
  return Object.fromEntries(
    fields.map(([name, value]) => {
      const kept = cut(value, left)
      left -= kept.length
      return [name, kept]
    }),
  )
}

async function findAttempt(
  tx: Transaction,
  account: GatewayAccount,
  answer: BankAnswer,
): Promise<AttemptRow | undefined> {
  const isNamed = isOrderNamed(answer)
  if (!isNamed) return undefined
  const [row] = await tx
    .select()
    .from(paymentAttempts)
    .where(and(isNamed, isAtAccount(account)))
  return row
}

/** Undefined where the same answer is there already. */
async function addEvent(
  tx: Transaction,
  account: GatewayAccount,
  channel: AnswerChannel,
  { dedupKey, trust, outcome, payload }: BankAnswer,
  attempt: AttemptRow | undefined,
  now: Date,
): Promise<{ id: number } | undefined> {
  const [added] = await tx
    .insert(paymentEvents)
    .values({
      gateway: account.gateway,
      gatewayAccountId: account.id,
      dedupKey,
      attemptId: attempt?.id ?? null,
      channel,
      authentic: trust === 'genuine',
      isHint: trust === 'hint',
      outcome,
      payload,
      receivedAt: now,
    })
    .onConflictDoNothing()
    .returning({ id: paymentEvents.id })
  return added
}

/** Of a genuine answer. `event` is missing where the same one was applied before. */
async function storeAnswer(
  tx: Transaction,
  account: GatewayAccount,
  channel: AnswerChannel,
  answer: BankAnswer,
  now: Date,
): Promise<{ attempt?: AttemptRow; event?: StoredEvent }> {
  // What a bank answers to a question counts even where it told the same before: it is the newer word.
  const dedupKey = channel === 'query' ? `${answer.dedupKey} asked at ${now.toISOString()}` : answer.dedupKey
  const attempt = await findAttempt(tx, account, answer)
  const added = await addEvent(tx, account, channel, { ...answer, dedupKey }, attempt, now)
  if (added) {
    const event = { id: added.id, channel, receivedAt: now }
    if (attempt && channel !== 'query') {
      await scheduleCheck(tx, attempt, now, new Date(now.getTime() + SAFETY_NET_MS))
    }
    if (!attempt && movesMoney(answer.outcome)) await holdUnknown(tx, account, answer, event)
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
        eq(paymentEvents.gateway, account.gateway),
        eq(paymentEvents.gatewayAccountId, account.id),
        eq(paymentEvents.dedupKey, dedupKey),
        isNull(paymentEvents.appliedAt),
      ),
    )
  return { attempt, event: known }
}

/** Money of an order that is none of ours waits for staff. */
async function holdUnknown(
  tx: Transaction,
  { gateway }: GatewayAccount,
  answer: BankAnswer,
  event: StoredEvent,
): Promise<void> {
  const orderNumber = answer.orderNumber ?? answer.bankOrderId ?? ''
  for (const { id: transactionId } of transactionsOf(answer)) {
    const told = { kind: 'unknown_order' as const, gateway, orderNumber, transactionId }
    await holdException(tx, { ...told, attemptId: null, paymentId: null }, event)
  }
}

/** What was captured; of an answer that says so and names nothing, one transaction of which nothing is known. */
function transactionsOf({ captures, amount, currency }: BankAnswer): BankTransaction[] {
  return captures.length > 0 ? captures : [{ id: undefined, amount, currency, at: undefined, references: {} }]
}

/**
 * Applies what is stored of an attempt and was not applied yet, in the order in which it came. What cannot be read, its account being
 * out of use, waits. `busy`: somebody else holds the contract, or payments are stopped.
 */
export async function applyStored(db: Database, attempt: AttemptRow, now: Date): Promise<'applied' | 'busy'> {
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
  const account = waiting.length > 0 ? await accountOfAttempt(attempt) : undefined
  if (!account) return 'applied'
  for (const { payload, ...event } of waiting) {
    const answer = findGateway(account.gateway)?.reread(account, payload)
    if (answer && (await apply(db, attempt.id, account, event, answer, now))) return 'busy'
  }
  return 'applied'
}

/** What keeps an answer from being applied now; undefined: it is. */
const apply = (
  db: Database,
  attemptId: string,
  account: GatewayAccount,
  event: StoredEvent,
  answer: BankAnswer,
  now: Date,
) =>
  withinLockWait(db, async tx => {
    if (await stoppedUntil(tx, now)) return 'stopped' as const
    await applyAnswer(tx, attemptId, account, event, answer, now)
    return undefined
  })

async function applyAnswer(
  tx: Transaction,
  attemptId: string,
  account: GatewayAccount,
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
      ? await recordCaptures(tx, attempt, account, event, answer, now)
      : stateAsked(answer, attempt)
  await holdRefundedAtBank(tx, attempt, answer.refunds, now)
  if (asked) await moveAsAsked(tx, attempt, asked, event, answer, now)
}

/** Each transaction by itself; captured where any of them is booked. */
async function recordCaptures(
  tx: Transaction,
  attempt: AttemptRow,
  account: GatewayAccount,
  event: StoredEvent,
  answer: BankAnswer,
  now: Date,
) {
  const states = []
  for (const transaction of transactionsOf(answer)) {
    states.push(await recordCapture(tx, attempt, account, event, answer, transaction, now))
  }
  return states.includes('captured') ? 'captured' : 'in_doubt'
}

async function moveAsAsked(
  tx: Transaction,
  attempt: AttemptRow,
  asked: AttemptRow['state'],
  event: StoredEvent,
  answer: BankAnswer,
  now: Date,
): Promise<void> {
  // What does not fit is asked about at once, unless it is itself the answer to a question.
  const askAt = asked === 'in_doubt' && event.channel !== 'query' ? now : undefined
  if (staysOpen(attempt, asked, event.channel, event.receivedAt)) {
    await scheduleCheck(tx, attempt, now, now)
  } else if (mayMove(attempt.state, asked)) {
    await transition(tx, attempt, asked, now, { declineCode: answer.declineCode, askAt })
  } else if (asked === 'declined' && attempt.state === 'declined') {
    await noteDecline(tx, attempt, answer.declineCode, now)
  } else if (askAt) {
    await scheduleCheck(tx, attempt, now, askAt)
  } else if (asked !== attempt.state && !(await wasIgnored(tx, attempt, event, answer))) {
    await recordAudit(tx, attempt, 'answer_ignored', now, undefined, { asked, event: event.id })
    log.warn(
      { payment: attempt.number, state: attempt.state, asked },
      'an answer of the bank asks for an illegal move',
    )
  }
}

/** Whether the bank told the like since the attempt became what it is: that is written down already. */
async function wasIgnored(
  tx: Transaction,
  { id, stateChangedAt }: AttemptRow,
  event: StoredEvent,
  { outcome }: BankAnswer,
): Promise<boolean> {
  const isLike = and(
    eq(paymentEvents.attemptId, id),
    eq(paymentEvents.outcome, outcome),
    ne(paymentEvents.id, event.id),
    // What made it so was applied at that moment.
    gt(paymentEvents.appliedAt, stateChangedAt),
  )
  return (await tx.$count(paymentEvents, isLike)) > 0
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
