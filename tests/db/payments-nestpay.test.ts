// What comes in a NestPay bank's name, its values signed and its names not: the bank's book alone is what is booked.
import { eq } from 'drizzle-orm'
import { afterAll, afterEach, beforeEach, expect, it, vi } from 'vitest'
import { POST as comeBack, GET } from '../../app/(portal)/payments/return/[gateway]/route.ts'
import { POST as callback } from '../../app/api/payments/[gateway]/callback/route.ts'
import { tryBanks } from '../../bin/start/connection-faults.ts'
import { bankSilences } from '../../db/schema/gateway-accounts.ts'
import { payments } from '../../db/schema/ledger.ts'
import { paymentExceptions } from '../../db/schema/payment-exceptions.ts'
import { listHealth } from '../../lib/health/queries.ts'
import { getCourse } from '../../lib/payment-desk/course.ts'
import { getTiles, listUnderWay } from '../../lib/payment-desk/queries.ts'
import { readAccountFile, saveAccounts } from '../../lib/payments/account-file.ts'
import { listAccounts } from '../../lib/payments/accounts.ts'
import { checkoutRedirect } from '../../lib/payments/checkout.ts'
import { checkAttempt } from '../../lib/payments/jobs.ts'
import { putQuestion } from '../../lib/payments/questions.ts'
import { clock } from '../../lib/platform/clock.ts'
import { env } from '../../lib/platform/env.ts'
import { log } from '../../lib/platform/log.ts'
import { testDatabase } from '../support/database.ts'
import { attemptOf, begin, makePayable, nextCheckOf } from '../support/payments.ts'
import { giveAccess, makeAccount, makeStaff } from '../support/people.ts'
import { cards, startNestpay } from '../support/simulators/nestpay.ts'
import { payByCard } from '../support/simulators/nestpay-customer.ts'

const secrets = { storeKey: 'a-store-key', apiUser: 'api', apiPassword: 'a-password' }
const bank = await startNestpay({ clientId: '180000001', ...secrets })
process.env.GATEWAY_SECRETS = JSON.stringify({ 'oshee-nestpay': secrets })
const db = await testDatabase()
const file = readAccountFile(
  JSON.stringify([
    {
      ...{ code: 'oshee-nestpay', gateway: 'nestpay', biller: 'oshee', currency: 'ALL', takesPayments: true },
      ...{ merchantId: '180000001', checkoutUrl: bank.checkoutUrl, apiUrl: bank.apiUrl },
    },
  ]),
)
if (!file.ok || !(await saveAccounts(db, file.value, new Date())).ok) throw new Error('no account')
afterAll(() => bank.stop())
// The bank's clock is the real one.
vi.spyOn(log, 'warn').mockReturnValue()
let now = new Date('2024-01-20T10:00:00Z')
beforeEach(() => {
  now = new Date(now.getTime() + 3_600_000)
  vi.spyOn(clock, 'now').mockImplementation(() => now)
})
afterEach(() => {
  bank.faults.apiStatus = undefined
})

const nestpayParameters = { params: Promise.resolve({ gateway: 'nestpay' }) }
const post = (body: string, query = '') =>
  new Request(`http://localhost/x${query}`, {
    method: 'POST',
    body,
    headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
  })

/** Somebody before the bank's page. */
async function scene() {
  const customer = await makeAccount(db)
  const contract = await makePayable(db, [45_600])
  await giveAccess(db, customer, contract)
  const attempt = await begin(db, customer, contract, now)
  const way = await checkoutRedirect({ ...customer, language: 'sq' }, attempt.id, now)
  if (!way.ok || !way.value) throw new Error('nothing leads to the bank')
  const redirect = way.value
  return {
    ...{ attempt, redirect },
    pay: async (card: string) => new URLSearchParams((await payByCard(redirect, card)).body),
    call: async (body: URLSearchParams) => (await callback(post(body.toString()), nestpayParameters)).status,
    bringBack: (body: URLSearchParams) =>
      comeBack(post(body.toString(), `?payment=${attempt.id}`), nestpayParameters),
    check: () => checkAttempt({ attemptId: attempt.id }, { database: db }),
    state: async () => (await attemptOf(db, attempt.id)).state,
    booked: async () =>
      (await db.select().from(payments).where(eq(payments.attemptId, attempt.id))).map(
        one => one.transactionId,
      ),
    taken: () => bank.book.sales(attempt.number).map(sale => sale.transId),
    held: () => db.$count(paymentExceptions, eq(paymentExceptions.attemptId, attempt.id)),
  }
}

