// One payment of several contracts of a biller: begun, captured, told of, handed back by the feed, and raced.
import { eq, inArray, sql } from 'drizzle-orm'
import { describe, expect, it } from 'vitest'
import { invoices } from '../../db/schema/billing.ts'
import { contractAccess } from '../../db/schema/contract-access.ts'
import { payments } from '../../db/schema/ledger.ts'
import { paymentExceptions } from '../../db/schema/payment-exceptions.ts'
import { paymentAttemptInvoices, paymentAttempts } from '../../db/schema/payments.ts'
import { getHistory } from '../../lib/billing/history-queries.ts'
import { listUnpaidInvoices } from '../../lib/billing/queries.ts'
import { loadFeed } from '../../lib/feed/commands.ts'
import { listPaymentsOfDay } from '../../lib/feed/payments-export.ts'
import { replayContract } from '../../lib/ledger/replay.ts'
import { listOutbox } from '../../lib/notifications/outbox.ts'
import { beginAttempt } from '../../lib/payments/commands.ts'
import { listHomeAttempts } from '../../lib/payments/home-attempts.ts'
import { checkAttempt } from '../../lib/payments/jobs.ts'
import { notesOf, paysAsChosen } from '../../lib/payments/outcome-rules.ts'
import { listOwnAttempts } from '../../lib/payments/own-attempts.ts'
import { getAttempt, getReceipt } from '../../lib/payments/paid-queries.ts'
import { holdPaidTwice } from '../../lib/payments/paid-twice.ts'
import { getPayableContract } from '../../lib/payments/queries.ts'
import { receive } from '../support/bank.ts'
import { testDatabase } from '../support/database.ts'
import { tokenOf } from '../support/feed-uploads.ts'
import { feedFolder } from '../support/feeds.ts'
import {
  attemptOf,
  bankAnswer,
  checkBooks,
  formOf,
  makePayable,
  type TestContract,
} from '../support/payments.ts'
import { giveAccess, makeAccount, makePayment } from '../support/people.ts'

const db = await testDatabase()
const now = new Date('2024-01-20T10:00:00Z')
const oshee = { billerCode: 'oshee' }

/** A customer with contracts of these principals, each of a single invoice. */
async function scene(principals = [45_600, 21_400, 10_000]) {
  const customer = await makeAccount(db)
  const contracts: TestContract[] = []
  for (const principal of principals) contracts.push(await makePayable(db, [principal]))
  for (const contract of contracts) await giveAccess(db, customer, contract)
  return { customer, contracts }
}

const totalsOf = async (contracts: TestContract[]) => {
  const rows = await db
    .select()
    .from(invoices)
    .where(
      inArray(
        invoices.contractId,
        contracts.map(({ id }) => id),
      ),
    )
  return Object.fromEntries(rows.map(({ id, unpaid }) => [id, unpaid]))
}

async function beginAll(customer: { id: string }, contracts: TestContract[], amount?: number, at = now) {
  const form = { ...formOf(await totalsOf(contracts)), amount }
  const begun = await beginAttempt(customer, oshee, form, at)
  if (!begun.ok) throw new Error(begun.code)
  return attemptOf(db, begun.value.id)
}

type Attempt = Awaited<ReturnType<typeof beginAll>>
const answer = (
  attempt: Attempt,
  changed: Record<string, string> = {},
  channel: 'callback' | 'query' = 'callback',
) => receive(db, channel, bankAnswer(attempt, 'captured', changed), new Date('2024-01-20T10:05:00Z'))

const booked = (attempt: Attempt) =>
  db.select().from(payments).where(eq(payments.attemptId, attempt.id)).orderBy(payments.id)

const unpaidOf = async (contracts: TestContract[]) => Object.values(await totalsOf(contracts))

const load = (rows: Parameters<typeof feedFolder>[0]) =>
  loadFeed({ biller: 'oshee', folder: feedFolder(rows), now: new Date('2024-01-22T10:00:00Z') })

