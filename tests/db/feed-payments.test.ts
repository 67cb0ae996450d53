// What payments of a feed pay: reversed, too much, for no invoice yet, changed later, or made through the portal.
import { randomUUID } from 'node:crypto'
import { sql } from 'drizzle-orm'
import { beforeEach, expect, test } from 'vitest'
import { loadFeed } from '../../lib/feed/commands.ts'
import { replayContract } from '../../lib/ledger/replay.ts'
import { deleteRows, testDatabase } from '../support/database.ts'
import { allocationsByReference, emptyTables, type FeedRows, feedFolder, fullDump } from '../support/feeds.ts'

const db = await testDatabase()

const contracts = ['AL0000001', 'AL0000002'].map(code => ({ code, category: 'household' }))
const invoice = (number: string, dueOn: string, changes = {}) => ({
  number,
  contract_code: 'AL0000001',
  period: '2023-06',
  issued_on: '2023-07-01',
  due_on: dueOn,
  principal: '114.00',
  tv_tax: '100.00',
  total: '214.00',
  ...changes,
})
const payment = (reference: string, paidOn: string, amount: string, changes = {}) => ({
  reference,
  contract_code: 'AL0000001',
  paid_on: paidOn,
  amount,
  method: 'CASH',
  source: 'BANKA',
  ...changes,
})

async function load(rows: FeedRows) {
  const report = await loadFeed({
    biller: 'oshee',
    folder: feedFolder(rows),
    now: new Date('2026-11-21T10:00:00Z'),
  })
  return report.files.at(-1)!
}

async function balance(number: string) {
  const { rows } = await db.execute<
    Record<string, unknown>
  >(sql`select principal_paid, tv_tax_paid, interest_paid,
    interest_millionths, interest_counted_to, unpaid from invoices where number = ${number}`)
  return rows[0]
}

const allocated = async (reference: string) =>
  (await db.execute(sql`select allocated from payments where reference = ${reference}`)).rows[0]?.allocated

const LATE = { interest_millionths: '114000000', interest_counted_to: '2023-08-10' }
const SETTLED = { principal_paid: 11400, tv_tax_paid: 10000, interest_paid: 114, unpaid: 0, ...LATE }
const UNPAID = {
  principal_paid: 0,
  tv_tax_paid: 0,
  interest_paid: 0,
  unpaid: 21400,
  interest_millionths: '0',
  interest_counted_to: null,
}

beforeEach(async () => {
  await deleteRows(db, 'accounts')
  await emptyTables(db)
  await load({ contracts, invoices: [invoice('I1', '2023-07-31'), invoice('I2', '2023-08-31')] })
})

test('a reversal restores debt and interest, and its end restores the payment', async () => {
  const row = payment('P1', '2023-08-10', '215.14', { invoice_number: 'I1' })
  expect(await load({ payments: [row] })).toMatchObject({ added: 1 })
  expect(await balance('I1')).toEqual(SETTLED)
  expect(await load({ payments: [{ ...row, reversed_on: '2023-09-01' }] })).toMatchObject({ changed: 1 })
  expect(await balance('I1')).toEqual(UNPAID)
  expect(await allocated('P1')).toBe(0)
  await load({ payments: [row] })
  expect(await balance('I1')).toEqual(SETTLED)
})

test('what is over is a surplus', async () => {
  await load({ payments: [payment('P1', '2023-08-10', '300.00', { invoice_number: 'I1' })] })
  expect(await allocated('P1')).toBe(21514)
  await load({ payments: [payment('P2', '2023-08-11', '50.00', { invoice_number: 'I1' })] })
  expect(await allocated('P2')).toBe(0)
})

test('without an invoice number the oldest is paid first, an invoice that comes later is paid from the surplus', async () => {
  await load({ payments: [payment('P1', '2023-08-10', '600.00')] })
  expect(await allocationsByReference(db)).toEqual({
    P1: [
      ['I1', 114, 11400, 10000],
      ['I2', 0, 11400, 10000],
    ],
  })
  await load({ invoices: [invoice('I0', '2023-06-30')] })
  expect((await allocationsByReference(db)).P1).toEqual([
    ['I0', 467, 11400, 10000],
    ['I1', 114, 11400, 10000],
    ['I2', 0, 11400, 5219],
  ])
})

