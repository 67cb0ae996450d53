// Money that fits nothing, answers that must wait for a lock, and attempts that lost their job.
import { randomUUID } from 'node:crypto'
import { and, eq, sql } from 'drizzle-orm'
import { afterAll, afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { POST as callback } from '../../app/api/payments/[gateway]/callback/route.ts'
import { auditEvents } from '../../db/schema/audit.ts'
import { invoices } from '../../db/schema/billing.ts'
import { payments } from '../../db/schema/ledger.ts'
import { paymentExceptions } from '../../db/schema/payment-exceptions.ts'
import { paymentAttempts, paymentEvents } from '../../db/schema/payments.ts'
import { getStaffHome } from '../../lib/looks/staff-home.ts'
import { checkoutRedirect } from '../../lib/payments/checkout.ts'
import { beginAttempt, cancelAttempt } from '../../lib/payments/commands.ts'
import { sandbox } from '../../lib/payments/gateways/sandbox.ts'
import { listHomeAttempts } from '../../lib/payments/home-attempts.ts'
import { checkAttempt, sweepAttempts } from '../../lib/payments/jobs.ts'
import { withinLockWait } from '../../lib/payments/lock-wait.ts'
import { clock } from '../../lib/platform/clock.ts'
import { log } from '../../lib/platform/log.ts'
import { signed } from '../../lib/sandbox-bank/protocol.ts'
import { receive } from '../support/bank.ts'
import { testDatabase } from '../support/database.ts'
import {
  attemptOf,
  bankAnswer,
  bankFields,
  begin,
  checkBooks,
  formOf,
  makePayable,
  nextCheckOf,
} from '../support/payments.ts'
import { giveAccess, makeAccount } from '../support/people.ts'

process.env.PAYMENT_LOCK_WAIT_MS = '100'
const db = await testDatabase()
const start = new Date('2024-01-20T10:00:00Z')
let now = start
const query = vi.spyOn(sandbox, 'query')
const alarm = vi.spyOn(log, 'error').mockImplementation(() => {})
beforeEach(() => {
  now = start
  vi.spyOn(clock, 'now').mockImplementation(() => now)
  query.mockReset().mockResolvedValue('no-answer')
  alarm.mockClear()
})
afterEach(() => checkBooks(db))
afterAll(() => vi.restoreAllMocks())

const OSHEE = { billerIds: [1] }
const OTHERS = { billerIds: [2, 3] }
const countExceptions = async (of: { billerIds: number[] }) =>
  (await getStaffHome({ ...of, role: 'agent' }, now)).exceptions

async function scene() {
  const customer = await makeAccount(db)
  const contract = await makePayable(db, [45_600, 21_400])
  await giveAccess(db, customer, contract)
  const attempt = await begin(db, customer, contract, now)
  // Who was not led to the bank cannot have paid: it would not be asked.
  await checkoutRedirect(customer, attempt.id, now)
  const answer = (status: string, changed = {}, channel: 'return' | 'callback' | 'query' = 'callback') =>
    receive(db, channel, bankAnswer(attempt, status, changed), now)
  const state = async () => (await attemptOf(db, attempt.id)).state
  const received = () =>
    db.select().from(payments).where(eq(payments.attemptId, attempt.id)).orderBy(payments.id)
  const held = () =>
    db
      .select()
      .from(paymentExceptions)
      .where(eq(paymentExceptions.attemptId, attempt.id))
      .orderBy(paymentExceptions.id)
  const check = () => checkAttempt({ attemptId: attempt.id }, { database: db })
  const unpaid = async () => {
    const rows = await db.select().from(invoices).where(eq(invoices.contractId, contract.id))
    return rows.reduce((sum, row) => sum + row.unpaid, 0)
  }
  return { customer, contract, attempt, answer, state, received, held, check, unpaid }
}

const call = (fields: Record<string, string>) =>
  callback(new Request('http://localhost/x', { method: 'POST', body: new URLSearchParams(fields) }), {
    params: Promise.resolve({ gateway: 'sandbox' }),
  })

describe('another amount than ordered', () => {
  it('is held and asked about, and booked as the bank confirms it', async () => {
    const before = [await countExceptions(OSHEE), await countExceptions(OTHERS)]
    const { attempt, answer, state, received, held, check, unpaid } = await scene()
    await answer('captured', { amount: '1.00' })
    expect(await state()).toBe('in_doubt')
    expect(await received()).toEqual([])
    expect(await held()).toMatchObject([{ kind: 'wrong_amount', paymentId: null, resolvedAt: null }])
    expect(await nextCheckOf(db, attempt.id)).toEqual(now)
    expect(alarm).toHaveBeenCalledOnce()

    query.mockResolvedValue(bankAnswer(attempt, 'captured', { amount: '1.00', nonce: 'a' }))
    await check()
    expect(await state()).toBe('captured')
    const [payment] = await received()
    expect(payment).toMatchObject({ amount: 100, allocated: 100, reference: attempt.number })
    expect(await held()).toMatchObject([{ paymentId: payment!.id, resolvedAt: null }])
    expect(await unpaid()).toBe(87_000 - 100)
    // Told again by whatever way: nothing is doubled.
    await answer('captured', { amount: '1.00', nonce: 'b' }, 'query')
    await answer('captured', { amount: '1.00' }, 'return')
    expect(await received()).toHaveLength(1)
    expect(await held()).toHaveLength(1)
    const audited = await db
      .select()
      .from(auditEvents)
      .where(
        and(eq(auditEvents.subject, `attempt:${attempt.id}`), eq(auditEvents.action, 'payment.exception')),
      )
    expect(audited).toHaveLength(1)
    expect([await countExceptions(OSHEE), await countExceptions(OTHERS)]).toEqual([before[0]! + 1, before[1]])
  })

  it('that is too much leaves a surplus', async () => {
    const { answer, attempt, customer, received, unpaid } = await scene()
    await answer('captured', { amount: '1000.00' }, 'query')
    // Home tells of it.
    expect((await listHomeAttempts(customer)).unused).toMatchObject({ id: attempt.id, amount: 13_000 })
    expect(await received()).toMatchObject([{ amount: 100_000, allocated: 87_000 }])
    expect(await unpaid()).toBe(0)
  })

  it('is explained where the bank, when asked, says what was ordered', async () => {
    const { answer, state, received, held } = await scene()
    await answer('captured', { amount: '1.00' })
    await answer('captured', {}, 'query')
    expect(await state()).toBe('captured')
    expect(await received()).toMatchObject([{ amount: 87_000 }])
    expect(await held()).toMatchObject([{ kind: 'wrong_amount', paymentId: null, resolvedAt: now }])
    // The bank takes its word back.
    alarm.mockClear()
    await answer('captured', { amount: '1.00', nonce: 'asked' }, 'query')
    const [payment] = await received()
    expect(await held()).toMatchObject([{ paymentId: payment!.id, resolvedAt: null }])
    expect(await received()).toMatchObject([{ amount: 87_000 }])
    expect(alarm).toHaveBeenCalledOnce()
  })
})

describe('a second capture', () => {
  it('is held at the call, asked about although the payment is settled, and booked once the bank confirms it', async () => {
    const { attempt, answer, state, received, held, check } = await scene()
    await answer('captured')
    await answer('captured', { transactionId: 'T-2' })
    expect(await received()).toHaveLength(1)
    expect(await held()).toMatchObject([{ kind: 'second_capture', transactionId: 'T-2', paymentId: null }])
    expect(await nextCheckOf(db, attempt.id)).toEqual(now)
    // The bank cannot be reached: it is asked again.
    await check()
    expect(await nextCheckOf(db, attempt.id)).toEqual(new Date('2024-01-20T11:00:00Z'))
    now = new Date('2024-01-20T11:00:00Z')
    query.mockResolvedValue(bankAnswer(attempt, 'captured', { transactionId: 'T-2', nonce: 'a' }))
    await check()
    expect(await state()).toBe('captured')
    const [, second] = await received()
    expect(second).toMatchObject({ reference: `${attempt.number}-2`, amount: 87_000, allocated: 0 })
    // Its payer is told once, however often the bank says so.
    query.mockResolvedValue(bankAnswer(attempt, 'captured', { transactionId: 'T-2', nonce: 'b' }))
    await check()
    const { rows: told } = await db.execute(
      sql`select values from notices where kind = 'payment-surplus' and values ->> 'path' = ${`/payments/${attempt.id}`}`,
    )
    expect(told).toMatchObject([{ values: { number: `${attempt.number}-2`, amount: 87_000 } }])
    expect(await held()).toMatchObject([{ paymentId: second!.id, resolvedAt: null }])
  })

  it('that the bank does not confirm is not booked, and stays for staff', async () => {
    const { attempt, answer, received, held, check } = await scene()
    await answer('captured')
    await answer('captured', { transactionId: 'T-2' })
    query.mockResolvedValue(bankAnswer(attempt, 'captured', { nonce: 'a' }))
    await check()
    expect(await received()).toHaveLength(1)
    expect(await held()).toMatchObject([{ transactionId: 'T-2', paymentId: null, resolvedAt: null }])
  })
})

describe('money that cannot be booked', () => {
  it.each([
    ['wrong_currency', { currency: 'EUR' }],
    ['wrong_merchant', { merchant: 'somebody' }],
  ])('is held, the payment in doubt, even when the bank confirms it: %s', async (kind, changed) => {
    const { answer, state, received, held } = await scene()
    await answer('captured', changed)
    await answer('captured', changed, 'query')
    expect(await state()).toBe('in_doubt')
    expect(await received()).toEqual([])
    expect(await held()).toMatchObject([{ kind, resolvedAt: null }])
  })
})

describe('what was explained and is told of once more', () => {
  const namelessFields = (attempt: Parameters<typeof bankFields>[0], nonce: string) => {
    const { transactionId: _, hash: __, ...fields } = bankFields(attempt, 'captured', { nonce })
    return signed(fields)
  }

  it('without a transaction is held and asked about, and a new transaction is found so', async () => {
    const { attempt, state, received, held, check } = await scene()
    expect((await call(namelessFields(attempt, 'a'))).status).toBe(200)
    expect(await state()).toBe('in_doubt')
    expect(await held()).toMatchObject([{ kind: 'no_transaction', transactionId: '', resolvedAt: null }])
    query.mockResolvedValueOnce(bankAnswer(attempt, 'captured', { nonce: 'b' }))
    await check()
    expect(await held()).toMatchObject([{ kind: 'no_transaction', resolvedAt: now }])

    alarm.mockClear()
    now = new Date('2024-01-20T10:01:00Z')
    expect((await call(namelessFields(attempt, 'c'))).status).toBe(200)
    expect(await held()).toMatchObject([{ kind: 'no_transaction', resolvedAt: null }])
    expect(alarm).toHaveBeenCalledOnce()
    expect(await nextCheckOf(db, attempt.id)).toEqual(now)
    query.mockResolvedValueOnce(bankAnswer(attempt, 'captured', { transactionId: 'T-2', nonce: 'd' }))
    await check()
    const [, second] = await received()
    expect(second).toMatchObject({ transactionId: 'T-2' })
    expect(await held()).toMatchObject([
      { kind: 'no_transaction', resolvedAt: null },
      { kind: 'second_capture', paymentId: second!.id, resolvedAt: null },
    ])
    now = (await nextCheckOf(db, attempt.id))!
    query.mockResolvedValueOnce(bankAnswer(attempt, 'captured', { transactionId: 'T-2', nonce: 'e' }))
    await check()
    expect(await held()).toMatchObject([{ resolvedAt: now }, { resolvedAt: null }])
  })

  it('with another amount is held until a question asked since then explains it', async () => {
    const { attempt, answer, received, held, check } = await scene()
    await answer('captured', { amount: '900.00' })
    await answer('captured', {}, 'query')
    expect(await held()).toMatchObject([{ resolvedAt: now }])
    const before = now
    now = new Date('2024-01-20T10:01:00Z')
    await answer('captured', { amount: '800.00' })
    expect(await held()).toMatchObject([{ kind: 'wrong_amount', paymentId: null, resolvedAt: null }])
    expect(await nextCheckOf(db, attempt.id)).toEqual(now)
    await receive(db, 'query', bankAnswer(attempt, 'captured', { nonce: 'a' }), before)
    expect(await held()).toMatchObject([{ resolvedAt: null }])
    query.mockResolvedValueOnce(bankAnswer(attempt, 'captured', { nonce: 'b' }))
    await check()
    expect(query).toHaveBeenCalledOnce()
    expect(await held()).toMatchObject([{ paymentId: null, resolvedAt: now }])
    expect(await received()).toMatchObject([{ amount: 87_000 }])
  })

  it('with another amount than was booked and is held has the bank asked once', async () => {
    const { attempt, answer, received, held, check } = await scene()
    await answer('captured', { amount: '1.00' })
    await answer('captured', { amount: '1.00', nonce: 'a' }, 'query')
    await check()
    expect(query).not.toHaveBeenCalled()
    now = new Date('2024-01-20T10:01:00Z')
    await answer('captured', { amount: '2.00' })
    expect(await nextCheckOf(db, attempt.id)).toEqual(now)
    query.mockResolvedValue(bankAnswer(attempt, 'captured', { amount: '1.00', nonce: 'b' }))
    await check()
    now = new Date('2024-01-20T11:01:00Z')
    await check()
    expect(query).toHaveBeenCalledOnce()
    const [payment] = await received()
    expect(await held()).toMatchObject([{ paymentId: payment!.id, resolvedAt: null }])
  })
})

describe('an order that is not ours', () => {
  const fields = (number: string, status = 'captured', changed = {}) =>
    bankFields({ number, amount: 100, currency: 'ALL' }, status, changed)

  it('is stored, answered with 200 and held for all staff where money moved', async () => {
    const before = [await countExceptions(OSHEE), await countExceptions(OTHERS)] as const
    for (const _ of [1, 2]) expect((await call(fields('D9'))).status).toBe(200)
    expect((await call(fields('D9', 'captured', { nonce: 'again' }))).status).toBe(200)
    const stored = await db.select().from(paymentEvents).where(sql`payload->>'orderNumber' = 'D9'`)
    expect(stored).toHaveLength(2)
    expect(stored[0]).toMatchObject({ attemptId: null, authentic: true, appliedAt: null })
    expect(alarm).toHaveBeenCalledOnce()
    expect([await countExceptions(OSHEE), await countExceptions(OTHERS)]).toEqual([
      before[0] + 1,
      before[1] + 1,
    ])
  })

  it('is stored alone where no money moved, and where it is forged', async () => {
    const before = await countExceptions(OSHEE)
    expect((await call(fields('D8', 'declined'))).status).toBe(200)
    expect((await call({ ...fields('D7'), hash: 'x' })).status).toBe(200)
    expect(await countExceptions(OSHEE)).toBe(before)
  })
})

describe('while a feed holds the contract', () => {
  /** Does `work` while another connection holds the contract's row. */
  const whileHeld = (contractId: number, work: () => Promise<void>) =>
    db.transaction(async tx => {
      await tx.execute(sql`select from contracts where id = ${contractId} for no key update`)
      await work()
    })

  it('the bank’s call is stored and answered, and the job applies it although the bank says nothing more', async () => {
    const { contract, attempt, state, received, check } = await scene()
    await whileHeld(contract.id, async () => {
      expect((await call(bankFields(attempt, 'captured'))).status).toBe(200)
      expect(await state()).toBe('pending')
      expect(await nextCheckOf(db, attempt.id)).toEqual(new Date('2024-01-20T10:00:05Z'))
      await check()
      expect(await nextCheckOf(db, attempt.id)).toEqual(new Date('2024-01-20T10:00:10Z'))
      expect(query).not.toHaveBeenCalled()
    })
    await check()
    expect(await state()).toBe('captured')
    expect(await received()).toMatchObject([{ amount: 87_000, allocated: 87_000 }])
  })

  it('an answer to a question is applied in a moment too, and an expiry tried again', async () => {
    const { contract, attempt, state, check } = await scene()
    now = new Date('2024-01-20T12:00:00Z')
    query.mockResolvedValue('not-found')
    await whileHeld(contract.id, async () => {
      await check()
      expect(await nextCheckOf(db, attempt.id)).toEqual(new Date('2024-01-20T12:00:10Z'))
    })
    now = new Date('2024-01-20T12:00:10Z')
    query.mockResolvedValue(bankAnswer(attempt, 'declined', { nonce: 'a' }))
    await whileHeld(contract.id, check)
    expect(await state()).toBe('pending')
    query.mockResolvedValue('no-answer')
    now = new Date('2024-01-20T12:00:20Z')
    await check()
    expect(await state()).toBe('declined')
  })

  it('no more than half of the connections wait for it', async () => {
    const waits: string[] = []
    let open = () => {}
    const gate = new Promise<void>(resolve => {
      open = resolve
    })
    const all = Array.from({ length: 7 }, () =>
      withinLockWait(db, async tx => {
        const { rows } = await tx.execute<{ lock_timeout: string }>(sql`show lock_timeout`)
        if (waits.push(rows[0]!.lock_timeout) === 7) open()
        await gate
      }),
    )
    await Promise.all(all)
    expect(waits.sort()).toEqual([...Array(5).fill('100ms'), '1ms', '1ms'])
  })

  it('a customer is asked to try again in a moment', async () => {
    const { customer, contract, attempt, state } = await scene()
    query.mockResolvedValue('not-found')
    await whileHeld(contract.id, async () => {
      const form = formOf({ [contract.invoiceIds[0]!]: 55_600 })
      expect(await beginAttempt(customer, contract, form, now)).toEqual({ ok: false, code: 'busy' })
      expect(await cancelAttempt(customer, attempt.id, now)).toEqual({ ok: false, code: 'busy' })
    })
    now = new Date('2024-01-20T10:00:10Z')
    expect(await cancelAttempt(customer, attempt.id, now)).toEqual({ ok: true, value: undefined })
    expect(await state()).toBe('cancelled')
  })
})

describe('what was voided at the bank', () => {
  it('before the portal heard of it ends the attempt', async () => {
    const { attempt, state, check } = await scene()
    query.mockResolvedValue({ ...bankAnswer(attempt, 'cancelled'), outcome: 'voided' })
    now = new Date(now.getTime() + 2 * 3600_000)
    await check()
    expect(await state()).toBe('voided')
    expect((await attemptOf(db, attempt.id)).live).toBe(false)
  })

  it('when only set aside ends it too', async () => {
    const { attempt, state, check } = await scene()
    await receive(db, 'callback', { ...bankAnswer(attempt, 'declined'), outcome: 'authorised' }, now)
    expect(await state()).toBe('authorised')
    now = new Date(now.getTime() + 2 * 3600_000)
    query.mockResolvedValue(bankAnswer(attempt, 'cancelled'))
    await check()
    expect(await state()).toBe('cancelled')
  })

  it('after it was booked is asked about a day later, held for staff, and changes no payment', async () => {
    const { attempt, answer, state, check, held, received } = await scene()
    await answer('captured')
    await check()
    expect(query).not.toHaveBeenCalled()
    expect(await nextCheckOf(db, attempt.id)).toEqual(new Date(start.getTime() + 24 * 3600_000))
    const given = bankAnswer(attempt, 'captured').captures
    query.mockImplementation(async () => ({
      ...bankAnswer(attempt, 'cancelled'),
      ...{ outcome: 'voided', captures: [], refunds: given },
    }))
    for (const hours of [24, 72]) {
      now = new Date(start.getTime() + hours * 3600_000)
      await check()
    }
    expect(await state()).toBe('captured')
    expect(await held()).toMatchObject([{ kind: 'refunded_at_bank', resolvedAt: null }])
    expect(await received()).toMatchObject([{ reversedOn: null, allocated: 87_000 }])
  })

  it('an answer that asks for no move is written down once, however often the bank gives it', async () => {
    const { attempt, answer, check, state } = await scene()
    await answer('cancelled')
    query.mockImplementation(async () => bankAnswer(attempt, 'declined'))
    for (const hours of [1, 24, 72]) {
      now = new Date(start.getTime() + hours * 3600_000)
      await check()
    }
    expect(query).toHaveBeenCalledTimes(3)
    expect(await state()).toBe('cancelled')
    const ignored = and(
      eq(auditEvents.subject, `attempt:${attempt.id}`),
      eq(auditEvents.action, 'payment.answer_ignored'),
    )
    expect(await db.$count(auditEvents, ignored)).toBe(1)
  })
})

describe('what was told in the bank’s name', () => {
  const hours = (count: number) => new Date(start.getTime() + count * 3600_000)
  const after80Hours = async () => {
    const made = await scene()
    await made.answer('cancelled')
    await db.execute(
      sql`delete from graphile_worker._private_jobs where key = ${`check-payment:${made.attempt.id}`}`,
    )
    now = hours(80)
    const told = { ...bankAnswer(made.attempt, 'captured'), trust: 'hint' as const, dedupKey: randomUUID() }
    expect(await receive(db, 'callback', told, now)).toBe('hint')
    return made
  }

  it('is asked about until the bank has answered, rarer and rarer, whatever the attempt’s age', async () => {
    const { attempt, check, state } = await after80Hours()
    await check()
    expect(await nextCheckOf(db, attempt.id)).toEqual(new Date(now.getTime() + 5 * 60_000))
    now = hours(90)
    await check()
    expect(await nextCheckOf(db, attempt.id)).toEqual(hours(100))
    query.mockResolvedValue(bankAnswer(attempt, 'captured'))
    now = hours(100)
    await check()
    expect(await state()).toBe('captured')
    expect(query).toHaveBeenCalledTimes(3)
    now = hours(101)
    await check()
    expect(query).toHaveBeenCalledTimes(3)
  })

  it('is found by the sweep, and given up after ten days', async () => {
    const { attempt, check } = await after80Hours()
    const loseJob = () =>
      db.execute(sql`delete from graphile_worker._private_jobs where key = ${`check-payment:${attempt.id}`}`)
    await check()
    await loseJob()
    await sweepAttempts({}, { database: db })
    expect(await nextCheckOf(db, attempt.id)).toEqual(now)
    now = hours(80 + 240)
    await loseJob()
    await check()
    expect(await nextCheckOf(db, attempt.id)).toBeUndefined()
    await sweepAttempts({}, { database: db })
    expect(await nextCheckOf(db, attempt.id)).toBeUndefined()
  })

  it('is answered where the bank knows of no try', async () => {
    const { check, attempt } = await after80Hours()
    query.mockResolvedValue('not-found')
    await db.execute(
      sql`delete from graphile_worker._private_jobs where key = ${`check-payment:${attempt.id}`}`,
    )
    await check()
    expect(await nextCheckOf(db, attempt.id)).toBeUndefined()
    expect((await attemptOf(db, attempt.id)).state).toBe('cancelled')
  })
})

describe('the sweep', () => {
  const jobOf = (id: string) => sql`key = ${`check-payment:${id}`}`
  const loseJob = (id: string) =>
    db.execute(sql`delete from graphile_worker._private_jobs where ${jobOf(id)}`)
  const sweep = () => sweepAttempts({}, { database: db })

  it('finds attempts whose job is gone or was given up, and no others', async () => {
    const [lost, givenUp, followed, settled, declined, old] = await Promise.all([1, 2, 3, 4, 5, 6].map(scene))
    await settled!.answer('captured')
    await declined!.answer('declined')
    await old!.answer('declined')
    await db
      .update(paymentAttempts)
      .set({ stateChangedAt: new Date('2024-01-17T09:00:00Z') })
      .where(eq(paymentAttempts.id, old!.attempt.id))
    for (const { attempt } of [lost!, settled!, declined!, old!]) await loseJob(attempt.id)
    await db.execute(
      sql`update graphile_worker._private_jobs set attempts = max_attempts where ${jobOf(givenUp!.attempt.id)}`,
    )
    const before = await nextCheckOf(db, followed!.attempt.id)
    await sweep()
    for (const { attempt } of [lost!, givenUp!, declined!]) {
      expect(await nextCheckOf(db, attempt.id)).toEqual(now)
    }
    expect(await nextCheckOf(db, followed!.attempt.id)).toEqual(before)
    for (const { attempt } of [settled!, old!]) expect(await nextCheckOf(db, attempt.id)).toBeUndefined()
  })

  it('leaves alone what a process has taken, at the last try too', async () => {
    const { attempt } = await scene()
    await db.execute(sql`update graphile_worker._private_jobs set locked_by = 'a worker', attempts = max_attempts,
      locked_at = now() - interval '1 hour' where ${jobOf(attempt.id)}`)
    const before = await nextCheckOf(db, attempt.id)
    await sweep()
    expect(await nextCheckOf(db, attempt.id)).toEqual(before)
  })

  it('finds money that is not confirmed, and answers that were not applied', async () => {
    const [twice, stored] = await Promise.all([scene(), scene()])
    await twice.answer('captured')
    await twice.answer('captured', { transactionId: 'T-2' })
    await db.transaction(async tx => {
      await tx.execute(sql`select from contracts where id = ${stored.contract.id} for no key update`)
      await stored.answer('captured')
    })
    await db
      .update(paymentAttempts)
      .set({ state: 'voided', live: false })
      .where(eq(paymentAttempts.id, stored.attempt.id))
    for (const { attempt } of [twice, stored]) await loseJob(attempt.id)
    await sweep()
    for (const { attempt } of [twice, stored]) expect(await nextCheckOf(db, attempt.id)).toEqual(now)
    // Voided meanwhile: held, and booked only when the bank says so once more.
    await stored.check()
    expect(await stored.held()).toMatchObject([{ kind: 'after_void', paymentId: null }])
    await stored.answer('captured', {}, 'query')
    expect(await stored.received()).toHaveLength(1)
  })
})

describe('an answer that was stored and not applied, of a payment that is to be looked at much later', () => {
  const sweep = () => sweepAttempts({}, { database: db })

  /** As where the process died before it could see to it itself. */
  async function left() {
    const made = await scene()
    await made.answer('captured')
    await db.transaction(async tx => {
      await tx.execute(sql`select from contracts where id = ${made.contract.id} for no key update`)
      await made.answer('captured', { transactionId: 'T-2' }, 'query')
    })
    const dayOff = new Date(now.getTime() + 86_400_000)
    await db.execute(sql`update graphile_worker._private_jobs set run_at = ${dayOff.toISOString()}::timestamptz
      where key = ${`check-payment:${made.attempt.id}`}`)
    return { ...made, dayOff }
  }

  it('is applied soon, not then', async () => {
    const { attempt, dayOff, check, held } = await left()
    now = new Date(now.getTime() + 30_000)
    await sweep()
    expect(await nextCheckOf(db, attempt.id)).toEqual(dayOff)
    now = new Date(now.getTime() + 60_000)
    await sweep()
    expect(await nextCheckOf(db, attempt.id)).toEqual(now)
    await check()
    expect(await held()).toMatchObject([{ kind: 'second_capture' }])
  })

  it.each([
    ['failed and is tried again later', sql`attempts = 3`],
    ['is being done', sql`locked_at = now(), locked_by = 'a worker'`],
  ])('is left to a job that %s', async (_, done) => {
    const { attempt, dayOff } = await left()
    await db.execute(
      sql`update graphile_worker._private_jobs set ${done} where key = ${`check-payment:${attempt.id}`}`,
    )
    now = new Date(now.getTime() + 90_000)
    await sweep()
    expect(await nextCheckOf(db, attempt.id)).toEqual(dayOff)
  })
})

describe('two connections at once', () => {
  it('book each transaction once and hold what does not fit once', async () => {
    const { answer, received, held, check } = await scene()
    const answers = [
      () => answer('captured'),
      () => answer('captured', { amount: '1.00', transactionId: 'T-2' }, 'query'),
      () => answer('captured', { transactionId: 'T-3' }),
      () => answer('declined'),
    ]
    await Promise.all(Array.from({ length: 16 }, (_, index) => answers[index % 4]!()))
    // Whichever came first: the others count once the bank was asked about them.
    const asked = [{}, { transactionId: 'T-3' }]
    await Promise.all([...asked, ...asked].map(changed => answer('captured', changed, 'query')))
    // Who found the contract held for too long left it to the job.
    await check()
    const transactions = (await received()).map(payment => payment.transactionId)
    expect(transactions.sort()).toEqual([...new Set(transactions)])
    expect(transactions).toHaveLength(3)
    const money = (await held()).filter(({ paymentId }) => paymentId !== null)
    expect(new Set(money.map(({ paymentId }) => paymentId)).size).toBeGreaterThanOrEqual(2)
  })
})
