// The portal and a bank that speaks NestPay, over sockets: paying, asking, giving back, and every fault that such banks have.
import http from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import type { BankAnswer, GatewayAccount } from '../../lib/payments/gateways/gateway.ts'
import { nestpay } from '../../lib/payments/gateways/nestpay.ts'
import { clock } from '../../lib/platform/clock.ts'
import { log } from '../../lib/platform/log.ts'
import { NESTPAY_SECRETS, nestpayAccount, nestpayOrder } from '../support/nestpay-account.ts'
import { cards, startNestpay } from '../support/simulators/nestpay.ts'
import { bringForm, payByCard } from '../support/simulators/nestpay-customer.ts'

let bank: Awaited<ReturnType<typeof startNestpay>>
let noFaults: typeof bank.faults
let account: GatewayAccount
let shop: http.Server
let callbackUrl: string
/** What was brought to the shop's server, and with which status and words it answers. */
const calls: string[] = []
const statuses: number[] = []
let words = ''

beforeAll(async () => {
  bank = await startNestpay({ clientId: '190100000', ...NESTPAY_SECRETS })
  noFaults = { ...bank.faults }
  account = nestpayAccount(bank)
  shop = http.createServer(async (request, response) => {
    let body = ''
    for await (const chunk of request.setEncoding('utf8')) body += chunk
    calls.push(body)
    response.writeHead(statuses.shift() ?? 200).end(words)
  })
  await new Promise<void>(resolve => shop.listen(0, '127.0.0.1', resolve))
  callbackUrl = `http://127.0.0.1:${(shop.address() as AddressInfo).port}/callback`
})
afterEach(async () => {
  await bank.settle()
  Object.assign(bank.faults, noFaults)
  calls.length = 0
  statuses.length = 0
  words = ''
  vi.restoreAllMocks()
})
afterAll(async () => {
  await bank.stop()
  shop.close()
})

let orders = 0
const newOrder = (other: Parameters<typeof nestpayOrder>[0] = {}) =>
  nestpayOrder({ number: `D26${String(++orders).padStart(8, '0')}`, callbackUrl, ...other })
type NewOrder = ReturnType<typeof newOrder>

async function redirectOf(order: NewOrder, of = account) {
  const placed = await nestpay.place(of, order)
  if (!placed.ok) throw new Error(placed.code)
  return placed.value.redirect
}

const pay = async (order: NewOrder, card: string) => payByCard(await redirectOf(order), card)
const read = (body: string) => nestpay.read(account, { channel: 'return', body })

async function ask(order: NewOrder, of = account): ReturnType<typeof nestpay.query> {
  const answer = await nestpay.query(of, { ...order, bankOrderId: null })
  // The bank's book is what the answer is measured by.
  if (typeof answer === 'object') {
    const kept = (sum: number, { amount }: { amount: number | undefined }) => sum + amount!
    const given = answer.refunds.filter(({ id }) => answer.captures.some(capture => capture.id !== id))
    expect(answer.captures.reduce(kept, 0) - given.reduce(kept, 0)).toBe(bank.book.balance(order.number))
  }
  return answer
}

const giveBack = (order: NewOrder, transactionId: string, amount: number, of = account) =>
  nestpay.refund(of, { ...order, bankOrderId: null }, { transactionId, amount, number: 'R2600000001' })

async function paid(other: Parameters<typeof nestpayOrder>[0] = {}) {
  const order = newOrder(other)
  await pay(order, cards.approved)
  return { order, transactionId: bank.book.sales(order.number)[0]!.transId }
}

