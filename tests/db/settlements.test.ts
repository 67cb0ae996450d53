// Banks' settlement files in the database: loaded once, compared, and what differs held until it is explained.
import { eq, sql } from 'drizzle-orm'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { payments } from '../../db/schema/ledger.ts'
import { paymentExceptions } from '../../db/schema/payment-exceptions.ts'
import { loadFeed } from '../../lib/feed/commands.ts'
import { getCourse } from '../../lib/payment-desk/course.ts'
import { listAttention } from '../../lib/payment-desk/queries.ts'
import { receiveAnswer } from '../../lib/payments/answers.ts'
import { resolveException } from '../../lib/payments/differences.ts'
import type { BankAnswer } from '../../lib/payments/gateways/gateway.ts'
import { replayAndHold } from '../../lib/payments/paid-twice.ts'
import { clock } from '../../lib/platform/clock.ts'
import { decideRefund, requestRefund } from '../../lib/refunds/commands.ts'
import { submitRefund } from '../../lib/refunds/jobs.ts'
import { agreeChargedBack } from '../../lib/settlements/charged-back.ts'
import { loadNamedSettlement, loadStaffSettlement } from '../../lib/settlements/commands.ts'
import { compareSettlement, findUnsettled, listSilentAccounts } from '../../lib/settlements/jobs.ts'
import { testAccount } from '../support/bank.ts'
import { testDatabase } from '../support/database.ts'
import { feedFolder } from '../support/feeds.ts'
import { giveAccess, makeAccount, makeContract, makeInvoices, makeStaff } from '../support/people.ts'
import {
  accountFor,
  fakeBank,
  givenBack,
  makeCaptured,
  type Paid,
  paymentOf,
  refundOf,
} from '../support/refunds.ts'

const db = await testDatabase()
const KESCO = 2
const START = new Date('2026-11-20T10:00:00Z')
let now = START

const account = await accountFor(db, KESCO)
const customer = await makeAccount(db)
const asks = await makeStaff(db, 'agent', [KESCO])
const decides = await makeStaff(db, 'supervisor', [KESCO])

beforeEach(() => {
  now = START
  vi.spyOn(clock, 'now').mockImplementation(() => now)
})
afterEach(() => void vi.restoreAllMocks())

/** A payment of invoices of one contract or more, each in full and of one euro more. */
async function paid(principals = [6000], at = START) {
  const parts = []
  for (const principal of principals) {
    const contract = await makeContract(db, { billerId: KESCO })
    await giveAccess(db, customer, contract)
    const [invoice] = await makeInvoices(db, contract, [{ principal, dueOn: '2026-12-20' }])
    parts.push({ contract, amount: principal + 100, invoiceId: invoice!.id })
  }
  const made = await makeCaptured(db, customer, parts, at, account.id)
  return { ...made, amount: parts.reduce((sum, { amount }) => sum + amount, 0), parts }
}

/** Two payments of one invoice: the second is over. */
async function paidTwice(at = START) {
  const contract = await makeContract(db, { billerId: KESCO })
  await giveAccess(db, customer, contract)
  const [invoice] = await makeInvoices(db, contract, [{ principal: 6000, dueOn: '2026-12-20' }])
  const parts = [{ contract, amount: 6000, invoiceId: invoice!.id }]
  const pay = async () => ({
    ...(await makeCaptured(db, customer, parts, at, account.id)),
    ...{ amount: 6000, parts },
  })
  return [await pay(), await pay()] as const
}

type Line = {
  kind?: string
  transactionId?: string
  amount?: number
  currency?: string
  at?: string
  number?: string
}
const lineOf = (of: Paid & { amount: number }, line: Line = {}) =>
  [
    ...[line.kind ?? 'sale', line.number ?? of.number, line.transactionId ?? of.transactionId],
    ...[
      ((line.amount ?? of.amount) / 100).toFixed(2),
      line.currency ?? 'EUR',
      line.at ?? '2026-11-20T10:00:00Z',
    ],
  ].join(',')
