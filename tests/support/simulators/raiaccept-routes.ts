// What the simulated RaiAccept answers: its interface and its checkout page.
import { type Bank, type Order, Refused, type Transaction } from './raiaccept-bank.ts'
import { behaviourOf, checkoutPage, endPage } from './raiaccept-cards.ts'
import type { Logins } from './raiaccept-logins.ts'
import type { Webhooks } from './raiaccept-webhooks.ts'

/** `status` 303: the body is where to. */
export type Answered = { status: number; body: unknown; html?: boolean }

type Parts = {
  bank: Bank
  logins: Logins
  webhooks: Webhooks
  pendingMs: number
  /** What becomes of refunds now. */
  refunds: () => Transaction['status']
  /** Of the simulator. */
  url: () => string
}

export function createRoutes(parts: Parts) {
  const settle = (order: Order, as: 'SUCCESS' | 'FAILED') => tell(parts, order, parts.bank.settle(order, as))
  const answer = (line: string, authorization: string | undefined, text: string): Answered => {
    const [method = '', path = ''] = line.split(' ')
    try {
      if (path.startsWith('/pay/')) return page(parts, method, path.slice('/pay/'.length), text, settle)
      const body = text ? (JSON.parse(text) as Record<string, unknown>) : {}
      const login = LOGINS[line]
      if (login) return { status: 200, body: login(parts.logins, body) }
      parts.logins.check(authorization)
      return { status: 200, body: api(parts, method, path, body) }
    } catch (error) {
      const { status, code, message } =
        error instanceof Refused ? error : new Refused(400, `BAD_REQUEST (${(error as Error).message})`)
      return { status, body: { message, code, details: [] } }
    }
  }
  return { answer, settle }
}

const LOGINS: Record<string, (logins: Logins, body: Record<string, unknown>) => object> = {
  'POST /auth/api/login': (logins, body) => logins.login(body),
  'POST /auth/api/refresh': (logins, body) => logins.renew(body),
  'POST /auth/api/logout': (logins, body) => logins.logout(body),
}

function api({ bank, refunds, url }: Parts, method: string, path: string, body: object): object {
  const [, area, id = '', part = '', transactionId = '', last = ''] = path.split('/')
  if (area !== 'orders') throw new Refused(404, 'NOT_FOUND')
  if (method === 'POST' && id === '') {
    const { id: orderIdentification, createdOn } = bank.place(body)
    return { orderIdentification, createdOn, isProduction: bank.isProduction }
  }
  const order = bank.find(id)
  switch (`${method} ${last || part}`) {
    case 'POST checkout': {
      const session = bank.openCheckout(order, body)
      const expiresAt = new Date(session.expiresAt).toISOString()
      return { sessionId: session.id, paymentRedirectURL: `${url()}/pay/${session.id}`, expiresAt }
    }
    case 'POST refund':
      return { transactionId: bank.refund(order, transactionId, body, refunds()).transactionId }
    case 'GET transactions':
      return { transactions: order.transactions.map(described) }
    case 'GET ':
      return { ...JSON.parse(order.body), orderIdentification: order.id, status: order.status }
    default:
      throw new Refused(404, 'NOT_FOUND')
  }
}

function page(
  parts: Parts,
  method: string,
  session: string,
  text: string,
  settle: (order: Order, as: 'SUCCESS') => void,
): Answered {
  const { bank, webhooks, pendingMs } = parts
  const order = bank.findSession(session)
  if (!order || !bank.canBePaid(order))
    return { status: 410, html: true, body: endPage('This payment page is over') }
  if (method !== 'POST') return { status: 200, html: true, body: pageOf(order) }
  const form = new URLSearchParams(text)
  if (form.get('do') === 'cancel') {
    order.status = 'CANCELED'
    return { status: 303, body: order.urls.cancelUrl }
  }
  const behaviour = behaviourOf(form.get('cardNumber') ?? '')
  if (!behaviour) return { status: 422, html: true, body: pageOf(order, 'This card is not accepted.') }
  const booked = bank.pay(order, behaviour)
  if (behaviour !== 'silent' && behaviour !== 'pending') tell(parts, order, booked)
  if (behaviour === 'noFunds')
    return { status: 422, html: true, body: pageOf(order, 'There is too little money. Use another card.') }
  if (behaviour === 'pending') webhooks.later(pendingMs, () => settle(order, 'SUCCESS'))
  if (['closes', 'silent', 'abandons'].includes(behaviour))
    return { status: 200, html: true, body: endPage('Thank you') }
  return { status: 303, body: behaviour === 'fails' ? order.urls.failUrl : order.urls.successUrl }
}

function tell({ webhooks }: Parts, order: Order, transactions: Transaction[]): void {
  for (const transaction of transactions) webhooks.send(order, transaction, described(transaction))
}

const decimal = (minor: number) =>
  Number(`${Math.trunc(minor / 100)}.${String(minor % 100).padStart(2, '0')}`)

const pageOf = ({ amount, currency, description }: Order, error?: string) =>
  checkoutPage({ amount: decimal(amount).toFixed(2), currency, description }, error)

/** As the interface and the webhooks show it. */
const described = ({ of, amount, currency, ...transaction }: Transaction) => ({
  ...transaction,
  transactionAmount: decimal(amount),
  transactionCurrency: currency,
  paymentMethod: 'CARD',
  statusMessage: transaction.status === 'SUCCESS' ? 'Approved' : transaction.status.toLowerCase(),
})
