// A database that was restored to an earlier moment: numbers that were handed out since, orders that the banks have, refunds, sessions,
// messages and files.
import { randomUUID } from 'node:crypto'
import fs from 'node:fs'
import path from 'node:path'
import { eq, sql } from 'drizzle-orm'
import { afterAll, describe, expect, it } from 'vitest'
import { sessions } from '../../db/schema/auth.ts'
import { messages } from '../../db/schema/notifications.ts'
import { paymentExceptions } from '../../db/schema/payment-exceptions.ts'
import { beginSession, endEverySession } from '../../lib/auth/sessions.ts'
import { checkFiles } from '../../lib/files/checking.ts'
import { countWaiting, dropWaiting } from '../../lib/notifications/commands.ts'
import { sendQueuedMessage } from '../../lib/notifications/jobs.ts'
import { sendMessage } from '../../lib/notifications/outbox.ts'
import { findOrdersSince } from '../../lib/payments/after-restore.ts'
import { raiaccept } from '../../lib/payments/gateways/raiaccept.ts'
import { moveSequencesAhead } from '../../lib/platform/sequences.ts'
import { decideRefund, requestRefund } from '../../lib/refunds/commands.ts'
import { checkRefund, submitRefund } from '../../lib/refunds/jobs.ts'
import { listAttemptsOfRequested, takeRefundsAsTold } from '../../lib/refunds/states.ts'
import { BankDouble, type BankOrder } from '../support/bank-double.ts'
import { testDatabase } from '../support/database.ts'
import { pdf } from '../support/files.ts'
import { begin, makePayable } from '../support/payments.ts'
import { giveAccess, makeAccount, makeContract, makeInvoices, makeStaff } from '../support/people.ts'
import { accountFor, fakeBank, givenBack, makeCaptured, refundOf } from '../support/refunds.ts'
import { store, uploadsFolder } from '../support/uploads-folder.ts'

const folder = uploadsFolder()
const db = await testDatabase()
const bank = new BankDouble()
afterAll(bank.install())

const NOW = new Date()
const customer = await makeAccount(db)
const year = NOW.getFullYear()
const numberOf = (place: number) => `D${String(year).slice(2)}${String(place).padStart(8, '0')}`
const placeOf = (number: string) => Number(number.slice(3))

/** An order that the bank has and the portal has not. */
function orderAt(place: number): BankOrder {
  const number = numberOf(place)
  const order: BankOrder = {
    ...{ number, amount: 4730, currency: 'ALL', tried: 'open' },
    ...{ captures: [], refunds: [], chargedBack: [] },
  }
  bank.orders.set(number, order)
  return order
}

async function payable() {
  const contract = await makePayable(db, [100_000], '2099-01-31')
  await giveAccess(db, customer, contract)
  return contract
}

const standsAt = async () => {
  const { rows } = await db.execute<{ at: number }>(
    sql`select coalesce(last_value, 0)::float8 as at from pg_sequences where sequencename = 'payment_numbers'`,
  )
  return rows[0]!.at
}

const heldOrders = async () => {
  const rows = await db
    .select({ order: paymentExceptions.orderNumber })
    .from(paymentExceptions)
    .where(eq(paymentExceptions.kind, 'unknown_order'))
  return rows.map(({ order }) => order).sort()
}

describe('numbers', () => {
  it('go on beyond all that may have been handed out', async () => {
    const first = await begin(db, customer, await payable(), NOW)
    const stood = await moveSequencesAhead(db, 5000)
    expect(stood.get('payment_numbers')).toBe(placeOf(first.number))
    const next = await begin(db, customer, await payable(), NOW)
    expect(placeOf(next.number)).toBeGreaterThan(placeOf(first.number) + 5000)
  })

  it('of a kind that has few go on by a hundredth of them, and none runs out', async () => {
    const stood = await moveSequencesAhead(db, 1_000_000)
    const { rows } = await db.execute<{ name: string; moved: number; most: number }>(sql`
      select sequencename as name, last_value::float8 as moved, max_value::float8 as most from pg_sequences where schemaname = 'public'`)
    expect(rows.length).toBe(stood.size)
    for (const { name, moved, most } of rows)
      expect(moved - stood.get(name)!, name).toBe(Math.min(1_000_000, Math.floor(most / 100)))
    expect(rows.find(({ name }) => name === 'gateway_accounts_id_seq')!.moved).toBeLessThan(1000)
  })
})

describe('orders that the banks have', () => {
  it('are found beyond gaps, each held once, and what is known here is left alone', async () => {
    const stood = await standsAt()
    const own = await begin(db, customer, await payable(), NOW)
    bank.capture(orderAt(placeOf(own.number)), NOW)
    bank.capture(orderAt(stood + 3), NOW)
    bank.capture(orderAt(stood + 150), NOW)
    bank.capture(orderAt(stood + 340), NOW)
    const declined = orderAt(stood + 341)
    declined.tried = 'declined'
    const numbers = [3, 150, 340].map(place => numberOf(stood + place))
    const found = await findOrdersSince(db, { stood, years: [year] }, NOW)
    expect(found.held.map(({ number }) => number)).toEqual(numbers)
    expect(found.numbers).toBeGreaterThan(540)
    expect(await heldOrders()).toEqual(numbers)
    await findOrdersSince(db, { stood, years: [year] }, NOW)
    expect(await heldOrders()).toEqual(numbers)
  })

  it('are asked about up to the last number that somebody has seen, in each year since', async () => {
    const stood = (await standsAt()) + 10_000
    bank.capture(orderAt(stood + 700), NOW)
    const range = { stood, years: [year - 1, year] }
    expect((await findOrdersSince(db, range, NOW)).held).toEqual([])
    const found = await findOrdersSince(db, { ...range, last: stood + 700 }, NOW)
    expect(found.held.map(({ number }) => number)).toEqual([numberOf(stood + 700)])
  })

  it('are not given up where a bank does not answer', async () => {
    bank.silent = true
    const stood = (await standsAt()) + 20_000
    const { unanswered, held } = await findOrdersSince(db, { stood, years: [year] }, NOW)
    bank.silent = false
    expect(held).toEqual([])
    expect(unanswered).toContain('oshee-sandbox')
    expect((await findOrdersSince(db, { stood, years: [year] }, NOW)).unanswered).toEqual([])
  })

  it('of a bank that knows them by its own names alone are said not to have been asked about', () => {
    expect(raiaccept.needsBankOrderId).toBe(true)
  })
})

