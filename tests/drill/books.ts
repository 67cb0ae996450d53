// What must hold of the payments of some contracts, whatever was broken meanwhile.
import { setTimeout as sleep } from 'node:timers/promises'
import { sql } from 'drizzle-orm'
import type { Database } from '../../db/client.ts'
import { attemptNamed } from '../../lib/payments/rules.ts'
import { checkBooks } from '../support/payments.ts'

/** A dead worker's jobs are free after 50 s; then the bank calls again. */
const ENDS_MS = 150_000

const listed = (codes: string[]) =>
  sql.join(
    codes.map(code => sql`${code}`),
    sql`, `,
  )

/** Milliseconds until no attempt to pay these contracts is open. */
export async function untilAllEnded(db: Database, codes: string[]): Promise<number> {
  for (const began = Date.now(); ; await sleep(200)) {
    const { rows } = await db.execute<{ state: string; count: number }>(sql`
      select state, count(*)::int as count from payment_attempts where id in (
        select attempt_id from payment_attempt_invoices join contracts on contracts.id = contract_id where code in (${listed(codes)}))
        and state in ('created', 'pending', 'authorised', 'in_doubt') group by state order by state`)
    if (rows.length === 0) return Date.now() - began
    if (Date.now() > began + ENDS_MS) throw new Error(`Attempts without an end: ${JSON.stringify(rows)}`)
  }
}

export type Sums = Record<'billed' | 'unpaid' | 'taken' | 'booked' | 'orders' | 'payments', number>

/** What was billed, what the bank took, and what was booked of these contracts, in cents, and how often. */
export async function sumsOf(db: Database, codes: string[]): Promise<Sums> {
  const { rows } = await db.execute<Sums>(sql`
    with drilled as (select id from contracts where code in (${listed(codes)})),
    attempts as (select * from payment_attempts where id in (
      select attempt_id from payment_attempt_invoices where contract_id in (select id from drilled))),
    orders as (select * from sandbox_bank_orders where status = 'captured'
      and regexp_replace(order_number, '_[0-9]+$', '') in (select number from attempts)),
    booked as (select * from payments where contract_id in (select id from drilled))
    select (select sum(total)::bigint from invoices where contract_id in (select id from drilled)) as billed,
      (select sum(unpaid)::bigint from invoices where contract_id in (select id from drilled)) as unpaid,
      (select sum(amount)::bigint from orders) as taken, (select count(*) from orders) as orders,
      (select sum(amount)::bigint from booked) as booked, (select count(*) from booked) as payments`)
  return rows[0]!
}

/** Throws unless each contract, which has one invoice, was paid once. */
export async function expectPaidOnce(db: Database, codes: string[]): Promise<string> {
  const { rows } = await db.execute<{ id: number }>(
    sql`select id from contracts where code in (${listed(codes)})`,
  )
  await checkBooks(
    db,
    rows.map(({ id }) => id),
  )
  const sums = await sumsOf(db, codes)
  const { billed, unpaid, taken, booked, orders, payments } = sums
  const whole = billed === taken && taken === booked && unpaid === 0
  if (!whole || orders !== codes.length || payments !== codes.length) throw new Error(JSON.stringify(sums))
  const amount = (booked / 100).toFixed(2)
  return `${orders} captures at the bank, ${payments} payments booked, both ${amount} €, as billed`
}

/**
 * By contract, the orders of which the bank told the customer that it took the money, as the customer remembers them: how many of
 * them were not booked, and how many beyond the first of a contract.
 */
export async function compareWithMemory(
  db: Database,
  remembered: Map<string, Set<string>>,
): Promise<{ lost: number; doubled: number }> {
  const orders = [...remembered.values()].flatMap(numbers => [...numbers])
  if (orders.length === 0) return { lost: 0, doubled: 0 }
  const { rows } = await db.execute<{ number: string; count: number }>(sql`
    select a.number, count(p.id)::int as count from payment_attempts a join payments p on p.attempt_id = a.id
    where a.number in (${listed(orders.map(order => attemptNamed(order).number))}) group by a.number`)
  const booked = new Map(rows.map(({ number, count }) => [number, count]))
  const { orders: captured, payments } = await sumsOf(db, [...remembered.keys()])
  return {
    lost: orders.filter(order => !booked.has(attemptNamed(order).number)).length,
    doubled: Math.max(orders.length, captured, payments) - remembered.size,
  }
}