/** The order of the names, and so the signature, stays. */
const renamed = (body: URLSearchParams, names: Record<string, string>) =>
  new URLSearchParams([...body].map(([name, value]) => [names[name] ?? name, value]))
const OTHER_TRANSACTION = { TransId: 'TransIa', TranType: 'TransId' }

it('an answer whose transaction was renamed books the bank’s own, once, whenever and by whatever way it comes', async () => {
  const { pay, call, bringBack, check, state, booked, taken, held } = await scene()
  const genuine = await pay(cards.halfSecure)
  const forged = renamed(genuine, OTHER_TRANSACTION)
  expect(await call(forged)).toBe(200)
  expect(await booked()).toEqual([])
  await bringBack(forged)
  for (const body of [genuine, forged]) {
    now = new Date(now.getTime() + 60_000)
    expect(await call(body)).toBe(200)
    await bringBack(body)
    await check()
  }
  expect([await state(), await booked(), await held()]).toEqual(['captured', taken(), 0])
})

it('money taken twice is found though the first was booked, also where the bank could not be asked at once', async () => {
  const { attempt, pay, call, bringBack, check, booked, taken } = await scene()
  await bringBack(await pay(cards.halfSecure))
  now = new Date(now.getTime() + 60_000)
  bank.faults.callbacks = 'lost'
  expect(await call(new URLSearchParams(bank.takeAgain(attempt.number)))).toBe(200)
  bank.faults.apiStatus = 503
  await check()
  expect(await booked()).toHaveLength(1)
  const next = await nextCheckOf(db, attempt.id)
  expect(next!.getTime()).toBeGreaterThan(now.getTime())
  bank.faults.apiStatus = undefined
  now = next!
  await check()
  expect((await booked()).sort()).toEqual(taken().sort())
  expect(taken()).toHaveLength(2)
})

it('who paid is shown so on their way back: the bank is asked within it', async () => {
  const { pay, bringBack, state, booked, taken } = await scene()
  const back = await bringBack(await pay(cards.halfSecure))
  expect(back.status).toBe(303)
  expect([await state(), await booked()]).toEqual(['captured', taken()])
})

it('a bank that cannot be asked then leaves the payment open, and is asked again', async () => {
  const { attempt, pay, bringBack, state, booked } = await scene()
  const genuine = await pay(cards.halfSecure)
  bank.faults.apiStatus = 503
  await bringBack(genuine)
  expect([await state(), await booked()]).toEqual(['pending', []])
  expect(await nextCheckOf(db, attempt.id)).toEqual(now)
})

it('a decline is believed at once, and the order can be paid after it', async () => {
  const { pay, call, bringBack, state, booked, taken } = await scene()
  expect(await call(await pay(cards.noFunds))).toBe(200)
  expect(await state()).toBe('declined')
  await bringBack(await pay(cards.halfSecure))
  expect([await state(), await booked()]).toEqual(['captured', taken().slice(-1)])
})

it('the portal’s own form sent back ends nothing and is no answer', async () => {
  const { redirect, call, state } = await scene()
  const own = new URLSearchParams(redirect.fields)
  expect(await call(own)).toBe(400)
  const others: Record<string, string>[] = [
    { refreshtime: 'ProcReturnCode', okUrl: 'okv' },
    { lang: 'mdStatus' },
    { amount: 'AAA', refreshtime: 'Response' },
  ]
  for (const names of others) expect(await call(renamed(own, names))).toBe(200)
  expect(await state()).toBe('pending')
})

it('an answer tells nobody which numbers there are', async () => {
  const { attempt, call } = await scene()
  const answer = (oid: string) =>
    new URLSearchParams({ ...{ oid, clientid: '180000001', Response: 'Approved' }, ...{ HASH: 'x' } })
  expect(await call(answer(attempt.number))).toBe(await call(answer('D2699999999')))
  expect(await call(answer(attempt.number))).toBe(200)
})

it('a way back without words asks nothing', async () => {
  const { attempt } = await scene()
  const back = await GET(new Request(`http://localhost/x?payment=${attempt.id}`), nestpayParameters)
  expect(back.headers.get('location')).toBe(`/payments/${attempt.id}`)
  expect((await attemptOf(db, attempt.id)).askedAt).toBeNull()
})