test('a payment for an invoice not known yet waits for it', async () => {
  await load({ payments: [payment('P1', '2023-08-10', '215.14', { invoice_number: 'I9' })] })
  expect(await allocated('P1')).toBe(0)
  await load({ invoices: [invoice('I9', '2023-07-31')] })
  expect(await balance('I9')).toEqual(SETTLED)
  // An invoice of another contract is not this contract's to pay.
  await load({ payments: [payment('P2', '2023-08-10', '214.00', { invoice_number: 'I8' })] })
  await load({ invoices: [invoice('I8', '2023-07-31', { contract_code: 'AL0000002' })] })
  expect(await balance('I8')).toEqual(UNPAID)
})

test('changed invoices and payments are replayed', async () => {
  await load({ payments: [payment('P1', '2023-08-10', '215.14', { invoice_number: 'I1' })] })
  const smaller = { principal: '50.00', tv_tax: '0.00', total: '50.00' }
  await load({ invoices: [invoice('I1', '2023-07-31', smaller)] })
  expect((await allocationsByReference(db)).P1).toEqual([['I1', 50, 5000, 0]])
  await load({ invoices: [invoice('I1', '2023-07-31', { cancelled_on: '2023-08-20' })] })
  expect(await allocated('P1')).toBe(0)
  await load({ invoices: [invoice('I1', '2023-07-31')] })
  expect(await balance('I1')).toEqual(SETTLED)
  await load({ payments: [payment('P1', '2023-08-10', '100.00', { invoice_number: 'I2' })] })
  expect(await balance('I1')).toEqual(UNPAID)
  expect((await allocationsByReference(db)).P1).toEqual([['I2', 0, 10000, 0]])
  await load({ payments: [payment('P1', '2023-08-10', '100.00', { contract_code: 'AL0000002' })] })
  expect(await balance('I2')).toEqual(UNPAID)
  await load({ payments: [payment('P1', '2023-08-10', '100.00')] })
  expect((await allocationsByReference(db)).P1).toEqual([['I1', 114, 9886, 0]])
  await load({ invoices: [invoice('I1', '2023-07-31', { contract_code: 'AL0000002' })] })
  expect(await balance('I1')).toEqual(UNPAID)
  expect((await allocationsByReference(db)).P1).toEqual([['I2', 0, 10000, 0]])
})

test('a payment that named no invoice may be corrected to name one, and back', async () => {
  const row = payment('P1', '2023-08-10', '100.00')
  const named = { ...row, invoice_number: 'I2' }
  await load({ payments: [row] })
  expect((await allocationsByReference(db)).P1).toEqual([['I1', 114, 9886, 0]])
  await load({ payments: [named] })
  expect((await allocationsByReference(db)).P1).toEqual([['I2', 0, 10000, 0]])
  await load({ payments: [row] })
  expect((await allocationsByReference(db)).P1).toEqual([['I1', 114, 9886, 0]])
})

test('a payment may move to another contract in the feed that brings a part payment of the old one', async () => {
  const row = payment('P1', '2023-08-10', '214.00')
  await load({ payments: [row] })
  await load({
    payments: [
      { ...row, contract_code: 'AL0000002' },
      payment('P2', '2023-08-10', '100.00', { invoice_number: 'I1' }),
    ],
  })
  expect(await allocationsByReference(db)).toEqual({ P2: [['I1', 114, 9886, 0]] })
})

test('interest keeps its cap after 1000 days', async () => {
  const big = { principal: '456.00', tv_tax: '0.00', total: '456.00' }
  await load({ invoices: [invoice('I5', '2020-01-01', big)] })
  await load({ payments: [payment('P1', '2023-06-01', '2000.00', { invoice_number: 'I5' })] })
  expect((await allocationsByReference(db)).P1).toEqual([['I5', 45600, 45600, 0]])
})