const bytesOf = (...lines: string[]) =>
  new TextEncoder().encode(['kind,order_number,transaction_id,amount,currency,at', ...lines, ''].join('\n'))
const load = async (...lines: string[]) => {
  const loaded = await loadNamedSettlement(account.code, { name: 'file.csv', bytes: bytesOf(...lines) }, now)
  if (!loaded.ok) throw new Error(loaded.code)
  return loaded.value
}
const heldOf = async (of: { number: string }) => {
  const rows = await db
    .select()
    .from(paymentExceptions)
    .where(eq(paymentExceptions.orderNumber, of.number))
    .orderBy(paymentExceptions.id)
  return rows.map(({ kind, resolvedAt }) => `${kind}${resolvedAt ? ' resolved' : ''}`)
}
/** The bank's word that it captured the order, and gave a cent back that nobody asked for. */
const answerOf = (of: Paid & { amount: number }): BankAnswer => ({
  ...{ orderNumber: of.number, bankOrderId: undefined, trust: 'genuine', forUs: true, outcome: 'captured' },
  ...{ amount: of.amount, currency: 'EUR', declineCode: undefined },
  captures: [{ ...givenBack(of.transactionId, of.amount), at: START.toISOString() }],
  refunds: [givenBack('R-cent', 1)],
  dedupKey: of.number,
  payload: {},
})
const unpaidOf = async (of: Awaited<ReturnType<typeof paid>>) => {
  const { rows } = await db.execute<{ unpaid: number }>(sql`select unpaid from invoices
    where id = any (${sql.param(of.parts.map(part => part.invoiceId))}::bigint[]) order by id`)
  return rows.map(({ unpaid }) => unpaid)
}

