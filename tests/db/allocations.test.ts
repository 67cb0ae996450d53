// What the database itself holds of money: an allocation stays within a contract, and what a feed asks has its index.
import { sql } from 'drizzle-orm'
import { beforeEach, expect, test } from 'vitest'
import { paymentAllocations, payments } from '../../db/schema/ledger.ts'
import { replayContract } from '../../lib/ledger/replay.ts'
import { testDatabase } from '../support/database.ts'
import { emptyTables } from '../support/feeds.ts'
import { makePayable, type TestContract } from '../support/payments.ts'
import { makePayment } from '../support/people.ts'

const db = await testDatabase()
let one: TestContract
let other: TestContract

beforeEach(async () => {
  await emptyTables(db)
  one = await makePayable(db, [45_600])
  other = await makePayable(db, [45_600])
  await makePayment(db, one, { amount: 10_000, paidOn: '2024-01-20' })
})

const constraintOf = (error: unknown) => ((error as Error).cause as { constraint?: string }).constraint
const broken = (work: Promise<unknown>) => work.then(() => 'nothing', constraintOf)

test('a payment pays no invoice of another contract, by whichever of the two the allocation goes', async () => {
  const [payment] = await db.select({ id: payments.id }).from(payments)
  const allocation = (contractId: number) => ({
    paymentId: payment!.id,
    invoiceId: other.invoiceIds[0]!,
    contractId,
    interest: 0,
    principal: 100,
    tvTax: 0,
  })
  expect(await broken(db.insert(paymentAllocations).values(allocation(one.id)))).toBe(
    'payment_allocations_invoice',
  )
  expect(await broken(db.insert(paymentAllocations).values(allocation(other.id)))).toBe(
    'payment_allocations_payment',
  )
})

test('neither a payment nor an invoice leaves its contract while something is allocated', async () => {
  await db.transaction(tx => replayContract(tx, one.id))
  expect(await broken(db.execute(sql`update payments set contract_id = ${other.id}`))).toBe(
    'payment_allocations_payment',
  )
  expect(
    await broken(
      db.execute(sql`update invoices set contract_id = ${other.id} where contract_id = ${one.id}`),
    ),
  ).toBe('payment_allocations_invoice')
})

test('the payments of a contract that name no invoice are found by an index of theirs', async () => {
  await db.execute(sql`insert into payments (biller_id, contract_id, reference, paid_on, amount, method, source, invoice_number)
    select 1, ${one.id}, 'R' || n, '2024-01-20', 100, 'CASH', 'X', 'N' || n from generate_series(1, 3000) n`)
  await db.execute(sql`analyze payments`)
  for (const ours of [sql``, sql`and p.attempt_id is null`]) {
    const { rows } = await db.execute<{
      'QUERY PLAN': string
    }>(sql`explain select p.contract_id from contracts c
      join payments p on p.contract_id = c.id and p.invoice_number is null ${ours} where c.id = ${one.id}`)
    expect(rows.map(row => row['QUERY PLAN']).join('\n')).toContain('payments_unnamed')
  }
})
