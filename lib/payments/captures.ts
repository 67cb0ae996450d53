// Money that a bank captured: booked once a transaction, and held for staff where it does not fit.
import { asc, eq, sql } from 'drizzle-orm'
import type { Transaction } from '../../db/client.ts'
import type { AttemptState } from '../../db/enums.ts'
import { billers } from '../../db/schema/billers.ts'
import { payments } from '../../db/schema/ledger.ts'
import { recordPayment } from '../ledger/commands.ts'
import { dayIn } from '../platform/dates.ts'
import { env } from '../platform/env.ts'
import { log } from '../platform/log.ts'
import { type AttemptRow, recordAudit } from './attempts.ts'
import { holdException, resolveExceptions, type StoredEvent } from './exceptions.ts'
import type { BankAnswer } from './gateways/gateway.ts'
import { holdPaidTwice } from './paid-twice.ts'
import { tellOfPayment } from './receipt-mail.ts'
import { assessCapture, type Capture, instantGiven, withinAttempt } from './rules.ts'

/**
 * Takes an authentic answer that money was captured: one payment for each transaction of the bank, whatever the attempt's
 * state, and what it pays. Returns the state that this asks for: in doubt where the money is not booked.
 */
export async function recordCapture(
  tx: Transaction,
  attempt: AttemptRow,
  event: StoredEvent,
  answer: BankAnswer,
  now: Date,
): Promise<AttemptState> {
  const booked = await tx
    .select({ id: payments.id, transactionId: payments.transactionId, amount: payments.amount })
    .from(payments)
    .where(eq(payments.attemptId, attempt.id))
    .orderBy(asc(payments.id))
  const { book, hold } = assessCapture(answer, attempt, booked as Capture[], event.channel)
  const asked = event.channel === 'query'
  // What a call alone tells otherwise than it is booked is not booked.
  const known = hold && !asked ? undefined : booked.find(row => row.transactionId === answer.transactionId)
  const paymentId = book ? await bookPayment(tx, attempt, { ...book, at: answer.at }, event, now) : known?.id
  if (hold) {
    const { gateway, number: orderNumber, id: attemptId } = attempt
    const { transactionId } = answer
    const told = { kind: hold, gateway, orderNumber, transactionId, attemptId, paymentId: paymentId ?? null }
    const isNew = await holdException(tx, told, event)
    if (isNew) await recordAudit(tx, attempt, 'exception', now, undefined, { kind: hold, event: event.id })
  } else if (asked) {
    await resolveExceptions(tx, attempt.id, answer.transactionId!, event, now)
  }
  return paymentId === undefined ? 'in_doubt' : 'captured'
}

/** Books a transaction, tells of it and returns its payment's id. */
async function bookPayment(
  tx: Transaction,
  attempt: AttemptRow,
  { transactionId, amount, at }: Capture & Pick<BankAnswer, 'at'>,
  event: StoredEvent,
  now: Date,
): Promise<number> {
  const [biller] = await tx
    .select({ timeZone: billers.timeZone })
    .from(billers)
    .where(eq(billers.id, attempt.billerId))
  const { timeZone } = biller!
  const given = instantGiven(at, env().BANK_TIME_ZONE ?? timeZone)
  const transactionAt = given && withinAttempt(given, attempt, now)
  // Without the bank's time it is the day the customer began: interest does not run on because an answer is late.
  const paidOn = transactionAt ? dayIn(timeZone, transactionAt) : attempt.startedOn
  if (at && !given) log.warn({ payment: attempt.number }, 'the time that a bank gave cannot be read')
  if (given && dayIn(timeZone, given) !== paidOn) {
    log.warn(
      { payment: attempt.number, given: at, paidOn },
      'a bank dates a payment before it began or in the future',
    )
  }
  const id = await recordPayment(tx, {
    billerId: attempt.billerId,
    contractId: attempt.contractId,
    reference: attempt.number,
    paidOn,
    amount,
    method: 'CARD',
    source: attempt.gateway,
    attemptId: attempt.id,
    transactionId,
    transactionAt,
    receivedAt: event.receivedAt,
  })
  await holdPaidTwice(tx, sql`select ${attempt.contractId}::bigint`, now, id)
  await tellOfPayment(tx, attempt, id)
  return id
}
