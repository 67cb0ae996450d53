// What must hold of money whatever happened: the bank's book, the ledger and what people are told agree to the last cent.
import { sql } from 'drizzle-orm'
import { expect } from 'vitest'
import type { Database } from '../../db/client.ts'
import { replayContract } from '../../lib/ledger/replay.ts'
import type { BankOrder } from './bank-double.ts'

type Scope = { contractIds: number[]; accountIds: string[] }

const ids = (values: readonly (number | string)[]) => sql`${sql.param(values)}`

/** Faults that no moment may have, also in the middle of everything. */
export async function checkLedger(db: Database, { contractIds }: Pick<Scope, 'contractIds'>): Promise<void> {
  const { rows } = await db.execute<{ what: string }>(sql`
    with own as (select unnest(${ids(contractIds)}::bigint[]) as id),
    attempts as (select * from payment_attempts where id in (select attempt_id from payment_attempt_invoices where contract_id in (select id from own))),
    money as (select * from payments where contract_id in (select id from own))
    select 'a payment and what it pays: ' || p.reference as what from money p
      left join lateral (select coalesce(sum(interest + principal + tv_tax), 0) as paid from payment_allocations a where a.payment_id = p.id) s on true
      left join lateral (select coalesce(sum(amount), 0) as back from refunds r where r.payment_id = p.id and state not in ('failed', 'rejected')) r on true
      where p.allocated <> s.paid or p.refunded <> r.back or p.allocated + p.refunded > p.amount
        or (p.reversed_on is not null and p.allocated > 0)
    union all
    select 'an invoice and what pays it: ' || i.number from invoices i
      left join lateral (select coalesce(sum(principal), 0) as principal, coalesce(sum(tv_tax), 0) as tv_tax, coalesce(sum(interest), 0) as interest
        from payment_allocations a where a.invoice_id = i.id) s on true
      where i.contract_id in (select id from own) and ((i.principal_paid, i.tv_tax_paid, i.interest_paid) <> (s.principal, s.tv_tax, s.interest)
        or i.principal_paid > i.principal or i.tv_tax_paid > i.tv_tax or i.unpaid < 0)
    union all
    select 'held by an attempt that has ended: ' || t.number from attempts t join payment_attempt_invoices a on a.attempt_id = t.id
      where a.live <> t.live or (t.live and t.state not in ('created', 'pending', 'authorised', 'in_doubt'))
    union all
    select 'held by none although its attempt is open: ' || t.number from attempts t
      where not t.live and t.account_id is not null and t.state in ('created', 'pending', 'authorised', 'in_doubt') and not exists (
        select from payment_attempt_invoices line join payment_attempt_invoices other using (invoice_id)
        where line.attempt_id = t.id and other.attempt_id <> t.id and other.live)
    union all
    select 'captured without money: ' || number from attempts t where state = 'captured' and not exists (select from payments p where p.attempt_id = t.id)
    union all
    select 'money and not captured: ' || number from attempts t where state <> 'captured' and exists (select from payments p where p.attempt_id = t.id)
    union all
    select 'a receipt under two numbers: ' || t.number from attempts t join payments p on p.attempt_id = t.id
      group by t.number, p.transaction_id having count(distinct coalesce(p.receipt_number, p.reference)) > 1`)
  expect(rows.map(({ what }) => what)).toEqual([])
}

/** What must hold once everything that can be known is known. */
export async function checkSettled(db: Database, scope: Scope, orders: readonly BankOrder[]): Promise<void> {
  await checkLedger(db, scope)
  await checkTransactions(db, scope, orders)
  await checkNothingStuck(db, scope, orders)
  await checkRefunds(db, scope, orders)
  await checkReplayed(db, scope)
}

const attemptOf = (number: string) => number.replace(/_\d+$/, '')

