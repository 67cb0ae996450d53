// A bank in this process: the sandbox's gateway is replaced by one whose book a test writes, and whose letters it delivers as it likes.
import { createHash } from 'node:crypto'
import type {
  BankAnswer,
  BankTransaction,
  Gateway,
  GatewayAccount,
} from '../../lib/payments/gateways/gateway.ts'
import { sandbox } from '../../lib/payments/gateways/sandbox.ts'
import { fail, ok } from '../../lib/platform/result.ts'
import { MERCHANT } from '../../lib/sandbox-bank/protocol.ts'

export type Capture = { id: string; amount: number; currency: string; at: string }
export type GivenBack = Capture & { capture: string; refundNumber?: string }

export type BankOrder = {
  number: string
  amount: number
  currency: string
  /** How the order stands where nothing was captured; `open`: nobody tried. */
  tried: 'open' | 'declined' | 'cancelled'
  captures: Capture[]
  refunds: GivenBack[]
  /** Captures that the customer's bank took back, by their ids. */
  chargedBack: string[]
}

/** What goes wrong at the bank next, one of each at a time. */
type Faults = { placing?: 'refused' | 'unreachable'; refunding?: 'refused' | 'lostBefore' | 'lostAfter' }

type Letter = Omit<BankAnswer, 'trust' | 'forUs' | 'dedupKey' | 'payload'> & { merchant: string }

const seal = (text: string) => createHash('sha256').update(`bank ${text}`).digest('hex')
let counter = 0

export class BankDouble {
  orders = new Map<string, BankOrder>()
  faults: Faults = {}
  /** It answers no question. */
  silent = false
  /** Numbers of refunds that it was told of more than once. */
  toldTwice: string[] = []
  #told = new Set<string>()

  /** Takes money; of whatever order that was placed. Returns what it writes of that. */
  capture(order: BankOrder, now: Date, { amount = order.amount, currency = order.currency } = {}): string {
    counter += 1
    const capture = { id: `B${counter}`, amount, currency, at: now.toISOString() }
    order.captures.push(capture)
    return this.letter(order, {}, capture)
  }

  /** Gives back what nobody asked for. */
  giveBack(order: BankOrder, now: Date, amount: number): void {
    const [capture] = order.captures
    if (capture) this.#refund(order, capture, amount, now)
  }

  #refund(order: BankOrder, capture: Capture, amount: number, now: Date, refundNumber?: string): string {
    counter += 1
    const id = `G${counter}`
    const { currency } = capture
    order.refunds.push({ id, amount, currency, at: now.toISOString(), capture: capture.id, refundNumber })
    return id
  }

  /** The body of a signed call about an order, of one capture or of none; `changed`: what the bank says wrongly. */
  letter(order: BankOrder, changed: Partial<Letter> = {}, capture?: Capture): string {
    return sealed({ ...this.#answer(order, capture ? [capture] : []), ...changed })
  }

  #answer(order: BankOrder, captures: Capture[]): Letter {
    const of = ({ id, amount, currency, at }: Capture): BankTransaction => ({
      id,
      amount,
      currency,
      at,
      references: {},
    })
    const { number, amount, currency, tried } = order
    return {
      ...{ orderNumber: number, bankOrderId: undefined, merchant: MERCHANT, amount, currency },
      outcome: captures.length > 0 ? 'captured' : tried === 'open' ? 'processing' : tried,
      declineCode: tried === 'declined' ? '05' : undefined,
      captures: captures.map(of),
      refunds: order.refunds.map(of),
    }
  }

  /** Puts it in the sandbox's place for this process; returns how to undo that. */
  install(): () => void {
    const before = { ...sandbox }
    Object.assign(sandbox, this.#gateway())
    return () => void Object.assign(sandbox, before)
  }

  #gateway(): Gateway {
    return {
      secretNames: [],
      place: async (account, { number, amount, currency, returnUrl }) => {
        const { placing } = this.faults
        this.faults.placing = undefined
        if (placing === 'refused' || this.orders.has(number)) return fail('refused')
        this.orders.set(number, {
          number,
          amount,
          currency,
          tried: 'open',
          captures: [],
          refunds: [],
          chargedBack: [],
        })
        if (placing === 'unreachable') return fail(placing)
        return ok({ redirect: { method: 'GET', url: account.checkoutUrl ?? returnUrl, fields: { number } } })
      },
      named: ({ body }) => {
        const { orderNumber, merchant } = JSON.parse(JSON.parse(body).text) as Letter
        return { orderNumber, merchantId: merchant }
      },
      read: (account, { body }) => readLetter(account, JSON.parse(body)),
      reread: readLetter,
      query: async (account, { number }) => {
        const order = this.orders.get(number)
        if (this.silent) return 'no-answer'
        if (!order || (order.tried === 'open' && order.captures.length === 0)) return 'not-found'
        return readLetter(account, JSON.parse(sealed(this.#answer(order, order.captures))))
      },
      refund: async (_, { number }, { transactionId, amount, number: refundNumber }) => {
        if (this.#told.has(refundNumber)) this.toldTwice.push(refundNumber)
        this.#told.add(refundNumber)
        const { refunding } = this.faults
        this.faults.refunding = undefined
        const order = this.orders.get(number)
        const capture = order?.captures.find(({ id }) => id === transactionId)
        if (refunding === 'lostBefore') return { state: 'unknown' }
        if (!order || !capture || refunding === 'refused') return { state: 'failed', code: 'refused' }
        const id = this.#refund(order, capture, amount, new Date(capture.at), refundNumber)
        return refunding === 'lostAfter' ? { state: 'unknown' } : { state: 'succeeded', transactionId: id }
      },
    }
  }
}

function sealed(letter: Letter): string {
  const text = JSON.stringify(letter)
  return JSON.stringify({ text, seal: seal(text) })
}

/** The same letter with a seal that is not the bank's. */
export const forged = (body: string): string =>
  JSON.stringify({ ...JSON.parse(body), seal: 'not the bank’s' })

function readLetter(_: GatewayAccount, payload: Record<string, string>): BankAnswer {
  const { merchant, ...letter } = JSON.parse(payload.text!) as Letter
  return {
    ...letter,
    // What is undefined is not there in JSON.
    bankOrderId: undefined,
    declineCode: letter.declineCode,
    trust: payload.seal === seal(payload.text!) ? 'genuine' : 'forged',
    forUs: merchant === MERCHANT,
    dedupKey: createHash('sha256').update(JSON.stringify(payload)).digest('base64url'),
    payload,
  }
}