it('check-settings asks the bank about an order that none has, and says whether it answers', async () => {
  const alarm = vi.spyOn(log, 'error').mockReturnValue()
  const own = env().GATEWAY_SECRETS['oshee-nestpay']!
  const asked = (apiPassword: string) => {
    own.apiPassword = apiPassword
    return tryBanks()
  }
  expect(await asked(secrets.apiPassword)).toEqual([
    { says: 'The bank of the account oshee-nestpay answers questions.', isFault: false },
  ])
  expect(alarm).not.toHaveBeenCalled()
  expect(await asked('another')).toEqual([
    { says: expect.stringMatching(/^The bank of the account oshee-nestpay refuses our/), isFault: true },
  ])
  expect(alarm.mock.lastCall![0]).toMatchObject({ payment: 'check-settings', code: 'CORE-2201' })
  own.apiPassword = secrets.apiPassword
})

it('a bank that refuses our questions stands on the health page since it began, until it answers', async () => {
  vi.spyOn(log, 'error').mockReturnValue()
  const { attempt, bringBack, pay, check } = await scene()
  const staff = await makeStaff(db, 'supervisor', [1])
  const rows = async () =>
    (await listHealth(staff, now)).flatMap(({ name, says, since }) =>
      name === 'oshee-nestpay' ? [[says, since]] : [],
    )
  const own = env().GATEWAY_SECRETS['oshee-nestpay']!
  own.apiPassword = 'before'
  await bringBack(await pay(cards.halfSecure))
  const began = now
  expect(await rows()).toContainEqual(['refused', began])
  // Whom it concerns, from the first moment on, and why nothing comes of it.
  const underWay = { number: attempt.number, account: 'oshee-nestpay', state: 'pending' }
  expect((await listUnderWay(staff, now)).rows).toContainEqual(expect.objectContaining(underWay))
  expect((await getTiles(staff, now)).underWay.count).toBeGreaterThan(0)
  const course = await getCourse(staff, attempt.id, now)
  expect(course).toMatchObject({ unanswered: { refused: true } })
  expect(new Date(course!.unanswered!.silentSince!)).toEqual(began)
  now = new Date(now.getTime() + 3_600_000)
  await check()
  expect(await rows()).toContainEqual(['refused', began])
  // Nothing was open, and so nothing asked, for hours.
  now = new Date(now.getTime() + 3 * 3_600_000)
  expect(await rows()).not.toContainEqual(['refused', began])
  await check()
  expect(await rows()).toContainEqual(['refused', now])
  own.apiPassword = secrets.apiPassword
  now = new Date(now.getTime() + 3_600_000)
  await check()
  expect((await rows()).map(([says]) => says)).not.toContain('refused')
  expect(await getCourse(staff, attempt.id, now)).toMatchObject({ state: 'captured', unanswered: null })
})

it('a question that was not put ends no silence, and one that was put earlier sets none back', async () => {
  vi.spyOn(log, 'error').mockReturnValue()
  const own = env().GATEWAY_SECRETS['oshee-nestpay']!
  const account = (await listAccounts()).find(({ code }) => code === 'oshee-nestpay')!
  const order = { number: 'NONE', bankOrderId: null, amount: 1, currency: account.currency }
  const at = (seconds: number) => new Date(now.getTime() + seconds * 1000)
  const silence = async () => (await db.select().from(bankSilences))[0]
  own.apiPassword = 'before'
  expect(await putQuestion(db, account, order, at(0))).toBe('no-answer')
  const begun = { refused: true, since: at(0), lastAt: at(0) }
  // Whoever has no name of this bank's for an order cannot ask about it.
  expect(await putQuestion(db, { ...account, gateway: 'raiaccept' }, order, at(60))).toBe('not-found')
  expect(await silence()).toMatchObject(begun)
  expect(await putQuestion(db, account, order, at(-60))).toBe('no-answer')
  expect(await silence()).toMatchObject(begun)
  expect(await putQuestion(db, account, order, at(90))).toBe('no-answer')
  expect(await silence()).toMatchObject({ ...begun, lastAt: at(90) })
  own.apiPassword = secrets.apiPassword
  expect(await putQuestion(db, account, order, at(120))).toBe('not-found')
  expect(await silence()).toBeUndefined()
})
