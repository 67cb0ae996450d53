// On which day a payment counts, and what is still due where that is not the day it was begun.
import { eq } from 'drizzle-orm'
import { afterAll, afterEach, describe, expect, it, vi } from 'vitest'
import { billers } from '../../db/schema/billers.ts'
import { invoices } from '../../db/schema/billing.ts'
import { contractAccess } from '../../db/schema/contract-access.ts'
import { payments } from '../../db/schema/ledger.ts'
import { getHistory } from '../../lib/billing/history-queries.ts'
import { listUnpaidInvoices } from '../../lib/billing/queries.ts'
import { getReceipt } from '../../lib/payments/paid-queries.ts'
import { getPayableContract } from '../../lib/payments/queries.ts'
import { log } from '../../lib/platform/log.ts'
import { receive } from '../support/bank.ts'
import { testDatabase } from '../support/database.ts'
import { bankAnswer, begin, checkBooks, makePayable } from '../support/payments.ts'
import { giveAccess, makeAccount } from '../support/people.ts'

const db = await testDatabase()
const begun = new Date('2024-01-20T10:00:00Z')
const heard = new Date('2024-03-01T10:00:00Z')
const warn = vi.spyOn(log, 'warn').mockImplementation(() => {})
afterEach(() => checkBooks(db))
afterAll(() => vi.restoreAllMocks())

/** A payment of 456.00 + 214.00 and 2 × 100.00 of TV tax, due on 31 January, of which the bank told us on 1 March. */
async function capturedAt(transactionTime?: string) {
  warn.mockClear()
  const customer = await makeAccount(db)
  const contract = await makePayable(db, [45_600, 21_400])
  await giveAccess(db, customer, contract)
  const attempt = await begin(db, customer, contract, begun)
  const answer = bankAnswer(attempt, 'captured', transactionTime ? { transactionTime } : {})
  await receive(db, 'callback', answer, heard)
  const [payment] = await db.select().from(payments).where(eq(payments.attemptId, attempt.id))
  const rows = await db.select().from(invoices).where(eq(invoices.contractId, contract.id))
  return {
    customer,
    contract,
    attempt,
    payment: payment!,
    unpaid: rows.reduce((sum, row) => sum + row.unpaid, 0),
  }
}

describe('a capture', () => {
  it.each([
    ['in time, however late we hear of it', '2024-01-20T10:05:00Z', '2024-01-20', 0],
    ['of the last day, in the biller’s zone', '2024-01-31T22:59:59Z', '2024-01-31', 0],
    // 00:30 of 10 February in Tirana: ten days of 0.1 % on 456.00 and 214.00.
    ['later than it was begun', '2024-02-09T23:30:00Z', '2024-02-10', 456 + 214],
    ['at a time without zone, in the biller’s', '2024-02-10T00:30:00', '2024-02-10', 456 + 214],
  ])('counts on the day the bank took the money: %s', async (_, time, paidOn, short) => {
    const { payment, unpaid, customer, attempt } = await capturedAt(time)
    expect(payment).toMatchObject({ paidOn, amount: 87_000, allocated: 87_000 })
    expect(unpaid).toBe(short)
    expect((await getReceipt(customer, attempt.id))!.paidAt).toEqual(payment.transactionAt)
    expect(warn).not.toHaveBeenCalled()
  })

  it.each([
    ['before it was begun', '2024-01-01T10:00:00Z', '2024-01-20'],
    ['in the future', '2024-05-01T10:00:00Z', '2024-03-01'],
  ])(
    'that the bank dates %s counts on the nearest day that can be, and the log says so',
    async (_, time, paidOn) => {
      expect((await capturedAt(time)).payment.paidOn).toBe(paidOn)
      expect(warn).toHaveBeenCalledOnce()
    },
  )

  it('without a time counts on the day it was begun', async () => {
    const { payment, unpaid, customer, attempt } = await capturedAt()
    expect(payment).toMatchObject({ paidOn: '2024-01-20', transactionAt: null })
    expect(unpaid).toBe(0)
    expect((await getReceipt(customer, attempt.id))!.paidAt).toEqual(heard)
    expect(warn).not.toHaveBeenCalled()
  })

  it('with a time that cannot be read counts on the day it was begun, and the log says so', async () => {
    const { payment, attempt } = await capturedAt('on Monday')
    expect(payment).toMatchObject({ paidOn: '2024-01-20', transactionAt: null })
    expect(warn.mock.calls).toEqual([
      [{ payment: attempt.number }, 'the time that a bank gave cannot be read'],
    ])
  })
})

it('what is short stays due, and is called overdue only from what its biller reminds of', async () => {
  const { customer, contract } = await capturedAt('2024-02-09T23:30:00Z')
  await db.update(contractAccess).set({ level: 'masked' }).where(eq(contractAccess.contractId, contract.id))
  const states = async () => {
    const payable = await getPayableContract(customer, 'oshee', contract.contractCode, heard)
    const unpaid = await listUnpaidInvoices(customer, 'all', heard)
    const history = await getHistory(customer, 'oshee', contract.contractCode, heard)
    return {
      due: payable!.invoices.map(invoice => invoice.total),
      overdue: payable!.invoices.map(invoice => invoice.overdue),
      listed: unpaid.map(invoice => invoice.overdue),
      history: history!.months[0]!.invoices.map(invoice => invoice.state).sort(),
    }
  }
  const remind = (remindFrom: number) =>
    db.update(billers).set({ remindFrom }).where(eq(billers.code, 'oshee'))
  await remind(0)
  expect(await states()).toMatchObject({
    due: [456 + 214],
    overdue: [true],
    listed: [true],
    history: ['overdue', 'paid'],
  })
  await remind(670)
  expect(await states()).toMatchObject({ overdue: [true], listed: [true], history: ['overdue', 'paid'] })
  await remind(671)
  expect(await states()).toMatchObject({
    due: [456 + 214],
    overdue: [false],
    listed: [false],
    history: ['paid', 'unpaid'],
  })
})
