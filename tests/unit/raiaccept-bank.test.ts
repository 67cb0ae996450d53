// RaiAccept's adapter against a simulated bank on a socket: every state of an order, tokens, exact amounts, and what goes wrong.
import fs from 'node:fs'
import http from 'node:http'
import type { AddressInfo } from 'node:net'
import fc from 'fast-check'
import { afterEach, describe, expect, it, onTestFinished, vi } from 'vitest'
import type { GatewayAccount, Order, PlacedOrder } from '../../lib/payments/gateways/gateway.ts'
import { raiaccept } from '../../lib/payments/gateways/raiaccept.ts'
import { clock } from '../../lib/platform/clock.ts'
import { log } from '../../lib/platform/log.ts'
import { signingFile } from '../support/signing.ts'
import { type RaiAccept, type RaiAcceptOptions, startRaiAccept } from '../support/simulators/raiaccept.ts'
import { CARDS } from '../support/simulators/raiaccept-cards.ts'

afterEach(() => vi.restoreAllMocks())

const cardOf = (behaviour: string) =>
  Object.keys(CARDS).find(number => CARDS[number]!.behaviour === behaviour)!

async function openBank(options: RaiAcceptOptions = {}) {
  const bank = await startRaiAccept(options)
  onTestFinished(bank.stop)
  const account: GatewayAccount = {
    id: 1,
    code: 'kesco-raiffeisen',
    gateway: 'raiaccept',
    billerId: 2,
    currency: 'EUR',
    merchantId: 'M1',
    checkoutUrl: null,
    apiUrl: bank.url,
    authUrl: null,
    checkoutOrigins: [],
    timeZone: 'Europe/Belgrade',
    callsBack: true,
    isTest: false,
    takesPayments: true,
    secrets: { apiUser: bank.apiUser, apiPassword: bank.apiPassword },
  }
  return { bank, account }
}

let numbers = 0
const newOrder = (changes: Partial<Order> = {}): Order => ({
  number: `D26${String(++numbers).padStart(8, '0')}`,
  amount: 4730,
  currency: 'EUR',
  language: 'sq',
  billerName: 'KESCO',
  returnUrl: 'http://localhost:3000/payments/return/raiaccept?payment=x',
  callbackUrl: 'http://127.0.0.1:9/api/payments/raiaccept/callback',
  ...changes,
})

/** Places an order and says how to ask about it and where it is paid. */
async function place(account: GatewayAccount, changes?: Partial<Order>) {
  const order = newOrder(changes)
  const placed = await raiaccept.place(account, order)
  if (!placed.ok) throw new Error(placed.code)
  const { number, amount, currency } = order
  const asked: PlacedOrder = { number, amount, currency, bankOrderId: placed.value.bankOrderId! }
  return { asked, url: placed.value.redirect.url, placed: placed.value }
}

const press = (url: string, form: Record<string, string>) =>
  fetch(url, { method: 'POST', body: new URLSearchParams(form), redirect: 'manual' })

const pay = (url: string, behaviour: string) => press(url, { do: 'pay', cardNumber: cardOf(behaviour) })

const logins = (bank: RaiAccept) => bank.requests.filter(line => line === 'POST /auth/api/login').length
const refreshes = (bank: RaiAccept) => bank.requests.filter(line => line === 'POST /auth/api/refresh').length

/** Both clocks go ahead. */
function goAhead(bank: RaiAccept, ms: number): void {
  bank.control({ aheadMs: ms })
  const before = clock.now().getTime() - Date.now()
  vi.spyOn(clock, 'now').mockImplementation(() => new Date(Date.now() + before + ms))
}

/** What waits ten seconds in life waits a fifth of one. */
function hurry(): void {
  const timeout = AbortSignal.timeout.bind(AbortSignal)
  vi.spyOn(AbortSignal, 'timeout').mockImplementation(ms => timeout(ms / 50))
}

