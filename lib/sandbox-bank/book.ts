// The sandbox bank's own book of orders. The portal never reads it: it asks over HTTP.
import { randomBytes } from 'node:crypto'
import { eq, sql } from 'drizzle-orm'
import type { Database, Executor } from '../../db/client.ts'
import { sandboxBankOrders } from '../../db/schema/sandbox-bank.ts'
import { env } from '../platform/env.ts'
import { enqueue } from '../platform/jobs.ts'
import { parseMinor, plainAmount } from '../platform/money.ts'
import { fail, ok, type Result } from '../platform/result.ts'
import { behaviourOf, type CardBehaviour, LATE_MS, REFUND_WITHOUT_ANSWER, TENFOLD } from './cards.ts'
import { type Fields, isSigned, MERCHANT, signed, writeRefunds } from './protocol.ts'

export type BankOrder = typeof sandboxBankOrders.$inferSelect

/** Opens the order that a merchant's signed fields ask for, or finds it open already. Returns its number. */
export async function openOrder(db: Database, fields: Fields, now: Date): Promise<Result<string, 'refused'>> {
  const amount = parseMinor(fields.amount ?? '')
  const { orderNumber, currency, language, returnUrl, callbackUrl } = fields
  if (!isSigned(fields) || fields.merchant !== MERCHANT || !amount) return fail('refused')
  if (!orderNumber || !currency || !language || !returnUrl || !callbackUrl) return fail('refused')
  const asked = { orderNumber, currency, language, returnUrl, callbackUrl }
  await db
    .insert(sandboxBankOrders)
    .values({ ...asked, amount, createdAt: now, pageOpenedAt: now })
    .onConflictDoUpdate({ target: sandboxBankOrders.orderNumber, set: { pageOpenedAt: now } })
  const order = await getOrder(db, orderNumber)
  return order?.amount === amount && order.currency === currency ? ok(orderNumber) : fail('refused')
}

export async function getOrder(db: Executor, orderNumber: string): Promise<BankOrder | undefined> {
  const [order] = await db
    .select()
    .from(sandboxBankOrders)
    .where(eq(sandboxBankOrders.orderNumber, orderNumber))
  return order
}

/** How long the page of an order can be used, from when the merchant last sent the customer there. */
const PAGE_MS = 30 * 60_000

/** A declined order may be tried again with another card, as at real banks. */
const isUndecided = (order: BankOrder): boolean => ['open', 'declined'].includes(order.status)

/** Nobody paid it in time; its merchant may send the customer once more. */
export const hasExpired = (order: BankOrder, now: Date): boolean =>
  isUndecided(order) && now.getTime() >= order.pageOpenedAt.getTime() + PAGE_MS

export const canBePaid = (order: BankOrder, now: Date): boolean =>
  isUndecided(order) && !hasExpired(order, now)

type Decided = Partial<BankOrder> & { calls: number }

const DECIDED: Record<CardBehaviour, Decided> = {
  approves: { status: 'captured', calls: 1 },
  tenfold: { status: 'captured', calls: TENFOLD },
  late: { status: 'captured', calls: 1 },
  declines: { status: 'declined', declineCode: '05', calls: 1 },
  noFunds: { status: 'declined', declineCode: '51', calls: 1 },
  silent: { status: 'silent', calls: 0 },
}

/** Pays an order with a card. Returns the address that the browser goes back to. */
export function payOrder(
  db: Database,
  orderNumber: string,
  cardNumber: string,
  now: Date,
): Promise<Result<string, 'not-found' | 'expired' | 'card-not-accepted'>> {
  const behaviour = behaviourOf(cardNumber)
  return decide(db, orderNumber, now, order => {
    if (hasExpired(order, now)) return fail('expired')
    if (!canBePaid(order, now)) return ok(undefined)
    if (!behaviour) return fail('card-not-accepted')
    const decided = DECIDED[behaviour]
    const answersAt = new Date(now.getTime() + (behaviour === 'late' ? LATE_MS : 0))
    const transactionId = decided.status === 'captured' ? randomBytes(8).toString('hex') : null
    return ok({ ...decided, transactionId, answersAt })
  })
}

/** The customer's Cancel button at the bank. Returns the address that the browser goes back to. */
export const cancelOrder = (
  db: Database,
  orderNumber: string,
  now: Date,
): Promise<Result<string, 'not-found'>> =>
  decide(db, orderNumber, now, order =>
    ok(canBePaid(order, now) ? { status: 'cancelled', answersAt: now, calls: 1 } : undefined),
  )