describe('a sale', () => {
  it('that is booked in the same amount is settled, of several contracts by their sum', async () => {
    const one = await paid()
    const several = await paid([1000, 2000, 3000])
    const placedTwice = await paid()
    await db.execute(sql`update payment_attempts set placed = 2 where id = ${placedTwice.attemptId}`)
    const report = await load(
      lineOf(one),
      lineOf(several),
      lineOf(placedTwice, { number: `${placedTwice.number}_2` }),
    )
    expect(report).toMatchObject({ isKnown: false, rows: 3, added: 3, refused: [], differences: {} })
  })

  it('of another amount or currency is held once, until somebody says why', async () => {
    const [one, two] = [await paid(), await paid()]
    expect((await load(lineOf(one, { amount: 6000 }), lineOf(two, { currency: 'ALL' }))).differences).toEqual(
      { settled_otherwise: 2 },
    )
    const [first] = (await listAttention(decides, now, ['difference'])).rows.filter(
      row => row.attemptId === one.attemptId,
    )
    expect(first).toMatchObject({
      why: 'settled_otherwise',
      amount: 6000,
      currency: 'EUR',
    })
    const note = 'The bank kept its fee'
    expect(await resolveException(asks, first!.exceptionId!, note, now)).toEqual({
      ok: false,
      code: 'notFound',
    })
    expect(
      await resolveException(await makeStaff(db, 'supervisor', [1]), first!.exceptionId!, note, now),
    ).toEqual({
      ok: false,
      code: 'notFound',
    })
    expect(await resolveException(decides, first!.exceptionId!, note, now)).toEqual({
      ok: true,
      value: { id: first!.exceptionId! },
    })
    expect(await resolveException(decides, first!.exceptionId!, note, now)).toEqual({
      ok: true,
      value: { id: first!.exceptionId! },
    })
    const other = await makeStaff(db, 'administrator', [KESCO])
    expect(await resolveException(other, first!.exceptionId!, note, now)).toEqual({
      ok: false,
      code: 'moved',
    })
    // Whatever file comes again, it stays settled.
    expect((await load(lineOf(one, { amount: 6000 }))).differences).toEqual({})
    expect(await heldOf(one)).toEqual(['settled_otherwise resolved'])
    const { rows } = await db.execute(
      sql`select from audit_events where action = 'payment.exception-resolved' and account_id = ${decides.id}`,
    )
    expect(rows).toHaveLength(1)
  })

  it('that is booked later in another amount is one difference, not two', async () => {
    const of = await paid()
    const second = lineOf(of, { transactionId: 'T-less', amount: 700 })
    await load(second)
    await db.execute(sql`insert into payments (biller_id, contract_id, reference, paid_on, amount, method, source, attempt_id, transaction_id)
      select biller_id, contract_id, reference || '-2', paid_on, 600, method, source, attempt_id, 'T-less' from payments where id = ${of.paymentIds[0]!}`)
    await load(second)
    expect(await heldOf(of)).toEqual(['not_booked resolved', 'settled_otherwise'])
  })

  it('that is not booked has the bank asked at once; what that explains resolves itself', async () => {
    const of = await paid()
    const report = await load(
      lineOf(of),
      lineOf(of, { transactionId: 'T-second', amount: 700 }),
      lineOf(of, { number: 'D2699999999', transactionId: 'T-x' }),
    )
    expect(report.differences).toEqual({ not_booked: 2 })
    const { rows } = await db.execute<{ run_at: string }>(
      sql`select run_at from graphile_worker.jobs where key = ${`compare-settlement:${report.fileId}`}`,
    )
    expect(new Date(rows[0]!.run_at)).toEqual(START)
    expect(await heldOf(of)).toEqual(['not_booked'])
    const asked: string[] = []
    const ask = async (_: unknown, attemptId: string) => {
      asked.push(attemptId)
      await db.execute(sql`insert into payments (biller_id, contract_id, reference, paid_on, amount, method, source, attempt_id, transaction_id)
        select biller_id, contract_id, reference || '-2', paid_on, 700, method, source, attempt_id, 'T-second' from payments where id = ${of.paymentIds[0]!}`)
    }
    await compareSettlement({ fileId: report.fileId }, { database: db }, ask)
    expect(asked).toEqual([of.attemptId])
    expect(await heldOf(of)).toEqual(['not_booked resolved'])
    expect(await heldOf({ number: 'D2699999999' })).toEqual(['not_booked'])
  })

  it('that the file told of before the bank is booked once that confirms it', async () => {
    const of = await paid()
    const second = lineOf(of, { transactionId: 'T-twice', amount: 700 })
    const { fileId } = await load(second)
    const answer = { ...answerOf(of), refunds: [] }
    const captures = [...answer.captures, { ...givenBack('T-twice', 700), at: START.toISOString() }]
    const receive = () =>
      receiveAnswer(
        db,
        testAccount(account),
        'query',
        { ...answer, captures, dedupKey: `${of.number} 2` },
        now,
      )
    await compareSettlement({ fileId }, { database: db }, receive)
    const { rows } = await db.execute(
      sql`select amount::int from payments where attempt_id = ${of.attemptId} and transaction_id = 'T-twice'`,
    )
    expect(rows).toEqual([{ amount: 700 }])
    expect(await heldOf(of)).toEqual(['not_booked resolved', 'second_capture'])
  })

  it('has the bank asked again every day until it has answered', async () => {
    const { fileId } = await load(lineOf(await paid(), { transactionId: 'T-silent', amount: 700 }))
    await compareSettlement({ fileId }, { database: db }, async () => 'no-answer')
    await db.execute(sql`delete from graphile_worker._private_jobs`)
    await findUnsettled(db, now)
    const { rows } = await db.execute(
      sql`select key from graphile_worker.jobs where key = ${`compare-settlement:${fileId}`}`,
    )
    expect(rows).toHaveLength(1)
  })
})

