// What staff see of payments and do with them, in the database: of their billers, never their own, each look written down.
import { randomUUID } from 'node:crypto'
import { eq, sql } from 'drizzle-orm'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { invoices } from '../../db/schema/billing.ts'
import { settlementFiles } from '../../db/schema/settlements.ts'
import type { Staff } from '../../lib/auth/staff.ts'
import { askAboutPayment } from '../../lib/payment-desk/commands.ts'
import { openPayment } from '../../lib/payment-desk/looks.ts'
import {
  findAttempts,
  getDifference,
  getTiles,
  listAttention,
  listToday,
} from '../../lib/payment-desk/queries.ts'
import { countAttention } from '../../lib/payment-desk/scope.ts'
import { readPaymentSearch } from '../../lib/payment-desk/search.ts'
import { clock } from '../../lib/platform/clock.ts'
import { requestRefund } from '../../lib/refunds/commands.ts'
import { askRefundForm } from '../../lib/refunds/forms.ts'
import { loadStaffSettlement } from '../../lib/settlements/commands.ts'
import { getSettlementFile, listSettlementFiles } from '../../lib/settlements/queries.ts'
import { testDatabase } from '../support/database.ts'
import { giveAccess, makeAccount, makeContract, makeInvoices, makeStaff } from '../support/people.ts'
import { accountFor, makeCaptured } from '../support/refunds.ts'

const db = await testDatabase()
const [OSHEE, KESCO] = [1, 2]
const NOW = new Date('2026-11-20T10:00:00Z')
const account = await accountFor(db, KESCO)
const agent = await makeStaff(db, 'agent', [KESCO])
const supervisor = await makeStaff(db, 'supervisor', [KESCO])
const elsewhere = await makeStaff(db, 'supervisor', [OSHEE])
const customer = await makeAccount(db)

beforeEach(() => void vi.spyOn(clock, 'now').mockImplementation(() => NOW))
afterEach(() => void vi.restoreAllMocks())

/** A payment of 16.00 of which 10.00 are over, received `hours` ago. */
async function overpaid(hours = 1, payer: { id: string } = customer) {
  const contract = await makeContract(db, { billerId: KESCO })
  await giveAccess(db, payer as typeof customer, contract)
  const [invoice] = await makeInvoices(db, contract, [{ principal: 600, dueOn: '2026-12-20' }])
  const at = new Date(NOW.getTime() - hours * 3_600_000)
  const part = { contract, amount: 1600, invoiceId: invoice!.id }
  const paid = await makeCaptured(db, payer, [part], at, account.id)
  return { ...paid, contract, paymentId: paid.paymentIds[0]! }
}

const eventsOf = async (action: string, who: { id: string }, attemptId: string) => {
  const { rows } =
    await db.execute(sql`select from audit_events where action = ${action} and account_id = ${who.id}
    and subject = ${`attempt:${attemptId}`}`)
  return rows.length
}

const looksTaken = async () => {
  const { rows } = await db.execute<{ taken: number }>(
    sql`select coalesce(sum(points), 0)::int as taken from rate_limits where key like 'looks:%'`,
  )
  return rows[0]!.taken
}

const attention = async (staff: Staff) =>
  (await db.execute<{ n: number }>(sql`select ${countAttention(staff, NOW)} as n`)).rows[0]!.n

const load = (staff: Staff, ...lines: string[]) =>
  loadStaffSettlement(
    staff,
    account.id,
    {
      name: 'bank.csv',
      bytes: Buffer.from(`kind,order_number,transaction_id,amount,currency,at\n${lines.join('\n')}\n`),
    },
    NOW,
  )

describe('one payment', () => {
  it('is for staff of its biller, each look written down, coming back within half an hour no look more', async () => {
    const { attemptId, number } = await overpaid()
    expect(await openPayment(elsewhere, attemptId, NOW)).toMatchObject({ code: 'notFound' })
    const before = await looksTaken()
    for (let times = 0; times < 3; times++)
      expect(await openPayment(agent, attemptId, NOW)).toMatchObject({ ok: true, value: { number } })
    expect(await eventsOf('payment.viewed', agent, attemptId)).toBe(3)
    expect(await eventsOf('payment.viewed', elsewhere, attemptId)).toBe(0)
    expect(await looksTaken()).toBe(before + 1)
  })

  it('of one’s own, or for a contract of one’s own, is not', async () => {
    const own = await overpaid(1, agent)
    expect(await openPayment(agent, own.attemptId, NOW)).toMatchObject({ code: 'notFound' })
    expect(await askAboutPayment(agent, own.attemptId, NOW)).toMatchObject({ code: 'notFound' })
    expect(await openPayment(supervisor, own.attemptId, NOW)).toMatchObject({ ok: true })
    const others = await overpaid()
    await giveAccess(db, agent, others.contract)
    expect(await openPayment(agent, others.attemptId, NOW)).toMatchObject({ code: 'notFound' })
  })

  it('has its bank asked, which is written down', async () => {
    const { attemptId } = await overpaid()
    expect(await askAboutPayment(elsewhere, attemptId, NOW)).toMatchObject({ code: 'notFound' })
    // The account has no secrets here: the bank cannot be asked.
    expect(await askAboutPayment(agent, attemptId, NOW)).toEqual({ ok: true, value: 'no-answer' })
    expect(await askAboutPayment(agent, attemptId, NOW)).toEqual({ ok: true, value: 'too-soon' })
    expect(await eventsOf('payment.bank-asked', agent, attemptId)).toBe(2)
    const opened = await openPayment(agent, attemptId, NOW)
    expect(opened.ok && opened.value.moves.map(({ action }) => action)).toEqual([
      'payment.bank-asked',
      'payment.bank-asked',
    ])
  })

  it('says of a refund whether the reader asked for it', async () => {
    const { attemptId, paymentId } = await overpaid()
    const wanted = {
      amount: 1000,
      way: 'card',
      reason: 'Paid by mistake.',
      idempotencyKey: randomUUID(),
    } as const
    await requestRefund(supervisor, paymentId, wanted, NOW)
    for (const [reader, isOwn] of [
      [supervisor, true],
      [agent, false],
    ] as const) {
      const opened = await openPayment(reader, attemptId, NOW)
      expect(opened.ok && opened.value.refunds).toMatchObject([{ state: 'requested', isOwn }])
    }
  })
})

