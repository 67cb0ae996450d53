// How the portal and the sandbox bank sign what they send each other. The only thing that both sides share.
import { createHmac, randomUUID } from 'node:crypto'
import { keyedHashes, sameHash } from '../platform/seal.ts'
import { cut } from '../platform/text.ts'

export type Fields = Record<string, string>

/** Whom the portal is at the sandbox bank. */
export const MERCHANT = 'drita'

/** Every field of an order that a merchant sends. */
export const ORDER_FIELDS = [
  'merchant',
  'orderNumber',
  'amount',
  'currency',
  'language',
  'billerName',
  'returnUrl',
  'callbackUrl',
]

/** Every field of a merchant's question. */
export const QUESTION_FIELDS = ['merchant', 'orderNumber', 'nonce']

/** Every field of a merchant's wish to give money back, and of the answer to it: `refunded`, or `refused` with a code. */
export const REFUND_FIELDS = ['merchant', 'orderNumber', 'transactionId', 'amount', 'refundNumber', 'nonce']
export const REFUND_ANSWER_FIELDS = ['refundNumber', 'status', 'transactionId', 'code', 'nonce']

/** Every field of an answer that counts; `nonce` in answers to a question alone. */
export const ANSWER_FIELDS = [
  'orderNumber',
  'merchant',
  'amount',
  'currency',
  'status',
  'transactionId',
  'declineCode',
  'transactionTime',
  'refunds',
  'nonce',
]

/** What was given back of an order, as one field; the amount is decimal. */
export type Refund = { id: string; amount: string; at: string }

export const writeRefunds = (refunds: readonly Refund[]): string =>
  refunds.map(({ id, amount, at }) => `${id} ${amount} ${at}`).join(',')

export const readRefunds = (field: string | undefined): Refund[] =>
  (field ?? '').split(',').flatMap(one => {
    const [id, amount, at] = one.split(' ')
    return id && amount && at ? [{ id, amount, at }] : []
  })

/** Under each of the portal's secrets, the present one first. */
const hashesOf = (fields: Fields): string[] => {
  const text = Object.keys(fields)
    .sort()
    .map(name => `${encodeURIComponent(name)}=${encodeURIComponent(fields[name]!)}`)
    .join('&')
  return keyedHashes('signing key', 'sandbox bank').map(key =>
    createHmac('sha512', key).update(text).digest('base64url'),
  )
}

/** The fields with their `hash`: HMAC-SHA-512 over all of them, by name. */
export const signed = (fields: Fields): Fields => ({ ...fields, hash: hashesOf(fields)[0]! })

/** Whether `hash` signs exactly the other fields. */
export function isSigned({ hash, ...fields }: Fields): boolean {
  return hash !== undefined && hashesOf(fields).some(one => sameHash(hash, one))
}

/** Of a form's body or a query, the named fields and `hash`. */
export function pick(body: string, names: readonly string[]): Fields {
  const sent = new URLSearchParams(body)
  const fields: Fields = {}
  for (const name of [...names, 'hash']) {
    const value = sent.get(name)
    if (value !== null) fields[name] = cut(value, 1000)
  }
  return fields
}

export const newNonce = (): string => randomUUID()
