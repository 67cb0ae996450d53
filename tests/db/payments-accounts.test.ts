// Billers' accounts at banks: which takes payments, an order placed once, and what of a bank's words is believed.
import { and, eq, like, sql } from 'drizzle-orm'
import { afterAll, afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { POST as refund } from '../../app/(demo)/sandbox-bank/api/refund/route.ts'
import { POST as status } from '../../app/(demo)/sandbox-bank/api/status/route.ts'
import { POST as callback } from '../../app/api/payments/[gateway]/callback/route.ts'
import { billers } from '../../db/schema/billers.ts'
import { gatewayAccounts } from '../../db/schema/gateway-accounts.ts'
import { payments } from '../../db/schema/ledger.ts'
import { paymentExceptions } from '../../db/schema/payment-exceptions.ts'
import { paymentAttempts, paymentEvents } from '../../db/schema/payments.ts'
import { listHealth } from '../../lib/health/queries.ts'
import { readAccountFile, saveAccounts } from '../../lib/payments/account-file.ts'
import {
  accountInUse,
  accountOfAttempt,
  checkAccounts,
  checkoutOrigins,
  findAccount,
} from '../../lib/payments/accounts.ts'
import { askBank } from '../../lib/payments/asking.ts'
import { checkoutRedirect } from '../../lib/payments/checkout.ts'
import { cancelAttempt } from '../../lib/payments/commands.ts'
import { holdDifferences } from '../../lib/payments/differences.ts'
import type { BankAnswer, Gateway } from '../../lib/payments/gateways/gateway.ts'
import { sandbox } from '../../lib/payments/gateways/sandbox.ts'
import { receiveIncoming } from '../../lib/payments/incoming.ts'
import { checkAttempt, sweepAttempts } from '../../lib/payments/jobs.ts'
import { clock } from '../../lib/platform/clock.ts'
import { env } from '../../lib/platform/env.ts'
import { log } from '../../lib/platform/log.ts'
import { openOrder, payOrder } from '../../lib/sandbox-bank/book.ts'
import { signed } from '../../lib/sandbox-bank/protocol.ts'
import { receive } from '../support/bank.ts'
import { testDatabase } from '../support/database.ts'
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

const server = await serveRoutes({ '/sandbox-bank/api/status': status, '/sandbox-bank/api/refund': refund })
process.env.APP_URL = server.url
const db = await testDatabase()
afterAll(() => server.stop())

let now = new Date('2024-01-20T10:00:00Z')
const pass = (seconds: number) => {
  now = new Date(now.getTime() + seconds * 1000)
}
const alarm = vi.spyOn(log, 'error').mockImplementation(() => {})
beforeEach(() => {
  vi.spyOn(clock, 'now').mockImplementation(() => now)
  alarm.mockClear()
})
afterEach(async () => {
  vi.mocked(clock.now).mockRestore()
  Object.assign(sandbox, { secretNames: [] })
  await db.delete(gatewayAccounts).where(like(gatewayAccounts.code, '%-unused'))
  for (const id of toCheck.splice(0)) await checkBooks(db, id)
  // Accounts are read anew.
  pass(3600)
})

/** Contracts whose books must agree after each test. */
const toCheck: number[] = []

async function scene() {
  const customer = await makeAccount(db)
  const contract = await makePayable(db, [45_600])
  await giveAccess(db, customer, contract)
  toCheck.push(contract.id)
  const attempt = await begin(db, customer, contract, now)
  const toBank = (language = 'sq') => checkoutRedirect({ ...customer, language }, attempt.id, now)
  const current = () => attemptOf(db, attempt.id)
  return { customer, contract, attempt, toBank, current }
}

const given = (changed: object = {}) => ({
  code: 'oshee-other',
  gateway: 'sandbox',
  biller: 'oshee',
  currency: 'ALL',
  merchantId: 'other',
  ...changed,
})
/** Adds or changes accounts as from a file; a sentence where that is refused. */
async function save(...accounts: object[]): Promise<string | undefined> {
  const read = readAccountFile(JSON.stringify(accounts))
  const saved = read.ok ? await saveAccounts(db, read.value, now) : read
  return saved.ok ? undefined : saved.code
}

describe('the account that takes payments', () => {
  const inUse = async () => (await accountInUse(1, 'ALL'))?.code

  it('is in a demonstration the biller’s at the sandbox bank, and every biller has one', async () => {
    expect(await db.$count(gatewayAccounts)).toBe(await db.$count(billers))
    expect(await inUse()).toBe('oshee-sandbox')
    expect(await accountInUse(1, 'EUR')).toBeUndefined()
  })

  it('is another within half a minute of its being switched, and there is one at any time', async () => {
    expect(await inUse()).toBe('oshee-sandbox')
    const origins = ['https://pay.bank.example']
    const url = 'https://bank.example/pay?x'
    const other = given({ checkoutUrl: url, checkoutOrigins: origins })
    expect(await save({ ...other, takesPayments: true })).toBeUndefined()
    expect(await inUse()).toBe('oshee-sandbox')
    pass(30)
    expect(await inUse()).toBe('oshee-other')
    expect(await checkoutOrigins()).toEqual(['https://bank.example', ...origins])
    const { attempt } = await scene()
    expect((await findAccount((await attemptOf(db, attempt.id)).gatewayAccountId!))?.code).toBe('oshee-other')

    await Promise.all([
      save({ ...other, takesPayments: true }),
      save(given({ code: 'oshee-third', merchantId: 'third', takesPayments: true })),
    ])
    const taking = await db.select().from(gatewayAccounts).where(eq(gatewayAccounts.takesPayments, true))
    expect(taking).toHaveLength(1)
    expect(await save(other, given({ code: 'oshee-third', merchantId: 'third' }))).toBeUndefined()
    pass(30)
    expect(await inUse()).toBe('oshee-sandbox')
    // Outside a demonstration nobody pays the biller then; what was begun is followed up where it began.
    Object.assign(env(), { DEMO: false })
    pass(30)
    expect(await inUse()).toBeUndefined()
    Object.assign(env(), { DEMO: true })
    pass(30)
    expect((await accountOfAttempt(await attemptOf(db, attempt.id)))?.code).toBe('oshee-other')
  })

  it('has its secrets, or the start fails; any other without counts as none', async () => {
    await save(given())
    Object.assign(sandbox, { secretNames: ['storeKey'] })
    expect(await inUse()).toBeUndefined()
    expect(alarm).toHaveBeenCalledWith(
      { account: 'oshee-other' },
      'The setting GATEWAY_SECRETS has no storeKey of the account oshee-other.',
    )
    expect(await save(given({ takesPayments: true }))).toContain('has no storeKey of the account oshee-other')
    await expect(checkAccounts()).resolves.toBeUndefined()
    await db
      .update(gatewayAccounts)
      .set({ takesPayments: true })
      .where(eq(gatewayAccounts.code, 'oshee-other'))
    await expect(checkAccounts()).rejects.toThrow('has no storeKey of the account oshee-other.')
    await db.update(gatewayAccounts).set({ takesPayments: false })
  })
})

describe('a file of accounts', () => {
  it.each([
    ['with a word that no account has', given({ storeKey: 'x' }), /^Account 0: storeKey is nothing/],
    [
      'with an address that others read along',
      given({ apiUrl: 'http://bank.example/' }),
      /0\.apiUrl is not an https/,
    ],
    ['with an origin that is more', given({ checkoutOrigins: ['https://bank.example/pay'] }), /is no origin/],
    [
      'with a gateway that there is not',
      given({ gateway: 'paypal' }),
      /0\.gateway is none of sandbox, nestpay/,
    ],
    ['with a zone that there is not', given({ timeZone: 'Europe/Nowhere' }), /0\.timeZone is no time zone/],
    ['with a biller that there is not', given({ biller: 'nobody' }), /^There is no biller nobody\./],
    [
      'that moves an account to another biller',
      given({ biller: 'kesco', currency: 'EUR', code: 'oshee-sandbox' }),
      /keeps its biller/,
    ],
  ])('%s is refused in a sentence, and nothing is changed', async (_, account, sentence) => {
    expect(await save(given({ code: 'oshee-first-unused' }), account).then(String)).toMatch(
      sentence.source.includes('0') ? new RegExp(sentence.source.replace('0', '1')) : sentence,
    )
    expect(await db.$count(gatewayAccounts, like(gatewayAccounts.code, '%-unused'))).toBe(0)
  })

  it('that moves an account of payments that are followed up is refused, until they no longer are', async () => {
    const moving = given({ code: 'oshee-moving', merchantId: 'moving', apiUrl: 'https://bank.example/api' })
    expect(await save({ ...moving, takesPayments: true })).toBeUndefined()
    pass(30)
    const { attempt } = await scene()
    const elsewhere = [{ merchantId: 'moved' }, { apiUrl: 'https://other.example/api' }]
    const refused = /^The account oshee-moving keeps its merchant and its addresses/
    for (const change of elsewhere) expect(await save({ ...moving, ...change })).toMatch(refused)
    // What is no place stays free.
    expect(await save({ ...moving, timeZone: 'Europe/Tirane' })).toBeUndefined()
    await db
      .update(paymentAttempts)
      .set({ state: 'cancelled', live: false, stateChangedAt: now })
      .where(eq(paymentAttempts.id, attempt.id))
    pass(72 * 3600 - 1)
    expect(await save({ ...moving, merchantId: 'moved' })).toMatch(refused)
    pass(1)
    expect(await save({ ...moving, merchantId: 'moved' })).toBeUndefined()
  })

  it('that is none, or names one twice, is refused', async () => {
    expect(readAccountFile('[')).toEqual({ ok: false, code: 'The file is no JSON.' })
    expect(readAccountFile('{}').ok).toBe(false)
    expect(await save(given({ biller: undefined }))).toBe('Account 0.biller is missing.')
    expect(readAccountFile('[]')).toEqual({ ok: false, code: 'The file has no account.' })
    expect(await save(given(), given())).toBe('The account oshee-other is there twice.')
  })
})

describe('an order', () => {
  const redirect = { method: 'POST' as const, url: 'https://bank.example/', fields: { a: '1' } }
  const place = vi.spyOn(sandbox, 'place')
  afterEach(() => place.mockReset())
  afterAll(() => place.mockRestore())
  const placing = (work: Gateway['place']) => place.mockImplementation(work)

  it('is placed once: two tabs at once, and another language later, are led to the same', async () => {
    const { toBank, current } = await scene()
    placing(async (_, order) => {
      await new Promise(resolve => setTimeout(resolve, 400))
      return { ok: true, value: { redirect: { ...redirect, fields: { language: order.language } } } }
    })
    const ways = await Promise.all([toBank('sq'), toBank('sr'), toBank('en')])
    ways.push(await toBank('en'))
    expect(place).toHaveBeenCalledOnce()
    for (const way of ways) expect(way).toEqual(ways[0])
    expect(ways[0]).toMatchObject({ ok: true, value: { method: 'POST' } })
    expect(await current()).toMatchObject({ placed: 1, placingSince: null, sentToBankAt: now })
  })

  it('whose process died is placed by another after half a minute, under another number; what the first brings then is dropped', async () => {
    const { attempt, toBank, current } = await scene()
    const numbers: string[] = []
    let first: (() => void) | undefined
    placing((_, order) => {
      numbers.push(order.number)
      const value = { redirect: { ...redirect, fields: { number: order.number } } }
      return numbers.length > 1
        ? Promise.resolve({ ok: true, value })
        : new Promise(resolve => {
            first = () => resolve({ ok: true, value })
          })
    })
    const dying = toBank()
    await vi.waitUntil(() => first)
    pass(30)
    expect(await toBank()).toMatchObject({ value: { fields: { number: `${attempt.number}_2` } } })
    first!()
    expect(await dying).toEqual({ ok: true, value: null })
    expect(numbers).toEqual([attempt.number, `${attempt.number}_2`])
    expect(await current()).toMatchObject({
      placed: 2,
      redirect: { fields: { number: `${attempt.number}_2` } },
    })

    // An answer is booked on the order that it names, whole: one that was never placed is nobody's.
    const number = (end: string) => ({ ...attempt, number: `${attempt.number}${end}` })
    for (const end of ['_3', '_1', '_02', '2', '_2_2']) {
      expect(await receive(db, 'callback', bankAnswer(number(end), 'captured'), now)).toBe('unknown')
    }
    expect((await current()).state).toBe('pending')
    expect(await receive(db, 'callback', bankAnswer(number('_2'), 'captured'), now)).toBe('applied')
    expect((await current()).state).toBe('captured')
  })

  it('whose placing is in the future, the clock having been set back, is placed all the same', async () => {
    const { attempt, toBank } = await scene()
    const placingSince = new Date(now.getTime() + 3600_000)
    await db
      .update(paymentAttempts)
      .set({ placingSince, placed: 1 })
      .where(eq(paymentAttempts.id, attempt.id))
    placing(async () => ({ ok: true, value: { redirect } }))
    expect(await toBank()).toMatchObject({ ok: true, value: redirect })
  })

  it('that can be paid until a time that the bank says is asked about then, and not given up before', async () => {
    const { attempt, toBank, current } = await scene()
    const expiresAt = new Date(now.getTime() + 24 * 3600_000)
    placing(async () => ({ ok: true, value: { redirect, bankOrderId: 'B-1', expiresAt } }))
    await toBank()
    expect(await nextCheckOf(db, attempt.id)).toEqual(expiresAt)
    const query = vi.spyOn(sandbox, 'query').mockResolvedValue('not-found')
    pass(23 * 3600)
    expect(await askBank(db, attempt.id, 'job', now)).toBe('not-found')
    expect(query).toHaveBeenCalledWith(
      expect.objectContaining({ code: 'oshee-sandbox' }),
      expect.objectContaining({ number: attempt.number, bankOrderId: 'B-1' }),
    )
    expect((await current()).state).toBe('pending')
    pass(3600)
    await askBank(db, attempt.id, 'job', now)
    expect((await current()).state).toBe('expired')
    query.mockRestore()
  })

  it('that was never placed is cancelled without asking, and then leads nowhere although it is being placed', async () => {
    const { customer, attempt, toBank, current } = await scene()
    const query = vi.spyOn(sandbox, 'query')
    let answer: (() => void) | undefined
    placing(
      () =>
        new Promise(resolve => {
          answer = () => resolve({ ok: true, value: { redirect } })
        }),
    )
    const leading = toBank()
    await vi.waitUntil(() => answer)
    expect(await cancelAttempt(customer, attempt.id, now)).toEqual({ ok: true, value: undefined })
    expect(query).not.toHaveBeenCalled()
    answer!()
    expect(await leading).toEqual({ ok: true, value: null })
    expect(await current()).toMatchObject({ state: 'cancelled', redirect: null, sentToBankAt: null })
    query.mockRestore()
  })

  it.each(['refused', 'unreachable'] as const)('that is %s leaves no attempt behind', async code => {
    const { toBank, current } = await scene()
    placing(async () => ({ ok: false, code }))
    expect(await toBank()).toEqual({ ok: false, code: 'bankUnavailable' })
    expect((await current()).state).toBe('cancelled')
  })
})

describe('what comes in a bank’s name', () => {
  const call = (fields: Record<string, string>) => {
    const body = new URLSearchParams(fields)
    const request = new Request('http://localhost/x', { method: 'POST', body })
    return callback(request, { params: Promise.resolve({ gateway: 'sandbox' }) })
  }
  const eventsOf = (orderNumber: string) =>
    db.select().from(paymentEvents).where(sql`${paymentEvents.payload}->>'orderNumber' = ${orderNumber}`)
  const asHint = () =>
    vi.spyOn(sandbox, 'read').mockImplementation((account, { body }) => {
      const read = sandbox.reread(account, Object.fromEntries(new URLSearchParams(body)))
      return read && { ...read, trust: 'hint' }
    })

  it('unsigned is a hint: stored, changes nothing, has the bank asked at once, and is answered with 200', async () => {
    const { attempt, current } = await scene()
    const read = asHint()
    expect((await call(bankFields(attempt, 'captured'))).status).toBe(200)
    read.mockRestore()
    expect((await current()).state).toBe('pending')
    expect(await nextCheckOf(db, attempt.id)).toEqual(now)
    expect(await eventsOf(attempt.number)).toMatchObject([
      { authentic: false, isHint: true, appliedAt: null, attemptId: attempt.id },
    ])
  })

  it('wrongly signed again and again is an alarm about the account’s secret, once an hour', async () => {
    const { attempt } = await scene()
    const forge = (hash: string) => call({ ...bankFields(attempt, 'captured'), hash })
    const alarms = () => alarm.mock.calls.filter(([, text]) => String(text).includes('signed wrongly'))
    for (const hash of ['a', 'b', 'c', 'd']) expect((await forge(hash)).status).toBe(200)
    expect(alarms()).toHaveLength(0)
    for (const hash of ['e', 'f', 'g', 'h', 'i', 'j', 'k']) await forge(hash)
    expect(alarms()).toMatchObject([[{ account: 'oshee-sandbox' }, expect.anything()]])
    pass(3601)
    for (const hash of ['l', 'm', 'n', 'o', 'p', 'q']) await forge(hash)
    expect(alarms()).toHaveLength(2)
  })

  it('is verified by the secrets of the account that its order went to, and by no other’s', async () => {
    await save(given())
    pass(30)
    const { attempt, current } = await scene()
    const read = vi.spyOn(sandbox, 'read')
    const { hash: _, ...fields } = bankFields(attempt, 'captured', { merchant: 'other' })
    await call(signed(fields))
    expect(read.mock.calls.map(([account]) => account.code)).toEqual(['oshee-sandbox'])
    // Another merchant's money: nothing is booked, the bank is asked.
    expect(await db.$count(payments, eq(payments.attemptId, attempt.id))).toBe(0)
    expect((await current()).state).toBe('in_doubt')
    expect(await nextCheckOf(db, attempt.id)).toEqual(now)
    read.mockClear()
    // Of an unknown order the merchant that it names says whose it is.
    await call(signed({ ...fields, orderNumber: 'NOBODYS-1' }))
    expect(read.mock.calls.map(([account]) => account.code)).toEqual(['oshee-other'])
    const [stored] = await eventsOf('NOBODYS-1')
    expect(stored).toMatchObject({ authentic: true, attemptId: null })
    const other = await db.select().from(gatewayAccounts).where(eq(gatewayAccounts.code, 'oshee-other'))
    expect(stored!.gatewayAccountId).toBe(other[0]!.id)
    read.mockRestore()
  })

  it('of nobody’s merchant and order is kept as what it names, and answered with 200', async () => {
    const fields = signed({
      ...bankFields({ number: 'NOBODYS-2', amount: 1, currency: 'ALL' }, 'captured'),
      merchant: 'nobody',
    })
    for (const _ of [1, 2]) expect((await call(fields)).status).toBe(200)
    expect(await eventsOf('NOBODYS-2')).toMatchObject([
      {
        gatewayAccountId: null,
        authentic: false,
        isHint: true,
        payload: { orderNumber: 'NOBODYS-2', merchantId: 'nobody' },
      },
    ])
  })

  it('for an account without its secrets is kept whole, whatever signed it, and the bank is asked once they are back', async () => {
    const { attempt, toBank, current } = await scene()
    await toBank()
    Object.assign(sandbox, { secretNames: ['storeKey'] })
    pass(60)
    const fields = bankFields(attempt, 'captured')
    expect((await call(fields)).status).toBe(200)
    const { hash: _, ...told } = fields
    expect(await eventsOf(attempt.number)).toMatchObject([
      {
        ...{ authentic: false, isHint: true, appliedAt: null, attemptId: attempt.id },
        ...{ gatewayAccountId: attempt.gatewayAccountId, payload: told },
      },
    ])
    const check = () => checkAttempt({ attemptId: attempt.id }, { database: db })
    await check()
    expect((await current()).state).toBe('pending')
    expect(await nextCheckOf(db, attempt.id)).toEqual(new Date(now.getTime() + 5 * 60_000))
    Object.assign(sandbox, { secretNames: [] })
    pass(60)
    const asked = vi.spyOn(sandbox, 'query').mockResolvedValue(bankAnswer(attempt, 'captured'))
    await check()
    asked.mockRestore()
    expect((await current()).state).toBe('captured')
    // The same body is believed now that it can be verified.
    expect((await call(fields)).status).toBe(200)
    expect((await eventsOf(attempt.number)).filter(({ authentic }) => authentic)).toHaveLength(2)
  })

  it('for an account whose secrets are gone meanwhile stays stored, and is applied once they are back', async () => {
    const { attempt, current } = await scene()
    const answer = bankAnswer(attempt, 'captured')
    const [event] = await db
      .insert(paymentEvents)
      .values({
        gateway: 'sandbox',
        gatewayAccountId: attempt.gatewayAccountId,
        attemptId: attempt.id,
        dedupKey: answer.dedupKey,
        channel: 'callback',
        authentic: true,
        outcome: 'captured',
        payload: answer.payload,
        receivedAt: now,
      })
      .returning()
    Object.assign(sandbox, { secretNames: ['storeKey'] })
    const check = () => checkAttempt({ attemptId: attempt.id }, { database: db })
    pass(60)
    await check()
    const stored = async () =>
      (await db.select().from(paymentEvents).where(eq(paymentEvents.id, event!.id)))[0]!
    expect((await stored()).appliedAt).toBeNull()
    // Its end is known, but for this: nothing to say every ten minutes.
    await db
      .update(paymentAttempts)
      .set({ state: 'voided', live: false })
      .where(eq(paymentAttempts.id, attempt.id))
    await db.execute(
      sql`delete from graphile_worker._private_jobs where key = ${`check-payment:${attempt.id}`}`,
    )
    const warned = vi.spyOn(log, 'warn').mockImplementation(() => {})
    const sweep = () => sweepAttempts({}, { database: db })
    await sweep()
    expect(await nextCheckOf(db, attempt.id)).toBeUndefined()
    expect(warned).not.toHaveBeenCalled()
    const staff = { role: 'supervisor' as const, billerIds: [1] }
    const row = async () => (await listHealth(staff, now)).find(one => one.name === 'oshee-sandbox')
    expect(await row()).toMatchObject({
      state: 'waits',
      says: 'noSecrets',
      since: (await stored()).receivedAt,
    })
    Object.assign(sandbox, { secretNames: [] })
    pass(60)
    await sweep()
    expect(warned).toHaveBeenCalledTimes(1)
    warned.mockRestore()
    expect(await nextCheckOf(db, attempt.id)).toEqual(now)
    expect(await row()).not.toMatchObject({ says: 'noSecrets' })
    await db.update(paymentAttempts).set({ state: 'pending' }).where(eq(paymentAttempts.id, attempt.id))
    pass(60)
    await check()
    expect((await stored()).appliedAt).toEqual(now)
    expect((await current()).state).toBe('captured')
  })
})

describe('an answer to a question', () => {
  it('may list several captures: each is booked', async () => {
    const { attempt, current } = await scene()
    const answer = bankAnswer(attempt, 'captured')
    const [capture] = answer.captures
    const several: BankAnswer = {
      ...answer,
      captures: [
        capture!,
        { ...capture!, id: 'T-second', currency: undefined },
        { ...capture!, id: undefined },
      ],
    }
    await receive(db, 'query', several, now)
    expect((await current()).state).toBe('captured')
    const booked = await db
      .select()
      .from(payments)
      .where(eq(payments.attemptId, attempt.id))
      .orderBy(payments.id)
    expect(booked.map(({ reference, transactionId }) => [reference, transactionId])).toEqual([
      [attempt.number, capture!.id],
      [`${attempt.number}-2`, 'T-second'],
    ])
    const held = await db.select().from(paymentExceptions).where(eq(paymentExceptions.attemptId, attempt.id))
    // The stored fields, by which books are checked, tell of one capture: the sandbox bank knows no more.
    toCheck.length = 0
    expect(held.map(({ kind }) => kind).sort()).toEqual(['no_transaction', 'second_capture'])
  })

  it('about another order than asked is none', async () => {
    const { attempt, toBank, current } = await scene()
    await toBank()
    const other = bankAnswer({ ...attempt, number: `${attempt.number}9` }, 'captured')
    const query = vi.spyOn(sandbox, 'query').mockResolvedValueOnce(other)
    expect(await askBank(db, attempt.id, 'job', now)).toBe('no-answer')
    expect((await current()).state).toBe('pending')
    query.mockRestore()
  })
})

describe('money given back at the sandbox bank', () => {
  it('is never more than was captured, and of one amount the answer is lost though the money is not', async () => {
    const { attempt, toBank } = await scene()
    const way = await toBank()
    await openOrder(db, (way.ok && way.value ? way.value : undefined)!.fields, now)
    await payOrder(db, attempt.number, '4000000000000002', now)
    const account = (await accountInUse(1, 'ALL'))!
    const order = { ...(await attemptOf(db, attempt.id)), bankOrderId: null }
    const asked = async () => {
      const answer = await sandbox.query(account, order)
      if (typeof answer === 'string') throw new Error(answer)
      return answer
    }
    const transactionId = (await asked()).captures[0]!.id!
    const back = (amount: number, of = transactionId) =>
      sandbox.refund(account, order, { transactionId: of, amount, number: `R-${amount}` })
    expect(await back(1000, 'other')).toEqual({ state: 'failed', code: 'unknown-transaction' })
    const done = await back(40_000)
    expect(done).toMatchObject({ state: 'succeeded', transactionId: expect.any(String) })
    expect(await back(15_601)).toEqual({ state: 'failed', code: 'too-much' })
    expect(await back(1313)).toEqual({ state: 'unknown' })
    expect((await asked()).refunds).toMatchObject([{ amount: 40_000 }, { amount: 1313, currency: 'ALL' }])
    expect((await asked()).captures).toMatchObject([{ id: transactionId, amount: 55_600 }])
    // The portal hears of the capture as before, whatever was given back since.
    pass(10)
    await askBank(db, attempt.id, 'job', now)
    expect((await attemptOf(db, attempt.id)).state).toBe('captured')
  })

  it('that nobody asked for is held once', async () => {
    const { attempt } = await scene()
    const difference = {
      kind: 'refunded_at_bank' as const,
      gateway: 'sandbox',
      orderNumber: attempt.number,
      transactionId: 'R-1',
      attemptId: attempt.id,
      paymentId: null,
      settlementRowId: null,
    }
    const hold = () => db.transaction(tx => holdDifferences(tx, [difference], now))
    expect([await hold(), await hold()]).toEqual([[difference], []])
    expect(alarm).toHaveBeenCalledOnce()
    const told = and(
      eq(paymentExceptions.attemptId, attempt.id),
      eq(paymentExceptions.kind, 'refunded_at_bank'),
    )
    expect(await db.$count(paymentExceptions, told)).toBe(1)
  })
})

it('a return or a call is read by what it names alone: a path says nothing of the account', async () => {
  const { attempt } = await scene()
  const body = new URLSearchParams(bankFields(attempt, 'captured')).toString()
  expect(await receiveIncoming('__proto__', { channel: 'callback', body }, '127.0.0.1', now)).toEqual({
    status: 'no-gateway',
  })
  expect(await db.$count(paymentAttempts, eq(paymentAttempts.state, 'captured'))).toBeGreaterThan(0)
  expect((await attemptOf(db, attempt.id)).state).toBe('pending')
})
