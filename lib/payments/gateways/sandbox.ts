// The sandbox bank as the portal sees it: signed fields over HTTP, like any bank.
import { createHash } from 'node:crypto'
import type { Outcome } from '../../../db/enums.ts'
import { env } from '../../platform/env.ts'
import { parseMinor, plainAmount } from '../../platform/money.ts'
import { ok } from '../../platform/result.ts'
import {
  ANSWER_FIELDS,
  type Fields,
  isSigned,
  newNonce,
  pick,
  REFUND_ANSWER_FIELDS,
  readRefunds,
  signed,
} from '../../sandbox-bank/protocol.ts'
import type { BankAnswer, Gateway, GatewayAccount } from './gateway.ts'

/** How long the bank may take to answer. */
const TIMEOUT_MS = 5000

const OUTCOMES: readonly Outcome[] = ['captured', 'declined', 'cancelled', 'processing']

/** It signs with a key of the deployment's own. */
export const sandbox: Gateway = {
  secretNames: [],

  async place(account, order) {
    const fields = signed({
      merchant: account.merchantId,
      orderNumber: order.number,
      amount: plainAmount(order.amount),
      currency: order.currency,
      language: order.language,
      billerName: order.billerName,
      returnUrl: order.returnUrl,
      callbackUrl: order.callbackUrl,
    })
    // On whatever name of this machine the browser uses for the portal: it would be signed out on another.
    const url = account.checkoutUrl ?? '/sandbox-bank/start'
    return ok({ redirect: { method: 'GET', url, fields } })
  },

  named({ body }) {
    const { orderNumber, merchant } = pick(body, ANSWER_FIELDS)
    return orderNumber ? { orderNumber, merchantId: merchant } : undefined
  },

  read: (account, { body }) => parseAnswer(account, pick(body, ANSWER_FIELDS)),

  reread: parseAnswer,

  async query(account, order) {
    const { merchantId: merchant } = account
    const fields = await send(
      '/sandbox-bank/api/status',
      { merchant, orderNumber: order.number },
      ANSWER_FIELDS,
    )
    if (fields?.orderNumber !== order.number) return 'no-answer'
    return fields.status === 'not_found' ? 'not-found' : (parseAnswer(account, fields) ?? 'no-answer')
  },

  async refund(account, order, { transactionId, amount, number }) {
    const question = {
      merchant: account.merchantId,
      orderNumber: order.number,
      transactionId,
      amount: plainAmount(amount),
      refundNumber: number,
    }
    const fields = await send('/sandbox-bank/api/refund', question, REFUND_ANSWER_FIELDS)
    if (fields?.refundNumber !== number) return { state: 'unknown' }
    if (fields.status === 'refunded') return { state: 'succeeded', transactionId: fields.transactionId }
    return fields.status === 'refused' ? { state: 'failed', code: fields.code ?? '' } : { state: 'unknown' }
  },
}

/** Asks the bank. Undefined where it could not be reached, or what came is not its answer to this question. */
async function send(path: string, question: Fields, names: readonly string[]): Promise<Fields | undefined> {
  const nonce = newNonce()
  try {
    const response = await fetch(new URL(path, env().APP_URL), {
      method: 'POST',
      body: new URLSearchParams(signed({ ...question, nonce })),
      redirect: 'error',
      signal: AbortSignal.timeout(TIMEOUT_MS),
    })
    if (!response.ok) return undefined
    const fields = pick(await response.text(), names)
    return isSigned(fields) && fields.nonce === nonce ? fields : undefined
  } catch {
    return undefined
  }
}

function parseAnswer(account: GatewayAccount, fields: Fields): BankAnswer | undefined {
  const outcome = OUTCOMES.find(known => known === fields.status)
  if (!fields.orderNumber || !outcome) return undefined
  const { orderNumber, currency, declineCode } = fields
  const amount = parseMinor(fields.amount ?? '')
  const capture = { id: fields.transactionId, amount, currency, at: fields.transactionTime, references: {} }
  return {
    orderNumber,
    bankOrderId: undefined,
    trust: isSigned(fields) ? 'genuine' : 'forged',
    forUs: fields.merchant === account.merchantId,
    outcome,
    amount,
    currency,
    declineCode,
    captures: outcome === 'captured' ? [capture] : [],
    refunds: readRefunds(fields.refunds).map(({ id, amount, at }) => ({
      id,
      amount: parseMinor(amount),
      currency,
      at,
      references: {},
    })),
    // Over the signature too: a forgery that copies the other fields is not taken for the genuine answer.
    dedupKey: createHash('sha256')
      .update(JSON.stringify(Object.entries(fields).sort()))
      .digest('base64url'),
    payload: fields,
  }
}
