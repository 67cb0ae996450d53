// The sandbox bank as the portal sees it: signed fields over HTTP, like any bank.
import { createHash } from 'node:crypto'
import type { Outcome } from '../../../db/enums.ts'
import { env } from '../../platform/env.ts'
import { parseMinor, plainAmount } from '../../platform/money.ts'
import {
  ANSWER_FIELDS,
  type Fields,
  isSigned,
  MERCHANT,
  newNonce,
  pick,
  signed,
} from '../../sandbox-bank/protocol.ts'
import type { BankAnswer, Gateway } from './gateway.ts'

/** How long the bank may take to answer a question. */
const QUERY_TIMEOUT_MS = 5000

const OUTCOMES: readonly Outcome[] = ['captured', 'declined', 'cancelled', 'processing']

export const sandbox: Gateway = {
  async begin(order) {
    const fields = signed({
      merchant: MERCHANT,
      orderNumber: order.number,
      amount: plainAmount(order.amount),
      currency: order.currency,
      language: order.language,
      billerName: order.billerName,
      returnUrl: order.returnUrl,
      callbackUrl: order.callbackUrl,
    })
    // On whatever name of this machine the browser uses for the portal: it would be signed out on another.
    return { method: 'GET', url: '/sandbox-bank/start', fields }
  },

  read: ({ body }) => parseAnswer(pick(body, ANSWER_FIELDS)),

  reread: parseAnswer,

  async query(order) {
    const nonce = newNonce()
    const question = signed({ merchant: MERCHANT, orderNumber: order.number, nonce })
    try {
      const response = await fetch(new URL('/sandbox-bank/api/status', env().APP_URL), {
        method: 'POST',
        body: new URLSearchParams(question),
        redirect: 'error',
        signal: AbortSignal.timeout(QUERY_TIMEOUT_MS),
      })
      if (!response.ok) return 'no-answer'
      const fields = pick(await response.text(), ANSWER_FIELDS)
      if (!isSigned(fields) || fields.nonce !== nonce || fields.orderNumber !== order.number)
        return 'no-answer'
      return fields.status === 'not_found' ? 'not-found' : (parseAnswer(fields) ?? 'no-answer')
    } catch {
      return 'no-answer'
    }
  },
}

function parseAnswer(fields: Fields): BankAnswer | undefined {
  const outcome = OUTCOMES.find(known => known === fields.status)
  if (!fields.orderNumber || !outcome) return undefined
  return {
    orderNumber: fields.orderNumber,
    outcome,
    amount: parseMinor(fields.amount ?? ''),
    currency: fields.currency,
    transactionId: fields.transactionId,
    declineCode: fields.declineCode,
    at: fields.transactionTime,
    forUs: fields.merchant === MERCHANT,
    authentic: isSigned(fields),
    // Over the signature too: a forgery that copies the other fields is not taken for the genuine answer.
    dedupKey: createHash('sha256')
      .update(JSON.stringify(Object.entries(fields).sort()))
      .digest('base64url'),
    payload: fields,
  }
}
