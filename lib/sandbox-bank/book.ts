// The sandbox bank's own book of orders. The portal never reads it: it asks over HTTP.
import { randomBytes } from 'node:crypto'
import { eq } from 'drizzle-orm'
import type { Database, Executor, Transaction } from '../../db/client.ts'
import { sandboxBankOrders } from '../../db/schema/sandbox-bank.ts'
import { env } from '../platform/env.ts'
import { enqueue } from '../platform/jobs.ts'
import { parseMinor, plainAmount } from '../platform/money.ts'
import { fail, ok, type Result } from '../platform/result.ts'
import { behaviourOf, type CardBehaviour, LATE_MS, TENFOLD } from './cards.ts'
import { type Fields, isSigned, MERCHANT, signed } from './protocol.ts'

export type BankOrder = typeof sandboxBankOrders.$inferSelect

/** Opens the order that a merchant's signed fields ask for, or finds it open already. Returns its number. */
export async function openOrder(db: Database, fields: Fields, now: Date): Promise<Result<string, 'refused'>> {
  const amount = parseMinor(fields.amount ?? '')
  const { orderNumber, currency, language, returnUrl, callbackUrl } = fields
  if (!isSigned(fields) || fields.merchant !== MERCHANT || !amount) return fail('refused')
  if (!orderNumber || !currency || !language || !returnUrl || !callbackUrl) return fail('refused')
  await db
    .insert(sandboxBankOrders)
    .values({
      orderNumber,
      amount,
      currency,
      language,
      returnUrl,
      callbackUrl,
      createdAt: now,
      pageOpenedAt: now,
    })
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

const DECIDED: Record<CardBehaviour, Partial<BankOrder> & { calls: number }> = {
  approves: { status: 'captured', calls: 1 },
  tenfold: { status: 'captured', calls: TENFOLD },
  late: { status: 'captured', calls: 1 },
  declines: { status: 'declined', declineCode: '05', calls: 1 },
  noFunds: { status: 'declined', declineCode: '51', calls: 1 },
  silent: { status: 'silent', calls: 0 },
}

/** Pays an order with a card. Returns the address that the browser goes back to. */
export async function payOrder(
  db: Database,
  orderNumber: string,
  cardNumber: string,
  now: Date,
): Promise<Result<string, 'not-found' | 'expired' | 'card-not-accepted'>> {
  const behaviour = behaviourOf(cardNumber)
  return changeOrder(db, orderNumber, async (tx, order) => {
    if (hasExpired(order, now)) return fail('expired')
    if (!canBePaid(order, now)) return ok(returnAddress(order, now))
    if (!behaviour) return fail('card-not-accepted')
    const { calls, ...decided } = DECIDED[behaviour]
    const answersAt = new Date(now.getTime() + (behaviour === 'late' ? LATE_MS : 0))
    const transactionId = decided.status === 'captured' ? randomBytes(8).toString('hex') : null
    const changed = await decide(
      tx,
      orderNumber,
      { declineCode: null, ...decided, transactionId, decidedAt: now, answersAt },
      calls,
    )
    return ok(returnAddress(changed, now))
  })
}

/** The customer's Cancel button at the bank. Returns the address that the browser goes back to. */
export async function cancelOrder(
  db: Database,
  orderNumber: string,
  now: Date,
): Promise<Result<string, 'not-found'>> {
  return changeOrder(db, orderNumber, async (tx, order) => {
    if (!canBePaid(order, now)) return ok(returnAddress(order, now))
    const changed = await decide(
      tx,
      orderNumber,
      { status: 'cancelled', declineCode: null, decidedAt: now, answersAt: now },
      1,
    )
    return ok(returnAddress(changed, now))
  })
}

async function changeOrder<Code extends string>(
  db: Database,
  orderNumber: string,
  change: (tx: Transaction, order: BankOrder) => Promise<Result<string, Code>>,
): Promise<Result<string, Code | 'not-found'>> {
  return db.transaction(async tx => {
    const [order] = await tx
      .select()
      .from(sandboxBankOrders)
      .where(eq(sandboxBankOrders.orderNumber, orderNumber))
      .for('update')
    return order ? change(tx, order) : fail('not-found')
  })
}

async function decide(
  tx: Transaction,
  orderNumber: string,
  decided: Partial<BankOrder>,
  calls: number,
): Promise<BankOrder> {
  const [order] = await tx
    .update(sandboxBankOrders)
    .set(decided)
    .where(eq(sandboxBankOrders.orderNumber, orderNumber))
    .returning()
  if (calls > 0) {
    await enqueue(
      tx,
      'sandbox-bank-callback',
      { orderNumber, calls },
      { runAt: decided.answersAt ?? undefined },
    )
  }
  return order!
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