describe('lists', () => {
  it('have all that needs attention, the oldest first, in pages; and what was paid today', async () => {
    const [older, newer] = [await overpaid(20 * 24), await overpaid(19 * 24)]
    const { rows, hasMore } = await listAttention(agent, NOW, ['surplus'])
    expect(rows.slice(0, 2).map(({ number }) => number)).toEqual([older.number, newer.number])
    expect(rows[0]).toMatchObject({
      kind: 'surplus',
      why: 'other',
      amount: 1000,
      contractCodes: [older.contract.code],
    })
    expect(hasMore).toBe(false)
    expect((await listAttention(agent, NOW, undefined, 2)).rows).toEqual([])
    const today = await listToday(agent, NOW)
    expect(today.rows.map(({ number }) => number)).not.toContain(older.number)
    expect(today.rows).toHaveLength((await getTiles(agent, NOW)).today.count)
  })

  it('count an order once, however many contracts it pays', async () => {
    const before = (await getTiles(agent, NOW)).today
    const parts = []
    for (const amount of [100, 200]) {
      const contract = await makeContract(db, { billerId: KESCO })
      const [invoice] = await makeInvoices(db, contract, [{ principal: amount, dueOn: '2026-12-20' }])
      parts.push({ contract, amount, invoiceId: invoice!.id })
    }
    await makeCaptured(db, customer, parts, NOW, account.id)
    const { today } = await getTiles(agent, NOW)
    expect(today.count).toBe(before.count + 1)
    expect(today.sums[0]!.amount).toBe((before.sums[0]?.amount ?? 0) + 300)
    expect((await listToday(agent, NOW)).rows).toHaveLength(today.count)
  })

  it('have what is in doubt before differences, and those before what is over', async () => {
    const { attemptId } = await overpaid(3)
    await db.execute(sql`update payment_attempts set state = 'in_doubt' where id = ${attemptId}`)
    const order = ['inDoubt', 'difference', 'surplus']
    const kinds = (await listAttention(agent, NOW)).rows.map(({ kind }) => order.indexOf(kind))
    expect(kinds[0]).toBe(0)
    expect(kinds).toEqual([...kinds].sort())
    await db.execute(sql`update payment_attempts set state = 'captured' where id = ${attemptId}`)
  })

  it('have what is over once where the bank told of it otherwise, among the differences', async () => {
    const { attemptId, paymentId, number, transactionId } = await overpaid()
    const before = await getTiles(agent, NOW)
    const { rows } = await db.execute<{ id: number }>(sql`
      with told as (insert into payment_events (gateway, gateway_account_id, dedup_key, channel, authentic, outcome, payload, received_at)
        values ('sandbox', ${account.id}, ${randomUUID()}, 'query', true, 'captured', '{}', now()) returning id)
      insert into payment_exceptions (kind, gateway, order_number, transaction_id, attempt_id, payment_id, event_id, opened_at)
      select 'second_capture', 'sandbox', ${number}, ${transactionId}, ${attemptId}, ${paymentId}, id, now() from told returning id`)
    const tiles = await getTiles(agent, NOW)
    expect(tiles.differences.count).toBe(before.differences.count + 1)
    expect(tiles.surpluses.count).toBe(before.surpluses.count - 1)
    const found = (await listAttention(agent, NOW)).rows.filter(row => row.attemptId === attemptId)
    expect(found).toMatchObject([{ kind: 'difference', why: 'second_capture' }])
    expect(await attention(agent)).toBe((await listAttention(agent, NOW)).rows.length)
    const [searched] = (await findAttempts(agent, number, NOW)).rows
    expect(searched!.troubles).toEqual([{ kind: 'difference', why: 'second_capture' }])
    await db.execute(sql`update payment_exceptions set resolved_at = now() where id = ${rows[0]!.id}`)
    expect((await getTiles(agent, NOW)).surpluses.count).toBe(before.surpluses.count)
  })

  it('say of a payment that is found what troubles it, and its page what it pays and who pays that now', async () => {
    const { attemptId, number, paymentId, contract } = await overpaid()
    const trouble = { kind: 'surplus', why: 'other' }
    const wanted = { amount: 400, way: 'card', reason: 'Paid by mistake.' } as const
    await requestRefund(agent, paymentId, { ...wanted, idempotencyKey: randomUUID() }, NOW)
    const [found] = (await findAttempts(agent, number, NOW)).rows
    expect(found!.troubles).toEqual([trouble, { kind: 'refund', why: 'requested' }])
    await db.execute(sql`
      with kiosk as (insert into payments (biller_id, contract_id, reference, paid_on, amount, method, source)
        values (${KESCO}, ${contract.id}, 'KIOSK-7', '2026-11-20', 600, 'CASH', 'kiosk') returning id),
        gone as (delete from payment_allocations where payment_id = ${paymentId} returning invoice_id, contract_id, principal)
      insert into payment_allocations (payment_id, invoice_id, contract_id, principal, tv_tax, interest)
      select kiosk.id, invoice_id, contract_id, principal, 0, 0 from kiosk, gone`)
    const opened = await openPayment(agent, attemptId, NOW)
    const [invoice] = await db.select().from(invoices).where(eq(invoices.contractId, contract.id))
    expect(opened).toMatchObject({
      value: {
        placed: 0,
        invoices: [{ number: invoice!.number, period: invoice!.period }],
        paidBy: [{ number: 'KIOSK-7', attemptId: null, method: 'CASH' }],
      },
    })
  })

  it.each([
    ['d2600000012', 'D2600000012'],
    ['D2600000012-2.1', 'D2600000012-2.1'],
    ['D2600000012_2', 'D2600000012_2'],
    ['dpz 10442', 'DPZ-10442'],
    ['Mirela Shehu', undefined],
    ['1012345670', undefined],
    ['D26', undefined],
  ])('are searched for %s as %s', (typed, search) => {
    expect(readPaymentSearch(typed)).toBe(search)
  })

  it('find a payment by what the bank calls its order', async () => {
    const { number, attemptId } = await overpaid()
    expect((await findAttempts(agent, `${number}_2`, NOW)).rows).toMatchObject([{ attemptId }])
  })
})

