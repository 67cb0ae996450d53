// Replays payments in the database: reads what they may pay, asks the billing rules, writes only what differs.
import { type SQLWrapper, sql } from 'drizzle-orm'
import type { Executor, Transaction } from '../../db/client.ts'
import {
  type Allocation,
  allocatePayments,
  type InterestTerms,
  type ReceivedPayment,
} from '../billing/rules.ts'
import type { IsoDate } from '../platform/dates.ts'

/** A contract to replay; `number`: only this invoice of it, with the payments that name it. */
type Scope = { contractId: number; number: string | null }

/** How many single invoices are replayed at once: bounds memory, and how often the tables are asked. */
const BATCH = 10_000
/** A whole contract counts as so many of them: five years of monthly invoices. */
const WHOLE_CONTRACT = 60

/**
 * Replays one contract inside the caller's transaction, after a payment was added, changed or reversed. Locks the
 * contract's row first, as the feed does before it touches a contract's invoices or payments: whoever changes money
 * of a contract must do so before anything else of it is locked, so that they wait for each other and never in a ring.
 */
export async function replayContract(tx: Transaction, contractId: number): Promise<void> {
  const locked = await tx.execute<{ biller_id: number }>(
    sql`select biller_id from contracts where id = ${contractId} for no key update`,
  )
  const billerId = locked.rows[0]?.biller_id
  if (billerId === undefined) throw new Error(`There is no contract ${contractId}.`)
  await replayScopes(tx, billerId, await interestTerms(tx, billerId), [{ contractId, number: null }])
}

/**
 * Replays what a feed touched, inside its transaction. `touched` names a table of (contract_id, number): number null
 * stands for the whole contract. A contract with a payment that does not name exactly one invoice is replayed whole,
 * since such a payment ties its invoices together; otherwise an invoice and the payments that name it stand alone.
 * `onProgress` hears how much of the whole (0 to 1) is done.
 */
export async function replayTouched(
  db: Pick<Executor, 'execute'>,
  billerId: number,
  touched: SQLWrapper,
  onProgress: (done: number) => void = () => {},
): Promise<void> {
  await db.execute(sql`create temp table replay_scopes on commit drop as
    select contract_id, number,
      sum(case when number is null then ${sql.raw(String(WHOLE_CONTRACT))} else 1 end) over (order by contract_id, number) as place
    from (
      select distinct t.contract_id, case when t.number is not null and not exists (
          select from payments p where p.contract_id = t.contract_id and (p.attempt_id is not null or p.invoice_number is null)
        ) then t.number end as number
      from ${touched} t) scope`)
  const counted = await db.execute<{ count: number }>(
    sql`select coalesce(max(place), 0) as count from replay_scopes`,
  )
  const count = Number(counted.rows[0]!.count)
  if (count === 0) return
  await db.execute(sql`create index on replay_scopes (place)`)
  await db.execute(sql`analyze replay_scopes`)
  // A batch is a small part of large tables, and what it reads was just written: by index, not by reading them whole.
  await db.execute(sql`set local random_page_cost = 1.1`)
  const terms = await interestTerms(db, billerId)
  for (let done = 0; done < count; done += BATCH) {
    const { rows } = await db.execute<{ contract_id: number; number: string | null }>(
      sql`select contract_id, number from replay_scopes where place > ${done} and place <= ${done + BATCH}`,
    )
    await replayScopes(
      db,
      billerId,
      terms,
      rows.map(row => ({ contractId: row.contract_id, number: row.number })),
    )
    onProgress(Math.min(1, (done + BATCH) / count))
  }
}

async function interestTerms(db: Pick<Executor, 'execute'>, billerId: number): Promise<InterestTerms> {
  const { rows } = await db.execute<{ interest_per_day_ppm: number; interest_cap_percent: number }>(
    sql`select interest_per_day_ppm, interest_cap_percent from billers where id = ${billerId}`,
  )
  return {
    interestPerDayPpm: rows[0]!.interest_per_day_ppm,
    interestCapPercent: rows[0]!.interest_cap_percent,
  }
}