describe('a payment of several contracts', () => {
  it('is one order, one payment a contract, and one receipt', async () => {
    const { customer, contracts } = await scene()
    const attempt = await beginAll(customer, contracts)
    expect(attempt).toMatchObject({ amount: 107_000, live: true, isPart: false, gateway: 'sandbox' })
    await answer(attempt)
    await answer(attempt, { nonce: 'again' })
    const { number } = attempt
    expect(await booked(attempt)).toMatchObject([
      { reference: `${number}.1`, receiptNumber: number, amount: 55_600, contractId: contracts[0]!.id },
      { reference: `${number}.2`, receiptNumber: number, amount: 31_400, contractId: contracts[1]!.id },
      { reference: `${number}.3`, receiptNumber: number, amount: 20_000, contractId: contracts[2]!.id },
    ])
    expect(await unpaidOf(contracts)).toEqual([0, 0, 0])
    expect(await getReceipt(customer, attempt.id)).toMatchObject({
      number,
      amount: 107_000,
      surplus: 0,
      reversedOn: null,
      contracts: contracts.map(({ contractCode }) => ({ code: contractCode, lines: [{}], surplus: 0 })),
    })
    expect(await getReceipt(customer, attempt.id, number)).toMatchObject({ number })
    const shown = (await getAttempt(customer, attempt.id))!
    expect(shown.captures).toMatchObject([{ number, amount: 107_000, pays: [{}, {}, {}] }])
    expect([notesOf(shown), paysAsChosen(shown)]).toEqual([[], true])
    const codes = contracts.map(({ contractCode }) => ({ code: contractCode }))
    expect((await listOwnAttempts(customer, 1)).payments).toMatchObject([{ number, contracts: codes }])
    expect((await listHomeAttempts(customer)).lastPaid).toMatchObject({ contracts: codes })
    await checkBooks(db, contracts[1]!.id)
  })

  it('is told of once to whoever paid, and once to whoever else sees some of its contracts', async () => {
    const { customer, contracts } = await scene()
    const other = await makeAccount(db)
    for (const contract of contracts.slice(0, 2)) await giveAccess(db, other, contract, { level: 'masked' })
    const attempt = await beginAll(customer, contracts)
    await answer(attempt)
    const mails = (await listOutbox(50)).filter(({ to }) => to === customer.email)
    expect(mails.map(({ subject }) => subject)).toEqual([expect.stringContaining(attempt.number)])
    for (const { contractCode } of contracts) expect(mails[0]!.text).toContain(contractCode)
    const { rows } =
      await db.execute(sql`select i.contract_id::int as contract from notice_items i join notices n on n.id = i.notice_id
      where n.account_id = ${other.id} and n.kind = 'payment-elsewhere'`)
    expect(rows).toEqual([{ contract: contracts[0]!.id }])
  })

  it('leads from each contract’s history to the payment', async () => {
    const { customer, contracts } = await scene([45_600, 21_400])
    await db.update(contractAccess).set({ level: 'masked' }).where(eq(contractAccess.accountId, customer.id))
    const attempt = await beginAll(customer, contracts)
    await answer(attempt)
    for (const { contractCode } of contracts) {
      const history = await getHistory(customer, 'oshee', contractCode, new Date('2024-02-01T10:00:00Z'))
      expect(history!.payments).toMatchObject([{ attemptId: attempt.id, surplus: 0, pays: [{}] }])
    }
  })

  it('fills the contracts in order where the bank took another amount', async () => {
    const { customer, contracts } = await scene()
    const attempt = await beginAll(customer, contracts)
    await answer(attempt, { amount: '600.00' }, 'query')
    expect((await booked(attempt)).map(({ amount, allocated }) => [amount, allocated])).toEqual([
      [55_600, 55_600],
      [4400, 4400],
    ])
    const more = await scene([100, 200])
    const second = await beginAll(more.customer, more.contracts)
    await answer(second, { amount: '1000.00' }, 'query')
    expect((await booked(second)).map(({ amount, allocated }) => [amount, allocated])).toEqual([
      [10_100, 10_100],
      [89_900, 10_200],
    ])
    expect(await getReceipt(more.customer, second.id)).toMatchObject({ amount: 100_000, surplus: 79_700 })
    await checkBooks(db, contracts[0]!.id)
    await checkBooks(db, more.contracts[1]!.id)
  })

  it('has a second receipt of a second capture, told and held once a contract', async () => {
    const { customer, contracts } = await scene([45_600, 21_400])
    const attempt = await beginAll(customer, contracts)
    await answer(attempt)
    await answer(attempt, { transactionId: 'T-2' }, 'query')
    const { number } = attempt
    expect((await booked(attempt)).map(({ reference }) => reference)).toEqual([
      `${number}.1`,
      `${number}.2`,
      `${number}-2.1`,
      `${number}-2.2`,
    ])
    expect(await getReceipt(customer, attempt.id, `${number}-2`)).toMatchObject({
      amount: 87_000,
      surplus: 87_000,
      contracts: [{ lines: [] }, { lines: [] }],
    })
    const { captures } = (await getAttempt(customer, attempt.id))!
    expect(captures.map(capture => capture.number)).toEqual([number, `${number}-2`])
    await checkBooks(db, contracts[0]!.id)
  })

  it('paid at a kiosk meanwhile is held for each contract, and told once', async () => {
    const { customer, contracts } = await scene([45_600, 21_400])
    const attempt = await beginAll(customer, contracts)
    await answer(attempt)
    for (const contract of contracts) {
      await makePayment(db, contract, { amount: 60_000, paidOn: '2024-01-19' })
      await db.transaction(tx => replayContract(tx, contract.id))
    }
    const ids = sql`select unnest(${sql.param(contracts.map(({ id }) => id))}::bigint[])`
    const before = (await listOutbox(100)).length
    await db.transaction(tx => holdPaidTwice(tx, ids, now))
    const held = await db.select().from(paymentExceptions).where(eq(paymentExceptions.attemptId, attempt.id))
    expect(held.map(({ kind, orderNumber }) => [kind, orderNumber]).sort()).toEqual([
      ['paid_twice', `${attempt.number}.1`],
      ['paid_twice', `${attempt.number}.2`],
    ])
    expect((await listOutbox(100)).length - before).toBe(1)
  })

  it('takes the first free end for all where the biller has a payment under one of its numbers', async () => {
    const { customer, contracts } = await scene([45_600, 21_400])
    const attempt = await beginAll(customer, contracts)
    await makePayment(db, contracts[0]!, {
      reference: `${attempt.number}.2`,
      amount: 1,
      paidOn: '2024-01-19',
    })
    await answer(attempt)
    expect((await booked(attempt)).map(({ reference }) => reference)).toEqual([
      `${attempt.number}-2.1`,
      `${attempt.number}-2.2`,
    ])
    expect(await getReceipt(customer, attempt.id)).toMatchObject({ number: `${attempt.number}-2` })
  })

  it('pays no more than what was not set aside for refunds', async () => {
    const { customer, contracts } = await scene([45_600, 21_400])
    const attempt = await beginAll(customer, contracts)
    await answer(attempt)
    const [first] = await booked(attempt)
    await db.transaction(async tx => {
      await tx.execute(sql`delete from payment_allocations where payment_id = ${first!.id}`)
      await tx.update(payments).set({ refunded: 5600 }).where(eq(payments.id, first!.id))
      await replayContract(tx, contracts[0]!.id)
    })
    expect((await booked(attempt)).map(({ allocated }) => allocated)).toEqual([50_000, 31_400])
    // To whoever paid, what was set aside but not agreed is not used.
    expect(await getReceipt(customer, attempt.id)).toMatchObject({ surplus: 5600, givenBack: 0 })
  })
})

