// What happens to a payment one after the other, each as something that one process does and may die over.

import { checkoutRedirect } from '../../lib/payments/checkout.ts'
import { beginAttempt } from '../../lib/payments/commands.ts'
import { receiveIncoming } from '../../lib/payments/incoming.ts'
import { database } from '../../lib/platform/database.ts'
import { decideRefund, requestRefund } from '../../lib/refunds/commands.ts'
import { submitRefund } from '../../lib/refunds/jobs.ts'
import { loadNamedSettlement } from '../../lib/settlements/commands.ts'
import { formOf } from './payments.ts'

/** Minor units: so much is asked back. */
export const REFUND = 500

export type StageData = {
  customerId: string
  totals: Record<number, number>
  key: string
  attemptId: string
  body: string
  file: string
  staff: { asks: string; decides: string }
  paymentId: number
  refundId: string
}

/** Each answers the same when it is done once more. */
export const stages = {
  begin: ({ customerId, totals, key }: StageData, now: Date) =>
    beginAttempt({ id: customerId }, { billerCode: 'oshee' }, formOf(totals, key), now),
  place: ({ customerId, attemptId }: StageData, now: Date) =>
    checkoutRedirect({ id: customerId, language: 'en' }, attemptId, now),
  answer: ({ body }: StageData, now: Date) =>
    receiveIncoming('sandbox', { channel: 'callback', body }, '127.0.0.1', now),
  chargeback: ({ file }: StageData, now: Date) =>
    loadNamedSettlement('oshee-sandbox', { name: 'file.csv', bytes: new TextEncoder().encode(file) }, now),
  askRefund: ({ staff, paymentId, key }: StageData, now: Date) =>
    requestRefund(
      { id: staff.asks, role: 'agent', billerIds: [1] },
      paymentId,
      { amount: REFUND, way: 'card', reason: 'Paid twice', idempotencyKey: key },
      now,
    ),
  decideRefund: ({ staff, refundId }: StageData, now: Date) =>
    decideRefund({ id: staff.decides, role: 'supervisor', billerIds: [1] }, refundId, true, now),
  submitRefund: ({ refundId }: StageData) => submitRefund({ refundId }, { database: database() }),
}

export type Stage = keyof typeof stages
