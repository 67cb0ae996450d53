// The simulated RaiAccept's books: orders, sessions of its checkout page, transactions.
import { randomUUID } from 'node:crypto'
import type { CardBehaviour } from './raiaccept-cards.ts'

export type Transaction = {
  transactionId: string
  transactionType: 'PURCHASE' | 'REFUND'
  /** Minor units. */
  amount: number
  currency: string
  isProduction: boolean
  status: 'DRAFT' | 'PENDING' | 'SUCCESS' | 'FAILED'
  statusCode: string
  createdOn: string
  updatedOn: string
  /** Of a refund. */
  of?: string
}

export type OrderStatus =
  | 'DRAFT'
  | 'CHECKOUT'
  | 'PAID'
  | 'PARTIALLY_REFUNDED'
  | 'FULLY_REFUNDED'
  | 'FAILED'
  | 'CANCELED'
  | 'ABANDONED'

export type Order = {
  id: string
  reference: string
  /** What it was placed with: its checkout has to say the same. */
  body: string
  amount: number
  currency: string
  description: string
  urls: { successUrl: string; failUrl: string; cancelUrl: string; notificationUrl?: string }
  status: OrderStatus
  createdOn: string
  session?: { id: string; expiresAt: number }
  transactions: Transaction[]
}

/** As the bank answers what it refuses. */
export class Refused extends Error {
  status: number
  code: string
  constructor(status: number, code: string) {
    super(`The bank says no: ${code}`)
    this.status = status
    this.code = code
  }
}

/** 47.3 to 4730; refuses what has a third decimal. */
export function minorOf(amount: unknown): number {
  const [, whole = '', decimals = ''] = /^(\d+)(?:\.(\d{1,2}))?$/.exec(String(amount)) ?? []
  const minor = Number(whole) * 100 + Number(decimals.padEnd(2, '0'))
  if (typeof amount !== 'number' || whole === '' || minor <= 0) throw new Refused(400, 'INVALID_AMOUNT')
  return minor
}

type Body = {
  invoice?: {
    amount?: unknown
    currency?: unknown
    description?: unknown
    merchantOrderReference?: unknown
    items?: { description?: unknown; numberOfItems?: unknown; price?: unknown }[]
  }
  urls?: Partial<Order['urls']>
  paymentMethodPreference?: unknown
}