describe('a payment', () => {
  it('is placed, paid and brought back, and asked about says the same', async () => {
    const order = newOrder()
    expect(await ask(order)).toBe('not-found')
    const { url, body } = await pay(order, cards.approved)
    expect(url).toBe(order.returnUrl)
    const brought = read(body)!
    const hint = {
      orderNumber: order.number,
      trust: 'hint',
      forUs: true,
      outcome: 'processing',
      captures: [],
    }
    expect(brought).toMatchObject(hint)
    const [sale] = bank.book.sales(order.number)
    expect(calls.map(read)).toMatchObject([hint])
    const asked = (await ask(order)) as BankAnswer
    expect(asked).toMatchObject({ orderNumber: order.number, outcome: 'captured', trust: 'genuine' })
    expect(asked.captures).toMatchObject([{ id: sale!.transId, amount: 4730 }])
    // To the second the same moment, where the bank is.
    const told = brought.payload['EXTRA.TRXDATE']!
    expect(asked.captures[0]!.at?.slice(0, 19)).toBe(told.replace(/^(....)(..)(..) /, '$1-$2-$3T'))
  })

  it('in lek is one in lek', async () => {
    const order = newOrder({ currency: 'ALL', amount: 123456 })
    const { body } = await pay(order, cards.halfSecure)
    expect(read(body)).toMatchObject({ trust: 'hint', amount: 123456, currency: 'ALL' })
    expect(await ask(order)).toMatchObject({ outcome: 'captured', captures: [{ amount: 123456 }] })
  })

  it('is declined again and again, and then approved', async () => {
    const order = newOrder()
    const codes = []
    for (const card of [cards.noFunds, cards.expired, cards.failed3dSecure, cards.wrongNumber]) {
      const declined = read((await pay(order, card)).body)
      expect(declined).toMatchObject({ trust: 'genuine', outcome: 'declined', captures: [] })
      codes.push(declined!.declineCode)
    }
    expect(codes).toEqual(['51', '54', 'mdStatus 0', 'HPP-1001'])
    expect(await ask(order)).toMatchObject({ outcome: 'declined', declineCode: '54' })
    expect(read((await pay(order, cards.approved)).body)?.trust).toBe('hint')
    expect(await ask(order)).toMatchObject({ outcome: 'captured', captures: [{ amount: 4730 }] })
  })

  it('approved without 3-D Secure has the bank asked', async () => {
    const order = newOrder()
    const { body } = await pay(order, cards.approvedUnauthenticated)
    expect(read(body)).toMatchObject({ trust: 'hint', captures: [] })
    expect(await ask(order)).toMatchObject({ captures: [{ id: expect.any(String), amount: 4730 }] })
  })

  it('from which nobody returns is found by asking', async () => {
    const order = newOrder()
    expect((await pay(order, cards.neverReturns)).url).toBeUndefined()
    expect(calls).toEqual([])
    expect(await ask(order)).toMatchObject({ outcome: 'captured' })
  })

  it('that was given up leads back, and the bank knows of no try', async () => {
    const order = newOrder()
    const page = await bringForm(await redirectOf(order))
    expect(page).toContain(`href="${order.returnUrl.replaceAll('&', '&amp;')}"`)
    expect(await ask(order)).toBe('not-found')
  })

  it('with a wrong hash, another amount or another merchant is told apart', async () => {
    expect(read((await pay(newOrder(), cards.wrongHash)).body)?.trust).toBe('forged')
    expect(read((await pay(newOrder(), cards.otherAmount)).body)).toMatchObject({
      trust: 'hint',
      amount: 100,
    })
    expect(read((await pay(newOrder(), cards.otherMerchant)).body)).toMatchObject({ forUs: false })
  })

  it('placed with a wrong key is refused by the bank, and no decline', async () => {
    const alarm = vi.spyOn(log, 'error').mockReturnValue()
    const wrong = { ...account, secrets: { ...account.secrets, storeKey: 'another' } }
    const { body } = await payByCard(await redirectOf(newOrder(), wrong), cards.approved)
    expect(read(body)).toMatchObject({ trust: 'hint', outcome: 'processing', captures: [] })
    expect(alarm).toHaveBeenCalledOnce()
  })

  it('taken twice by the bank is two captures', async () => {
    const { order } = await paid()
    const again = bank.takeAgain(order.number, 1500)
    await bank.settle()
    expect(read(new URLSearchParams(again).toString())).toMatchObject({ trust: 'hint', amount: 1500 })
    expect(await ask(order)).toMatchObject({ captures: [{ amount: 4730 }, { amount: 1500 }] })
  })
})

describe('the bank’s calls', () => {
  it('come twice, and late, and say the same', async () => {
    bank.faults.lateMs = 20
    const keys = async (card: string) => {
      calls.length = 0
      await pay(newOrder(), card)
      await bank.settle()
      return calls.map(body => read(body)!).map(({ trust, dedupKey }) => `${trust} ${dedupKey}`)
    }
    const twice = await keys(cards.callbackTwice)
    expect(twice).toEqual([expect.stringMatching(/^hint /), twice[0]])
    expect(await keys(cards.callbackAfter)).toHaveLength(1)
    expect(await keys(cards.callbackLate)).toHaveLength(1)
    expect(await keys(cards.callbackBefore)).toHaveLength(1)
  })

  it('are lost, or come in another order', async () => {
    bank.faults.callbacks = 'lost'
    await pay(newOrder(), cards.approved)
    bank.faults.callbacks = 'held'
    bank.faults.copies = 2
    const [first, second] = [newOrder(), newOrder()]
    for (const order of [first, second]) await pay(order, cards.approved)
    expect(calls).toEqual([])
    await bank.releaseCallbacks('reversed')
    const numbers = [second, second, first, first].map(({ number }) => number)
    expect(calls.map(body => nestpay.named({ channel: 'callback', body })?.orderNumber)).toEqual(numbers)
  })

  it('are repeated until they are taken', async () => {
    bank.faults.repeatMs = 5
    statuses.push(503, 500)
    await pay(newOrder(), cards.approved)
    expect(calls).toHaveLength(3)
    expect(new Set(calls).size).toBe(1)
  })
})

