// The portal and the sandbox bank over real HTTP: every card, the jobs, cancelling, expiry, silence.
import { eq, not, sql } from 'drizzle-orm'
import { afterAll, afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { POST as bankForm, GET as bankPage } from '../../app/(demo)/sandbox-bank/[order]/route.ts'
import { POST as status } from '../../app/(demo)/sandbox-bank/api/status/route.ts'
import { GET as start } from '../../app/(demo)/sandbox-bank/start/route.ts'
import { GET as comeBack } from '../../app/(portal)/payments/return/[gateway]/route.ts'
import { POST as callback } from '../../app/api/payments/[gateway]/callback/route.ts'
import { contractAccess } from '../../db/schema/contract-access.ts'
import { payments } from '../../db/schema/ledger.ts'
import { paymentAttempts, paymentEvents } from '../../db/schema/payments.ts'
import { sandboxBankOrders } from '../../db/schema/sandbox-bank.ts'
import { invoiceContent } from '../../lib/billing/invoice-content.ts'
import { getInvoice, listUnpaidInvoices } from '../../lib/billing/queries.ts'
import { askBank } from '../../lib/payments/asking.ts'
import { checkoutRedirect } from '../../lib/payments/checkout.ts'
import { cancelAttempt } from '../../lib/payments/commands.ts'
import { sandbox } from '../../lib/payments/gateways/sandbox.ts'
import { checkAttempt } from '../../lib/payments/jobs.ts'
import { getAttempt } from '../../lib/payments/paid-queries.ts'
import { getPayableContract } from '../../lib/payments/queries.ts'
import { checkoutAddress } from '../../lib/payments/redirect-rules.ts'
import { tryAtBank } from '../../lib/payments/rules.ts'
import { clock } from '../../lib/platform/clock.ts'
import { callMerchant } from '../../lib/sandbox-bank/jobs.ts'
import { receive, testAccount } from '../support/bank.ts'
import { testDatabase } from '../support/database.ts'
import { runDueJobs } from '../support/jobs.ts'
import {
  attemptOf,
  bankAnswer,
  bankFields,
  begin,
  checkBooks,
  makePayable,
  nextCheckOf,
  serveRoutes,
} from '../support/payments.ts'
import { giveAccess, makeAccount } from '../support/people.ts'

const sandboxParameters = { params: Promise.resolve({ gateway: 'sandbox' }) }
let callbacks = 0
let bankIsUp = true
const server = await serveRoutes({
  '/api/payments/sandbox/callback': request => {
    callbacks++
    return callback(request, sandboxParameters)
  },
  '/sandbox-bank/api/status': async request =>
    bankIsUp ? status(request) : new Response(null, { status: 500 }),
})
process.env.APP_URL = server.url
/** More than the tests before that of the limit send. */
const FORGERIES_IN_ALL = 6
process.env.LIMIT_FORGED_ANSWERS_PER_HOUR = String(FORGERIES_IN_ALL)
const db = await testDatabase()
afterAll(() => server.stop())

const start0 = new Date('2024-01-20T10:00:00Z')
let now = start0
const pass = (seconds: number) => {
  now = new Date(now.getTime() + seconds * 1000)
}
beforeEach(() => {
  now = start0
  callbacks = 0
  bankIsUp = true
  vi.spyOn(clock, 'now').mockImplementation(() => now)
})
afterEach(() => checkBooks(db))

async function scene() {
  const customer = await makeAccount(db)
  const contract = await makePayable(db, [45_600])
  await giveAccess(db, customer, contract)
  const attempt = await begin(db, customer, contract, now)
  const state = async () => (await attemptOf(db, attempt.id)).state
  const check = () => checkAttempt({ attemptId: attempt.id }, { database: db })
  const received = () => db.select().from(payments).where(eq(payments.attemptId, attempt.id))
  return { customer, contract, attempt, state, check, received }
}

const orderParameters = (order: string) => ({ params: Promise.resolve({ order }) })
const post = (fields: Record<string, string>) =>
  new Request(`${server.url}/`, { method: 'POST', body: new URLSearchParams(fields) }) as never

/** Goes to the bank as a browser would. Returns the address of its page. */
async function goToBank(customer: { id: string; language: string }, id: string): Promise<string> {
  const bank = await checkoutRedirect(customer, id, now)
  const way = bank.ok && bank.value && checkoutAddress(bank.value)
  if (!way) throw new Error('Nothing leads to the bank.')
  const response = await start(new Request(`${server.url}${way}`))
  expect(response.status).toBe(303)
  return response.headers.get('location')!
}

/** Pays (or cancels) at the bank and comes back. Returns where the portal leads to. */
async function payAtBank(number: string, fields: Record<string, string>): Promise<string> {
  const atBank = await bankForm(post(fields), orderParameters(number))
  expect(atBank.status).toBe(303)
  const back = new URL(atBank.headers.get('location')!, server.url)
  const response = await comeBack(new Request(back), sandboxParameters)
  expect(response.status).toBe(303)
  return response.headers.get('location')!
}

/** Does the bank's calls that wait, whatever their time. */
const doCalls = () =>
  runDueJobs({ 'sandbox-bank-callback': payload => callMerchant(payload as never, { database: db }) })

describe('a card', () => {
  it('that approves settles at the return, and the call changes nothing more', async () => {
    const { customer, attempt, state, received } = await scene()
    expect(await goToBank(customer, attempt.id)).toBe(`/sandbox-bank/${attempt.number}`)
    expect(await payAtBank(attempt.number, { cardNumber: '4000000000000002' })).toBe(
      `/payments/${attempt.id}`,
    )
    expect(await state()).toBe('captured')
    await doCalls()
    expect(callbacks).toBe(1)
    expect(await received()).toMatchObject([{ amount: 55_600, allocated: 55_600 }])
  })

  it('that approves settles by the call alone where the browser never comes back', async () => {
    const { customer, attempt, state, received } = await scene()
    await goToBank(customer, attempt.id)
    await bankForm(post({ cardNumber: '4000 0000 0000 0002' }), orderParameters(attempt.number))
    expect(await state()).toBe('pending')
    await doCalls()
    expect(await state()).toBe('captured')
    expect(await received()).toHaveLength(1)
  })

  it('that calls back ten times settles once', async () => {
    const { customer, attempt, state, received } = await scene()
    await goToBank(customer, attempt.id)
    await bankForm(post({ cardNumber: '4000000000000051' }), orderParameters(attempt.number))
    await doCalls()
    expect(callbacks).toBe(10)
    expect(await state()).toBe('captured')
    expect(await received()).toHaveLength(1)
  })

  it.each([
    ['4000000000000010', '05'],
    ['4000000000000028', '51'],
  ])('%s is declined with %s, and another card can be tried at the bank', async (cardNumber, declineCode) => {
    const { customer, attempt, state, received } = await scene()
    await goToBank(customer, attempt.id)
    await payAtBank(attempt.number, { cardNumber })
    expect(await attemptOf(db, attempt.id)).toMatchObject({ state: 'declined', declineCode })
    await payAtBank(attempt.number, { cardNumber: '4000000000000002' })
    expect(await state()).toBe('captured')
    expect(await received()).toHaveLength(1)
    await doCalls()
  })

  it('that answers late leaves the payment pending until it does', async () => {
    const { customer, attempt, state, received, check } = await scene()
    await goToBank(customer, attempt.id)
    await payAtBank(attempt.number, { cardNumber: '4000000000000036' })
    expect(await state()).toBe('pending')
    expect(await cancelAttempt(customer, attempt.id, now)).toEqual({ ok: true, value: undefined })
    expect(await state()).toBe('pending')
    pass(29)
    await check()
    expect(await state()).toBe('pending')
    pass(5)
    await check()
    expect(await state()).toBe('captured')
    await doCalls()
    expect(await received()).toHaveLength(1)
  })

  it('that never answers leaves it unknown: not expired, not to be cancelled, asked about again and again', async () => {
    const { customer, attempt, state, check } = await scene()
    await goToBank(customer, attempt.id)
    await payAtBank(attempt.number, { cardNumber: '4000000000000044' })
    await doCalls()
    expect(callbacks).toBe(0)
    expect(await cancelAttempt(customer, attempt.id, now)).toEqual({ ok: false, code: 'notKnown' })
    pass(90 * 60)
    await check()
    expect(await state()).toBe('pending')
    expect(await nextCheckOf(db, attempt.id)).toEqual(new Date('2024-01-20T12:30:00Z'))
  })

  it('that is none of the bank’s is refused beside the field, and nothing happens', async () => {
    const { customer, attempt, state } = await scene()
    await goToBank(customer, attempt.id)
    const response = await bankForm(post({ cardNumber: '4111 "1111"' }), orderParameters(attempt.number))
    expect(response.status).toBe(200)
    const html = await response.text()
    expect(html).toContain('role="alert"')
    expect(html).toContain('href="#cardNumber"')
    expect(html).toContain('value="4111 &quot;1111&quot;"')
    expect(await state()).toBe('pending')
  })
})

describe('the bank’s page', () => {
  it('shows the order in the customer’s language, until it is decided', async () => {
    const { customer, attempt } = await scene()
    await goToBank({ ...customer, language: 'sq' }, attempt.id)
    const html = async () => (await bankPage(post({}), orderParameters(attempt.number))).text()
    expect(await html()).toContain('<html lang="sq">')
    expect(await html()).toContain('556,00')
    await payAtBank(attempt.number, { cardNumber: '4000000000000002' })
    expect(await html()).not.toContain('cardNumber')
    // Sent again by a browser's Back: nothing is paid twice.
    await payAtBank(attempt.number, { cardNumber: '4000000000000002' })
    await doCalls()
  })

  it('expires, and says so, until the portal sends the customer there once more', async () => {
    const { customer, attempt, state } = await scene()
    await goToBank(customer, attempt.id)
    const page = async () => (await bankPage(post({}), orderParameters(attempt.number))).text()
    const pay = () => bankForm(post({ cardNumber: '4000000000000002' }), orderParameters(attempt.number))
    pass(30 * 60 - 1)
    expect(await page()).toContain('cardNumber')
    pass(1)
    expect(await page()).toContain('The time to pay this order has run out')
    expect(await page()).not.toContain('cardNumber')
    const late = await pay()
    expect(late.status).toBe(200)
    expect(await late.text()).toContain(`href="/payments/return/sandbox?payment=${attempt.id}"`)
    expect(await state()).toBe('pending')
    await goToBank(customer, attempt.id)
    expect((await pay()).status).toBe(303)
    await doCalls()
    expect(await state()).toBe('captured')
  })

  it('is not offered once the payment has had its time', async () => {
    const { customer, attempt } = await scene()
    pass(90 * 60 - 1)
    expect(await checkoutRedirect(customer, attempt.id, now)).toMatchObject({
      ok: true,
      value: { method: 'GET' },
    })
    pass(1)
    expect(await checkoutRedirect(customer, attempt.id, now)).toEqual({ ok: true, value: null })
  })

  it('opens no order that the portal did not sign, and none of another amount', async () => {
    const { customer, attempt } = await scene()
    const bank = await checkoutRedirect(customer, attempt.id, now)
    const way = bank.ok && bank.value
    if (!way) throw new Error('Nothing leads to the bank.')
    const open = (fields: Record<string, string>) =>
      start(new Request(`${server.url}${way.url}?${new URLSearchParams(fields)}`))
    expect((await open({ ...way.fields, amount: '0.01' })).status).toBe(400)
    expect((await open({})).status).toBe(400)
    expect(
      await db.select().from(sandboxBankOrders).where(eq(sandboxBankOrders.orderNumber, attempt.number)),
    ).toEqual([])
    expect((await bankPage(post({}), orderParameters(attempt.number))).status).toBe(404)
    expect((await bankForm(post({ cardNumber: '4000000000000002' }), orderParameters('D0'))).status).toBe(404)
  })
})

describe('a bank that does not take the order', () => {
  const refuse = () => vi.spyOn(sandbox, 'place').mockRejectedValueOnce(new Error('503'))
  const failed = { ok: false, code: 'bankUnavailable' }

  it('leaves no payment that holds an invoice, even when it cannot be asked', async () => {
    const { customer, contract, attempt, state } = await scene()
    bankIsUp = false
    refuse()
    expect(await checkoutRedirect(customer, attempt.id, now)).toEqual(failed)
    expect(await state()).toBe('cancelled')
    expect((await begin(db, customer, contract, now)).state).toBe('pending')
  })

  it('leaves alone a payment that a portal of before led to the bank: it may be paid there', async () => {
    const { customer, attempt, state } = await scene()
    await db.update(paymentAttempts).set({ sentToBankAt: now }).where(eq(paymentAttempts.id, attempt.id))
    refuse()
    expect(await checkoutRedirect(customer, attempt.id, now)).toEqual(failed)
    expect(await state()).toBe('pending')
    expect(await checkoutRedirect(customer, attempt.id, now)).toMatchObject({
      ok: true,
      value: { method: 'GET' },
    })
  })
})

describe('cancelling', () => {
  it('at the bank cancels the payment', async () => {
    const { customer, attempt, state } = await scene()
    await goToBank(customer, attempt.id)
    await payAtBank(attempt.number, { intent: 'cancel', cardNumber: '' })
    expect(await state()).toBe('cancelled')
    await doCalls()
  })

  it('in the portal asks the bank first', async () => {
    const { customer, attempt, state } = await scene()
    await goToBank(customer, attempt.id)
    bankIsUp = false
    expect(await cancelAttempt(customer, attempt.id, now)).toEqual({ ok: false, code: 'notKnown' })
    bankIsUp = true
    // In the very moment of the question before, as of a page that has just loaded: it waits, and asks anew.
    expect(await cancelAttempt(customer, attempt.id, now)).toEqual({ ok: true, value: undefined })
    expect(await state()).toBe('cancelled')
    // Paid in the bank's window all the same: accepted.
    await payAtBank(attempt.number, { cardNumber: '4000000000000002' })
    expect(await state()).toBe('captured')
    await doCalls()
  })

  it('finds what was paid meanwhile', async () => {
    const { customer, attempt, state } = await scene()
    await goToBank(customer, attempt.id)
    await bankForm(post({ cardNumber: '4000000000000002' }), orderParameters(attempt.number))
    expect(await cancelAttempt(customer, attempt.id, now)).toEqual({ ok: true, value: undefined })
    expect(await state()).toBe('captured')
    await doCalls()
  })

  it('is for one’s own payments', async () => {
    const { attempt, state } = await scene()
    const other = await makeAccount(db)
    expect(await cancelAttempt(other, attempt.id, now)).toEqual({ ok: false, code: 'notFound' })
    expect(await state()).toBe('pending')
  })
})

describe('following up', () => {
  it('expires what the bank does not know of, and asks three times more', async () => {
    const { attempt, state, check } = await scene()
    pass(60)
    await check()
    expect(await state()).toBe('pending')
    pass(89 * 60)
    await check()
    expect(await state()).toBe('expired')
    expect(await nextCheckOf(db, attempt.id)).toEqual(new Date('2024-01-20T12:30:00Z'))
    for (const hours of [1, 23, 48]) {
      pass(hours * 3600)
      await check()
    }
    expect(await state()).toBe('expired')
  })

  it('asks before it gives up: what was paid is settled, though nobody came back and the bank’s call was lost', async () => {
    const { customer, attempt, state, check, received } = await scene()
    await goToBank(customer, attempt.id)
    await bankForm(post({ cardNumber: '4000000000000002' }), orderParameters(attempt.number))
    pass(90 * 60)
    await check()
    expect(await state()).toBe('captured')
    expect(await received()).toMatchObject([{ amount: 55_600, allocated: 55_600 }])
    await doCalls()
    expect(await received()).toHaveLength(1)
  })

  it('finds a late approval of an expired payment', async () => {
    const { customer, attempt, state, check, received } = await scene()
    pass(80 * 60)
    await goToBank(customer, attempt.id)
    pass(10 * 60)
    await check()
    expect(await state()).toBe('expired')
    await bankForm(post({ cardNumber: '4000000000000002' }), orderParameters(attempt.number))
    pass(3600)
    await check()
    expect(await state()).toBe('captured')
    expect(await received()).toMatchObject([
      { paidOn: '2024-01-20', transactionAt: new Date('2024-01-20T11:30:00Z') },
    ])
    await doCalls()
  })

  it('tries again while the bank is out of reach', async () => {
    const { customer, attempt, state, check } = await scene()
    await goToBank(customer, attempt.id)
    bankIsUp = false
    pass(90 * 60)
    await check()
    expect(await state()).toBe('pending')
    expect(await nextCheckOf(db, attempt.id)).toEqual(new Date('2024-01-20T12:30:00Z'))
  })

  it('asks one question at a time', async () => {
    const { attempt } = await scene()
    const answers = await Promise.all(Array.from({ length: 10 }, () => askBank(db, attempt.id, 'job', now)))
    expect(answers.filter(answer => answer === 'not-found')).toHaveLength(1)
    expect(answers.filter(answer => answer === 'too-soon')).toHaveLength(9)
    pass(1000)
    expect(await askBank(db, attempt.id, 'looking', now)).toBe('not-found')
    pass(20)
    expect(await askBank(db, attempt.id, 'looking', now)).toBe('too-soon')
    expect(await askBank(db, attempt.id, 'job', now)).toBe('not-found')
    // The clock was set back since, by more than two nodes' differ.
    pass(-3600)
    expect(await askBank(db, attempt.id, 'job', now)).toBe('not-found')
    pass(-1)
    expect(await askBank(db, attempt.id, 'job', now)).toBe('too-soon')
  })
})

describe('the addresses of the way back', () => {
  it('tell nothing, and lead on whatever comes', async () => {
    const { attempt, state } = await scene()
    const back = (query: string) => comeBack(new Request(`${server.url}/x?${query}`), sandboxParameters)
    const plain = await back(`payment=${attempt.id}`)
    expect([plain.status, plain.headers.get('location')]).toEqual([303, `/payments/${attempt.id}`])
    const forged = new URLSearchParams({ ...bankFields(attempt, 'captured'), hash: 'x', payment: attempt.id })
    expect((await back(forged.toString())).status).toBe(303)
    expect(await state()).toBe('pending')
    expect((await back('payment=https://example.com')).status).toBe(404)
    expect((await back('')).status).toBe(404)
  })

  it('refuse what is no answer, then more of it for a while; genuine calls still come through', async () => {
    const { attempt, state } = await scene()
    const call = (fields: Record<string, string>) =>
      fetch(`${server.url}/api/payments/sandbox/callback`, {
        method: 'POST',
        body: new URLSearchParams(fields),
      })
    expect((await call({ a: 'b' })).status).toBe(400)
    // Whether there is such a number its answer does not tell.
    expect((await call({ ...bankFields(attempt, 'captured'), hash: 'x' })).status).toBe(200)
    const unknown = { ...bankFields(attempt, 'captured'), orderNumber: 'NOBODYS-0', hash: 'x' }
    expect((await call(unknown)).status).toBe(200)
    let last = await call({})
    for (let count = 0; count < 70; count++) last = await call({ count: String(count) })
    expect(last.status).toBe(429)
    expect(Number(last.headers.get('retry-after'))).toBeGreaterThan(0)
    expect((await call(bankFields(attempt, 'captured'))).status).toBe(200)
    expect(await state()).toBe('captured')
  })

  it('read no more than a bank would send', async () => {
    const huge = post({ padding: 'x'.repeat(30_000) })
    expect((await callback(huge, sandboxParameters)).status).toBe(413)
  })

  it('know no other bank', async () => {
    const parameters = { params: Promise.resolve({ gateway: 'paypal' }) }
    expect((await callback(post({}), parameters)).status).toBe(404)
  })
})

it('an answer with a character that the database takes no more than banks send it is refused', async () => {
  for (const body of [
    'orderNumber=D2400000001%00&status=captured',
    'orderNumber=D2400000001&status=captured&transactionId=\0',
  ]) {
    const headers = { 'x-client-address': '198.51.100.9' }
    const request = new Request('http://localhost/api', { method: 'POST', body, headers })
    expect((await callback(request, sandboxParameters)).status).toBe(400)
  }
})

it('an answer that is cut in the middle of a character is stored, not an error', async () => {
  const { attempt } = await scene()
  const fields = { ...bankFields(attempt, 'captured'), transactionId: `${'x'.repeat(999)}😀` }
  const request = new Request(`${server.url}/`, {
    method: 'POST',
    body: new URLSearchParams(fields),
    headers: { 'x-client-address': '198.51.100.10' },
  })
  expect((await callback(request, sandboxParameters)).status).toBe(200)
  const events = await db.select().from(paymentEvents).where(eq(paymentEvents.attemptId, attempt.id))
  expect(events).toMatchObject([
    { authentic: false, payload: { transactionId: expect.stringMatching(/^x{100,700}$/) } },
  ])
})

it('of forged answers few are stored, and none of them whole; all have the bank asked, and genuine ones are always stored', async () => {
  const { attempt, state } = await scene()
  const tell = (fields: Record<string, string>) => {
    const body = new URLSearchParams(fields).toString()
    return receive(db, 'callback', sandbox.read(testAccount(), { channel: 'callback', body })!, now)
  }
  const padding = 'ë'.repeat(900)
  const forge = (transactionId: string) =>
    tell({ ...bankFields(attempt, 'captured'), transactionId, declineCode: padding, currency: padding })
  for (let count = 0; count < FORGERIES_IN_ALL; count++) {
    expect(await forge(`${count}${padding}`)).toBe('forged')
  }
  // More than may be stored: one before was.
  pass(60)
  expect(await forge(`last${padding}`)).toBe('forged')
  expect(await nextCheckOf(db, attempt.id)).toEqual(now)
  const forged = await db
    .select({
      bytes: sql<number>`octet_length(${paymentEvents.payload}::text)`,
      payload: paymentEvents.payload,
    })
    .from(paymentEvents)
    .where(not(paymentEvents.authentic))
  expect(forged).toHaveLength(FORGERIES_IN_ALL)
  expect(Math.max(...forged.map(({ bytes }) => bytes))).toBeLessThan(3000)
  expect(forged.at(-1)!.payload).toMatchObject({ orderNumber: attempt.number, status: 'captured' })

  const unknown = bankFields({ number: 'NOBODYS', amount: 100, currency: 'ALL' }, 'captured')
  expect(await tell(unknown)).toBe('unknown')
  expect(await db.$count(paymentEvents, sql`payload->>'orderNumber' = 'NOBODYS'`)).toBe(1)
  expect(await tell(bankFields(attempt, 'captured'))).toBe('applied')
  expect(await state()).toBe('captured')
})

describe('of a try at the bank', () => {
  const told = async (customer: { id: string }, id: string) => tryAtBank((await getAttempt(customer, id))!)

  it('is known no more than the bank has told: it may have been made once the customer came back', async () => {
    const { customer, attempt } = await scene()
    expect(await told(customer, attempt.id)).toEqual({ silent: false, open: true })
    await goToBank(customer, attempt.id)
    expect(await payAtBank(attempt.number, { cardNumber: '4000000000000044' })).toBe(
      `/payments/${attempt.id}`,
    )
    expect(await told(customer, attempt.id)).toEqual({ silent: true, open: false })
    pass(10)
    expect(await askBank(db, attempt.id, 'looking', now)).toBe('no-answer')
    expect(await told(customer, attempt.id)).toEqual({ silent: true, open: false })
  })

  it('is known to be none where the bank says so, until the customer comes back again', async () => {
    const { customer, attempt } = await scene()
    await goToBank(customer, attempt.id)
    const back = () =>
      comeBack(new Request(`${server.url}/payments/return/sandbox?payment=${attempt.id}`), sandboxParameters)
    await back()
    expect(await told(customer, attempt.id)).toEqual({ silent: true, open: false })
    pass(10)
    expect(await askBank(db, attempt.id, 'looking', now)).toBe('not-found')
    expect(await told(customer, attempt.id)).toEqual({ silent: false, open: true })
    pass(10)
    await back()
    expect(await told(customer, attempt.id)).toEqual({ silent: true, open: false })
  })

  it('nothing is known while the bank cannot be asked; who did not come back may still go there', async () => {
    const { customer, attempt } = await scene()
    await goToBank(customer, attempt.id)
    pass(10)
    bankIsUp = false
    expect(await askBank(db, attempt.id, 'looking', now)).toBe('no-answer')
    expect(await told(customer, attempt.id)).toEqual({ silent: true, open: true })
  })

  it('a return in the name of another bank, or of a settled payment, changes nothing', async () => {
    const { customer, attempt } = await scene()
    const back = (gateway: string) =>
      comeBack(new Request(`${server.url}/payments/return/${gateway}?payment=${attempt.id}`), {
        params: Promise.resolve({ gateway }),
      })
    await back('other')
    expect(await told(customer, attempt.id)).toEqual({ silent: false, open: true })
    await cancelAttempt(customer, attempt.id, now)
    await back('sandbox')
    expect((await attemptOf(db, attempt.id)).returnedAt).toBeNull()
  })
})

describe('a payment that nobody continues', () => {
  const other = async (contract: Awaited<ReturnType<typeof makePayable>>) => {
    const customer = await makeAccount(db)
    await giveAccess(db, customer, contract)
    await db.update(contractAccess).set({ level: 'masked' }).where(eq(contractAccess.accountId, customer.id))
    return customer
  }
  /** The invoices that the page to pay offers; the list, each invoice's page and its PDF must agree. */
  const boxes = async (customer: { id: string }, { contractCode }: { contractCode: string }) => {
    const { invoices } = (await getPayableContract(customer, 'oshee', contractCode, now))!
    const listed = await listUnpaidInvoices(customer, 'all', now)
    for (const { id, underWay } of invoices) {
      expect(listed.find(invoice => invoice.id === id)!.underWay).toEqual(underWay)
      const invoice = (await getInvoice(customer, id, now))!
      expect(invoice.underWay).toEqual(underWay)
      expect(invoiceContent(invoice, 'en').payment === null).toBe(underWay !== null)
    }
    return invoices.filter(({ underWay }) => !underWay)
  }

  it('is released for another payer after ten minutes, not before, and only where the bank knows of no try', async () => {
    const contract = await makePayable(db, [45_600])
    const [holder, stranger] = [await other(contract), await other(contract)]
    const held = await begin(db, stranger, contract, now)
    await goToBank(stranger, held.id)
    pass(599)
    await expect(begin(db, holder, contract, now)).rejects.toThrow('underWay')
    expect(await boxes(holder, contract)).toHaveLength(0)
    pass(1)
    expect(await boxes(holder, contract)).toHaveLength(1)
    // To its own payer it is under way as long as it is.
    expect(await boxes(stranger, contract)).toHaveLength(0)
    bankIsUp = false
    await expect(begin(db, holder, contract, now)).rejects.toThrow('underWay')
    bankIsUp = true
    pass(5)
    const paid = await begin(db, holder, contract, now)
    expect(paid.state).toBe('pending')
    expect((await attemptOf(db, held.id)).state).toBe('cancelled')
    expect(await boxes(stranger, contract)).toHaveLength(0)
  })

  it('in doubt is released too, where the bank knows of no try since the doubt', async () => {
    const contract = await makePayable(db, [45_600])
    const [holder, stranger] = [await other(contract), await other(contract)]
    const held = await begin(db, stranger, contract, now)
    await goToBank(stranger, held.id)
    await receive(db, 'callback', bankAnswer(held, 'declined', { amount: '1.00' }), now)
    expect((await attemptOf(db, held.id)).state).toBe('in_doubt')
    pass(600)
    expect(await boxes(holder, contract)).toHaveLength(0)
    await askBank(db, held.id, 'job', now)
    expect(await boxes(holder, contract)).toHaveLength(1)
    pass(5)
    expect((await begin(db, holder, contract, now)).state).toBe('pending')
    expect((await attemptOf(db, held.id)).state).toBe('cancelled')
  })

  it('stays where a card was tried', async () => {
    const contract = await makePayable(db, [45_600])
    const [holder, stranger] = [await other(contract), await other(contract)]
    const held = await begin(db, stranger, contract, now)
    await goToBank(stranger, held.id)
    await bankForm(post({ cardNumber: '4000000000000044' }), orderParameters(held.number))
    pass(700)
    await expect(begin(db, holder, contract, now)).rejects.toThrow('underWay')
    expect((await attemptOf(db, held.id)).state).toBe('pending')
  })

  it('is released at once when its payer left three unfinished before', async () => {
    const contract = await makePayable(db, [45_600])
    const [holder, stranger] = [await other(contract), await other(contract)]
    for (let turn = 0; turn < 3; turn += 1) {
      const { id } = await begin(db, stranger, contract, now)
      await expect(begin(db, holder, contract, now)).rejects.toThrow('underWay')
      await cancelAttempt(stranger, id, now)
      pass(60)
    }
    await begin(db, stranger, contract, now)
    expect(await begin(db, holder, contract, now)).toMatchObject({ state: 'pending', accountId: holder.id })
  })

  it('is released at once when its payer had three declined before', async () => {
    const contract = await makePayable(db, [45_600])
    const [holder, stranger] = [await other(contract), await other(contract)]
    for (let turn = 0; turn < 3; turn += 1) {
      const { id, number } = await begin(db, stranger, contract, now)
      await goToBank(stranger, id)
      await bankForm(post({ cardNumber: '4000000000000010' }), orderParameters(number))
      await askBank(db, id, 'job', now)
      expect((await attemptOf(db, id)).state).toBe('declined')
      pass(60)
    }
    await begin(db, stranger, contract, now)
    expect(await begin(db, holder, contract, now)).toMatchObject({ state: 'pending', accountId: holder.id })
  })
})
