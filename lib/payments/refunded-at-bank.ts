// Refunds that a bank tells of in its answers and that nobody asked for here: held for staff.
import { and, eq, ne } from 'drizzle-orm'
import type { Transaction } from '../../db/client.ts'
import { payments } from '../../db/schema/ledger.ts'
import { refunds } from '../../db/schema/refunds.ts'
import type { AttemptRow } from './attempts.ts'
import { holdDifferences } from './differences.ts'
import type { BankTransaction } from './gateways/gateway.ts'

/** Of a locked attempt. One of ours whose end is not known may be meant by its amount: that is waited for (lib/refunds/jobs.ts). */
export async function holdRefundedAtBank(
  tx: Transaction,
  { id: attemptId, number, gateway }: AttemptRow,
  told: readonly BankTransaction[],
  now: Date,
): Promise<void> {
  if (told.length === 0) return
  const ours = await tx
    .select({ transactionId: refunds.transactionId, amount: refunds.amount, state: refunds.state })
    .from(refunds)
    .innerJoin(payments, eq(payments.id, refunds.paymentId))
    .where(and(eq(payments.attemptId, attemptId), eq(refunds.way, 'card'), ne(refunds.state, 'rejected')))
  const isOurs = ({ id, amount }: BankTransaction) =>
    ours.some(
      refund =>
        refund.transactionId === id ||
        (refund.amount === amount &&
          refund.transactionId === null &&
          ['submitted', 'unknown', 'succeeded'].includes(refund.state)),
    )
  const found = told.flatMap(one => (one.id === undefined || isOurs(one) ? [] : [one.id]))
  const differences = found.map(transactionId => ({
    ...{ kind: 'refunded_at_bank' as const, gateway, orderNumber: number, transactionId },
    ...{ attemptId, paymentId: null, settlementRowId: null },
  }))
  if (differences.length > 0) await holdDifferences(tx, differences, now)
}
