// Giving money back, in the database: two people, a bank that is told once, and what becomes of the payment.
import { randomUUID } from 'node:crypto'
import { Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { eq, sql } from 'drizzle-orm'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { maintenance } from '../../db/schema/maintenance.ts'
import { paymentExceptions } from '../../db/schema/payment-exceptions.ts'
import { getHistory } from '../../lib/billing/history-queries.ts'
import { listPaymentsOfDay } from '../../lib/feed/payments-export.ts'
import type { FeedToken } from '../../lib/feed/tokens.ts'
import { replayContract } from '../../lib/ledger/replay.ts'
import { getCourse } from '../../lib/payment-desk/course.ts'
import {
  findAttempts,
  getTiles,
  listAttention,
  listRefunds,
  listToday,
} from '../../lib/payment-desk/queries.ts'
import { getAttempt, getReceipt } from '../../lib/payments/paid-queries.ts'
import { replayAndHold } from '../../lib/payments/paid-twice.ts'
import { clock } from '../../lib/platform/clock.ts'
import { decideRefund, requestRefund } from '../../lib/refunds/commands.ts'
import { checkRefund, submitRefund, sweepRefunds } from '../../lib/refunds/jobs.ts'
import { listRefundsOf } from '../../lib/refunds/queries.ts'
import type { RefundWanted } from '../../lib/refunds/schema.ts'
import { listStaffAccounts } from '../../lib/settlements/accounts.ts'
import { testDatabase } from '../support/database.ts'
import {
  giveAccess,
  makeAccount,
  makeContract,
  makeInvoices,
  makePayment,
  makeStaff,
} from '../support/people.ts'
import { accountFor, fakeBank, givenBack, makeCaptured, paymentOf, refundOf } from '../support/refunds.ts'

const db = await testDatabase()
const KESCO = 2
const START = new Date('2026-11-20T10:00:00Z')
let now = START
const later = (minutes: number) => new Date(START.getTime() + minutes * 60_000)

const account = await accountFor(db, KESCO)
const asks = await makeStaff(db, 'agent', [KESCO])
const decides = await makeStaff(db, 'supervisor', [KESCO])
const customer = await makeAccount(db)

beforeEach(() => {
  now = START
  vi.spyOn(clock, 'now').mockImplementation(() => now)
})
afterEach(() => void vi.restoreAllMocks())

/** A payment of 160.00 for an invoice of which 60.00 are due: 100.00 are over. */
async function overpaid(due = 6000) {
  const contract = await makeContract(db, { billerId: KESCO })
  await giveAccess(db, customer, contract, { level: 'masked' })
  const [invoice] = await makeInvoices(db, contract, [{ principal: due, dueOn: '2026-12-20' }])
  const paid = await makeCaptured(
    db,
    customer,
    [{ contract, amount: due + 10_000, invoiceId: invoice!.id }],
    START,
    account.id,
  )
  return { ...paid, contract, invoice: invoice!, paymentId: paid.paymentIds[0]! }
}

const nameOf = ({ firstName, lastName }: typeof asks) => `${firstName} ${lastName[0]}.`

const wanted = (amount: number, more: Partial<RefundWanted> = {}): RefundWanted => ({
  ...{ amount, way: 'card', reason: 'Paid too much', idempotencyKey: randomUUID() },
  ...more,
})

const ask = (paymentId: number, amount: number, more: Partial<RefundWanted> = {}, by = asks) =>
  requestRefund(by, paymentId, wanted(amount, more), now)

/** One that both agreed to; the bank is not told yet. */
async function agreed(paymentId: number, amount = 6000, more: Partial<RefundWanted> = {}) {
  const asked = await ask(paymentId, amount, more)
  if (!asked.ok) throw new Error(asked.code)
  expect(await decideRefund(decides, asked.value.id, true, now)).toMatchObject({ ok: true })
  return asked.value.id
}

/** The biller bills more: its payment is to pay more of it. */
const correct = (invoiceId: number, principal: number) =>
  db.execute(sql`update invoices set principal = ${principal}, total = ${principal} where id = ${invoiceId}`)

const jobsOf = async (id: string) => {
  const { rows } = await db.execute<{ key: string; run_at: string }>(
    sql`select key, run_at from graphile_worker.jobs where key in (${`submit-refund:${id}`}, ${`check-refund:${id}`}) order by key`,
  )
  return rows.map(({ key, run_at }) => `${key.split(':')[0]} ${new Date(run_at).toISOString()}`)
}
const toldOf = async (attemptId: string) => {
  const { rows } = await db.execute<{ values: Record<string, unknown> }>(
    sql`select values from notices where kind = 'payment-refunded' and values ->> 'path' = ${`/payments/${attemptId}`}`,
  )
  return rows.map(({ values }) => values.amount)
}

describe('asking for one', () => {
  it('sets aside what pays no invoice, and no more; a replay leaves that alone', async () => {
    const { paymentId, contract, invoice } = await overpaid()
    expect(await ask(paymentId, 10_001)).toEqual({ ok: false, code: 'tooMuch' })
    expect(await ask(paymentId, 0)).toEqual({ ok: false, code: 'tooMuch' })
    expect(await ask(paymentId, 7000)).toMatchObject({
      ok: true,
      value: { number: expect.stringMatching(/^R26\d{8,}$/) },
    })
    await correct(invoice.id, 20_000)
    await db.transaction(tx => replayContract(tx, contract.id))
    expect(await paymentOf(db, paymentId)).toMatchObject({ amount: 16_000, refunded: 7000, allocated: 9000 })
    expect(await ask(paymentId, 1)).toEqual({ ok: false, code: 'tooMuch' })
  })

  it('of two of 60 from 100 at once one is refused', async () => {
    const { paymentId } = await overpaid()
    const both = await Promise.all([ask(paymentId, 6000), ask(paymentId, 6000)])
    expect(both.map(one => (one.ok ? 'ok' : one.code)).sort()).toEqual(['ok', 'tooMuch'])
    expect((await paymentOf(db, paymentId)).refunded).toBe(6000)
    // Whatever reads before it writes: the database refuses more.
    await expect(
      db.execute(sql`update payments set refunded = 10001 where id = ${paymentId}`),
    ).rejects.toThrow()
  })

  it('while a replay takes what is over, one of the two gets it, never both', async () => {
    const { paymentId, contract, invoice } = await overpaid()
    await correct(invoice.id, 14_000)
    const replayed = db.transaction(tx => replayContract(tx, contract.id))
    const [asked] = await Promise.all([ask(paymentId, 6000), replayed])
    const { allocated, refunded } = await paymentOf(db, paymentId)
    expect([allocated, refunded]).toEqual(asked.ok ? [10_000, 6000] : [14_000, 0])
  })

  it('the same form is the same refund, with other words it is refused', async () => {
    const { paymentId } = await overpaid()
    const idempotencyKey = randomUUID()
    const both = await Promise.all([
      ask(paymentId, 3000, { idempotencyKey }),
      ask(paymentId, 3000, { idempotencyKey }),
    ])
    expect(both[0]).toEqual(both[1])
    expect(both[0].ok).toBe(true)
    expect(await ask(paymentId, 3001, { idempotencyKey })).toEqual({ ok: false, code: 'keyUsed' })
    const other = await overpaid()
    expect(await ask(other.paymentId, 3000, { idempotencyKey })).toEqual({ ok: false, code: 'keyUsed' })
    expect((await paymentOf(db, paymentId)).refunded).toBe(3000)
  })

  it('of another biller there is no payment, of one’s own contract none to ask for', async () => {
    const { paymentId, contract } = await overpaid()
    expect(await ask(paymentId, 100, {}, await makeStaff(db, 'agent', [1]))).toEqual({
      ok: false,
      code: 'notFound',
    })
    const neighbour = await makeStaff(db, 'supervisor', [KESCO])
    await giveAccess(db, neighbour, contract)
    expect(await ask(paymentId, 100, {}, neighbour)).toEqual({ ok: false, code: 'own' })
    await makePayment(db, contract, { amount: 500, paidOn: '2026-11-01', reference: `K-${contract.code}` })
    const { rows } = await db.execute<{ id: number }>(
      sql`select id from payments where reference = ${`K-${contract.code}`}`,
    )
    expect(await ask(rows[0]!.id, 100)).toEqual({ ok: false, code: 'notFound' })
    const asked = await ask(paymentId, 100)
    expect(await decideRefund(neighbour, asked.ok ? asked.value.id : '', true, now)).toEqual({
      ok: false,
      code: 'own',
    })
  })
})

describe('deciding', () => {
  it('is for another person, a supervisor of the biller, and once', async () => {
    const { paymentId, attemptId } = await overpaid()
    const asked = await ask(paymentId, 6000, {}, decides)
    const id = asked.ok ? asked.value.id : ''
    const other = await makeStaff(db, 'administrator', [KESCO])
    expect(await decideRefund(decides, id, true, now)).toEqual({ ok: false, code: 'sameOne' })
    expect(await decideRefund(asks, id, true, now)).toEqual({ ok: false, code: 'notFound' })
    expect(await decideRefund(await makeStaff(db, 'supervisor', [1]), id, true, now)).toEqual({
      ok: false,
      code: 'notFound',
    })
    expect(await listRefundsOf(customer, attemptId)).toEqual([])
    const twice = await Promise.all([decideRefund(other, id, true, now), decideRefund(other, id, true, now)])
    expect(twice.map(one => one.ok)).toEqual([true, true])
    expect(await decideRefund(other, id, false, now)).toEqual({ ok: false, code: 'moved' })
    expect(await decideRefund(await makeStaff(db, 'supervisor', [KESCO]), id, true, now)).toEqual({
      ok: false,
      code: 'moved',
    })
    expect(await jobsOf(id)).toEqual([`submit-refund ${START.toISOString()}`])
    expect(await listRefundsOf(customer, attemptId)).toMatchObject([{ amount: 6000, word: 'onItsWay' }])
    expect(await listRefundsOf(asks, attemptId)).toEqual([])
    expect(await toldOf(attemptId)).toEqual([])
    await expect(
      db.execute(sql`update refunds set decided_by = requested_by where id = ${id}`),
    ).rejects.toThrow()
  })

  it('against it frees the amount; for a credit it is done, and its payer is told', async () => {
    const { paymentId, attemptId, number: paid, contract } = await overpaid()
    const asked = await ask(paymentId, 10_000)
    expect(await decideRefund(decides, asked.ok ? asked.value.id : '', false, now)).toMatchObject({
      ok: true,
    })
    expect((await paymentOf(db, paymentId)).refunded).toBe(0)
    const again = await ask(paymentId, 4000)
    // Only asked for: to whoever paid it is not used, wherever that is said; nobody is to ask for it again.
    const paidNow = await getAttempt(customer, attemptId)
    expect(paidNow).toMatchObject({ captures: [{ surplus: 10_000, givenBack: 0, isPaidTwice: false }] })
    expect(paidNow!.askedAbout).toEqual([contract.code])
    expect(await getReceipt(customer, attemptId)).toMatchObject({ surplus: 10_000, givenBack: 0 })
    const history = await getHistory(customer, 'kesco', contract.code, now)
    expect(history!.payments).toMatchObject([{ surplus: 10_000 }])
    await decideRefund(decides, again.ok ? again.value.id : '', false, now)
    const id = await agreed(paymentId, 10_000, { way: 'credit' })
    expect(await refundOf(db, id)).toMatchObject({ state: 'succeeded', decidedBy: decides.id })
    expect(await jobsOf(id)).toEqual([])
    // Its receipt says so, and what it pays is still all of it.
    expect(await getReceipt(customer, attemptId)).toMatchObject({ givenBack: 10_000, surplus: 0 })
    expect(await listRefundsOf(customer, attemptId)).toMatchObject([
      { way: 'credit', word: 'givenBack', at: START },
    ])
    expect(await toldOf(attemptId)).toEqual([10_000])
    // The biller reads it where it reads its payments, to credit it in its books.
    const { number } = await refundOf(db, id)
    const token = { billerId: KESCO, timeZone: 'Europe/Belgrade' } as FeedToken
    const exported = await listPaymentsOfDay(token, { day: '2026-11-20', after: null }, now)
    const rows = (await text(Readable.from(exported!.lines))).split('\r\n')
    expect(rows.filter(row => row.includes(number))).toEqual([
      expect.stringMatching(`,refund,${paid},DPR-.*,,100.00,EUR,CREDIT,sandbox,${number},${paid},`),
    ])
  })

  it('what is held of a transaction waits until nothing is over of all contracts that it paid', async () => {
    const parts = []
    for (const principal of [6000, 7000]) {
      const contract = await makeContract(db, { billerId: KESCO })
      const [invoice] = await makeInvoices(db, contract, [{ principal, dueOn: '2026-12-20' }])
      parts.push({ contract, amount: principal + 100, invoiceId: invoice!.id })
    }
    const { attemptId, number, transactionId, paymentIds } = await makeCaptured(
      db,
      customer,
      parts,
      START,
      account.id,
    )
    await db.execute(sql`with told as (insert into payment_events (gateway, dedup_key, attempt_id, channel, authentic, outcome, payload)
        values ('sandbox', ${number}, ${attemptId}, 'query', true, 'captured', '{}') returning id)
      insert into payment_exceptions (kind, gateway, order_number, transaction_id, attempt_id, event_id, payment_id, opened_at)
      select 'wrong_amount', 'sandbox', ${number}, ${transactionId}, ${attemptId}, id, ${paymentIds[0]!}, ${START.toISOString()} from told`)
    const isHeld = async () =>
      (await db.select().from(paymentExceptions).where(eq(paymentExceptions.attemptId, attemptId)))[0]!
        .resolvedAt === null
    await agreed(paymentIds[0]!, 100, { way: 'credit' })
    expect(await isHeld()).toBe(true)
    await agreed(paymentIds[1]!, 100, { way: 'credit' })
    expect(await isHeld()).toBe(false)
  })

  it('what was paid twice stays held while it is only asked for, and its payer is told once', async () => {
    const contract = await makeContract(db, { billerId: KESCO })
    await giveAccess(db, customer, contract)
    const [invoice] = await makeInvoices(db, contract, [{ principal: 6000, dueOn: '2026-12-20' }])
    const parts = [{ contract, amount: 6000, invoiceId: invoice!.id }]
    const [, twice] = [
      await makeCaptured(db, customer, parts, START, account.id),
      await makeCaptured(db, customer, parts, START, account.id),
    ]
    const held = async () =>
      (await db.select().from(paymentExceptions).where(eq(paymentExceptions.attemptId, twice.attemptId))).map(
        ({ kind, resolvedAt }) => `${kind} ${resolvedAt ? 'resolved' : 'open'}`,
      )
    const told = async () => {
      const { rows } = await db.execute(sql`select from notices where kind = 'payment-surplus'
        and values ->> 'path' = ${`/payments/${twice.attemptId}`}`)
      return rows.length
    }
    const replay = () => db.transaction(tx => replayAndHold(tx, [contract.id], now))
    // Whatever replays the contract holds it.
    const asked = await ask(twice.paymentIds[0]!, 1000)
    expect([await held(), await told()]).toEqual([['paid_twice open'], 1])
    await ask(twice.paymentIds[0]!, 5000)
    await replay()
    expect(await held()).toEqual(['paid_twice open'])
    await decideRefund(decides, asked.ok ? asked.value.id : '', false, now)
    await replay()
    expect([await held(), await told()]).toEqual([['paid_twice open'], 1])
  })

  it('nothing is given back of what the bank took back', async () => {
    const { paymentId, contract } = await overpaid()
    const asked = await ask(paymentId, 4000)
    const id = await agreed(paymentId, 2000)
    await db.execute(sql`delete from payment_allocations where payment_id = ${paymentId}`)
    await db.execute(sql`update payments set reversed_on = '2026-11-20' where id = ${paymentId}`)
    await db.transaction(tx => replayContract(tx, contract.id))
    expect(await decideRefund(decides, asked.ok ? asked.value.id : '', true, now)).toEqual({
      ok: false,
      code: 'takenBack',
    })
    const bank = fakeBank()
    await submitRefund({ refundId: id }, { database: db }, bank)
    expect(bank.told).toBe(0)
    expect(await refundOf(db, id)).toMatchObject({ state: 'failed', failureCode: 'taken_back' })
    expect(await ask(paymentId, 1)).toEqual({ ok: false, code: 'takenBack' })
  })
})

describe('the bank', () => {
  it('is told nothing and asked nothing while payments are stopped, and all of it afterwards', async () => {
    const { paymentId } = await overpaid()
    const id = await agreed(paymentId, 10_000)
    const bank = fakeBank({ state: 'unknown' })
    const tell = () => submitRefund({ refundId: id }, { database: db }, bank)
    const waiting = async (task: string) => {
      const { rows } = await db.execute<{
        at: string
        flags: object
      }>(sql`select run_at as at, flags from graphile_worker.jobs
        where key = ${`${task}:${id}`}`)
      return rows.map(({ at, flags }) => ({ at: new Date(at), flags }))
    }
    const rests = [{ at: new Date(START.getTime() + 10_000), flags: { maintenance: true } }]
    await db
      .insert(maintenance)
      .values({ startsAt: START, endsAt: later(1), setBy: decides.id, setAt: START })
    await tell()
    expect(bank.told).toBe(0)
    expect(await waiting('submit-refund')).toEqual(rests)
    now = later(2)
    await tell()
    expect(bank.told).toBe(1)
    expect(await refundOf(db, id)).toMatchObject({ state: 'unknown' })
    now = START
    const asked = vi.spyOn(bank, 'listGivenBack')
    await checkRefund({ refundId: id }, { database: db }, bank)
    expect(asked).not.toHaveBeenCalled()
    expect(await waiting('check-refund')).toEqual(rests)
    now = later(2)
    await checkRefund({ refundId: id }, { database: db }, bank)
    expect(asked).toHaveBeenCalledOnce()
    await db.delete(maintenance)
  })

  it('is told once; what it gave back is booked then, and not before', async () => {
    const { paymentId, attemptId, number, transactionId } = await overpaid()
    await db.insert(paymentExceptions).values({
      ...{
        kind: 'paid_twice',
        gateway: 'sandbox',
        orderNumber: number,
        transactionId,
        attemptId,
        paymentId,
        openedAt: START,
      },
    })
    const id = await agreed(paymentId, 10_000)
    const bank = fakeBank()
    await Promise.all([1, 2, 3].map(() => submitRefund({ refundId: id }, { database: db }, bank)))
    await submitRefund({ refundId: id }, { database: db }, bank)
    expect(bank.told).toBe(1)
    expect(await refundOf(db, id)).toMatchObject({ state: 'succeeded', transactionId: 'R-1' })
    expect(await toldOf(attemptId)).toEqual([10_000])
    // Nothing is over: what was held for it is explained.
    const [held] = await db.select().from(paymentExceptions).where(eq(paymentExceptions.paymentId, paymentId))
    expect(held!.resolvedAt).toEqual(START)
    expect((await listAttention(asks, now, ['surplus'])).rows.map(row => row.paymentId)).not.toContain(
      paymentId,
    )
    const course = (await getCourse(asks, attemptId, now))!
    expect(course.moves.map(({ action }) => action)).toEqual([
      'refund.requested',
      'refund.submitted',
      'refund.succeeded',
    ])
    expect(course.refunds).toMatchObject([
      { state: 'succeeded', requestedBy: nameOf(asks), decidedBy: nameOf(decides) },
    ])
    expect(await getCourse({ id: asks.id, billerIds: [1] }, attemptId, now)).toBeNull()
  })

  it('that refuses frees the amount, which can be asked for again', async () => {
    const { paymentId, attemptId } = await overpaid()
    const id = await agreed(paymentId, 10_000)
    const bank = fakeBank({ state: 'failed', code: '215021' })
    await submitRefund({ refundId: id }, { database: db }, bank)
    expect(await refundOf(db, id)).toMatchObject({ state: 'failed', failureCode: '215021' })
    expect(await listRefundsOf(customer, attemptId)).toMatchObject([{ amount: 10_000, word: 'failed' }])
    expect(await toldOf(attemptId)).toEqual([])
    expect((await listRefunds(asks)).rows.find(row => row.id === id)).toMatchObject({
      state: 'failed',
      isOwn: true,
    })
    expect(await ask(paymentId, 10_000)).toMatchObject({ ok: true })
  })

  it('that gives back on the next day alone is told again then, and staff see when', async () => {
    const { paymentId, attemptId } = await overpaid()
    const id = await agreed(paymentId, 6000)
    const at = new Date(now.getTime() + 20 * 3_600_000)
    await submitRefund({ refundId: id }, { database: db }, fakeBank({ state: 'later', at }))
    expect(await refundOf(db, id)).toMatchObject({ state: 'submitted', askedAt: null, failureCode: null })
    const { rows } = await db.execute<{ at: string }>(
      sql`select run_at as at from graphile_worker.jobs where key = ${`submit-refund:${id}`}`,
    )
    expect(rows.map(row => new Date(row.at))).toEqual([at])
    expect(new Date((await getCourse(asks, attemptId, now))!.refunds[0]!.toldAgainAt!)).toEqual(at)
    // What is set aside stays so, and nothing is an alarm.
    expect(await ask(paymentId, 10_000)).toMatchObject({ ok: false })
    now = at
    await submitRefund({ refundId: id }, { database: db }, fakeBank())
    expect((await refundOf(db, id)).state).toBe('succeeded')
  })

  it('is asked and never told again after the process died between telling it and its answer', async () => {
    const { paymentId, attemptId } = await overpaid()
    const id = await agreed(paymentId, 6000)
    const bank = fakeBank()
    const dies = {
      ...bank,
      giveBack: async () => {
        bank.told += 1
        throw new Error('killed')
      },
    }
    await expect(submitRefund({ refundId: id }, { database: db }, dies)).rejects.toThrow('killed')
    await submitRefund({ refundId: id }, { database: db }, bank)
    expect(bank.told).toBe(1)
    // Within the lease it is not asked, since its answer may still come.
    now = later(1)
    await checkRefund({ refundId: id }, { database: db }, bank)
    expect((await refundOf(db, id)).state).toBe('submitted')
    now = later(2)
    await checkRefund({ refundId: id }, { database: db }, bank)
    expect((await refundOf(db, id)).state).toBe('unknown')
    expect(await jobsOf(id)).toContain(`check-refund ${later(12).toISOString()}`)
    expect(await listRefundsOf(customer, attemptId)).toMatchObject([{ word: 'onItsWay' }])
    now = later(12)
    bank.given = [givenBack('R-elsewhere', 5000), givenBack('R-8', 6000)]
    await checkRefund({ refundId: id }, { database: db }, bank)
    expect(await refundOf(db, id)).toMatchObject({ state: 'succeeded', transactionId: 'R-8' })
    expect(bank.told).toBe(1)
    expect(await toldOf(attemptId)).toEqual([6000])
  })

  it('is asked of one that was told in the future, the clock having been set back since', async () => {
    const { paymentId } = await overpaid()
    const id = await agreed(paymentId, 6000)
    await db.execute(sql`update refunds set asked_at = ${later(600).toISOString()} where id = ${id}`)
    await checkRefund({ refundId: id }, { database: db }, fakeBank())
    expect((await refundOf(db, id)).state).toBe('unknown')
  })

  it('that says nothing is asked at 10 minutes, 1, 24 and 72 hours and daily; what it clearly has not done has failed', async () => {
    const { paymentId } = await overpaid()
    const id = await agreed(paymentId, 6000)
    const bank = fakeBank({ state: 'unknown' })
    await submitRefund({ refundId: id }, { database: db }, bank)
    const hour = 60
    bank.given = []
    for (const [at, next] of [
      [10, hour],
      [hour, 24 * hour],
      [24 * hour, 72 * hour],
    ] as const) {
      now = later(at)
      await checkRefund({ refundId: id }, { database: db }, bank)
      expect([(await refundOf(db, id)).state, (await jobsOf(id))[0]]).toEqual([
        'unknown',
        `check-refund ${later(next).toISOString()}`,
      ])
    }
    bank.given = 'no-answer'
    now = later(72 * hour)
    await checkRefund({ refundId: id }, { database: db }, bank)
    expect([(await refundOf(db, id)).state, (await jobsOf(id))[0]]).toEqual([
      'unknown',
      `check-refund ${later(96 * hour).toISOString()}`,
    ])
    expect((await paymentOf(db, paymentId)).refunded).toBe(6000)
    bank.given = []
    now = later(96 * hour)
    await checkRefund({ refundId: id }, { database: db }, bank)
    expect(await refundOf(db, id)).toMatchObject({ state: 'failed', failureCode: 'not_made' })
    expect((await paymentOf(db, paymentId)).refunded).toBe(0)
  })

  it('one refund of its answers for one of ours', async () => {
    const { paymentId } = await overpaid()
    const ids = [await agreed(paymentId, 5000), await agreed(paymentId, 5000)]
    const bank = fakeBank({ state: 'unknown' })
    for (const refundId of ids) await submitRefund({ refundId }, { database: db }, bank)
    bank.given = [givenBack('R-one', 5000)]
    now = later(10)
    await Promise.all(ids.map(refundId => checkRefund({ refundId }, { database: db }, bank)))
    const states = await Promise.all(ids.map(async id => (await refundOf(db, id)).state))
    expect(states.sort()).toEqual(['succeeded', 'unknown'])
  })

  it('refunds that lost their job get it again', async () => {
    const { paymentId } = await overpaid()
    const told = await agreed(paymentId, 2000)
    const untold = await agreed(paymentId, 3000)
    await submitRefund({ refundId: told }, { database: db }, fakeBank({ state: 'unknown' }))
    await db.execute(sql`delete from graphile_worker._private_jobs`)
    await sweepRefunds({}, { database: db })
    expect(await jobsOf(told)).toEqual([`check-refund ${START.toISOString()}`])
    expect(await jobsOf(untold)).toEqual([`submit-refund ${START.toISOString()}`])
  })
})

describe('staff', () => {
  it('see figures and lists of their billers alone', async () => {
    now = later(60)
    const { attemptId, paymentId, number, contract } = await overpaid()
    await ask(paymentId, 1000)
    await db.execute(sql`update payments set received_at = ${now.toISOString()} where id = ${paymentId}`)
    await db.execute(sql`update payment_attempts set state = 'in_doubt' where id = ${attemptId}`)
    const others = { id: asks.id, billerIds: [1] }
    const [tiles, theirs] = [await getTiles(asks, now), await getTiles(others, now)]
    for (const tile of ['inDoubt', 'surpluses', 'refunds', 'today'] as const) {
      expect([tile, tiles[tile].count]).not.toEqual([tile, 0])
      expect(theirs[tile]).toEqual({ count: 0, sums: [] })
    }
    expect(tiles.inDoubt).toEqual({ count: 1, sums: [{ currency: 'EUR', amount: 16_000 }] })
    expect((await listAttention(asks, now, ['inDoubt'])).rows).toMatchObject([
      { number, contractCodes: [contract.code], why: 'in_doubt' },
    ])
    expect(
      (await listAttention(asks, now, ['surplus'])).rows.find(row => row.paymentId === paymentId),
    ).toMatchObject({
      amount: 9000,
      why: 'other',
    })
    for (const typed of [number, `${number.toLowerCase()}-2`, contract.code]) {
      expect((await findAttempts(asks, typed, now)).rows).toMatchObject([{ attemptId, createdAt: START }])
      expect(await findAttempts(others, typed, now)).toEqual({ rows: [], hasMore: false })
    }
    const lists = [listAttention(others, now), listToday(others, now), listRefunds(others)]
    for (const list of await Promise.all(lists)) expect(list.rows).toEqual([])
    expect(await listStaffAccounts(asks)).toMatchObject([{ code: 'kesco-sandbox' }, { code: account.code }])
  })
})