describe('placing', () => {
  it('leads to the checkout page of the bank, in the language of its reader, until it expires', async () => {
    const { bank, account } = await openBank({ sessionSeconds: 600 })
    const { placed, url } = await place(account)
    expect(placed.redirect).toMatchObject({ method: 'GET', fields: {} })
    expect(new URL(url).origin).toBe(bank.url)
    expect(new URL(url).searchParams.get('lang')).toBe('al')
    expect(placed.expiresAt!.getTime() - Date.now()).toBeGreaterThan(590_000)
    expect(await (await fetch(url)).text()).toContain('47.30 EUR')
  })

  it('says nothing of the customer, and uses letters that the bank takes', async () => {
    const { bank, account } = await openBank()
    await place(account, { billerName: `Ndërmarrja ç š ž č ć đ Đ "${'x'.repeat(200)}` })
    const body = JSON.parse(bank.orders[0]!.body)
    expect(Object.keys(body).sort()).toEqual(['invoice', 'paymentMethodPreference', 'urls'])
    expect(body.invoice.description).toMatch(/^D26\d{8} Ndermarrja c s z c c dj Dj x+$/)
    expect(body.invoice.description).toHaveLength(127)
  })

  it('asks for exactly the amount', async () => {
    const { bank, account } = await openBank()
    const amounts = fc.integer({ min: 1, max: 999_999_999_999 })
    await fc.assert(
      fc.asyncProperty(amounts, async amount => {
        const { asked, url } = await place(account, { amount })
        expect(bank.orders.at(-1)!.amount).toBe(amount)
        await pay(url, 'succeeds')
        expect(await raiaccept.query(account, asked)).toMatchObject({ amount, captures: [{ amount }] })
      }),
      { numRuns: process.env.DEEP ? 2000 : 20 },
    )
  })

  it('is refused where the reference was used', async () => {
    const { account } = await openBank()
    const { asked } = await place(account)
    expect(await raiaccept.place(account, newOrder({ number: asked.number }))).toEqual({
      ok: false,
      code: 'refused',
    })
  })

  it('leads to no page of somebody else', async () => {
    const { account, bank } = await openBank()
    const behind = { ...account, apiUrl: `${bank.url.replace('127.0.0.1', 'localhost')}/` }
    expect(await raiaccept.place(behind, newOrder())).toEqual({ ok: false, code: 'refused' })
    const named = { ...behind, checkoutOrigins: [bank.url] }
    expect(await raiaccept.place(named, newOrder())).toMatchObject({ ok: true })
  })

  it.each([
    ['POST /orders$', 503],
    ['POST /orders$', 'lost'],
    ['POST /orders$', 'silent'],
    ['checkout', 500],
    ['checkout', 'silent'],
    ['checkout', 302],
    ['login', 503],
    ['login', 'silent'],
  ] as const)('is unreachable where %s fails with %s', async (which, fault) => {
    hurry()
    const { bank, account } = await openBank()
    bank.control({ fault: { which, fault } })
    expect(await raiaccept.place(account, newOrder())).toEqual({ ok: false, code: 'unreachable' })
  })
})