describe('asking', () => {
  it('a bank that is down, slow or talks nonsense is no answer', async () => {
    const { order } = await paid()
    bank.faults.apiStatus = 503
    expect(await ask(order)).toBe('no-answer')
    bank.faults.apiStatus = undefined
    const timeout = vi.spyOn(AbortSignal, 'timeout').mockImplementation(ms => {
      expect(ms).toBe(10_000)
      return AbortSignal.abort(new DOMException('too slow', 'TimeoutError'))
    })
    expect(await ask(order)).toBe('no-answer')
    timeout.mockRestore()
    expect(await ask(order, { ...account, apiUrl: `${bank.url}/control` })).toBe('no-answer')
    expect(await ask(order, { ...account, apiUrl: 'http://127.0.0.1:9' })).toBe('no-answer')
    expect(await ask(order, { ...account, apiUrl: null })).toBe('no-answer')
  })

  it('is read no further than an answer may be long', async () => {
    const order = newOrder()
    const elsewhere = { ...account, apiUrl: callbackUrl }
    const notFound = `<Response>Declined</Response><ProcReturnCode>99</ProcReturnCode><ErrMsg>No record found for ${order.number}</ErrMsg>`
    words = `<CC5Response>${notFound}</CC5Response>`
    expect(await ask(order, elsewhere)).toBe('not-found')
    words = `<CC5Response>${notFound}${' '.repeat(300_000)}</CC5Response>`
    expect(await ask(order, elsewhere)).toBe('no-answer')
  })

  it('with a wrong password is refused, and an alarm', async () => {
    const alarm = vi.spyOn(log, 'error').mockReturnValue()
    const { order } = await paid()
    const other = { ...account, secrets: { ...account.secrets, apiPassword: 'another' } }
    expect(await ask(order, other)).toBe('refused')
    expect(alarm).toHaveBeenCalledWith(
      {
        ...{ account: 'kesco-teb', payment: order.number, code: 'CORE-2201' },
        says: 'The user is not authenticated.',
      },
      expect.stringMatching(/^ALARM/),
    )
  })

  it('tells what a bank says that refuses a question, without what it repeats of ours or of a person', async () => {
    const alarm = vi.spyOn(log, 'error').mockReturnValue()
    const secrets = { ...account.secrets, apiPassword: 'api-2026' }
    words = `<CC5Response><Response>Error</Response><ErrMsg>No api-2026 for a@b.example, 4355.0843.5508.4358, see https://bank.example/?t=1</ErrMsg><Extra><ERRORCODE>CORE-2201</ERRORCODE></Extra></CC5Response>`
    expect(await ask(newOrder(), { ...account, secrets, apiUrl: callbackUrl })).toBe('refused')
    expect(alarm.mock.lastCall![0]).toMatchObject({ code: 'CORE-2201', says: 'No … for … …, see …' })
  })

  it('about an order whose number only begins alike finds nothing', async () => {
    const { order } = await paid()
    expect(await ask({ ...order, number: `${order.number}-2` })).toBe('not-found')
    // Nor is another order's record taken for it.
    const { status, history } = bank.book
    vi.spyOn(bank.book, 'status').mockImplementation(() => status.call(bank.book, order.number))
    vi.spyOn(bank.book, 'history').mockImplementation(() => history.call(bank.book, order.number))
    vi.spyOn(log, 'error').mockReturnValue()
    expect(await ask({ ...order, number: `${order.number}-3` })).toBe('no-answer')
  })

  it('a bank without histories, its status counts', async () => {
    bank.faults.noHistory = true
    const { order, transactionId } = await paid()
    expect(await ask(order)).toMatchObject({
      outcome: 'captured',
      amount: 4730,
      captures: [{ id: transactionId, amount: 4730, at: expect.stringMatching(/^20.*T/) }],
    })
    bank.book.endDay()
    await giveBack(order, transactionId, 1000)
    // The status is of the refund now, and says nothing of the sale.
    expect(await ask(order)).toBe('no-answer')
  })
})