describe('the same', () => {
  it('file twice, or at once, is one file; the same transaction in another is one row', async () => {
    const of = await paid()
    const lines = [lineOf(of), lineOf(of, { transactionId: 'T-unknown' })]
    const both = await Promise.all([load(...lines), load(...lines)])
    expect(both[0].fileId).toBe(both[1].fileId)
    expect(await load(...lines)).toMatchObject({ isKnown: true, rows: 2, added: 0, differences: {} })
    expect(
      await load(lineOf(of), lineOf(of, { kind: 'refund', transactionId: 'R-1', amount: 50 })),
    ).toMatchObject({ isKnown: false, rows: 2, added: 1 })
    expect(await load(lineOf(of, { amount: 1 }))).toMatchObject({
      rows: 0,
      refused: [{ line: 2, reason: 'before' }],
    })
    expect(await heldOf(of)).toEqual(['not_booked', 'refunded_at_bank'])
  })

  it('is for an account of the staff’s own billers', async () => {
    const file = { name: 'f', bytes: bytesOf(lineOf(await paid())) }
    expect(await loadStaffSettlement(asks, account.id, file, now)).toEqual({ ok: false, code: 'notFound' })
    expect(await loadStaffSettlement(await makeStaff(db, 'supervisor', [1]), account.id, file, now)).toEqual({
      ok: false,
      code: 'notFound',
    })
    expect(await loadStaffSettlement(decides, account.id, file, now)).toMatchObject({
      ok: true,
      value: { rows: 1 },
    })
    expect(await loadNamedSettlement('nobodys', file, now)).toEqual({ ok: false, code: 'notFound' })
  })
})

describe('a refund', () => {
  it('of ours whose end nobody knew has succeeded; another one is held', async () => {
    const of = await paid()
    const wanted = { amount: 60, way: 'card' as const, reason: 'Too much', idempotencyKey: of.attemptId }
    const asked = await requestRefund(asks, of.paymentIds[0]!, wanted, now)
    const id = asked.ok ? asked.value.id : ''
    await decideRefund(decides, id, true, now)
    await submitRefund({ refundId: id }, { database: db }, fakeBank({ state: 'unknown' }))
    const refund = (transactionId: string, amount: number) =>
      lineOf(of, { kind: 'refund', transactionId, amount })
    expect((await load(refund('R-ours', 60), refund('R-other', 40))).differences).toEqual({
      refunded_at_bank: 1,
    })
    expect(await refundOf(db, id)).toMatchObject({ state: 'succeeded', transactionId: 'R-ours' })
    // The second of the same amount is none of ours.
    expect((await load(refund('R-ours', 60), refund('R-again', 60))).differences).toEqual({
      refunded_at_bank: 1,
    })
  })
})