describe('the biller', () => {
  it('reads a row a contract, and its feed confirms each, one of them taken back', async () => {
    const { customer, contracts } = await scene([45_600, 21_400])
    const attempt = await beginAll(customer, contracts)
    await answer(attempt)
    const token = await tokenOf('oshee', now)
    const day = await listPaymentsOfDay(
      token,
      { day: '2024-01-20', after: null },
      new Date('2024-01-21T10:00:00Z'),
    )
    let text = ''
    for await (const line of day!.lines) text += line
    const rows = text.split('\n').filter(line => line.includes(attempt.number))
    const numbers = await db
      .select()
      .from(invoices)
      .where(
        inArray(
          invoices.contractId,
          contracts.map(({ id }) => id),
        ),
      )
      .orderBy(invoices.contractId)
    expect(rows).toHaveLength(2)
    for (const [index, row] of rows.entries()) {
      expect(row).toContain(
        `payment,${attempt.number}.${index + 1},${contracts[index]!.contractCode},2024-01-20`,
      )
      expect(row).toContain(`,${attempt.number},${numbers[index]!.number}`)
    }
    const back = (index: number, changed = {}) => ({
      ...{ reference: `${attempt.number}.${index + 1}`, contract_code: contracts[index]!.contractCode },
      ...{
        paid_on: '2024-01-20',
        amount: index === 0 ? '556.00' : '314.00',
        method: 'CARD',
        source: 'Drita',
      },
      ...changed,
    })
    const report = await load({ payments: [back(0), back(1, { reversed_on: '2024-01-22' })] })
    expect(report.files.at(-1)).toMatchObject({ added: 0, changed: 2, refused: 0 })
    expect(await booked(attempt)).toMatchObject([
      { confirmedAt: expect.any(Date), reversedOn: null, allocated: 55_600 },
      { confirmedAt: expect.any(Date), reversedOn: '2024-01-22', allocated: 0 },
    ])
    expect(await unpaidOf(contracts)).toEqual([0, 31_400])
    expect(await getReceipt(customer, attempt.id)).toMatchObject({
      reversedOn: null,
      takenBack: [{ contractCode: contracts[1]!.contractCode, amount: 31_400, on: '2024-01-22' }],
      contracts: [{ reversedOn: null }, { reversedOn: '2024-01-22', lines: [] }],
    })
    expect(notesOf((await getAttempt(customer, attempt.id))!)).toMatchObject([
      { about: 'takenBack', contractCode: contracts[1]!.contractCode, amount: 31_400 },
      { about: 'stillDue', amount: 31_400 },
    ])
    const both = await load({ payments: [back(0, { reversed_on: '2024-01-21' })] })
    expect(both.files.at(-1)).toMatchObject({ changed: 1, refused: 0 })
    expect(await getReceipt(customer, attempt.id)).toMatchObject({ reversedOn: '2024-01-22', takenBack: [] })
  })

  it('cannot bring one of its numbers before the bank has told of it, or for another contract', async () => {
    const { customer, contracts } = await scene([45_600, 21_400])
    const attempt = await beginAll(customer, contracts)
    const row = {
      ...{
        reference: `${attempt.number}.1`,
        contract_code: contracts[1]!.contractCode,
        paid_on: '2024-01-20',
      },
      ...{ amount: '556.00', method: 'CARD', source: 'Drita' },
    }
    expect((await load({ payments: [row] })).files.at(-1)).toMatchObject({ refused: 1, added: 0 })
    await answer(attempt)
    expect((await load({ payments: [row] })).files.at(-1)).toMatchObject({ refused: 1, added: 0 })
  })
})