type InvoiceRow = {
  id: number
  contract_id: number
  number: string
  due_on: IsoDate
  principal: number
  tv_tax: number
  cancelled: boolean
  principal_days_late: number
  interest_counted_to: IsoDate | null
}

type PaymentRow = {
  id: number
  contract_id: number
  invoice_number: string | null
  reference: string
  paid_on: IsoDate
  amount: number
  reversed: boolean
  names: string[]
}

type AllocationRow = {
  payment_id: number
  invoice_id: number
  interest: number
  principal: number
  tv_tax: number
}

type StandingPlace = { invoiceId: number; principalDaysLate: number; interestCountedTo: IsoDate | null }

/** One batch: read, compute, write the differences. */
async function replayScopes(
  db: Pick<Executor, 'execute'>,
  billerId: number,
  terms: InterestTerms,
  scopes: readonly Scope[],
): Promise<void> {
  const invoices = await readInvoices(db, billerId, scopes)
  const payments = await readPayments(db, billerId, scopes)
  const stored =
    await db.execute<AllocationRow>(sql`select payment_id, invoice_id, interest, principal, tv_tax
    from payment_allocations where invoice_id = any(${sql.param(invoices.map(invoice => invoice.id))}::bigint[])`)

  const invoicesOf = groupByScope(invoices, scopes, invoice => invoice.number)
  const paymentsOf = groupByScope(payments, scopes, payment => payment.invoice_number)
  const allocations: Allocation[] = []
  const places: StandingPlace[] = []
  for (const [scope, own] of invoicesOf) {
    const billed = own.map(row => ({
      id: row.id,
      number: row.number,
      dueOn: row.due_on,
      principal: row.principal,
      tvTax: row.tv_tax,
      cancelled: row.cancelled,
    }))
    const replayed = allocatePayments(billed, (paymentsOf.get(scope) ?? []).map(receivedPayment), terms)
    allocations.push(...replayed.allocations)
    for (const row of own) {
      const { principalDaysLate, interestCountedTo } = replayed.balances.get(row.id)!
      if (principalDaysLate !== row.principal_days_late || interestCountedTo !== row.interest_counted_to) {
        places.push({ invoiceId: row.id, principalDaysLate, interestCountedTo })
      }
    }
  }
  await writeAllocations(db, stored.rows, allocations)
  await writePlaces(db, places)
}

const receivedPayment = (row: PaymentRow): ReceivedPayment => ({
  id: row.id,
  reference: row.reference,
  paidOn: row.paid_on,
  amount: row.amount,
  reversed: row.reversed,
  invoiceNumbers: row.names,
})

const scopeKey = (contractId: number, number: string | null) => `${contractId} ${number ?? ''}`

/** Rows by the scope they fall in: their whole contract's, or that of the invoice they are or name. */
function groupByScope<Row extends { contract_id: number }>(
  rows: readonly Row[],
  scopes: readonly Scope[],
  numberOf: (row: Row) => string | null,
): Map<string, Row[]> {
  const whole = new Set(scopes.filter(scope => scope.number === null).map(scope => scope.contractId))
  const groups = new Map<string, Row[]>()
  for (const row of rows) {
    const key = scopeKey(row.contract_id, whole.has(row.contract_id) ? null : numberOf(row))
    const group = groups.get(key)
    if (group) group.push(row)
    else groups.set(key, [row])
  }
  return groups
}

/** The scopes as parameters: contracts replayed whole, and (contract, number) pairs. */
function scopeParameters(scopes: readonly Scope[]) {
  const pairs = scopes.filter(scope => scope.number !== null)
  return {
    whole: sql.param(scopes.filter(scope => scope.number === null).map(scope => scope.contractId)),
    contracts: sql.param(pairs.map(scope => scope.contractId)),
    numbers: sql.param(pairs.map(scope => scope.number)),
  }
}