describe('asking', () => {
  it.each([
    ['succeeds', { outcome: 'captured', captures: [{ amount: 4730, currency: 'EUR' }] }],
    ['fails', { outcome: 'declined', declineCode: '05' }],
    ['noFunds', { outcome: 'declined', declineCode: '51' }],
    ['pending', { outcome: 'processing', captures: [] }],
    ['closes', { outcome: 'captured' }],
    ['silent', { outcome: 'captured' }],
    ['twice', { outcome: 'captured', captures: [{ amount: 4730 }, { amount: 4730 }] }],
    ['test', { outcome: 'declined', declineCode: 'TEST', captures: [] }],
    ['abandons', { outcome: 'cancelled' }],
  ])('about a card that %s', async (behaviour, expected) => {
    const { bank, account } = await openBank()
    const { asked, url } = await place(account)
    expect(await raiaccept.query(account, asked)).toBe('not-found')
    await pay(url, behaviour)
    const answer = await raiaccept.query(account, asked)
    expect(answer).toMatchObject({ trust: 'genuine', orderNumber: asked.number, ...expected })
    const booked = bank.book()[asked.number]!.captured
    expect((answer as { captures: { id: string }[] }).captures.map(({ id }) => id)).toEqual(
      booked.map(({ id }) => id),
    )
  })

  it('about a try that failed and one that paid, a payment under way, and a way back', async () => {
    const { bank, account } = await openBank()
    const late = await place(account)
    expect((await pay(late.url, 'fails')).headers.get('location')).toContain('/payments/return/')
    await pay(late.url, 'succeeds')
    expect(await raiaccept.query(account, late.asked)).toMatchObject({ outcome: 'captured' })
    const slow = await place(account)
    await pay(slow.url, 'pending')
    bank.control({ settle: { reference: slow.asked.number, as: 'SUCCESS' } })
    expect(await raiaccept.query(account, slow.asked)).toMatchObject({ outcome: 'captured' })
    const left = await place(account)
    expect((await press(left.url, { do: 'cancel' })).status).toBe(303)
    expect(await raiaccept.query(account, left.asked)).toMatchObject({ outcome: 'cancelled' })
  })

  it('about a session that ended', async () => {
    const { bank, account } = await openBank({ sessionSeconds: 60 })
    const { asked, url } = await place(account)
    goAhead(bank, 61_000)
    expect((await pay(url, 'succeeds')).status).toBe(410)
    expect(await raiaccept.query(account, asked)).toMatchObject({ outcome: 'cancelled', captures: [] })
  })

  it('about an order that the bank does not have, or was never placed', async () => {
    const { account } = await openBank()
    const order = { number: 'D2600000099', amount: 4730, currency: 'EUR' } as const
    expect(await raiaccept.query(account, { ...order, bankOrderId: null })).toBe('not-found')
    expect(await raiaccept.query(account, { ...order, bankOrderId: 'other' })).toBe('not-found')
  })

  it('believes no answer about another order', async () => {
    const { account } = await openBank()
    const { asked } = await place(account)
    expect(await raiaccept.query(account, { ...asked, number: `${asked.number}_2` })).toBe('no-answer')
  })

  it.each([
    ['GET /orders/[^/]+$', 500],
    ['GET /orders/[^/]+$', 404],
    ['GET /orders/[^/]+$', 'silent'],
    ['GET /orders/[^/]+$', 'lost'],
    ['transactions', 503],
    ['transactions', 404],
    ['transactions', 'silent'],
  ] as const)('gets no answer where %s fails with %s', async (which, fault) => {
    hurry()
    const { bank, account } = await openBank()
    const { asked, url } = await place(account)
    await pay(url, 'succeeds')
    bank.control({ fault: { which, fault } })
    expect(await raiaccept.query(account, asked)).toBe('no-answer')
    expect(await raiaccept.query(account, asked)).toMatchObject({ outcome: 'captured' })
  })
})

