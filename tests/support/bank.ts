// The sandbox bank's account, and its answers received as the portal receives them.
import type { Database } from '../../db/client.ts'
import type { AnswerChannel } from '../../db/enums.ts'
import { findAccounts } from '../../lib/payments/accounts.ts'
import { receiveAnswer } from '../../lib/payments/answers.ts'
import type { BankAnswer, GatewayAccount } from '../../lib/payments/gateways/gateway.ts'
import { MERCHANT } from '../../lib/sandbox-bank/protocol.ts'

/** As OSHEE has it; `changed`: what matters to a test. */
export const testAccount = (changed: Partial<GatewayAccount> = {}): GatewayAccount => ({
  id: 1,
  code: 'oshee-sandbox',
  gateway: 'sandbox',
  billerId: 1,
  currency: 'ALL',
  merchantId: MERCHANT,
  checkoutUrl: null,
  apiUrl: null,
  authUrl: null,
  checkoutOrigins: [],
  timeZone: 'Europe/Tirane',
  callsBack: true,
  isTest: true,
  takesPayments: false,
  secrets: {},
  ...changed,
})

/** An answer of the sandbox bank, received by the account of the order that it names. */
export async function receive(db: Database, channel: AnswerChannel, answer: BankAnswer, now: Date) {
  const named = { orderNumber: answer.orderNumber, merchantId: MERCHANT }
  const [account] = (await findAccounts(named, 'sandbox')).usable
  return receiveAnswer(db, account!, channel, answer, now)
}