async function readInvoices(
  db: Pick<Executor, 'execute'>,
  billerId: number,
  scopes: readonly Scope[],
): Promise<InvoiceRow[]> {
  const { whole, contracts, numbers } = scopeParameters(scopes)
  const columns = sql`i.id, i.contract_id, i.number, i.due_on, i.principal, i.tv_tax,
    i.cancelled_on is not null as cancelled, i.principal_days_late, i.interest_counted_to`
  const { rows } = await db.execute<InvoiceRow>(sql`
    select ${columns} from invoices i where i.contract_id = any(${whole}::bigint[])
    union all
    select ${columns} from unnest(${contracts}::bigint[], ${numbers}::text[]) s (contract_id, number)
      join invoices i on i.biller_id = ${billerId} and i.number = s.number and i.contract_id = s.contract_id`)
  return rows
}

async function readPayments(
  db: Pick<Executor, 'execute'>,
  billerId: number,
  scopes: readonly Scope[],
): Promise<PaymentRow[]> {
  const { whole, contracts, numbers } = scopeParameters(scopes)
  const columns = sql`p.id, p.contract_id, p.invoice_number, p.reference, p.paid_on, p.amount,
    p.reversed_on is not null as reversed`
  const { rows } = await db.execute<PaymentRow>(sql`
    select ${columns}, case
        when p.attempt_id is not null then array(
          select i.number from payment_attempt_invoices a join invoices i on i.id = a.invoice_id where a.attempt_id = p.attempt_id)
        when p.invoice_number is null then '{}'
        else array[p.invoice_number] end as names
      from payments p where p.contract_id = any(${whole}::bigint[])
    union all
    select ${columns}, array[p.invoice_number] as names
      from unnest(${contracts}::bigint[], ${numbers}::text[]) s (contract_id, number)
      join payments p on p.biller_id = ${billerId} and p.invoice_number = s.number and p.contract_id = s.contract_id`)
  return rows
}

async function writeAllocations(
  db: Pick<Executor, 'execute'>,
  stored: readonly AllocationRow[],
  wanted: readonly Allocation[],
): Promise<void> {
  const print = (paymentId: number, invoiceId: number, interest: number, principal: number, tvTax: number) =>
    `${paymentId} ${invoiceId} ${interest} ${principal} ${tvTax}`
  const storedKeys = new Set(
    stored.map(row => print(row.payment_id, row.invoice_id, row.interest, row.principal, row.tv_tax)),
  )
  const added: Allocation[] = []
  for (const row of wanted) {
    const key = print(row.paymentId, row.invoiceId, row.interest, row.principal, row.tvTax)
    if (!storedKeys.delete(key)) added.push(row)
  }
  if (storedKeys.size > 0) {
    const removed = [...storedKeys].map(key => key.split(' ').map(Number))
    await db.execute(sql`delete from payment_allocations a
      using unnest(${sql.param(removed.map(row => row[0]))}::bigint[], ${sql.param(removed.map(row => row[1]))}::bigint[])
        r (payment_id, invoice_id)
      where a.payment_id = r.payment_id and a.invoice_id = r.invoice_id`)
  }
  if (added.length > 0) {
    await db.execute(sql`insert into payment_allocations (payment_id, invoice_id, interest, principal, tv_tax)
      select * from unnest(${sql.param(added.map(row => row.paymentId))}::bigint[],
        ${sql.param(added.map(row => row.invoiceId))}::bigint[], ${sql.param(added.map(row => row.interest))}::bigint[],
        ${sql.param(added.map(row => row.principal))}::bigint[], ${sql.param(added.map(row => row.tvTax))}::bigint[])`)
  }
}

async function writePlaces(db: Pick<Executor, 'execute'>, places: readonly StandingPlace[]): Promise<void> {
  if (places.length === 0) return
  await db.execute(sql`update invoices i
    set principal_days_late = r.principal_days_late, interest_counted_to = r.interest_counted_to
    from unnest(${sql.param(places.map(place => place.invoiceId))}::bigint[],
      ${sql.param(places.map(place => place.principalDaysLate))}::bigint[],
      ${sql.param(places.map(place => place.interestCountedTo))}::date[]) r (id, principal_days_late, interest_counted_to)
    where i.id = r.id`)
}
