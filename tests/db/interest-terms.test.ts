// Dated terms of late interest on real rows: what is settled stays, what is open follows, every place says the same.
import { eq, sql } from 'drizzle-orm'
import { beforeEach, expect, test } from 'vitest'
import { interestTerms } from '../../db/schema/billers.ts'
import { invoices } from '../../db/schema/billing.ts'
import { getInvoice, listUnpaidInvoices } from '../../lib/billing/queries.ts'
import { replayContract } from '../../lib/ledger/replay.ts'
import { beginAttempt } from '../../lib/payments/commands.ts'
import { getPayableContract } from '../../lib/payments/queries.ts'
import { deleteRows, testDatabase } from '../support/database.ts'
import { allocationsByReference, emptyTables, fullDump } from '../support/feeds.ts'
import { formOf, makePayable } from '../support/payments.ts'
import { giveAccess, makeAccount, makePayment } from '../support/people.ts'

const db = await testDatabase()

type Terms = Omit<typeof interestTerms.$inferInsert, 'billerId' | 'source'>
const record = (terms: Terms) =>
  db.insert(interestTerms).values({ ...terms, billerId: 1, source: 'A decision.' })
const WAIVED = { perDayPpm: 0, capPercent: 100 }

/** Invoices of 456.00 and 100.00 of TV tax due on 31 January 2024, and a customer who may see them. */
async function scene(count: number) {
  const contract = await makePayable(db, Array(count).fill(45_600))
  const customer = await makeAccount(db)
  await giveAccess(db, customer, contract)
  await db.execute(sql`update contract_access set level = 'masked' where account_id = ${customer.id}`)
  const replay = () => db.transaction(tx => replayContract(tx, contract.id))
  const open = async (day: string) => {
    const page = await getPayableContract(
      customer,
      'oshee',
      contract.contractCode,
      new Date(`${day}T10:00:00Z`),
    )
    return page!.invoices.map(({ interest }) => interest)
  }
  return { contract, customer, replay, open }
}

beforeEach(async () => {
  await emptyTables(db)
  await deleteRows(db, 'interest_terms')
  await record({ fromOn: '1900-01-01', perDayPpm: 1000, capPercent: 100, recordedAt: new Date('1900-01-01') })
})

test('rows are added, never changed or taken away', async () => {
  const change = db.update(interestTerms).set({ perDayPpm: 0 })
  await expect(change).rejects.toMatchObject({
    cause: { message: expect.stringContaining('may not be changed') },
  })
  await expect(db.delete(interestTerms)).rejects.toMatchObject({
    cause: { message: expect.stringContaining('may not be changed') },
  })
})

test('a waiver for days past leaves a settled invoice as it is and frees the days of the open ones', async () => {
  const { contract, replay, open } = await scene(3)
  // 10 days of the first: 4.56; then 100.00 of the second's principal after 4.56 of interest.
  await makePayment(db, contract, { amount: 55_600 + 456 + 456 + 10_000, paidOn: '2024-02-10' })
  await replay()
  const before = await fullDump(db)
  expect(Object.values(await allocationsByReference(db))).toEqual([
    [
      [`${contract.contractCode}-1`, 456, 45_600, 10_000],
      [`${contract.contractCode}-2`, 456, 10_000, 0],
    ],
  ])
  expect(await open('2024-02-20')).toEqual([356, 912])

  await record({ fromOn: '2024-02-01', untilOn: '2024-02-15', ...WAIVED })
  await replay()
  expect(await fullDump(db)).toEqual(before)
  // The second from 16 February on what is left of it, its first ten days being paid; the third from then on at all.
  expect(await open('2024-02-20')).toEqual([178, 228])
})

test('a new rate leaves a settled invoice as it is, and every page counts the open one by it from its day', async () => {
  const { contract, customer, replay, open } = await scene(2)
  await makePayment(db, contract, { amount: 56_056, paidOn: '2024-02-10' })
  await replay()
  const before = await fullDump(db)
  await record({ fromOn: '2024-02-06', perDayPpm: 2000, capPercent: 100 })
  await replay()
  expect(await fullDump(db)).toEqual(before)
  // 5 days at 0.456 and 5 at 0.912 Lekë.
  const now = new Date('2024-02-10T10:00:00Z')
  expect(await open('2024-02-10')).toEqual([684])
  expect((await listUnpaidInvoices(customer, [contract.id], now)).map(({ interest }) => interest)).toEqual([
    684,
  ])
  const id = contract.invoiceIds[1]!
  expect((await getInvoice(customer, id, now))?.due.total).toBe(56_284)
  expect((await getInvoice(customer, contract.invoiceIds[0]!, now))?.due.total).toBe(0)
  expect(await beginAttempt(customer, contract, formOf({ [id]: 56_056 }), now)).toMatchObject({
    code: 'amountChanged',
  })
  expect(await beginAttempt(customer, contract, formOf({ [id]: 56_284 }), now)).toMatchObject({ ok: true })
})

test('a payment of ours settles what its customer was shown, though a new rate came before the answer', async () => {
  const { contract, customer, replay } = await scene(1)
  const id = contract.invoiceIds[0]!
  const begun = await beginAttempt(
    customer,
    contract,
    formOf({ [id]: 56_056 }),
    new Date('2024-02-10T10:00:00Z'),
  )
  if (!begun.ok) throw new Error(begun.code)
  await record({
    fromOn: '2024-02-01',
    perDayPpm: 2000,
    capPercent: 100,
    recordedAt: new Date('2024-02-11T10:00:00Z'),
  })
  await db.execute(sql`insert into payments (biller_id, contract_id, reference, paid_on, amount, method, source, attempt_id,
      transaction_id, received_at)
    select biller_id, ${contract.id}, number, started_on, amount, 'CARD', gateway, id, 'T1', '2024-02-12T10:00:00Z'
    from payment_attempts where id = ${begun.value.id}`)
  await replay()
  const [row] = await db.select().from(invoices).where(eq(invoices.id, id))
  expect(row).toMatchObject({ unpaid: 0, interestPaid: 456, interestMillionths: 456_000_000n })
})
