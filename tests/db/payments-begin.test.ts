// Beginning a payment: what it takes, what it refuses, and two at once.
import { randomUUID } from 'node:crypto'
import { eq, sql } from 'drizzle-orm'
import { describe, expect, it } from 'vitest'
import { auditEvents } from '../../db/schema/audit.ts'
import { invoices } from '../../db/schema/billing.ts'
import { contractAccess } from '../../db/schema/contract-access.ts'
import { paymentAttemptInvoices, paymentAttempts } from '../../db/schema/payments.ts'
import { checkoutRedirect } from '../../lib/payments/checkout.ts'
import { beginAttempt } from '../../lib/payments/commands.ts'
import { getAttempt } from '../../lib/payments/paid-queries.ts'
import { getChosenBefore, getPayableContract } from '../../lib/payments/queries.ts'
import { receive } from '../support/bank.ts'
import { testDatabase } from '../support/database.ts'
import {
  attemptOf,
  bankAnswer,
  begin,
  formOf,
  makePayable,
  nextCheckOf,
  paysFor,
} from '../support/payments.ts'
import { giveAccess, makeAccount, makePayment } from '../support/people.ts'

const db = await testDatabase()
const early = new Date('2024-01-20T10:00:00Z')

async function scene(principals = [45_600, 21_400]) {
  const customer = await makeAccount(db)
  const contract = await makePayable(db, principals)
  await giveAccess(db, customer, contract)
  return { customer, contract, first: contract.invoiceIds[0]!, second: contract.invoiceIds[1]! }
}