describe('tokens', () => {
  it('one login serves fifty questions at once, and a refresh all after it', async () => {
    const { bank, account } = await openBank()
    const { asked } = await place({ ...account, code: 'placed-elsewhere' })
    const before = logins(bank)
    const ask = () => Promise.all(Array.from({ length: 50 }, () => raiaccept.query(account, asked)))
    expect(new Set(await ask())).toEqual(new Set(['not-found']))
    expect(logins(bank) - before).toBe(1)
    goAhead(bank, 300_000)
    expect(new Set(await ask())).toEqual(new Set(['not-found']))
    expect([logins(bank) - before, refreshes(bank)]).toEqual([1, 1])
  })

  it('that the bank forgot are refreshed once; what was refused so is sent again', async () => {
    const { bank, account } = await openBank()
    const { asked } = await place(account)
    bank.control({ revoke: 'access' })
    expect(await raiaccept.query(account, asked)).toBe('not-found')
    expect([logins(bank), refreshes(bank)]).toEqual([1, 1])
    bank.control({ revoke: 'all' })
    // A login was a moment ago: another one has to wait.
    expect(await raiaccept.query(account, asked)).toBe('no-answer')
    goAhead(bank, 61_000)
    expect(await raiaccept.query(account, asked)).toBe('not-found')
    expect(logins(bank)).toBe(2)
  })

  it('are not asked for again and again where the bank refuses the login, which is an alarm', async () => {
    const alarm = vi.spyOn(log, 'error').mockReturnValue()
    const { bank, account } = await openBank({ loginsPerMinute: 2 })
    const wrong = { ...account, secrets: { ...account.secrets, apiPassword: 'wrong' } }
    const ask = () => raiaccept.query(wrong, { ...newOrder(), bankOrderId: 'x' })
    const at = [0, 1000, 60_000, 61_000, 120_000, 181_000]
    let before = 0
    const counts: number[] = []
    for (const ms of at) {
      goAhead(bank, ms - before)
      before = ms
      expect(await Promise.all([ask(), ask(), ask()])).toEqual(['refused', 'refused', 'refused'])
      counts.push(logins(bank))
    }
    // After one minute, then two, then four.
    expect(counts).toEqual([1, 1, 2, 2, 2, 3])
    expect(alarm).toHaveBeenCalledWith(
      { account: wrong.code, status: expect.any(Number) },
      expect.stringMatching(/^ALARM: a bank does not let us sign in/),
    )
  })

  it('are had with a client certificate where the account has one', async () => {
    const pem = fs.readFileSync(signingFile('current'), 'utf8')
    const { bank, account } = await openBank({ tls: { key: pem, cert: pem } })
    const before = process.env.NODE_TLS_REJECT_UNAUTHORIZED
    process.env.NODE_TLS_REJECT_UNAUTHORIZED = '0'
    onTestFinished(() => {
      if (before === undefined) delete process.env.NODE_TLS_REJECT_UNAUTHORIZED
      else process.env.NODE_TLS_REJECT_UNAUTHORIZED = before
    })
    const certified = { ...account.secrets, clientCertificate: pem, clientKey: pem }
    expect(await raiaccept.place({ ...account, secrets: certified }, newOrder())).toMatchObject({ ok: true })
    const other = { ...account, code: 'without-certificate' }
    expect(await raiaccept.place(other, newOrder())).toMatchObject({ ok: false })
    expect(bank.orders).toHaveLength(1)
  })
})

describe('giving back', () => {
  async function paid(options?: RaiAcceptOptions) {
    const { bank, account } = await openBank(options)
    const { asked, url } = await place(account)
    await pay(url, 'succeeds')
    const { id: transactionId } = bank.book()[asked.number]!.captured[0]!
    const refund = (amount: number) =>
      raiaccept.refund(account, asked, { transactionId, amount, number: 'R1' })
    return { bank, account, asked, refund, refunded: () => bank.book()[asked.number]!.refunded }
  }

  it('a part, and the rest, and no more', async () => {
    const { account, asked, refund, refunded } = await paid()
    const first = await refund(1730)
    expect(first).toEqual({ state: 'succeeded', transactionId: refunded()[0]!.id })
    expect(await refund(3001)).toEqual({ state: 'failed', code: 'REFUND_AMOUNT_EXCEEDED' })
    expect(await refund(3000)).toMatchObject({ state: 'succeeded' })
    expect(await raiaccept.query(account, asked)).toMatchObject({
      outcome: 'captured',
      captures: [{ amount: 4730 }],
      refunds: [{ amount: 1730 }, { amount: 3000 }],
    })
  })

  it('is not done while the bank is at it, or where it fails', async () => {
    const { bank, account, asked, refund, refunded } = await paid()
    bank.control({ refunds: 'PENDING' })
    expect(await refund(1000)).toEqual({ state: 'unknown' })
    // Whoever asks now does not hear that nothing was given back.
    expect(await raiaccept.query(account, asked)).toBe('no-answer')
    bank.control({ settle: { reference: asked.number, as: 'SUCCESS' }, refunds: 'FAILED' })
    expect(await raiaccept.query(account, asked)).toMatchObject({ refunds: [{ amount: 1000 }] })
    expect(await refund(1000)).toEqual({ state: 'failed', code: '05' })
    expect(refunded()).toHaveLength(1)
  })

  it.each([
    ['refund', 'lost', 1],
    ['refund', 'silent', 0],
    ['refund', 503, 0],
    // One under way already, and a balancer's page: neither says what became of this one.
    ['refund', 409, 0],
    ['refund', 403, 0],
    ['GET .*transactions', 503, 1],
  ] as const)('is unknown where %s ends with %s, and is not told twice', async (which, fault, given) => {
    hurry()
    const { bank, account, asked, refund, refunded } = await paid()
    bank.control({ fault: { which, fault } })
    expect(await refund(1000)).toEqual({ state: 'unknown' })
    expect(bank.requests.filter(line => line.endsWith('/refund'))).toHaveLength(1)
    expect(refunded()).toHaveLength(given)
    expect(await raiaccept.query(account, asked)).toMatchObject({
      refunds: Array.from({ length: given }, () => ({ amount: 1000 })),
    })
  })

  it('has failed where nothing was sent', async () => {
    const { bank, account, asked } = await paid()
    const other = { ...account, code: 'signed-out' }
    bank.control({ fault: { which: 'login', fault: 503 } })
    expect(await raiaccept.refund(other, asked, { transactionId: 'T', amount: 1, number: 'R1' })).toEqual({
      state: 'failed',
      code: 'not-signed-in',
    })
    expect(bank.requests.filter(line => line.endsWith('/refund'))).toHaveLength(0)
  })
})