/** Writes what `decision` says of the order, if anything, and has the merchant called as often. */
async function decide<Code extends string>(
  db: Database,
  orderNumber: string,
  now: Date,
  decision: (order: BankOrder) => Result<Decided | undefined, Code>,
): Promise<Result<string, Code | 'not-found'>> {
  return db.transaction(async tx => {
    const isIt = eq(sandboxBankOrders.orderNumber, orderNumber)
    const [order] = await tx.select().from(sandboxBankOrders).where(isIt).for('update')
    if (!order) return fail('not-found')
    const result = decision(order)
    if (!result.ok) return result
    if (!result.value) return ok(returnAddress(order, now))
    const { calls, ...decided } = result.value
    const [changed] = await tx
      .update(sandboxBankOrders)
      .set({ declineCode: null, ...decided, decidedAt: now })
      .where(isIt)
      .returning()
    if (calls > 0) {
      const runAt = changed!.answersAt ?? undefined
      await enqueue(tx, 'sandbox-bank-callback', { orderNumber, calls }, { runAt })
    }
    return ok(returnAddress(changed!, now))
  })
}

/** What the bank says of an order; undefined where it says nothing, because it does not answer for this one. */
export function answerFields(order: BankOrder, now: Date, nonce?: string): Fields | undefined {
  if (order.status === 'silent') return undefined
  const common = { orderNumber: order.orderNumber, merchant: MERCHANT, ...(nonce && { nonce }) }
  if (order.status === 'open') return signed({ ...common, status: 'not_found' })
  const known = order.answersAt !== null && order.answersAt <= now
  return signed({
    ...common,
    amount: plainAmount(order.amount),
    currency: order.currency,
    status: known ? order.status : 'processing',
    ...(known && order.transactionId && { transactionId: order.transactionId }),
    ...(known && order.declineCode && { declineCode: order.declineCode }),
    ...(known && order.decidedAt && { transactionTime: order.decidedAt.toISOString() }),
    ...(order.refunds.length > 0 && {
      refunds: writeRefunds(order.refunds.map(refund => ({ ...refund, amount: plainAmount(refund.amount) }))),
    }),
  })
}

/**
 * The merchant's way back, with the bank's answer in its query; without one where the bank says nothing. As a path
 * alone where the merchant is on this machine: the browser stays on the name that it uses for it.
 */
export function returnAddress(order: BankOrder, now: Date): string {
  const url = new URL(order.returnUrl)
  // Of an order that nobody tried to pay there is nothing to say.
  const answer = order.status === 'open' ? undefined : answerFields(order, now)
  for (const [name, value] of Object.entries(answer ?? {})) url.searchParams.set(name, value)
  return url.origin === new URL(env().APP_URL).origin ? `${url.pathname}${url.search}` : url.href
}

/** The answer to a merchant's signed question; undefined: none. */
export async function answerQuestion(db: Database, question: Fields, now: Date): Promise<Fields | undefined> {
  if (!isSigned(question) || !question.orderNumber || !question.nonce) return undefined
  const { orderNumber, nonce } = question
  const order = await getOrder(db, orderNumber)
  return order
    ? answerFields(order, now, nonce)
    : signed({ orderNumber, merchant: MERCHANT, nonce, status: 'not_found' })
}

/**
 * Gives back of what an order captured, as a merchant's signed fields ask; never more than was captured. Undefined: no answer, which of
 * one amount says nothing about the money.
 */
export async function refundOrder(db: Database, asked: Fields, now: Date): Promise<Fields | undefined> {
  const { orderNumber, transactionId, refundNumber, nonce } = asked
  const amount = parseMinor(asked.amount ?? '')
  if (!isSigned(asked) || !orderNumber || !refundNumber || !nonce || !amount) return undefined
  const answer = (fields: Fields) => signed({ refundNumber, nonce, ...fields })
  return db.transaction(async tx => {
    const isIt = eq(sandboxBankOrders.orderNumber, orderNumber)
    const [order] = await tx.select().from(sandboxBankOrders).where(isIt).for('update')
    if (order?.status !== 'captured' || order.transactionId !== transactionId) {
      return answer({ status: 'refused', code: 'unknown-transaction' })
    }
    const before = order.refunds.reduce((sum, refund) => sum + refund.amount, 0)
    if (before + amount > order.amount) return answer({ status: 'refused', code: 'too-much' })
    const id = randomBytes(8).toString('hex')
    const added = JSON.stringify([{ id, amount, at: now.toISOString() }])
    await tx
      .update(sandboxBankOrders)
      .set({ refunds: sql`${sandboxBankOrders.refunds} || ${added}::jsonb` })
      .where(isIt)
    return amount === REFUND_WITHOUT_ANSWER ? undefined : answer({ status: 'refunded', transactionId: id })
  })
}