/** The bank's captures are our receipts, each once; what of it no order asked for is visible; each is told once. */
async function checkTransactions(
  db: Database,
  { contractIds, accountIds }: Scope,
  orders: readonly BankOrder[],
) {
  const { rows: booked } = await db.execute<{ taken: string; id: number }>(sql`
    select t.number || ' ' || p.transaction_id || ' ' || sum(p.amount) as taken from payments p join payment_attempts t on t.id = p.attempt_id
    where p.contract_id = any (${ids(contractIds)}::bigint[]) group by t.number, p.transaction_id`)
  const captured = orders.flatMap(({ number, currency, captures }) =>
    captures
      .filter(one => one.currency === currency)
      .map(one => `${attemptOf(number)} ${one.id} ${one.amount}`),
  )
  expect(booked.map(({ taken }) => taken).sort()).toEqual(captured.sort())

  const { rows: invisible } = await db.execute<{ what: string }>(sql`
    with taken as (select t.number, t.id, t.amount as ordered, p.transaction_id, sum(p.amount) as amount, min(p.id) as first,
        bool_and(p.reversed_on is not null or p.allocated + p.refunded = p.amount) as settled
      from payments p join payment_attempts t on t.id = p.attempt_id where p.contract_id = any (${ids(contractIds)}::bigint[])
      group by t.number, t.id, t.amount, p.transaction_id)
    select number || ' ' || transaction_id as what from taken
    where (amount <> ordered or first > (select min(first) from taken earlier where earlier.id = taken.id))
      and not exists (select from payment_exceptions x where x.attempt_id = taken.id and x.transaction_id = taken.transaction_id
        and (x.resolved_at is null or settled))`)
  expect(invisible).toEqual([])

  const foreign = orders.flatMap(({ number, currency, captures }) =>
    captures.filter(one => one.currency !== currency).map(one => `${attemptOf(number)} ${one.id}`),
  )
  for (const one of foreign) {
    const [number, transaction] = one.split(' ') as [string, string]
    const { rows } =
      await db.execute(sql`select 1 from payment_exceptions x join payment_attempts t on t.id = x.attempt_id
      where t.number = ${number} and x.transaction_id = ${transaction} and x.resolved_at is null`)
    expect(rows, `money in another currency is held: ${one}`).not.toEqual([])
  }

  const { rows: told } = await db.execute<{ told: number; receipts: number }>(sql`select
    (select count(*)::int from messages where kind = 'payment-received' and account_id = any (${ids(accountIds)}::uuid[])) as told,
    (select count(*)::int from (select distinct attempt_id, transaction_id from payments p join payment_attempts t on t.id = p.attempt_id
      where t.account_id = any (${ids(accountIds)}::uuid[])) receipts) as receipts`)
  expect(told[0]!.told).toBe(told[0]!.receipts)
}

/** No attempt is open but those of which the bank says what cannot be believed; nothing of the bank's is unapplied. */
async function checkNothingStuck(db: Database, { contractIds }: Scope, orders: readonly BankOrder[]) {
  const own = sql`(select attempt_id from payment_attempt_invoices where contract_id = any (${ids(contractIds)}::bigint[]))`
  const { rows: open } = await db.execute<{
    number: string
    state: string
  }>(sql`select number, state from payment_attempts
    where id in ${own} and state in ('created', 'pending', 'authorised', 'in_doubt')`)
  const unbelievable = orders
    .filter(({ currency, captures }) => captures.some(one => one.currency !== currency))
    .map(({ number }) => attemptOf(number))
  expect(open.filter(({ number }) => !unbelievable.includes(number))).toEqual([])
  const { rows: unapplied } = await db.execute(sql`select id from payment_events
    where attempt_id in ${own} and authentic and applied_at is null`)
  expect(unapplied).toEqual([])
}

/** What the bank gave back for us is what we say is given back, each once; what nobody asked for is held. */
async function checkRefunds(db: Database, { contractIds }: Scope, orders: readonly BankOrder[]) {
  const { rows } = await db.execute<{
    state: string
    way: string
    transaction: string | null
    amount: number
  }>(sql`
    select r.state, r.way, r.transaction_id as transaction, r.amount::int from refunds r join payments p on p.id = r.payment_id
    where p.contract_id = any (${ids(contractIds)}::bigint[])`)
  const done = rows.filter(({ way, state }) => way === 'card' && state === 'succeeded')
  const made = orders.flatMap(({ refunds }) => refunds)
  const ours = made.filter(({ refundNumber }) => refundNumber !== undefined)
  const asRow = (id: string | null, amount: number) => `${id} ${amount}`
  expect(done.map(({ transaction, amount }) => asRow(transaction, amount)).sort()).toEqual(
    ours.map(({ id, amount }) => asRow(id, amount)).sort(),
  )
  expect(rows.filter(({ state }) => state === 'submitted' || state === 'unknown')).toEqual([])
  const foreign = made.filter(({ refundNumber }) => refundNumber === undefined).map(({ id }) => id)
  const { rows: held } = await db.execute<{
    id: string
  }>(sql`select distinct transaction_id as id from payment_exceptions
    where kind = 'refunded_at_bank' and transaction_id = any (${ids([...foreign, ...ours.map(({ id }) => id)])}::text[])`)
  expect(held.map(({ id }) => id).sort()).toEqual(foreign.sort())
  const charged = orders.flatMap(order => order.chargedBack)
  const { rows: standing } = await db.execute(sql`select reference from payments
    where transaction_id = any (${ids(charged)}::text[]) and reversed_on is null`)
  expect(standing, 'charged back, and still there').toEqual([])
}

/** The ledger is what its payments make of it: counted once more nothing changes. */
async function checkReplayed(db: Database, { contractIds }: Scope) {
  const dump = async () =>
    (
      await db.execute(sql`select p.reference, a.invoice_id, a.interest, a.principal, a.tv_tax from payment_allocations a
        join payments p on p.id = a.payment_id where a.contract_id = any (${ids(contractIds)}::bigint[]) order by 1, 2`)
    ).rows
  const before = await dump()
  await db.transaction(async tx => {
    for (const id of [...contractIds].sort((one, other) => one - other)) await replayContract(tx, id)
  })
  expect(await dump()).toEqual(before)
}