describe('beginning', () => {
  it('takes no contract that is not the customer’s, and of one contract’s page no other', async () => {
    const { customer, contracts } = await scene([45_600, 21_400])
    const foreign = await makePayable(db, [100])
    const all = formOf(await totalsOf([...contracts, foreign]))
    expect(await beginAttempt(customer, oshee, all, now)).toEqual({ ok: false, code: 'notFound' })
    const own = formOf(await totalsOf(contracts))
    expect(await beginAttempt(customer, contracts[0]!, own, now)).toEqual({ ok: false, code: 'notFound' })
    expect(await beginAttempt(customer, { billerCode: 'kesco' }, own, now)).toEqual({
      ok: false,
      code: 'notFound',
    })
    expect(await beginAttempt(customer, { billerCode: 'none' }, own, now)).toEqual({
      ok: false,
      code: 'notFound',
    })
  })

  it('takes sixty contracts and no more', async () => {
    const { customer, contracts } = await scene(Array.from({ length: 61 }, () => 100))
    const form = formOf(await totalsOf(contracts))
    expect(await beginAttempt(customer, oshee, form, now)).toEqual({ ok: false, code: 'tooManyContracts' })
    const attempt = await beginAll(customer, contracts.slice(1))
    await answer(attempt)
    expect((await getReceipt(customer, attempt.id))!.contracts).toHaveLength(60)
  })

  it('is the same attempt by the same form, also of a part', async () => {
    const { customer, contracts } = await scene([45_600, 21_400])
    const form = { ...formOf(await totalsOf(contracts)), amount: 10_000 }
    const once = await beginAttempt(customer, oshee, form, now)
    if (!once.ok) throw new Error(once.code)
    expect(await beginAttempt(customer, oshee, form, now)).toMatchObject({
      ok: true,
      value: { id: once.value.id },
    })
    expect(await beginAttempt(customer, oshee, { ...form, amount: 20_000 }, now)).toEqual({
      ok: false,
      code: 'formUsed',
    })
  })
})