describe('a payment begun', () => {
  it('is pending, committed, with its invoices, a job at its expiry and a line in the audit log', async () => {
    const { customer, contract, first } = await scene()
    const result = await beginAttempt(customer, contract, formOf({ [first]: 55_600 }), early)
    if (!result.ok) throw new Error(result.code)
    const attempt = await attemptOf(db, result.value.id)
    expect(attempt).toMatchObject({
      state: 'pending',
      live: true,
      amount: 55_600,
      currency: 'ALL',
      startedOn: '2024-01-20',
    })
    expect(attempt.number).toMatch(/^D24\d{8}$/)
    expect(await nextCheckOf(db, attempt.id)).toEqual(new Date('2024-01-20T11:30:00Z'))
    const audit = await db
      .select()
      .from(auditEvents)
      .where(eq(auditEvents.subject, `attempt:${attempt.id}`))
    expect(audit).toMatchObject([{ action: 'payment.pending', accountId: customer.id }])
    expect(await getPayableContract(customer, 'oshee', contract.contractCode, early)).toMatchObject({
      invoices: [{ id: first, underWay: { attemptId: attempt.id } }, { underWay: null }],
    })
  })

  it('has a number that no earlier one had, beyond eight digits too', async () => {
    const { customer, contract, first, second } = await scene()
    const beginWith = async (serial: number, invoice: number) => {
      await db.execute(sql`select setval('payment_numbers', ${serial}, false)`)
      return (await begin(db, customer, contract, early, [invoice])).number
    }
    expect(await beginWith(10_000_000, first)).toBe('D2410000000')
    expect(await beginWith(100_000_000, second)).toBe('D24100000000')
  })

  it('has no number that its biller has a payment under, nor one with a suffix, nor another attempt', async () => {
    const { contract, first, customer, second } = await scene()
    await db.execute(sql`select setval('payment_numbers', 500, false)`)
    const taken = (reference: string) =>
      makePayment(db, contract, { reference, paidOn: '2024-01-19', amount: 100 })
    await taken('D2400000500')
    await taken('D2400000501-2')
    await taken('D2400000502')
    expect((await begin(db, customer, contract, early, [first])).number).toBe('D2400000503')
    await db.execute(sql`select setval('payment_numbers', 503, false)`)
    expect((await begin(db, customer, contract, early, [second])).number).toBe('D2400000504')
  })

  it('counts interest to the day in the biller’s time zone', async () => {
    const { customer, contract, first } = await scene()
    // 23:30 UTC on 9 February is 10 February in Tirana: ten days late, 0.1 % of 456.00 a day.
    const late = new Date('2024-02-09T23:30:00Z')
    const payable = await getPayableContract(customer, 'oshee', contract.contractCode, late)
    expect(payable!.invoices[0]).toMatchObject({
      interest: 456,
      principal: 45_600,
      tvTax: 10_000,
      total: 56_056,
    })
    // A day more costs 0.1 % of 456.00 and of 214.00.
    expect(payable!.perDay).toBe(46 + 21)
    const result = await beginAttempt(customer, contract, formOf({ [first]: 56_056 }), late)
    if (!result.ok) throw new Error(result.code)
    expect(await attemptOf(db, result.value.id)).toMatchObject({ amount: 56_056, startedOn: '2024-02-10' })
  })

  it('is the same one when the same form comes twice, and refuses the form with another content', async () => {
    const { customer, contract, first, second } = await scene()
    const key = randomUUID()
    const once = await beginAttempt(customer, contract, formOf({ [first]: 55_600 }, key), early)
    const again = await beginAttempt(customer, contract, formOf({ [first]: 55_600 }, key), early)
    expect(again).toEqual(once)
    expect(await beginAttempt(customer, contract, formOf({ [second]: 31_400 }, key), early)).toEqual({
      ok: false,
      code: 'formUsed',
    })
    const other = await makePayable(db, [100])
    await giveAccess(db, customer, other)
    expect(
      await beginAttempt(customer, other, formOf({ [other.invoiceIds[0]!]: 10_100 }, key), early),
    ).toEqual({
      ok: false,
      code: 'formUsed',
    })
  })

  it('charges no amount but the one that was shown', async () => {
    const { customer, contract, first } = await scene()
    const refused = { ok: false, code: 'amountChanged' }
    expect(await beginAttempt(customer, contract, formOf({ [first]: 55_599 }), early)).toEqual(refused)
    const form = { ...formOf({ [first]: 55_600 }), shown: new Map<number, number>() }
    expect(await beginAttempt(customer, contract, form, early)).toEqual(refused)
    const nextDay = new Date('2024-02-01T10:00:00Z')
    expect(await beginAttempt(customer, contract, formOf({ [first]: 55_600 }), nextDay)).toEqual(refused)
  })

  it('takes no invoice that is paid, cancelled, in another payment or another contract’s', async () => {
    const { customer, contract, first, second } = await scene()
    const attempt = await begin(db, customer, contract, early, [first])
    const both = formOf({ [first]: 55_600, [second]: 31_400 })
    expect(await beginAttempt(customer, contract, both, early)).toEqual({ ok: false, code: 'underWay' })
    await receive(db, 'callback', bankAnswer(attempt, 'captured'), early)
    expect(await beginAttempt(customer, contract, both, early)).toEqual({ ok: false, code: 'alreadyPaid' })
    await db.update(invoices).set({ cancelledOn: '2024-01-15' }).where(eq(invoices.id, second))
    const cancelled = formOf({ [second]: 31_400 })
    expect(await beginAttempt(customer, contract, cancelled, early)).toEqual({
      ok: false,
      code: 'alreadyPaid',
    })
    const other = await makePayable(db, [45_600])
    const foreign = formOf({ [other.invoiceIds[0]!]: 55_600 })
    expect(await beginAttempt(customer, contract, foreign, early)).toEqual({ ok: false, code: 'notFound' })
  })

  it('is refused to an account that began very many within the hour', async () => {
    const { customer, contract, first, second } = await scene()
    const { id } = await begin(db, customer, contract, early, [first])
    const held = await attemptOf(db, id)
    const earlier = { ...held, state: 'cancelled' as const, live: false }
    for (let count = 1; count < 60; count += 1) {
      await db
        .insert(paymentAttempts)
        .values({ ...earlier, id: randomUUID(), number: `D${count}`, idempotencyKey: randomUUID() })
    }
    await expect(begin(db, customer, contract, early, [second])).rejects.toThrow('tooOften')
    const later = (seconds: number) => new Date(early.getTime() + seconds * 1000)
    const form = formOf({ [second]: 55_600 })
    const refused = { ok: false, code: 'tooOften', seconds: 1 }
    expect(await beginAttempt(customer, contract, form, later(3599))).toEqual(refused)
    expect(await begin(db, customer, contract, later(3600), [second])).toMatchObject({ state: 'pending' })
  })

  it('is for customers with access alone', async () => {
    const { customer, contract, first } = await scene()
    const form = () => formOf({ [first]: 55_600 })
    const stranger = await makeAccount(db)
    expect(await beginAttempt(stranger, contract, form(), early)).toEqual({ ok: false, code: 'notFound' })
    expect(await getPayableContract(stranger, 'oshee', contract.contractCode, early)).toBeNull()
    const kesco = { billerCode: 'kesco', contractCode: contract.contractCode }
    expect(await beginAttempt(customer, kesco, form(), early)).toEqual({ ok: false, code: 'notFound' })
    await db
      .update(contractAccess)
      .set({ holderDecision: 'refused' })
      .where(eq(contractAccess.contractId, contract.id))
    expect(await beginAttempt(customer, contract, form(), early)).toEqual({ ok: false, code: 'notFound' })
    expect(await getPayableContract(customer, 'oshee', contract.contractCode, early)).toBeNull()
  })

  it('is found by its own customer alone; another who pays the same contract sees only that it is under way', async () => {
    const { customer, contract, first } = await scene()
    const other = await makeAccount(db)
    await giveAccess(db, other, contract)
    const attempt = await begin(db, customer, contract, early, [first])
    expect(await getAttempt(customer, attempt.id)).toMatchObject({
      id: attempt.id,
      state: 'pending',
      heardOf: false,
    })
    expect(await getAttempt(other, attempt.id)).toBeNull()
    expect(await checkoutRedirect(other, attempt.id, early)).toEqual({ ok: true, value: null })
    expect(await checkoutRedirect(customer, attempt.id, early)).toMatchObject({
      value: { fields: { orderNumber: attempt.number } },
    })
    expect(await getChosenBefore(customer, attempt.id)).toMatchObject({ state: 'pending', invoices: [first] })
    expect(await getChosenBefore(other, attempt.id)).toBeUndefined()
    const payable = await getPayableContract(other, 'oshee', contract.contractCode, early)
    expect(payable!.invoices[0]!.underWay).toEqual({ attemptId: null, rest: 0 })
  })
})