const TEXT = /^[A-Za-z0-9 .,'!/@_-]{1,127}$/

export class Bank {
  readonly orders: Order[] = []
  readonly now: () => number
  readonly sessionSeconds: number
  readonly isProduction: boolean

  constructor(options: { now: () => number; sessionSeconds: number; isProduction: boolean }) {
    this.now = options.now
    this.sessionSeconds = options.sessionSeconds
    this.isProduction = options.isProduction
  }

  place(body: Body): Order {
    const { invoice, urls } = body
    const amount = minorOf(invoice?.amount)
    const { currency, description, merchantOrderReference: reference, items = [] } = invoice ?? {}
    if (currency !== 'EUR' && currency !== 'ALL') throw new Refused(400, 'INVALID_CURRENCY')
    const texts = [description, ...items.map(item => item.description)]
    if (!texts.every(text => typeof text === 'string' && TEXT.test(text)))
      throw new Refused(400, 'INVALID_TEXT')
    const sum = items.reduce((total, item) => total + minorOf(item.price) * Number(item.numberOfItems), 0)
    if (sum !== amount) throw new Refused(400, 'ITEMS_DIFFER')
    if (typeof reference !== 'string' || !/^[A-Za-z0-9_-]{1,150}$/.test(reference))
      throw new Refused(400, 'INVALID_REFERENCE')
    if (this.orders.some(order => order.reference === reference))
      throw new Refused(400, 'REFERENCE_NOT_UNIQUE')
    if (!urls?.successUrl || !urls.failUrl || !urls.cancelUrl) throw new Refused(400, 'INVALID_URLS')
    if (body.paymentMethodPreference !== 'CARD') throw new Refused(400, 'INVALID_METHOD')
    const order: Order = {
      id: randomUUID(),
      reference,
      body: JSON.stringify(body),
      amount,
      currency,
      description: description as string,
      urls: urls as Order['urls'],
      status: 'DRAFT',
      createdOn: this.time(),
      transactions: [],
    }
    this.orders.push(order)
    return order
  }

  openCheckout(order: Order, body: unknown): NonNullable<Order['session']> {
    if (JSON.stringify(body) !== order.body) throw new Refused(400, 'BODY_DIFFERS')
    if (!['DRAFT', 'CHECKOUT', 'FAILED'].includes(order.status)) throw new Refused(400, 'ORDER_CLOSED')
    order.status = 'CHECKOUT'
    order.session = { id: randomUUID(), expiresAt: this.now() + this.sessionSeconds * 1000 }
    return order.session
  }

  /** As it stands now: nobody paid in time is ABANDONED. */
  find(id: string): Order {
    const order = this.orders.find(one => one.id === id || one.reference === id)
    if (!order) throw new Refused(404, 'ORDER_NOT_FOUND')
    const isOver = order.session !== undefined && order.session.expiresAt <= this.now()
    const isTried = order.transactions.some(({ status }) => status === 'PENDING' || status === 'SUCCESS')
    if (order.status === 'CHECKOUT' && isOver && !isTried) order.status = 'ABANDONED'
    return order
  }

  findSession(id: string): Order | undefined {
    const order = this.orders.find(({ session }) => session?.id === id)
    return order && this.find(order.id)
  }

  canBePaid = (order: Order): boolean =>
    ['CHECKOUT', 'FAILED'].includes(order.status) && (order.session?.expiresAt ?? 0) > this.now()

  /** Books what a card does; the transactions that a webhook tells of. */
  pay(order: Order, behaviour: CardBehaviour): Transaction[] {
    const purchase = (
      status: Transaction['status'],
      statusCode: string,
      isProduction = this.isProduction,
    ) => {
      const at = this.time()
      const booked = { transactionId: randomUUID(), transactionType: 'PURCHASE', status, statusCode } as const
      const { amount, currency } = order
      const transaction = { ...booked, amount, currency, isProduction, createdOn: at, updatedOn: at }
      order.transactions.push(transaction)
      return transaction
    }
    switch (behaviour) {
      case 'fails':
        order.status = 'FAILED'
        return [purchase('FAILED', '05')]
      case 'noFunds':
        return [purchase('FAILED', '51')]
      case 'pending':
        return [purchase('PENDING', '')]
      case 'abandons':
        order.status = 'ABANDONED'
        return []
      case 'test':
        order.status = 'PAID'
        return [purchase('SUCCESS', '0000', false)]
      case 'twice':
        order.status = 'PAID'
        return [purchase('SUCCESS', '0000'), purchase('SUCCESS', '0000')]
      default:
        order.status = 'PAID'
        return [purchase('SUCCESS', '0000')]
    }
  }

  /** What was pending succeeds or fails. */
  settle(order: Order, as: 'SUCCESS' | 'FAILED'): Transaction[] {
    const pending = order.transactions.filter(({ status }) => status === 'PENDING')
    for (const one of pending) {
      Object.assign(one, { status: as, statusCode: as === 'SUCCESS' ? '0000' : '05', updatedOn: this.time() })
      if (one.transactionType === 'PURCHASE') order.status = as === 'SUCCESS' ? 'PAID' : 'FAILED'
    }
    this.settleRefunds(order)
    return pending
  }

  refund(order: Order, transactionId: string, body: unknown, as: Transaction['status']): Transaction {
    const { amount: given, currency } = (body ?? {}) as { amount?: unknown; currency?: unknown }
    const amount = minorOf(given)
    const sale = order.transactions.find(one => one.transactionId === transactionId)
    if (sale?.transactionType !== 'PURCHASE' || sale.status !== 'SUCCESS')
      throw new Refused(404, 'TRANSACTION_NOT_FOUND')
    if (currency !== order.currency) throw new Refused(400, 'INVALID_CURRENCY')
    const before = order.transactions.filter(one => one.of === transactionId && one.status !== 'FAILED')
    if (sum(before) + amount > sale.amount) throw new Refused(400, 'REFUND_AMOUNT_EXCEEDED')
    const at = this.time()
    const refund: Transaction = {
      transactionId: randomUUID(),
      transactionType: 'REFUND',
      amount,
      currency: order.currency,
      isProduction: sale.isProduction,
      status: as,
      statusCode: as === 'SUCCESS' ? '0000' : as === 'FAILED' ? '05' : '',
      createdOn: at,
      updatedOn: at,
      of: transactionId,
    }
    order.transactions.push(refund)
    this.settleRefunds(order)
    return refund
  }

  private settleRefunds(order: Order): void {
    const done = order.transactions.filter(({ status }) => status === 'SUCCESS')
    const given = sum(done.filter(({ transactionType }) => transactionType === 'REFUND'))
    const taken = sum(done.filter(({ transactionType }) => transactionType === 'PURCHASE'))
    if (given > 0) order.status = given < taken ? 'PARTIALLY_REFUNDED' : 'FULLY_REFUNDED'
  }

  private time = () => new Date(this.now()).toISOString()
}

const sum = (list: Transaction[]) => list.reduce((total, { amount }) => total + amount, 0)