describe('a part', () => {
  it('pays the oldest of what was chosen, and what remains is told as chosen', async () => {
    const { customer, contracts } = await scene([45_600, 21_400, 10_000])
    const attempt = await beginAll(customer, contracts, 60_000)
    expect(attempt).toMatchObject({ amount: 60_000, isPart: true })
    const lines = await db
      .select()
      .from(paymentAttemptInvoices)
      .where(eq(paymentAttemptInvoices.attemptId, attempt.id))
      .orderBy(paymentAttemptInvoices.invoiceId)
    expect(lines).toMatchObject([
      { principal: 45_600, tvTax: 10_000 },
      { principal: 4400, tvTax: 0 },
    ])
    // Of the second no more waits than is in it, for whoever pays it.
    const waits = await listUnpaidInvoices(customer, 'all', now)
    expect(waits.map(({ underWay }) => underWay?.rest)).toEqual([undefined, 27_000, 0])
    await answer(attempt)
    const shown = (await getAttempt(customer, attempt.id))!
    expect(paysAsChosen(shown)).toBe(true)
    expect(notesOf(shown)).toEqual([{ about: 'rest', amount: 27_000 }])
    expect(await getReceipt(customer, attempt.id)).toMatchObject({
      isPart: true,
      stillDue: 27_000,
      surplus: 0,
    })
    expect(await unpaidOf(contracts)).toEqual([0, 27_000, 20_000])
    await checkBooks(db, contracts[1]!.id)
    // What is left can be paid, and in its turn in full.
    const rest = await beginAll(customer, contracts.slice(1))
    expect(rest).toMatchObject({ amount: 47_000, isPart: false })
  })

  describe('of an invoice that the feed changes meanwhile', () => {
    /** The first contract's invoice whole, and 44.00 of the second's. */
    async function part() {
      const { customer, contracts } = await scene([45_600, 21_400])
      const attempt = await beginAll(customer, contracts, 60_000)
      const [second] = await db.select().from(invoices).where(eq(invoices.contractId, contracts[1]!.id))
      const send = (changes: Record<string, string>) =>
        load({
          invoices: [
            {
              number: second!.number,
              contract_code: contracts[1]!.contractCode,
              period: second!.period.slice(0, 7),
              issued_on: second!.issuedOn,
              due_on: second!.dueOn,
              ...{ principal: '214.00', tv_tax: '100.00', total: '314.00', ...changes },
            },
          ],
        })
      return { customer, contracts, attempt, send }
    }

    it('is not used where that was cancelled, told as such, and pays it once it stands again', async () => {
      const { customer, contracts, attempt, send } = await part()
      await send({ cancelled_on: '2024-01-20' })
      expect((await listUnpaidInvoices(customer, 'all', now)).map(({ underWay }) => underWay?.rest)).toEqual([
        0,
      ])
      await answer(attempt)
      expect((await booked(attempt)).map(({ amount, allocated }) => [amount, allocated])).toEqual([
        [55_600, 55_600],
        [4400, 0],
      ])
      expect(notesOf((await getAttempt(customer, attempt.id))!)).toEqual([{ about: 'surplus', amount: 4400 }])
      expect((await listHomeAttempts(customer)).unused).toMatchObject({ id: attempt.id, amount: 4400 })
      await send({})
      expect((await booked(attempt)).map(({ allocated }) => allocated)).toEqual([55_600, 4400])
      expect(await unpaidOf(contracts)).toEqual([0, 27_000])
      await checkBooks(db, contracts[1]!.id)
    })

    it('is said to leave what is due by now, and less than nothing never', async () => {
      const { customer, contracts, attempt, send } = await part()
      const restOf = async () =>
        (await getPayableContract(customer, 'oshee', contracts[1]!.contractCode, now))!.invoices.map(
          ({ total, underWay }) => [total, underWay?.rest],
        )
      await send({ principal: '20.00', tv_tax: '30.00', total: '50.00' })
      expect(await restOf()).toEqual([[5000, 600]])
      await send({ principal: '10.00', tv_tax: '10.00', total: '20.00' })
      expect(await restOf()).toEqual([[2000, 0]])
      await answer(attempt)
      expect((await booked(attempt)).map(({ allocated }) => allocated)).toEqual([55_600, 2000])
      expect(notesOf((await getAttempt(customer, attempt.id))!)).toEqual([{ about: 'surplus', amount: 2400 }])
      await checkBooks(db, contracts[1]!.id)
    })

    it('is booked once and holds the books whichever comes first', async () => {
      const { customer, contracts, attempt, send } = await part()
      await Promise.all([answer(attempt), send({ cancelled_on: '2024-01-20' }), answer(attempt, {}, 'query')])
      // Who found the contract held left it to the job.
      await checkAttempt({ attemptId: attempt.id }, { database: db })
      await answer(attempt, { nonce: 'again' }, 'query')
      expect((await booked(attempt)).map(({ amount, allocated }) => [amount, allocated])).toEqual([
        [55_600, 55_600],
        [4400, 0],
      ])
      expect((await getReceipt(customer, attempt.id))!.surplus).toBe(4400)
      for (const contract of contracts) await checkBooks(db, contract.id)
    })

    it('cannot be begun beside it by another account, of which it says no amount', async () => {
      const { contracts } = await part()
      const other = await makeAccount(db)
      for (const contract of contracts) await giveAccess(db, other, contract)
      expect((await listUnpaidInvoices(other, 'all', now)).map(({ underWay }) => underWay)).toEqual([
        { attemptId: null, rest: 0 },
        { attemptId: null, rest: 0 },
      ])
      const rest = { ...formOf({ [contracts[1]!.invoiceIds[0]!]: 31_400 }), amount: 27_000 }
      expect(await beginAttempt(other, oshee, rest, now)).toEqual({ ok: false, code: 'underWay' })
    })
  })

  it('is refused below the least, above all, and where the biller takes none', async () => {
    const { customer, contracts } = await scene([45_600])
    const form = formOf(await totalsOf(contracts))
    const refused = { ok: false, code: 'partOutOfRange' }
    for (const amount of [99, 55_601])
      expect(await beginAttempt(customer, oshee, { ...form, amount }, now)).toEqual(refused)
    expect(await beginAttempt(customer, oshee, { ...form, amount: 55_600 }, now)).toMatchObject({ ok: true })
  })
})