describe('a chargeback', () => {
  it('of what was given back in part is held with a word of its own: money may have left twice', async () => {
    const of = await paid()
    const wanted = {
      amount: 60,
      way: 'card' as const,
      reason: 'Too much',
      idempotencyKey: of.attemptId,
    }
    const asked = await requestRefund(asks, of.paymentIds[0]!, wanted, now)
    const id = asked.ok ? asked.value.id : ''
    await decideRefund(decides, id, true, now)
    await submitRefund({ refundId: id }, { database: db }, fakeBank())
    const line = lineOf(of, { kind: 'chargeback' })
    expect((await load(line)).differences).toEqual({ charged_back: 1, charged_back_refunded: 1 })
    expect(await paymentOf(db, of.paymentIds[0]!)).toMatchObject({ reversedOn: '2026-11-20' })
  })

  it('of a part, told with another time in a later file, is another one and not dropped in silence', async () => {
    const of = await paid()
    const part = (at: string) => lineOf(of, { kind: 'chargeback', amount: 100, at })
    await load(part('2026-11-18T12:00:00Z'))
    const again = await load(part('2026-11-18T12:00:00Z'), lineOf(of))
    expect(again.refused).toEqual([])
    const another = await load(part('2026-11-19T12:00:00Z'))
    expect(another.refused).toEqual([{ line: 2, reason: 'before', column: 'transaction_id' }])
  })

  it('of one of two payments for the same: the other is over no more, and is held no more', async () => {
    const [one, twice] = await paidTwice()
    await db.transaction(tx => replayAndHold(tx, [one.parts[0]!.contract.id], now))
    expect(await heldOf(twice)).toEqual(['paid_twice'])
    await load(lineOf(one, { kind: 'chargeback' }))
    expect(await paymentOf(db, twice.paymentIds[0]!)).toMatchObject({ allocated: 6000 })
    expect(await heldOf(twice)).toEqual(['paid_twice resolved'])
  })

  const toldOf = async (of: Paid) => {
    const { rows } = await db.execute<{
      amount: number
    }>(sql`select (values ->> 'amount')::int as amount from notices
      where kind = 'payment-charged-back' and values ->> 'path' = ${`/payments/${of.attemptId}`}`)
    return rows.map(({ amount }) => amount)
  }

  it('takes the payments of the capture back, once; what they paid is due again, whatever files say later', async () => {
    const of = await paid([1000, 2000])
    expect(await unpaidOf(of)).toEqual([0, 0])
    const charged = lineOf(of, { kind: 'chargeback', amount: -3200, at: '2026-11-18T12:00:00Z' })
    expect((await load(lineOf(of), charged)).differences).toEqual({ charged_back: 1 })
    expect(await unpaidOf(of)).toEqual([1000, 2000])
    for (const id of of.paymentIds)
      expect(await paymentOf(db, id)).toMatchObject({ reversedOn: '2026-11-20', allocated: 0 })
    expect(await toldOf(of)).toEqual([3200])
    await load(charged, lineOf(of, { kind: 'refund', transactionId: 'R-z', amount: 10 }))
    await load(lineOf(of), charged)
    await load(lineOf(of), charged)
    expect(await unpaidOf(of)).toEqual([1000, 2000])
    expect(await toldOf(of)).toEqual([3200])
    expect(await heldOf(of)).toEqual(['charged_back', 'refunded_at_bank'])
  })

  it('stays so when the bank calls it paid once more, and when the biller’s feed knows nothing of it', async () => {
    const of = await paid([1000])
    await load(lineOf(of), lineOf(of, { kind: 'chargeback' }))
    for (const channel of ['callback', 'query'] as const) {
      await receiveAnswer(
        db,
        testAccount({ ...account, billerId: KESCO, currency: 'EUR' }),
        channel,
        answerOf(of),
        now,
      )
    }
    expect(await unpaidOf(of)).toEqual([1000])
    // What the bank's answer has of refunds that nobody asked for is held too.
    expect(await heldOf(of)).toEqual(['charged_back', 'refunded_at_bank'])
    const back = {
      ...{
        reference: of.number,
        contract_code: of.parts[0]!.contract.code,
        paid_on: '2026-11-20',
        amount: '11.00',
      },
      ...{ method: 'CARD', source: 'PORTAL' },
    }
    const report = await loadFeed({ biller: 'kesco', folder: feedFolder({ payments: [back] }), now })
    expect(report.files.at(-1)).toMatchObject({ changed: 1, refused: 0 })
    expect(await unpaidOf(of)).toEqual([1000])
    expect(await paymentOf(db, of.paymentIds[0]!)).toMatchObject({
      reversedOn: '2026-11-20',
      confirmedAt: expect.any(Date),
    })
    expect(await db.$count(payments, eq(payments.attemptId, of.attemptId))).toBe(1)
  })

  it('that a member of staff brought waits until another agrees, who is asked once', async () => {
    const of = await paid([1000, 2000])
    const bytes = bytesOf(lineOf(of, { kind: 'chargeback' }))
    await loadStaffSettlement(decides, account.id, { name: 'mine.csv', bytes }, now)
    await findUnsettled(db, now)
    expect([await unpaidOf(of), await heldOf(of)]).toEqual([[0, 0], ['charged_back']])
    const [held] = await db
      .select()
      .from(paymentExceptions)
      .where(eq(paymentExceptions.orderNumber, of.number))
    const agree = (staff: Awaited<ReturnType<typeof makeStaff>>) => agreeChargedBack(staff, held!.id, now)
    for (const staff of [decides, asks, await makeStaff(db, 'supervisor', [1])])
      expect(await agree(staff)).toEqual({ ok: false, code: 'notFound' })
    const mayAgree = async (staff: Parameters<typeof getCourse>[0]) =>
      (await getCourse(staff, of.attemptId, now))!.exceptions.map(one => one.takingBack)
    const other = await makeStaff(db, 'administrator', [KESCO])
    expect([await mayAgree(decides), await mayAgree(other)]).toEqual([['other'], ['reader']])
    expect(await unpaidOf(of)).toEqual([0, 0])
    for (const answer of await Promise.all([agree(other), agree(other)])) expect(answer.ok).toBe(true)
    expect(await unpaidOf(of)).toEqual([1000, 2000])
    expect([await toldOf(of), await mayAgree(other)]).toEqual([[3200], [null]])
    const { rows } = await db.execute(sql`select from audit_events where action = 'payment.charged-back'
      and account_id = ${other.id} and subject = ${`attempt:${of.attemptId}`}`)
    expect(rows).toHaveLength(2)
    await resolveException(decides, held!.id, 'Agreed with the bank', now)
    expect(await agree(other)).toEqual({ ok: false, code: 'moved' })
  })

  it('of an order under an end that it was never placed with, or of a part, is nothing that can be agreed to', async () => {
    const [of, part] = [await paid(), await paid()]
    await load(lineOf(of, { kind: 'chargeback', number: `${of.number}_7` }))
    expect([await unpaidOf(of), await heldOf({ number: `${of.number}_7` })]).toEqual([[0], ['charged_back']])
    const bytes = bytesOf(lineOf(part, { kind: 'chargeback', amount: 10 }))
    await loadStaffSettlement(decides, account.id, { name: 'part.csv', bytes }, now)
    const [held] = await db
      .select()
      .from(paymentExceptions)
      .where(eq(paymentExceptions.orderNumber, part.number))
    expect(await agreeChargedBack(await makeStaff(db, 'supervisor', [KESCO]), held!.id, now)).toEqual({
      ok: false,
      code: 'moved',
    })
    expect(await unpaidOf(part)).toEqual([0])
  })

  it('of a part is for staff to decide; of what is booked only later takes it back then', async () => {
    const of = await paid()
    await load(lineOf(of, { kind: 'chargeback', amount: 10 }))
    expect(await unpaidOf(of)).toEqual([0])
    expect(await heldOf(of)).toEqual(['charged_back'])
    const late = await paid()
    await db.execute(sql`update payments set transaction_id = 'T-late' where id = ${late.paymentIds[0]!}`)
    await load(lineOf(late, { kind: 'chargeback' }))
    expect(await unpaidOf(late)).toEqual([0])
    await db.execute(
      sql`update payments set transaction_id = ${late.transactionId} where id = ${late.paymentIds[0]!}`,
    )
    await findUnsettled(db, now)
    expect(await unpaidOf(late)).toEqual([6000])
    expect(await toldOf(late)).toEqual([6100])
  })
})