describe('a refund that was agreed to', () => {
  const KESCO = 2

  async function overpaid() {
    const account = await accountFor(db, KESCO)
    const contract = await makeContract(db, { billerId: KESCO })
    const [invoice] = await makeInvoices(db, contract, [{ principal: 6000, dueOn: '2099-12-20' }])
    return makeCaptured(db, customer, [{ contract, amount: 16_000, invoiceId: invoice!.id }], NOW, account.id)
  }

  async function request(paymentId: number) {
    const wanted = { amount: 6000, way: 'card', reason: 'Paid twice', idempotencyKey: randomUUID() } as const
    const asked = await requestRefund(await makeStaff(db, 'agent', [KESCO]), paymentId, wanted, NOW)
    if (!asked.ok) throw new Error(asked.code)
    return asked.value.id
  }

  it('is asked about and never told again, though the database says that the bank was not told', async () => {
    const { paymentIds } = await overpaid()
    const id = await request(paymentIds[0]!)
    const early = new Date(NOW.getTime() - 3 * 60_000)
    await decideRefund(await makeStaff(db, 'supervisor', [KESCO]), id, true, early)
    expect(await db.transaction(tx => takeRefundsAsTold(tx, NOW))).toBe(1)
    const told = fakeBank()
    await submitRefund({ refundId: id }, { database: db }, told)
    expect(told.told).toBe(0)
    await checkRefund({ refundId: id }, { database: db }, told)
    expect((await refundOf(db, id)).state).toBe('unknown')
    told.given = [givenBack('R-77', 6000)]
    await checkRefund({ refundId: id }, { database: db }, told)
    expect(await refundOf(db, id)).toMatchObject({ state: 'succeeded', transactionId: 'R-77' })
  })

  it('after the moment is asked about, since it waits for a second person again', async () => {
    const { paymentIds, attemptId } = await overpaid()
    await request(paymentIds[0]!)
    expect(await listAttemptsOfRequested(db)).toEqual([attemptId])
  })
})

it('sessions that were ended since open nothing', async () => {
  const device = { userAgent: 'test', address: '192.0.2.7' }
  const id = await beginSession(db, customer.id, device, NOW)
  expect(await endEverySession(db, NOW)).toBeGreaterThan(0)
  const [session] = await db.select().from(sessions).where(eq(sessions.id, id))
  expect(session!.revokedAt).toEqual(NOW)
})

it('messages that waited are sent, or given up, text and all', async () => {
  const before = await countWaiting(db)
  const code = { kind: 'contact-code-email', code: '123456', minutes: 10 } as const
  await sendMessage(db, { to: 'a@example.com', language: 'sq' }, code)
  expect(await countWaiting(db)).toMatchObject({ email: before.email + 1 })
  await dropWaiting(db)
  expect(await countWaiting(db)).toEqual({ email: 0, sms: 0 })
  const [message] = await db.select().from(messages).limit(1)
  expect(message).toMatchObject({ state: 'dropped', sealed: null })
  await sendQueuedMessage({ messageId: message!.id }, { database: db })
  expect((await db.select().from(messages).where(eq(messages.id, message!.id)))[0]!.state).toBe('dropped')
})

it('files without a row and rows without a file are both found, and strays deleted when that is asked for', async () => {
  const early = new Date(NOW.getTime() - 2 * 3_600_000)
  const upload = (name: string) => ({ name, type: 'application/pdf' as const, bytes: pdf, scan: null })
  const [kept, lost] = await store([upload('a.pdf'), upload('b.pdf')], customer.id, early)
  const keyOf = async (id: string) => {
    const { rows } = await db.execute<{ key: string }>(
      sql`select storage_key as key from documents where id = ${id}`,
    )
    return rows[0]!.key
  }
  const check = (deleteStrays = false) => checkFiles(db, { deleteStrays }, NOW)
  expect(await check()).toEqual({ files: 2, strays: [], lost: [] })
  const gone = await keyOf(lost!)
  fs.rmSync(path.join(folder, 'documents', gone))
  const stray = 'ab/ab000000000000000000000000000000'
  fs.mkdirSync(path.join(folder, 'documents/ab'), { recursive: true })
  fs.writeFileSync(path.join(folder, 'documents', stray), 'sealed')
  // Just being stored: its row is there before it.
  await db.execute(sql`insert into feed_run_files (storage_key, purpose, file, piece, created_at)
    values ('cd/cd000000000000000000000000000000', 'upload', 'invoices', 0, ${NOW.toISOString()})`)
  const found = { files: 2, strays: [stray], lost: [{ key: gone, of: `document ${lost}` }] }
  expect(await check(true)).toEqual(found)
  expect(await check()).toEqual({ ...found, files: 1, strays: [] })
  expect(fs.existsSync(path.join(folder, 'documents', await keyOf(kept!)))).toBe(true)
})