it('is stale where the bank said until when it can be paid, at that time and not before', async () => {
  const { customer, contracts } = await scene([45_600, 21_400])
  const other = await makeAccount(db)
  await giveAccess(db, other, contracts[1]!)
  const { id } = await beginAll(customer, contracts)
  const later = (minutes: number) => new Date(now.getTime() + minutes * 60_000)
  const isHeld = async (minutes: number) => {
    const page = await getPayableContract(other, 'oshee', contracts[1]!.contractCode, later(minutes))
    return page!.invoices[0]!.underWay !== null
  }
  expect([await isHeld(9), await isHeld(10)]).toEqual([true, false])
  await db
    .update(paymentAttempts)
    .set({ orderExpiresAt: later(30) })
    .where(eq(paymentAttempts.id, id))
  expect([await isHeld(10), await isHeld(29), await isHeld(30)]).toEqual([true, true, false])
})

describe('at once', () => {
  it('two of overlapping contracts in opposite orders: one has them, and nobody meets a deadlock', async () => {
    const { customer, contracts } = await scene([45_600, 21_400, 10_000])
    const other = await makeAccount(db)
    for (const contract of contracts) await giveAccess(db, other, contract)
    const totals = await totalsOf(contracts)
    const formFor = (ids: number[]) => formOf(Object.fromEntries(ids.map(id => [id, totals[id]!])))
    const [one, two, three] = contracts.map(({ invoiceIds }) => invoiceIds[0]!) as [number, number, number]
    for (let round = 0; round < 5; round++) {
      const results = await Promise.all([
        beginAttempt(customer, oshee, formFor([one, two]), now),
        beginAttempt(other, oshee, formFor([three, two]), now),
        beginAttempt(customer, oshee, formFor([two, one]), now),
        beginAttempt(other, oshee, formFor([two, three]), now),
      ])
      const begun = results.flatMap(result => (result.ok ? [result.value.id] : []))
      expect(begun).toHaveLength(1)
      for (const result of results) if (!result.ok) expect(['underWay', 'busy']).toContain(result.code)
      const attempt = await attemptOf(db, begun[0]!)
      await receive(db, 'query', bankAnswer(attempt, 'declined'), now)
    }
  })

  it('answers to two payments of contracts that they share are booked, whoever comes first', async () => {
    const customer = await makeAccount(db)
    const first = await makePayable(db, [45_600, 100])
    const second = await makePayable(db, [21_400, 200])
    for (const contract of [first, second]) await giveAccess(db, customer, contract)
    const totals = await totalsOf([first, second])
    const pay = async (ids: number[]) => {
      const begun = await beginAttempt(
        customer,
        oshee,
        formOf(Object.fromEntries(ids.map(id => [id, totals[id]!]))),
        now,
      )
      if (!begun.ok) throw new Error(begun.code)
      return attemptOf(db, begun.value.id)
    }
    const attempts = [
      await pay([first.invoiceIds[0]!, second.invoiceIds[0]!]),
      await pay([second.invoiceIds[1]!, first.invoiceIds[1]!]),
    ]
    await Promise.all(attempts.flatMap(attempt => [answer(attempt), answer(attempt, {}, 'query')]))
    expect(await unpaidOf([first, second])).toEqual([0, 0, 0, 0])
    await checkBooks(db, first.id)
    await checkBooks(db, second.id)
  })
})

it('is nothing to another customer of one of its contracts', async () => {
  const { customer, contracts } = await scene([45_600, 21_400])
  const other = await makeAccount(db)
  await giveAccess(db, other, contracts[0]!)
  const attempt = await beginAll(customer, contracts)
  await answer(attempt)
  expect(await getAttempt(other, attempt.id)).toBeNull()
  expect(await getReceipt(other, attempt.id)).toBeNull()
})