describe('webhooks', () => {
  /** A merchant's server that keeps what arrives, and answers with `status`. */
  async function listen(status = () => 200) {
    const arrived: string[] = []
    const server = http.createServer(async (request, response) => {
      const chunks: Buffer[] = []
      for await (const chunk of request) chunks.push(chunk as Buffer)
      arrived.push(Buffer.concat(chunks).toString())
      response.writeHead(status()).end()
    })
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
    onTestFinished(() => void server.close())
    return { arrived, callbackUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}/` }
  }
  const states = (arrived: string[]) => arrived.map(body => JSON.parse(body).transaction.status as string)

  it('come twice, out of order or not at all; none is more than a hint', async () => {
    const { bank, account } = await openBank()
    const { arrived, callbackUrl } = await listen()
    const twice = await place(account, { callbackUrl })
    bank.control({ webhooks: { times: 2 } })
    await pay(twice.url, 'succeeds')
    await expect.poll(() => states(arrived)).toEqual(['SUCCESS', 'SUCCESS'])
    const hints = arrived.map(body => raiaccept.read(account, { channel: 'callback', body })!)
    expect(hints[0]).toMatchObject({ trust: 'hint', orderNumber: twice.asked.number, captures: [] })
    expect(hints[0]!.dedupKey).toBe(hints[1]!.dedupKey)
    expect(arrived[0]).toContain('cardNumber')
    expect(JSON.stringify(hints[0])).not.toMatch(/card/i)

    const reordered = await place(account, { callbackUrl })
    bank.control({ webhooks: { held: true } })
    await pay(reordered.url, 'fails')
    await pay(reordered.url, 'succeeds')
    bank.control({ webhooks: { lost: true } })
    await pay((await place(account, { callbackUrl })).url, 'succeeds')
    expect(arrived).toHaveLength(2)
    bank.control({ release: 'reversed' })
    await expect.poll(() => states(arrived.slice(2)).sort()).toEqual(['FAILED', 'SUCCESS'])
  })

  it('come again where they are answered with an error', async () => {
    const { bank, account } = await openBank()
    bank.control({ webhooks: { againMs: 20 } })
    let answers = 0
    const { arrived, callbackUrl } = await listen(() => (answers++ === 0 ? 500 : 200))
    const { url } = await place(account, { callbackUrl })
    await pay(url, 'closes')
    await expect.poll(() => bank.webhooks.map(({ status }) => status)).toEqual([500, 200])
    expect(new Set(arrived).size).toBe(1)
  })
})

it('another process can make the bank slow or forgetful, and read its book', async () => {
  const { bank, account } = await openBank()
  const { asked, url } = await place(account)
  const control = (body: object) =>
    fetch(`${bank.url}/control`, { method: 'POST', body: JSON.stringify(body) })
  await pay(url, 'succeeds')
  await control({ revoke: 'access' })
  await control({ fault: { which: 'GET /orders', fault: { delayMs: 50 }, times: 3 } })
  expect(await raiaccept.query(account, asked)).toMatchObject({ outcome: 'captured' })
  expect(refreshes(bank)).toBe(1)
  expect(await (await fetch(`${bank.url}/control/book`)).json()).toMatchObject({
    [asked.number]: { status: 'PAID', currency: 'EUR', captured: [{ amount: 4730 }], refunded: [] },
  })
})
