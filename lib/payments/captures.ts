// Money that a bank captured: booked once a transaction, and held for staff where it does not fit.
import { asc, eq, min, sql } from 'drizzle-orm'
import type { Transaction } from '../../db/client.ts'
import type { AttemptState } from '../../db/enums.ts'
import { billers } from '../../db/schema/billers.ts'
import { payments } from '../../db/schema/ledger.ts'
import { paymentAttemptInvoices } from '../../db/schema/payments.ts'
import { recordPayments } from '../ledger/commands.ts'
import { dayIn, type IsoDate } from '../platform/dates.ts'
import { log } from '../platform/log.ts'
import { type AttemptRow, recordAudit } from './attempts.ts'
import { holdException, resolveExceptions, type StoredEvent } from './exceptions.ts'
import type { BankAnswer, BankTransaction, GatewayAccount } from './gateways/gateway.ts'
import { holdPaidTwice, tellChargedTwice } from './paid-twice.ts'
import { tellOfPayment } from './receipt-mail.ts'
import { assessCapture, type Capture, instantGiven, withinAttempt } from './rules.ts'
import { shareCapture } from './sharing-rules.ts'

/**
 * Takes a transaction by which a genuine answer says that money was captured: booked once, whatever the attempt's state, with what it
 * pays. Returns the state that this asks for: in doubt where the money is not booked.
 */
export async function recordCapture(
  tx: Transaction,
  attempt: AttemptRow,
  account: Pick<GatewayAccount, 'timeZone'>,
  event: StoredEvent,
  answer: Pick<BankAnswer, 'forUs'>,
  transaction: BankTransaction,
  now: Date,
): Promise<AttemptState> {
  const booked = await listBooked(tx, attempt.id)
  const { forUs } = answer
  const { book, hold } = assessCapture({ ...transaction, forUs }, attempt, booked, event.channel)
  const asked = event.channel === 'query'
  // What a call alone tells otherwise than it is booked is not booked.
  const known = hold && !asked ? undefined : booked.find(row => row.transactionId === transaction.id)
  const paymentId = book
    ? await bookCapture(tx, attempt, { ...book, ...momentOf(transaction, account, attempt, now) }, event, now)
    : known?.id
  if (book && booked.length > 0) await tellChargedTwice(tx, attempt, book.transactionId)
  if (hold) {
    const { gateway, number: orderNumber, id: attemptId } = attempt
    const transactionId = transaction.id
    const told = { kind: hold, gateway, orderNumber, transactionId, attemptId, paymentId: paymentId ?? null }
    const isNew = await holdException(tx, told, event)
    if (isNew) await recordAudit(tx, attempt, 'exception', now, undefined, { kind: hold, event: event.id })
  } else if (asked) {
    await resolveExceptions(tx, attempt.id, transaction.id!, event, now)
  }
  return paymentId === undefined ? 'in_doubt' : 'captured'
}

/** The attempt's transactions so far, oldest first. `id`: of the first of its payments. */
async function listBooked(tx: Transaction, attemptId: string): Promise<(Capture & { id: number })[]> {
  const id = min(payments.id).mapWith(Number)
  return tx
    .select({
      id: sql<number>`${id}`.mapWith(Number),
      transactionId: sql<string>`${payments.transactionId}`,
      amount: sql<number>`sum(${payments.amount})`.mapWith(Number),
    })
    .from(payments)
    .where(eq(payments.attemptId, attemptId))
    .groupBy(payments.transactionId)
    .orderBy(asc(id))
}

/** When the bank took the money by its own word, and as it gave that. */
type Moment = { given: Date | undefined; at: Date | undefined }

function momentOf(
  { at }: BankTransaction,
  { timeZone }: Pick<GatewayAccount, 'timeZone'>,
  attempt: AttemptRow,
  now: Date,
): Moment {
  const given = instantGiven(at, timeZone)
  if (at && !given) log.warn({ payment: attempt.number }, 'the time that a bank gave cannot be read')
  return { given, at: given && withinAttempt(given, attempt, now) }
}

/** Books a transaction, a payment for each contract that it pays, tells of it and returns the first payment's id. */
async function bookCapture(
  tx: Transaction,
  attempt: AttemptRow,
  { transactionId, amount, given, at }: Capture & Moment,
  event: StoredEvent,
  now: Date,
): Promise<number> {
  const paidOn = await dayPaid(tx, attempt, given, at)
  const lines = await tx
    .select({
      contractId: paymentAttemptInvoices.contractId,
      total:
        sql<number>`${paymentAttemptInvoices.interest} + ${paymentAttemptInvoices.principal} + ${paymentAttemptInvoices.tvTax}`.mapWith(
          Number,
        ),
    })
    .from(paymentAttemptInvoices)
    .where(eq(paymentAttemptInvoices.attemptId, attempt.id))
  const places = new Set(lines.map(({ contractId }) => contractId)).size
  const ids = await recordPayments(
    tx,
    { number: attempt.number, places },
    {
      billerId: attempt.billerId,
      paidOn,
      method: 'CARD',
      source: attempt.gateway,
      attemptId: attempt.id,
      transactionId,
      transactionAt: at,
      receivedAt: event.receivedAt,
    },
    shareCapture(lines, amount),
  )
  const contracts = tx
    .select({ id: paymentAttemptInvoices.contractId })
    .from(paymentAttemptInvoices)
    .where(eq(paymentAttemptInvoices.attemptId, attempt.id))
  await holdPaidTwice(tx, contracts.getSQL(), now, { attemptId: attempt.id, transactionId })
  await tellOfPayment(tx, attempt, transactionId)
  return ids[0]!
}

/** Without the bank's time it is the day the customer began: interest does not run on because an answer is late. */
async function dayPaid(
  tx: Transaction,
  attempt: AttemptRow,
  given: Date | undefined,
  at: Date | undefined,
): Promise<IsoDate> {
  const [biller] = await tx
    .select({ timeZone: billers.timeZone })
    .from(billers)
    .where(eq(billers.id, attempt.billerId))
  const { timeZone } = biller!
  const paidOn = at ? dayIn(timeZone, at) : attempt.startedOn
  if (given && dayIn(timeZone, given) !== paidOn) {
    log.warn(
      { payment: attempt.number, given: given.toISOString(), paidOn },
      'a bank dates a payment before it began or in the future',
    )
  }
  return paidOn
}
