// RaiAccept, the e-commerce of Raiffeisen banks: orders are placed and asked about over its interface, the browser only follows a link.
import { z } from 'zod'
import { parseJson } from '../../platform/json.ts'
import { errorFacts, log } from '../../platform/log.ts'
import { plainAmount } from '../../platform/money.ts'
import { fail, ok } from '../../platform/result.ts'
import { compose } from '../../platform/text.ts'
import { instantGiven } from '../rules.ts'
import type { Gateway, GatewayAccount, Order, RefundAnswer } from './gateway.ts'
import { answerOf, findTransaction, isUntried, queryPayload, webhookPayload } from './raiaccept-answer.ts'
import type { Answer, Call } from './raiaccept-http.ts'
import { isLoginRefused, sendSignedIn } from './raiaccept-session.ts'

/** Both requests that place an order, with the login before: whoever placed it is thought to have died after 30 seconds. */
const PLACING_MS = 15_000
const MOST_DESCRIPTION = 127

const placedOrder = z.object({ orderIdentification: z.string().min(1) })
const checkout = z.object({ paymentRedirectURL: z.url(), expiresAt: z.string().optional().catch(undefined) })
const failure = z
  .object({ code: z.string(), message: z.string() })
  .partial()
  .refine(({ code, message }) => code !== undefined || message !== undefined)
const refunded = z.object({ transactionId: z.string().min(1) })

/** What the bank calls our languages. */
const LANGUAGES: Record<string, string> = { sq: 'al', en: 'en', sr: 'sr' }

export const raiaccept: Gateway = {
  secretNames: ['apiUser', 'apiPassword'],
  optionalSecretNames: ['clientCertificate', 'clientKey'],
  needsBankOrderId: true,

  async place(account, order) {
    const call = { method: 'POST', body: orderBody(order), signal: AbortSignal.timeout(PLACING_MS) } as const
    try {
      const begun = await ask(account, '/orders', call)
      const { data: bankOrder } = placedOrder.safeParse(begun?.body)
      if (!isDone(begun) || !bankOrder) return notPlaced(account, begun)
      const bankOrderId = bankOrder.orderIdentification
      const opened = await ask(account, `/orders/${encodeURIComponent(bankOrderId)}/checkout`, call)
      const { data: page } = checkout.safeParse(opened?.body)
      if (!isDone(opened) || !page) return notPlaced(account, opened)
      const url = new URL(page.paymentRedirectURL)
      if (!checkoutOrigins(account).includes(url.origin)) {
        log.error(
          { account: account.code, origin: url.origin },
          'a bank names a checkout page that is not its own',
        )
        return fail('refused')
      }
      const language = LANGUAGES[order.language]
      if (language) url.searchParams.set('lang', language)
      const expiresAt = instantGiven(page.expiresAt, account.timeZone)
      return ok({ redirect: { method: 'GET', url: url.href, fields: {} }, bankOrderId, expiresAt })
    } catch (error) {
      log.warn({ account: account.code, ...errorFacts(error) }, 'a bank did not answer')
      return fail('unreachable')
    }
  },

  named(incoming) {
    const payload = incoming.channel === 'callback' ? webhookPayload(parseJson(incoming.body)) : undefined
    return (
      payload && {
        orderNumber: payload.merchantOrderReference,
        bankOrderId: payload.orderIdentification,
        merchantId: payload.merchantId,
      }
    )
  },

  read(account, incoming) {
    // The browser brings nothing back.
    const payload = incoming.channel === 'callback' ? webhookPayload(parseJson(incoming.body)) : undefined
    return payload && answerOf(account, payload)
  },

  reread: answerOf,

  async query(account, order) {
    // Whoever has no name of the bank's for it was never led there.
    if (!order.bankOrderId) return 'not-found'
    const path = `/orders/${encodeURIComponent(order.bankOrderId)}`
    try {
      const first = await ask(account, path, { method: 'GET' })
      // An address that is wrong answers 404 too, but not in the bank's form.
      if (first?.status === 404 && errorOf(first)?.code) return 'not-found'
      if (!isDone(first)) return noAnswer(account, first)
      const second = await ask(account, `${path}/transactions`, { method: 'GET' })
      if (!isDone(second)) return noAnswer(account, second)
      const payload = queryPayload(first.body, second.body)
      if (!payload) return 'no-answer'
      const isOther =
        (payload.merchantOrderReference ?? order.number) !== order.number ||
        (payload.orderIdentification ?? order.bankOrderId) !== order.bankOrderId
      if (isOther) return 'no-answer'
      return isUntried(payload) ? 'not-found' : (answerOf(account, payload) ?? 'no-answer')
    } catch (error) {
      log.warn({ account: account.code, ...errorFacts(error) }, 'a bank did not answer')
      return 'no-answer'
    }
  },

  async refund(account, order, of) {
    if (!order.bankOrderId) return { state: 'failed', code: 'no-order' }
    const path = `/orders/${encodeURIComponent(order.bankOrderId)}/transactions`
    const body = { amount: decimal(of.amount), currency: order.currency }
    try {
      const refund = `${path}/${encodeURIComponent(of.transactionId)}/refund`
      const answer = await ask(account, refund, { method: 'POST', body })
      // Nothing was sent.
      if (!answer) return { state: 'failed', code: 'not-signed-in' }
      if (!isDone(answer)) return refusedRefund(answer)
      const { data } = refunded.safeParse(answer.body)
      return data ? await becameOf(account, path, data.transactionId) : { state: 'unknown' }
    } catch {
      return { state: 'unknown' }
    }
  },
}