describe('what no file has', () => {
  const day = 86_400_000
  const ago = (days: number) => new Date(START.getTime() - days * day)

  it('is held after three days, where files cover its day at the bank; a later file explains it', async () => {
    await db.execute(sql`update settlement_files set first_day = null, last_day = null`)
    // Local days of the bank: half past eleven in the evening in UTC is the next day there.
    const [missing, evening, uncovered, young] = [
      await paid([100], new Date('2026-11-10T12:00:00Z')),
      await paid([100], new Date('2026-11-10T23:30:00Z')),
      await paid([100], new Date('2026-11-12T12:00:00Z')),
      await paid([100], ago(2.5)),
    ]
    const other = await paid([100], new Date('2026-11-10T13:00:00Z'))
    await load(lineOf(other, { at: '2026-11-09T23:10:00Z' }))
    const { rows } = await db.execute<{ first_day: string; last_day: string }>(
      sql`select first_day, last_day from settlement_files order by id desc limit 1`,
    )
    expect(rows[0]).toEqual({ first_day: '2026-11-10', last_day: '2026-11-10' })
    await findUnsettled(db, now)
    await findUnsettled(db, now)
    expect(await heldOf(missing)).toEqual(['not_settled'])
    for (const none of [evening, uncovered, young, other]) expect(await heldOf(none)).toEqual([])
    await load(lineOf(missing))
    expect(await heldOf(missing)).toEqual(['not_settled resolved'])
  })

  it('not what was voided at the bank on its day, which bears the number of its sale', async () => {
    const at = new Date('2026-11-15T12:00:00Z')
    const [sale, voided] = await paidTwice(at)
    const wanted = {
      ...{ amount: 6000, way: 'card' as const, reason: 'Paid twice' },
      idempotencyKey: voided.attemptId,
    }
    const asked = await requestRefund(asks, voided.paymentIds[0]!, wanted, at)
    const id = asked.ok ? asked.value.id : ''
    await decideRefund(decides, id, true, at)
    const bank = fakeBank({ state: 'succeeded', transactionId: voided.transactionId })
    await submitRefund({ refundId: id }, { database: db }, bank)
    await load(lineOf(sale, { at: at.toISOString() }))
    await findUnsettled(db, now)
    expect(await heldOf(voided)).toEqual([])
  })

  it('an account whose files have stopped coming is told of', async () => {
    await load(lineOf(await paid()))
    expect(await listSilentAccounts(db, new Date(START.getTime() + 2 * day))).toEqual([])
    expect(await listSilentAccounts(db, new Date(START.getTime() + 2 * day + 1))).toMatchObject([
      { code: account.code, billerId: KESCO, lastAt: START },
    ])
    await db.execute(sql`update gateway_accounts set is_test = true where id = ${account.id}`)
    expect(await listSilentAccounts(db, new Date(START.getTime() + 9 * day))).toEqual([])
    await db.execute(sql`update gateway_accounts set is_test = false where id = ${account.id}`)
  })
})

it('a large file is compared whole', async () => {
  const rows = process.env.DEEP ? 10_000 : 1_000
  const booked = rows * 0.9
  const of = await paid()
  await db.execute(sql`
    with made as (insert into payment_attempts (number, account_id, biller_id, gateway, gateway_account_id, amount, currency, state, live, started_on,
        idempotency_key) select 'D27' || (10000000 + n), ${customer.id}, ${KESCO}, 'sandbox', ${account.id}, 100, 'EUR', 'captured', false, '2026-11-20', gen_random_uuid()
      from generate_series(1, ${booked}::int) n returning id, number)
    insert into payments (biller_id, contract_id, reference, paid_on, amount, method, source, attempt_id, transaction_id)
      select ${KESCO}, ${of.parts[0]!.contract.id}, number, '2026-11-20', 100, 'CARD', 'sandbox', id, 'T-' || number from made`)
  const lines = Array.from(
    { length: rows },
    (_, n) => `sale,D27${10_000_001 + n},T-D27${10_000_001 + n},1.00,EUR,2026-11-20T10:00:00Z`,
  )
  expect(await load(...lines)).toMatchObject({ added: rows, differences: { not_booked: rows - booked } })
})
