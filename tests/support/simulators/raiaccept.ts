// A simulated RaiAccept on a port of its own, written from the bank's interface and not from ours: its API, its checkout page, its
// webhooks, and what goes wrong with each.
import http from 'node:http'
import https from 'node:https'
import type { AddressInfo } from 'node:net'
import { TLSSocket } from 'node:tls'
import { createFaults, type Fault } from './faults.ts'
import { Bank, type Order, type OrderStatus, type Transaction } from './raiaccept-bank.ts'
import { Logins } from './raiaccept-logins.ts'
import { type Answered, createRoutes } from './raiaccept-routes.ts'
import { AT_ONCE, type WebhookMode, Webhooks } from './raiaccept-webhooks.ts'

export type RaiAcceptOptions = {
  port?: number
  apiUser?: string
  apiPassword?: string
  accessSeconds?: number
  refreshSeconds?: number
  loginsPerMinute?: number
  /** How long the checkout page of an order can be used. */
  sessionSeconds?: number
  /** How long the card that is pending takes. */
  pendingMs?: number
  /** Whether what is paid here is called money. */
  isProduction?: boolean
  /** Speaks TLS, and takes only those who have a certificate. */
  tls?: { key: string; cert: string }
}

/** All that moved of one order, in minor units. */
export type BookedOrder = {
  reference: string
  status: OrderStatus
  currency: string
  captured: { id: string; amount: number }[]
  refunded: { id: string; amount: number }[]
}

/** What is asked of the simulator while it runs; over HTTP as JSON to `POST /control`, `{"revoke":"all"}`. */
export type Control = {
  fault?: { which: string; fault: Fault; times?: number }
  webhooks?: Partial<WebhookMode>
  release?: 'as-made' | 'reversed'
  revoke?: 'access' | 'all'
  /** The clock of the bank goes ahead. */
  aheadMs?: number
  settle?: { reference: string; as: 'SUCCESS' | 'FAILED' }
  /** What becomes of refunds from now on. */
  refunds?: 'SUCCESS' | 'PENDING' | 'FAILED'
}

export type RaiAccept = {
  /** Of its API and of its checkout page, without a slash at the end. */
  url: string
  apiUser: string
  apiPassword: string
  /** Each as `POST /orders`, without those of its control. */
  requests: string[]
  /** By our references. */
  book: () => Record<string, BookedOrder>
  orders: Order[]
  /** Of its interface, all that were given out. */
  tokens: string[]
  webhooks: Webhooks['sent']
  control: (asked: Control) => void
  stop: () => Promise<void>
}

export async function startRaiAccept(options: RaiAcceptOptions = {}): Promise<RaiAccept> {
  const { apiUser = 'merchant', apiPassword = 'a-password-of-the-simulator', pendingMs = 30_000 } = options
  let aheadMs = 0
  const now = () => Date.now() + aheadMs
  const bank = new Bank({
    now,
    sessionSeconds: options.sessionSeconds ?? 1800,
    isProduction: options.isProduction ?? true,
  })
  const logins = new Logins({
    apiUser,
    apiPassword,
    accessSeconds: options.accessSeconds ?? 299,
    refreshSeconds: options.refreshSeconds ?? 86_399,
    loginsPerMinute: options.loginsPerMinute ?? 5,
    now,
  })
  const faults = createFaults()
  const webhooks = new Webhooks()
  const requests: string[] = []
  let refunds: Transaction['status'] = 'SUCCESS'
  let url = ''
  const { answer, settle } = createRoutes({
    bank,
    logins,
    webhooks,
    pendingMs,
    refunds: () => refunds,
    url: () => url,
  })

  const control = (asked: Control) => {
    if (asked.fault) faults.add(new RegExp(asked.fault.which), asked.fault.fault, asked.fault.times)
    if (asked.webhooks) webhooks.mode = { ...AT_ONCE, ...asked.webhooks }
    if (asked.release) webhooks.release(asked.release)
    if (asked.revoke) logins.revoke(asked.revoke)
    if (asked.aheadMs) aheadMs += asked.aheadMs
    if (asked.refunds) refunds = asked.refunds
    if (asked.settle) settle(bank.find(asked.settle.reference), asked.settle.as)
  }

  const book = () =>
    Object.fromEntries(bank.orders.map(order => [order.reference, bookedOf(bank.find(order.id))]))

  const listener: http.RequestListener = async (request, response) => {
    const line = `${request.method} ${new URL(request.url!, 'http://bank').pathname}`
    const text = await bodyOf(request)
    if (line === 'GET /control/book') return give(response, { status: 200, body: book() })
    if (line === 'POST /control') {
      control(JSON.parse(text) as Control)
      return give(response, { status: 200, body: {} })
    }
    requests.push(line)
    const fault = faults.take(line)
    if (fault === 'silent') return
    if (typeof fault === 'number') return give(response, { status: fault, html: true, body: 'out of order' })
    const carryOut = () => {
      const answered = withoutCertificate(request) ?? answer(line, request.headers.authorization, text)
      if (fault === 'lost') response.destroy()
      else give(response, answered)
    }
    if (fault === undefined || fault === 'lost') carryOut()
    else webhooks.later(fault.delayMs, carryOut)
  }
  const server = options.tls
    ? https.createServer({ ...options.tls, requestCert: true, rejectUnauthorized: false }, listener)
    : http.createServer(listener)
  await new Promise<void>(resolve => server.listen(options.port ?? 0, '127.0.0.1', resolve))
  url = `${options.tls ? 'https' : 'http'}://127.0.0.1:${(server.address() as AddressInfo).port}`
  return {
    url,
    apiUser,
    apiPassword,
    requests,
    book,
    orders: bank.orders,
    tokens: logins.tokens,
    webhooks: webhooks.sent,
    control,
    stop: async () => {
      webhooks.stop()
      server.closeAllConnections()
      await new Promise(resolve => server.close(resolve))
    },
  }
}

function withoutCertificate({ socket }: http.IncomingMessage): Answered | undefined {
  const isMissing = socket instanceof TLSSocket && Object.keys(socket.getPeerCertificate()).length === 0
  return isMissing ? { status: 403, body: { message: 'No certificate', code: 'NO_CERTIFICATE' } } : undefined
}

function give(response: http.ServerResponse, { status, body, html }: Answered): void {
  if (status === 303) {
    response.writeHead(status, { Location: String(body) }).end()
    return
  }
  response.writeHead(status, { 'Content-Type': html ? 'text/html; charset=utf-8' : 'application/json' })
  response.end(html ? String(body) : JSON.stringify(body))
}

async function bodyOf(request: http.IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks).toString('utf8')
}

function bookedOf({ reference, status, currency, transactions }: Order): BookedOrder {
  const moved = (type: Transaction['transactionType']) =>
    transactions
      .filter(one => one.transactionType === type && one.status === 'SUCCESS' && one.isProduction)
      .map(({ transactionId: id, amount }) => ({ id, amount }))
  return { reference, status, currency, captured: moved('PURCHASE'), refunded: moved('REFUND') }
}