describe('giving back', () => {
  it('the whole of a payment on its day voids it', async () => {
    const { order, transactionId } = await paid()
    expect(await giveBack(order, transactionId, 4730)).toEqual({ state: 'succeeded', transactionId })
    expect(bank.book.balance(order.number)).toBe(0)
    expect(await ask(order)).toMatchObject({ captures: [], refunds: [{ id: transactionId, amount: 4730 }] })
  })

  it('a part, or one of two payments, has to wait for the next day', async () => {
    const { order, transactionId } = await paid()
    // Half past midnight where the bank is: its next day is the one after.
    const late = vi.spyOn(clock, 'now').mockReturnValue(new Date('2026-04-10T22:30:00Z'))
    const tomorrow = { state: 'later', at: new Date('2026-04-12T04:00:00Z') }
    expect(await giveBack(order, transactionId, 1000)).toEqual(tomorrow)
    bank.takeAgain(order.number)
    expect(await giveBack(order, transactionId, 4730)).toEqual(tomorrow)
    late.mockRestore()
    expect(bank.book.balance(order.number)).toBe(2 * 4730)
    bank.book.endDay()
    const given = await giveBack(order, transactionId, 1000)
    expect(given).toMatchObject({
      state: 'succeeded',
      transactionId: expect.not.stringMatching(transactionId),
    })
    expect(await ask(order)).toMatchObject({
      outcome: 'captured',
      captures: [{ amount: 4730 }, { amount: 4730 }],
      refunds: [{ id: (given as { transactionId: string }).transactionId, amount: 1000 }],
    })
  })

  it('a bank whose day ends between refund and void is asked once more', async () => {
    const { order, transactionId } = await paid()
    const { void: taken } = bank.book
    vi.spyOn(bank.book, 'void').mockImplementation(function (this: typeof bank.book, oid) {
      this.endDay()
      return taken.call(this, oid)
    })
    expect(await giveBack(order, transactionId, 4730)).toMatchObject({ state: 'succeeded' })
    expect(bank.book.refunds(order.number)).toMatchObject([{ amount: 4730 }])
  })

  it('nothing, or more than is left, fails with the bank’s code', async () => {
    const { order, transactionId } = await paid()
    bank.book.endDay()
    expect(await giveBack(order, transactionId, 0)).toEqual({ state: 'failed', code: 'CORE-2504' })
    expect(await giveBack(order, transactionId, 4730)).toMatchObject({ state: 'succeeded' })
    expect(await giveBack(order, transactionId, 1)).toEqual({ state: 'failed', code: '215021' })
    expect(bank.book.balance(order.number)).toBe(0)
  })

  it('an answer without ProcReturnCode counts by its word', async () => {
    bank.faults.refundsWithoutCode = true
    const { order, transactionId } = await paid()
    bank.book.endDay()
    expect(await giveBack(order, transactionId, 4730)).toMatchObject({ state: 'succeeded' })
    expect(await giveBack(order, transactionId, 4730)).toMatchObject({ state: 'failed' })
  })

  it('is unknown where the answer was lost, and then found by asking', async () => {
    const { order, transactionId } = await paid()
    bank.book.endDay()
    Object.assign(bank.faults, { apiStatus: 502, apiStatusWhen: 'applied' })
    expect(await giveBack(order, transactionId, 4730)).toEqual({ state: 'unknown' })
    bank.faults.apiStatus = undefined
    expect(await ask(order)).toMatchObject({ refunds: [{ amount: 4730 }] })
  })

  it.each([
    ['of another order', 'unknown', '<Response>Approved</Response><OrderId>D1</OrderId>'],
    [
      'that contradicts itself',
      'unknown',
      '<Response>Approved</Response><ProcReturnCode>05</ProcReturnCode>',
    ],
    ['that says no reason', 'unknown', '<Response>Error</Response>'],
    ['that says nothing', 'unknown', '<ErrMsg>?</ErrMsg>'],
    ['that declines', 'failed', '<Response>Declined</Response><ProcReturnCode>05</ProcReturnCode>'],
  ])('an answer %s is %s', async (_, state, answer) => {
    words = `<CC5Response>${answer}</CC5Response>`
    const elsewhere = { ...account, apiUrl: callbackUrl }
    expect(await giveBack(newOrder(), 'T1', 4730, elsewhere)).toMatchObject({ state })
  })

  it('is told once, also where the bank is too slow', async () => {
    const { order, transactionId } = await paid()
    bank.book.endDay()
    bank.faults.apiDelayMs = 200
    vi.spyOn(AbortSignal, 'timeout').mockImplementation(() => {
      const slow = new AbortController()
      setTimeout(() => slow.abort(), 50)
      return slow.signal
    })
    expect(await giveBack(order, transactionId, 4730)).toEqual({ state: 'unknown' })
    expect(bank.book.refunds(order.number)).toHaveLength(1)
  })
})

it('the bank is steered from another process', async () => {
  const { order } = await paid()
  const control = (body: object) =>
    fetch(`${bank.url}/control`, { method: 'POST', body: JSON.stringify(body) }).then(answer => answer.json())
  const { book } = await control({ endDay: true, faults: { copies: 2 }, takeAgain: { oid: order.number } })
  expect(book[order.number]).toMatchObject([
    { state: 'S', amount: 4730 },
    { state: 'C', amount: 4730 },
  ])
  await control({ settle: true })
  expect(calls).toHaveLength(3)
})
