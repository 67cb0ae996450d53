// The bank's side of a refund: it is told once, and asked what became of it. Whether and when is decided in lib/refunds.
import { eq } from 'drizzle-orm'
import type { Database } from '../../db/client.ts'
import { paymentAttempts } from '../../db/schema/payments.ts'
import { errorFacts, log } from '../platform/log.ts'
import { accountOfAttempt } from './accounts.ts'
import { receiveAnswer } from './answers.ts'
import type { BankTransaction, RefundAnswer } from './gateways/gateway.ts'
import { findGateway } from './gateways/registry.ts'
import { putQuestion } from './questions.ts'
import { orderNumberOf } from './rules.ts'

/** What is given back: `transactionId` of the capture, `number` ours of the refund. Minor units. */
type GivenBack = { transactionId: string; amount: number; number: string }

export type RefundBank = {
  /** Tells the bank. Whatever goes wrong on the way is `unknown`: it may have been done. */
  giveBack(db: Database, attemptId: string, of: GivenBack): Promise<RefundAnswer>
  /** All that the bank has given back of the order, as it says itself. `no-answer` also where it does not know the order. */
  listGivenBack(db: Database, attemptId: string, now: Date): Promise<BankTransaction[] | 'no-answer'>
}

async function orderAtBank(db: Database, attemptId: string) {
  const [attempt] = await db.select().from(paymentAttempts).where(eq(paymentAttempts.id, attemptId))
  const account = attempt && (await accountOfAttempt(attempt))
  const gateway = account && findGateway(account.gateway)
  if (!gateway) return undefined
  const { bankOrderId, amount, currency } = attempt
  return { gateway, account, order: { number: orderNumberOf(attempt), bankOrderId, amount, currency } }
}

export const refundBank: RefundBank = {
  giveBack: async (db, attemptId, of) => {
    const at = await orderAtBank(db, attemptId)
    if (!at) return { state: 'failed', code: 'no_account' }
    try {
      return await at.gateway.refund(at.account, at.order, of)
    } catch (error) {
      log.error({ refund: of.number, ...errorFacts(error) }, 'it is not known whether a bank took a refund')
      return { state: 'unknown' }
    }
  },
  listGivenBack: async (db, attemptId, now) => {
    const at = await orderAtBank(db, attemptId)
    if (!at) return 'no-answer'
    const answer = await putQuestion(db, at.account, at.order, now)
    if (answer === 'no-answer' || answer === 'not-found') return 'no-answer'
    await receiveAnswer(db, at.account, 'query', answer, now)
    return answer.refunds
  },
}