/** The same for the order and its checkout. Nothing of the customer: the bank asks for the card alone. */
function orderBody(order: Order) {
  const description = inBankLetters(`${order.number} ${order.billerName}`)
  const amount = decimal(order.amount)
  return {
    invoice: {
      amount,
      currency: order.currency,
      description,
      merchantOrderReference: order.number,
      // One, so that no sum of prices can differ from the amount.
      items: [{ description, numberOfItems: 1, price: amount }],
    },
    urls: {
      successUrl: order.returnUrl,
      failUrl: order.returnUrl,
      cancelUrl: order.returnUrl,
      notificationUrl: order.callbackUrl,
    },
    paymentMethodPreference: 'CARD',
  }
}

/** JSON writes it as the same decimal again: exact up to fifteen digits. */
const decimal = (minor: number) => Number(plainAmount(minor))

/** In the letters that the bank takes: it makes blanks of others, ë and š too. */
const inBankLetters = (text: string) =>
  compose(text.replaceAll('đ', 'dj').replaceAll('Đ', 'Dj'), 'NFKD')
    .replace(/\p{M}/gu, '')
    .replace(/[^A-Za-z0-9.,'!/@_-]+/g, ' ')
    .slice(0, MOST_DESCRIPTION)
    .trim()

const checkoutOrigins = ({ checkoutOrigins, apiUrl }: GatewayAccount) =>
  apiUrl ? [...checkoutOrigins, new URL(apiUrl).origin] : checkoutOrigins

const ask = (account: GatewayAccount, path: string, call: Omit<Call, 'url' | 'accessToken'>) =>
  sendSignedIn(account, { ...call, url: `${(account.apiUrl ?? '').replace(/\/$/, '')}${path}` })

const isDone = (answer: Answer | undefined): answer is Answer =>
  answer !== undefined && answer.status >= 200 && answer.status < 300

const errorOf = ({ body }: Answer) => failure.safeParse(body).data

/** Codes that say nothing of the order itself: not signed in, too slow, another one under way, too many. */
const UNDECIDED = [401, 408, 409, 425, 429]

const isRefused = ({ status }: Answer) => status >= 400 && status < 500 && !UNDECIDED.includes(status)

function notPlaced(account: GatewayAccount, answer: Answer | undefined) {
  const refused = answer !== undefined && isRefused(answer)
  const facts = { account: account.code, status: answer?.status, code: answer && errorOf(answer)?.code }
  log.error(facts, refused ? 'a bank refused an order' : 'a bank did not take an order')
  return fail(refused ? 'refused' : 'unreachable')
}

function noAnswer(account: GatewayAccount, answer: Answer | undefined): 'no-answer' | 'refused' {
  if (!answer && isLoginRefused(account)) return 'refused'
  log.warn({ account: account.code, status: answer?.status }, 'a bank did not answer')
  return 'no-answer'
}

/** Only what the bank itself says was refused: a balancer's page says nothing of what is behind it. */
function refusedRefund(answer: Answer): RefundAnswer {
  const error = errorOf(answer)
  if (!isRefused(answer) || !error) return { state: 'unknown' }
  return { state: 'failed', code: error.code ?? `HTTP-${answer.status}` }
}

/** A refund that was taken in may still be under way, or fail. */
async function becameOf(account: GatewayAccount, path: string, transactionId: string): Promise<RefundAnswer> {
  const answer = await ask(account, path, { method: 'GET' })
  const refund = isDone(answer) ? findTransaction(answer.body, transactionId) : undefined
  if (refund?.status === 'SUCCESS') return { state: 'succeeded', transactionId }
  if (refund?.status === 'FAILED') return { state: 'failed', code: refund.statusCode ?? 'FAILED' }
  return { state: 'unknown' }
}
