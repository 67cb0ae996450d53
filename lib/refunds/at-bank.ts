// Which of the refunds that a bank tells of is one of ours: in its answer to a question, or in a settlement file.
import { and, eq, inArray, ne } from 'drizzle-orm'
import type { Executor, Transaction } from '../../db/client.ts'
import { payments } from '../../db/schema/ledger.ts'
import { paymentExceptions } from '../../db/schema/payment-exceptions.ts'
import { refunds } from '../../db/schema/refunds.ts'
import { lockAttempt } from '../payments/attempts.ts'
import { moveRefund, type RefundRow } from './states.ts'

/** By card, of all payments of an attempt: the bank knows the order alone. */
async function refundsAtBank(db: Executor, attemptId: string): Promise<RefundRow[]> {
  const own = db.select({ id: payments.id }).from(payments).where(eq(payments.attemptId, attemptId))
  return db
    .select()
    .from(refunds)
    .where(and(inArray(refunds.paymentId, own), eq(refunds.way, 'card'), ne(refunds.state, 'rejected')))
    .orderBy(refunds.decidedAt, refunds.id)
}

/** Beside this refund: numbers at the bank that are others', and how many of its amount succeeded without one. */
export async function othersOf(
  tx: Transaction,
  attemptId: string,
  { id, amount }: RefundRow,
): Promise<{ taken: string[]; unnumbered: number }> {
  const others = (await refundsAtBank(tx, attemptId)).filter(one => one.id !== id)
  const foreign = await tx
    .select({ transactionId: paymentExceptions.transactionId })
    .from(paymentExceptions)
    .where(and(eq(paymentExceptions.attemptId, attemptId), eq(paymentExceptions.kind, 'refunded_at_bank')))
  const numbered = [...others, ...foreign].map(({ transactionId }) => transactionId)
  const isUnnumbered = (one: RefundRow) =>
    one.state === 'succeeded' && !one.transactionId && one.amount === amount
  return {
    taken: numbered.filter(number => number !== null),
    unnumbered: others.filter(isUnnumbered).length,
  }
}

const isWithBank = ({ state, askedAt }: RefundRow) =>
  state === 'unknown' || (state === 'submitted' && askedAt !== null)

/**
 * Takes a refund that a settlement file has of an order: one of ours whose end was not known has succeeded. `otherwise`: ours, of another
 * amount; `foreign`: nobody asked for it here. The contracts of the attempt are locked by it.
 */
export async function settleRefund(
  tx: Transaction,
  attemptId: string,
  { transactionId, amount }: { transactionId: string; amount: number },
  now: Date,
): Promise<'ours' | 'otherwise' | 'foreign'> {
  await lockAttempt(tx, attemptId)
  const ours = await refundsAtBank(tx, attemptId)
  const known = ours.find(refund => refund.transactionId === transactionId)
  if (known) return known.amount === amount ? 'ours' : 'otherwise'
  const unnumbered = ours.filter(refund => refund.amount === amount && !refund.transactionId)
  const open = unnumbered.find(isWithBank)
  if (open) {
    await moveRefund(tx, open, attemptId, 'succeeded', now, { transactionId })
    return 'ours'
  }
  const done = unnumbered.find(({ state }) => state === 'succeeded')
  if (!done) return 'foreign'
  await tx.update(refunds).set({ transactionId }).where(eq(refunds.id, done.id))
  return 'ours'
}
