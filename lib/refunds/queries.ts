// What whoever paid may know of what is given back.
import { and, asc, eq, inArray } from 'drizzle-orm'
import { billers } from '../../db/schema/billers.ts'
import { payments } from '../../db/schema/ledger.ts'
import { paymentAttempts } from '../../db/schema/payments.ts'
import { refunds } from '../../db/schema/refunds.ts'
import { isPayers, type Payer } from '../payments/payer.ts'
import { database } from '../platform/database.ts'
import { refundWord } from './rules.ts'
import type { PayersRefund } from './schema.ts'

/** Refunds of one of the payer's own attempts that are decided and not refused, but for those that failed and were tried again; none of any other. */
export async function listRefundsOf(payer: Payer, attemptId: string): Promise<PayersRefund[]> {
  const rows = await database()
    .select({
      number: refunds.number,
      paymentNumber: payments.reference,
      way: refunds.way,
      amount: refunds.amount,
      currency: refunds.currency,
      state: refunds.state,
      at: refunds.stateChangedAt,
      timeZone: billers.timeZone,
    })
    .from(paymentAttempts)
    .innerJoin(payments, eq(payments.attemptId, paymentAttempts.id))
    .innerJoin(refunds, eq(refunds.paymentId, payments.id))
    .innerJoin(billers, eq(billers.id, paymentAttempts.billerId))
    .where(
      and(
        eq(paymentAttempts.id, attemptId),
        isPayers(payer),
        inArray(refunds.state, ['submitted', 'unknown', 'succeeded', 'failed']),
      ),
    )
    .orderBy(asc(refunds.requestedAt), asc(refunds.id))
  const last = new Map(rows.map(({ number, paymentNumber }) => [paymentNumber, number]))
  return rows
    .filter(({ state, number, paymentNumber }) => state !== 'failed' || last.get(paymentNumber) === number)
    .map(({ state, ...refund }) => ({ ...refund, word: refundWord(state)! }))
}