/** An attempt through the portal for I1 and I2; captured: with its payment, as the payments area records it. */
/** Begun before the feeds of this file, unless said otherwise. */
async function attempt(number: string, captured: boolean, createdAt = '2026-11-20T10:00:00Z') {
  const id = randomUUID()
  const account = randomUUID()
  await db.transaction(async tx => {
    await tx.execute(sql`insert into accounts (id, personal_number, username, email, phone, first_name, last_name,
        name_folded, password_hash, terms_version, terms_accepted_at)
      values (${account}, ${number}, ${`u${number.toLowerCase()}`}, ${`${number.toLowerCase()}@example.com`},
        ${`+3556${number.slice(-8)}`}, 'A', 'B', 'a b', 'x', '2026-01-01', now())`)
    await tx.execute(sql`insert into payment_attempts (id, number, account_id, biller_id, gateway, amount,
        currency, state, live, started_on, created_at, idempotency_key)
      select ${id}, ${number}, ${account}, c.biller_id, 'sandbox', 42914, 'ALL',
        ${captured ? 'captured' : 'pending'}, ${!captured}, '2023-08-10', ${createdAt}::timestamptz, ${randomUUID()} from contracts c where code = 'AL0000001'`)
    await tx.execute(sql`insert into payment_attempt_invoices (attempt_id, invoice_id, contract_id, live, interest, principal, tv_tax)
      select ${id}, i.id, i.contract_id, ${!captured}, 0, i.principal, i.tv_tax from invoices i where number in ('I1', 'I2')`)
    if (captured) await capture(tx, id, number)
  })
  return id
}

async function capture(tx: Parameters<typeof replayContract>[0], id: string, reference: string) {
  await tx.execute(sql`insert into payments (biller_id, contract_id, reference, paid_on, amount, method, source,
      attempt_id, transaction_id)
    select distinct biller_id, payment_attempt_invoices.contract_id, ${reference}, started_on, amount, 'CARD', 'sandbox', id, 'T1'
    from payment_attempts join payment_attempt_invoices on attempt_id = id where id = ${id}`)
  const { rows } = await tx.execute<{ contract_id: number }>(
    sql`select contract_id from payment_attempt_invoices where attempt_id = ${id}`,
  )
  await replayContract(tx, rows[0]!.contract_id)
}

const BOTH = [
  ['I1', 114, 11400, 10000],
  ['I2', 0, 11400, 10000],
]

test('a payment of ours that comes back confirms ours, once', async () => {
  await attempt('D2600000001', true)
  expect((await allocationsByReference(db)).D2600000001).toEqual(BOTH)
  const back = payment('D2600000001', '2023-08-12', '429.14', { method: 'TRANSFER', source: 'PORTAL' })
  expect(await load({ payments: [back] })).toMatchObject({ added: 0, changed: 1, refused: 0 })
  const { rows } = await db.execute(
    sql`select paid_on, method, source, confirmed_at is not null as confirmed from payments`,
  )
  expect(rows).toEqual([{ paid_on: '2023-08-10', method: 'CARD', source: 'sandbox', confirmed: true }])
  const before = await fullDump(db)
  expect(await load({ payments: [back] })).toMatchObject({ unchanged: 1 })
  expect(await fullDump(db)).toEqual(before)
  await load({ payments: [{ ...back, reversed_on: '2023-09-01' }] })
  expect(await allocationsByReference(db)).toEqual({})
  expect(await balance('I1')).toEqual(UNPAID)
  await load({ payments: [back] })
  expect((await allocationsByReference(db)).D2600000001).toEqual(BOTH)
})

test('what is over of ours by a correction is not paid twice by what was paid before ours began', async () => {
  await load({ payments: [payment('P1', '2023-08-09', '100.00', { invoice_number: 'I1' })] })
  await attempt('D2600000001', true, '2026-11-22T10:00:00Z')
  await load({
    invoices: [
      invoice('I1', '2023-07-31'),
      invoice('I2', '2023-08-31', { principal: '50.00', total: '150.00' }),
    ],
  })
  expect(await allocated('D2600000001')).toBeLessThan(42914)
  expect((await db.execute(sql`select from payment_exceptions`)).rowCount).toBe(0)
  expect((await db.execute(sql`select from notices where kind = 'payment-surplus'`)).rowCount).toBe(0)
})

test.each([
  ['before', '2023-08-09', '215.11'],
  ['on the same day as', '2023-08-10', '215.14'],
])(
  'a payment elsewhere %s ours tells whoever made ours, once, and holds it until it is taken back',
  async (_, day, amount) => {
    await attempt('D2600000001', true)
    const held = async () => {
      const { rows } = await db.execute<{ open: boolean }>(
        sql`select resolved_at is null as open from payment_exceptions where kind = 'paid_twice'`,
      )
      return rows.map(({ open }) => open)
    }
    const told = async () =>
      (await db.execute(sql`select from notices where kind = 'payment-surplus'`)).rowCount
    const before = payment('P1', day, amount, { invoice_number: 'I1' })
    for (let n = 0; n < 2; n++) await load({ payments: [before] })
    expect(await allocated('D2600000001')).toBe(21400)
    expect([await held(), await told()]).toEqual([[true], 1])
    await load({ payments: [{ ...before, reversed_on: '2023-09-01' }] })
    expect(await allocated('D2600000001')).toBe(42914)
    expect([await held(), await told()]).toEqual([[false], 1])
    await load({ payments: [before] })
    expect([await held(), await told()]).toEqual([[true], 2])
  },
)