/** As many at once as wait for each other: those beyond half of the pool are told to try again (lock-wait.ts). */
const AT_ONCE = 5

describe('two at once', () => {
  it('for the same invoice: one begins', async () => {
    const { customer, contract, first, second } = await scene()
    const other = await makeAccount(db)
    await giveAccess(db, other, contract)
    const forms = [
      () => beginAttempt(customer, contract, formOf({ [first]: 55_600 }), early),
      () => beginAttempt(other, contract, formOf({ [first]: 55_600, [second]: 31_400 }), early),
    ]
    const results = await Promise.all(Array.from({ length: AT_ONCE }, (_, index) => forms[index % 2]!()))
    expect(results.filter(result => result.ok)).toHaveLength(1)
    expect(results.filter(result => !result.ok && result.code === 'underWay')).toHaveLength(AT_ONCE - 1)
    const live = await db
      .select()
      .from(paymentAttemptInvoices)
      .where(eq(paymentAttemptInvoices.invoiceId, first))
    expect(live).toHaveLength(1)
  })

  it('with the same form: one payment', async () => {
    const { customer, contract, first } = await scene()
    const form = formOf({ [first]: 55_600 })
    const results = await Promise.all(
      Array.from({ length: AT_ONCE }, () => beginAttempt(customer, contract, form, early)),
    )
    expect(new Set(results.map(result => result.ok && result.value.id)).size).toBe(1)
    const rows = await db.select().from(paymentAttempts).where(paysFor(contract))
    expect(rows).toHaveLength(1)
  })

  it('cannot pass the database’s own guard either', async () => {
    const { customer, contract, first } = await scene()
    const attempt = await begin(db, customer, contract, early, [first])
    const { id: _, ...copy } = attempt
    const line = { contractId: contract.id, interest: 0, principal: 1, tvTax: 0 }
    const twin = db.transaction(async tx => {
      const [second] = await tx
        .insert(paymentAttempts)
        .values({ ...copy, number: 'D-twin', idempotencyKey: randomUUID() })
        .returning({ id: paymentAttempts.id })
      await tx
        .insert(paymentAttemptInvoices)
        .values({ ...line, attemptId: second!.id, invoiceId: first, live: true })
    })
    await expect(twin).rejects.toMatchObject({ cause: { constraint: 'payment_attempt_invoices_one_live' } })
    // `live` follows the attempt and cannot be claimed otherwise.
    const claimed = db.insert(paymentAttemptInvoices).values({
      attemptId: attempt.id,
      invoiceId: contract.invoiceIds[1]!,
      live: false,
      ...line,
    })
    await expect(claimed).rejects.toMatchObject({ cause: { code: '23503' } })
  })
})