describe('a settlement file', () => {
  it('is for supervisors of its biller, and keeps which rows were refused', async () => {
    const unknown = `D26${String(Date.now()).slice(-8)}`
    const lines = [
      `sale,${unknown},T-1,12.00,EUR,2026-11-19T10:00:00Z`,
      `sale,${unknown},T-2,much,EUR,2026-11-19`,
    ]
    expect(await load(agent, ...lines)).toEqual({ ok: false, code: 'notFound' })
    expect(await load(elsewhere, ...lines)).toEqual({ ok: false, code: 'notFound' })
    const loaded = await load(supervisor, ...lines)
    if (!loaded.ok) throw new Error(loaded.code)
    const { fileId } = loaded.value
    expect(await getSettlementFile(supervisor, fileId)).toMatchObject({
      rows: 1,
      refused: 1,
      openDifferences: 1,
      refusedRows: [{ line: 3, reason: 'form', column: 'amount' }],
      differences: [{ kind: 'not_booked', count: 1 }],
    })
    expect(await getSettlementFile(elsewhere, fileId)).toBeUndefined()
    expect((await listSettlementFiles(elsewhere)).map(({ id }) => id)).not.toContain(fileId)
    // The same bytes again say the same.
    await load(supervisor, ...lines)
    const [again] = await db.select().from(settlementFiles).where(eq(settlementFiles.id, fileId))
    expect(again!.refused).toHaveLength(1)
    // What it tells of that is no order of ours is found, and only by staff of the account's biller.
    const found = (await listAttention(agent, NOW, ['difference'])).rows.find(
      ({ number }) => number === unknown,
    )
    expect(found).toMatchObject({ attemptId: null, why: 'not_booked', amount: 1200, currency: 'EUR' })
    expect(await getDifference(agent, found!.exceptionId!)).toMatchObject({
      orderNumber: unknown,
      amount: 1200,
    })
    expect(await getDifference(elsewhere, found!.exceptionId!)).toBeNull()
    expect(await attention(supervisor)).toBe((await listAttention(supervisor, NOW)).rows.length)
    expect(await attention(elsewhere)).toBe((await listAttention(elsewhere, NOW)).rows.length)
  })
})

it.each([
  ['12,50', { value: 1250 }],
  ['1 200.5', { value: 120_050 }],
  ['0', { error: 'amountForm' }],
  ['-3', { error: 'amountForm' }],
  ['1.005', { error: 'amountForm' }],
])('an amount to give back, typed as %s', (typed, read) => {
  expect(askRefundForm.fields.amount.read(typed, {})).toMatchObject(read)
})

it('a reason has to say something', () => {
  expect(askRefundForm.fields.reason.read('too short', {} as never)).toMatchObject({ error: 'reasonShort' })
  expect(askRefundForm.fields.reason.read('long enough', {} as never)).toEqual({ value: 'long enough' })
})