test('a payment of ours with another amount or contract is refused', async () => {
  await attempt('D2600000001', true)
  const wrong = [payment('D2600000001', '2023-08-12', '429.15')]
  expect(await load({ payments: wrong })).toMatchObject({ refused: 1, changed: 0 })
  const elsewhere = payment('D2600000001', '2023-08-12', '429.14', { contract_code: 'AL0000002' })
  expect(await load({ payments: [elsewhere] })).toMatchObject({ refused: 1, changed: 0 })
  expect((await allocationsByReference(db)).D2600000001).toEqual(BOTH)
})

test('a payment of ours that the bank has not confirmed yet is refused, and confirmed once it has', async () => {
  const id = await attempt('D2600000001', false)
  const back = payment('D2600000001', '2023-08-12', '429.14')
  const second = payment('D2600000001-2', '2023-08-12', '429.14')
  expect(await load({ payments: [back, second] })).toMatchObject({ refused: 2, added: 0 })
  // Judged again as it was loaded, and still nothing.
  const { rows: runs } = await db.execute(sql`select status from feed_runs order by id desc limit 1`)
  expect(runs).toEqual([{ status: 'refused' }])
  expect((await db.execute(sql`select id from payments`)).rows).toEqual([])
  await db.transaction(tx => capture(tx, id, 'D2600000001'))
  expect(await load({ payments: [back] })).toMatchObject({ changed: 1, refused: 0 })
  expect((await allocationsByReference(db)).D2600000001).toEqual(BOTH)
})

test('a payment of the biller under our number stays the biller’s, and ours beside it is confirmed', async () => {
  await load({ payments: [payment('D2600000001', '2023-08-01', '5.00')] })
  const id = await attempt('D2600000001', false)
  const corrected = payment('D2600000001', '2023-08-01', '6.00')
  expect(await load({ payments: [corrected] })).toMatchObject({ changed: 1, refused: 0 })
  const ours = payment('D2600000001-2', '2023-08-12', '429.14')
  expect(await load({ payments: [ours] })).toMatchObject({ added: 0, refused: 1 })
  await db.transaction(tx => capture(tx, id, 'D2600000001-2'))
  expect(await load({ payments: [corrected, ours] })).toMatchObject({ added: 0, changed: 1, refused: 0 })
  const { rows } = await db.execute(
    sql`select reference, amount, confirmed_at is not null as confirmed from payments order by reference`,
  )
  expect(rows).toEqual([
    { reference: 'D2600000001', amount: 600, confirmed: false },
    { reference: 'D2600000001-2', amount: 42914, confirmed: true },
  ])
})

test('a payment of ours and later ones of the feed are replayed together by day', async () => {
  await attempt('D2600000001', true)
  await load({ payments: [payment('P1', '2023-08-01', '214.11', { invoice_number: 'I1' })] })
  expect(await allocationsByReference(db)).toEqual({
    P1: [['I1', 11, 11400, 10000]],
    D2600000001: [['I2', 0, 11400, 10000]],
  })
  expect(await allocated('D2600000001')).toBe(21400)
})

test('a feed waits for a capture that is under way, and sees it', async () => {
  const id = await attempt('D2600000001', false)
  const early = payment('P1', '2023-08-01', '214.11', { invoice_number: 'I1' })
  let loading: Promise<unknown> | undefined
  await db.transaction(async tx => {
    await capture(tx, id, 'D2600000001')
    loading = load({ payments: [early, payment('D2600000001', '2023-08-12', '429.14')] })
    await expect
      .poll(async () => {
        const waiting = await db.execute(sql`select from pg_stat_activity
          where datname = current_database() and application_name = 'drita-feed' and wait_event_type = 'Lock'`)
        return waiting.rowCount
      })
      .toBe(1)
  })
  expect(await loading).toMatchObject({ added: 1, changed: 1, refused: 0 })
  expect(await allocationsByReference(db)).toEqual({
    P1: [['I1', 11, 11400, 10000]],
    D2600000001: [['I2', 0, 11400, 10000]],
  })
})
