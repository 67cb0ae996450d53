// Money that a bank captured: booked once a transaction, and held for staff where it does not fit.
import { asc, eq } from 'drizzle-orm'
import type { Transaction } from '../../db/client.ts'
import { payments } from '../../db/schema/payments.ts'
import { holdException, resolveExceptions } from './exceptions.ts'
import type { BankAnswer } from './gateways/gateway.ts'
import { replayContract } from './replay.ts'
import { type Capture, type Channel, judgeCapture, type State } from './rules.ts'
import { type Attempt, recordAudit } from './transitions.ts'

/** A stored answer; `receivedAt`: of one to a question, when that was asked. */
export type StoredEvent = { id: number; channel: Channel; receivedAt: Date }

/**
 * Takes an authentic answer that money was captured: one payment for each transaction of the bank, whatever the attempt's
 * state, and what it pays. Returns the state that this asks for: in doubt where the money is not booked.
 */
export async function recordCapture(
  tx: Transaction,
  attempt: Attempt,
  event: StoredEvent,
  answer: BankAnswer,
  now: Date,
): Promise<State> {
  const booked = await tx
    .select({ id: payments.id, transactionId: payments.transactionId, amount: payments.amount })
    .from(payments)
    .where(eq(payments.attemptId, attempt.id))
    .orderBy(asc(payments.id))
  const { book, hold } = judgeCapture(answer, attempt, booked as Capture[], event.channel)
  const paymentId = book
    ? await bookPayment(tx, attempt, book, booked.length, event)
    : booked.find(payment => payment.transactionId === answer.transactionId)?.id
  if (hold) {
    const { gateway, number: orderNumber, id: attemptId } = attempt
    const { transactionId } = answer
    const told = { kind: hold, gateway, orderNumber, transactionId, attemptId, eventId: event.id }
    const isNew = await holdException(tx, { ...told, paymentId: paymentId ?? null }, now)
    if (isNew) await recordAudit(tx, attempt, 'exception', now, undefined, { kind: hold, event: event.id })
  } else if (event.channel === 'query') {
    await resolveExceptions(tx, attempt.id, answer.transactionId!, now)
  }
  return paymentId === undefined ? 'in_doubt' : 'captured'
}

/** Books a transaction and returns its payment's id. `earlier`: how many the attempt has already. */
async function bookPayment(
  tx: Transaction,
  attempt: Attempt,
  { transactionId, amount }: Capture,
  earlier: number,
  event: StoredEvent,
): Promise<number> {
  const [added] = await tx
    .insert(payments)
    .values({
      billerId: attempt.billerId,
      contractId: attempt.contractId,
      reference: earlier === 0 ? attempt.number : `${attempt.number}-${earlier + 1}`,
      // The day the customer paid: interest does not run on because the bank answers late.
      paidOn: attempt.startedOn,
      amount,
      method: 'CARD',
      source: attempt.gateway,
      attemptId: attempt.id,
      transactionId,
      receivedAt: event.receivedAt,
    })
    .returning({ id: payments.id })
  await replayContract(tx, attempt.contractId)
  return added!.id
}
