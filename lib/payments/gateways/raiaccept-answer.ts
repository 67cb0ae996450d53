// What RaiAccept says of an order: what is kept of it, and what it means.
import { createHash } from 'node:crypto'
import { z } from 'zod'
import type { Outcome } from '../../../db/enums.ts'
import { log } from '../../platform/log.ts'
import { parseMinor } from '../../platform/money.ts'
import type { BankAnswer, BankTransaction, GatewayAccount } from './gateway.ts'

// What is not named here is not kept: the number of the card above all, and the customer's names.
const given = z.union([z.string(), z.number(), z.boolean()]).transform(String).optional().catch(undefined)
const transaction = z.object({
  transactionId: given,
  transactionType: given,
  transactionAmount: given,
  transactionCurrency: given,
  isProduction: given,
  status: given,
  statusCode: given,
  statusMessage: given,
  createdOn: given,
  updatedOn: given,
})
const order = z.object({
  orderIdentification: given,
  status: given,
  invoice: z
    .object({ merchantOrderReference: given, amount: given, currency: given })
    .optional()
    .catch(undefined),
})
const transactions = z.object({ transactions: z.array(transaction) })
const webhook = z.object({
  order: order.extend({ orderIdentification: z.string().min(1) }),
  transaction: transaction.optional().catch(undefined),
  merchant: z.object({ merchantId: given }).optional().catch(undefined),
})

type Order = z.infer<typeof order>
type Transaction = z.infer<typeof transaction>
type Payload = BankAnswer['payload']

/** The bank's answer to both our questions; undefined where it is of another form. */
export function queryPayload(orderBody: unknown, transactionsBody: unknown): Payload | undefined {
  const first = order.safeParse(orderBody)
  const second = transactions.safeParse(transactionsBody)
  if (!first.success || !first.data.status || !second.success) return undefined
  return { source: 'query', ...flat(first.data, second.data.transactions) }
}

/** One of the transactions of an order, by what the bank answers about them. */
export const findTransaction = (transactionsBody: unknown, id: string): Transaction | undefined =>
  transactions.safeParse(transactionsBody).data?.transactions.find(one => one.transactionId === id)

/** A webhook's body; undefined where it is none. */
export function webhookPayload(body: unknown): Payload | undefined {
  const { data } = webhook.safeParse(body)
  if (!data) return undefined
  const merchantId = data.merchant?.merchantId
  const told = data.transaction ? [data.transaction] : []
  return { source: 'webhook', ...(merchantId && { merchantId }), ...flat(data.order, told) }
}

/** In plain fields; of several transactions as `transaction2.status`. */
function flat({ invoice, ...rest }: Order, list: Transaction[]): Payload {
  const fields = [
    ...Object.entries({ ...rest, ...invoice }),
    ...list.flatMap((one, index) =>
      Object.entries(one).map(([name, value]) => [`transaction${index + 1}.${name}`, value] as const),
    ),
  ]
  return Object.fromEntries(fields.filter((field): field is [string, string] => field[1] !== undefined))
}

const NAMES = Object.keys(transaction.shape) as (keyof Transaction)[]

function transactionsOf(payload: Payload): Transaction[] {
  const list: Transaction[] = []
  for (let number = 1; ; number++) {
    const fields = NAMES.map(name => [name, payload[`transaction${number}.${name}`]] as const)
    if (fields.every(([, value]) => value === undefined)) return list
    list.push(Object.fromEntries(fields) as Transaction)
  }
}

/** What the kept fields mean; undefined where they contradict themselves, or the bank does not know yet what it gives back. */
export function answerOf(account: GatewayAccount, payload: Payload): BankAnswer | undefined {
  const isHint = payload.source === 'webhook'
  const read = isHint ? HINT : interpret(account, payload)
  if (!read) return undefined
  return {
    orderNumber: payload.merchantOrderReference,
    bankOrderId: payload.orderIdentification,
    trust: isHint ? 'hint' : 'genuine',
    forUs: payload.merchantId === undefined ? undefined : payload.merchantId === account.merchantId,
    amount: minorOf(payload.amount),
    currency: payload.currency,
    ...read,
    // `source` is in it: nobody can send a webhook that is taken for the answer to a question.
    dedupKey: createHash('sha256')
      .update(JSON.stringify(Object.entries(payload).sort()))
      .digest('base64url'),
    payload,
  }
}

type Interpreted = Pick<BankAnswer, 'outcome' | 'declineCode' | 'captures' | 'refunds'>

/** Anybody can send a webhook: it says that there is something to ask about, and no more. */
const HINT: Interpreted = { outcome: 'processing', declineCode: undefined, captures: [], refunds: [] }

/** A real account's order that was paid with a bank's test card. */
const TEST_CARD = 'TEST'

const CLOSED: Record<string, Outcome> = { FAILED: 'declined', CANCELED: 'cancelled', ABANDONED: 'cancelled' }
const PAID = ['PAID', 'PARTIALLY_REFUNDED', 'FULLY_REFUNDED']

function interpret(account: GatewayAccount, payload: Payload): Interpreted | undefined {
  const all = transactionsOf(payload).sort((a, b) => (a.createdOn ?? '').localeCompare(b.createdOn ?? ''))
  const isMoney = (one: Transaction) => account.isTest || one.isProduction !== 'false'
  const purchases = all.filter(one => one.transactionType === 'PURCHASE')
  const refunds = all.filter(one => one.transactionType === 'REFUND' && isMoney(one))
  const taken = purchases.filter(one => one.status === 'SUCCESS')
  const captures = taken.filter(isMoney)
  const failed = purchases.findLast(one => one.status === 'FAILED')
  // It may be given back or not: an answer without it would be read as "not".
  if (refunds.some(one => one.status === 'PENDING')) return undefined
  const money = {
    captures: captures.map(movement),
    refunds: refunds.filter(one => one.status === 'SUCCESS').map(movement),
  }
  const says = (outcome: Outcome, declineCode?: string) => ({ outcome, declineCode, ...money })
  if (captures.length > 0) return says('captured')
  if (purchases.some(one => one.status === 'PENDING')) return says('processing')
  if (taken.length > 0) {
    log.error({ account: account.code, order: payload.orderIdentification }, 'ALARM: paid with a test card')
    return says('declined', TEST_CARD)
  }
  const status = payload.status ?? ''
  if (PAID.includes(status)) {
    log.warn({ account: account.code, order: payload.orderIdentification }, 'a bank names no transaction')
    return undefined
  }
  // The page may still be open for another card, but this try is over.
  const outcome = Object.hasOwn(CLOSED, status) ? CLOSED[status] : failed && 'declined'
  return outcome && says(outcome, outcome === 'declined' ? failed?.statusCode : undefined)
}

/** Whether nobody has tried to pay the order yet. */
export const isUntried = (payload: Payload): boolean =>
  ['DRAFT', 'CHECKOUT'].includes(payload.status ?? '') &&
  transactionsOf(payload).every(({ status }) => status === 'DRAFT')

const movement = (one: Transaction): BankTransaction => ({
  id: one.transactionId,
  amount: minorOf(one.transactionAmount),
  currency: one.transactionCurrency,
  at: one.createdOn,
  references: {},
})

/** JSON's 47.3 is 47.30: the shortest text of a number is exact up to fifteen digits. */
const minorOf = (amount: string | undefined) => (amount === undefined ? undefined : parseMinor(amount))
