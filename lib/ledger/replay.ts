// Replays payments in the database: reads what they may pay, asks the billing rules, writes only what differs.
import { type SQL, type SQLWrapper, sql } from 'drizzle-orm'
import type { Executor, Transaction } from '../../db/client.ts'
import type { IsoDate } from '../platform/dates.ts'
import type { InterestTerm } from './interest-rules.ts'
import { epochMs, interestOf } from './queries.ts'
import {
  type Allocation,
  allocatePayments,
  type BilledInvoice,
  type InvoiceBalance,
  type ReceivedPayment,
} from './rules.ts'

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
  const whole = sql`(select ${contractId}::bigint as contract_id, null::text[] as numbers)`
  await replayScopes(tx, billerId, await readTerms(tx, billerId), whole)
}

/**
 * Replays what a feed touched, inside its transaction. `touched` names a table of (contract_id, number): number null
 * stands for the whole contract, which a payment that does not name exactly one invoice needs, since it ties the
 * contract's invoices together. Otherwise an invoice and the payments that name it stand alone.
 */
export async function replayTouched(
  db: Pick<Executor, 'execute'>,
  billerId: number,
  touched: SQLWrapper,
): Promise<void> {
  // One row a contract, so that no payment is replayed twice; without numbers: the whole contract.
  await db.execute(sql`create temp table replay_scopes on commit drop as
    select contract_id, numbers,
      sum(coalesce(cardinality(numbers), ${sql.raw(String(WHOLE_CONTRACT))})) over (order by contract_id) as place
    from (
      select t.contract_id, case when not bool_or(t.number is null) and not exists (
          select from payments p where p.contract_id = t.contract_id and p.invoice_number is null
        ) then array_agg(distinct t.number) end as numbers
      from ${touched} t group by t.contract_id) scope`)
  const counted = await db.execute<{ count: number }>(
    sql`select coalesce(max(place), 0) as count from replay_scopes`,
  )
  const count = Number(counted.rows[0]!.count)
  if (count === 0) return
  await db.execute(sql`create index on replay_scopes (place)`)
  await db.execute(sql`analyze replay_scopes`)
  // A batch is a small part of large tables, and what it reads was just written: by index, not by reading them whole.
  await db.execute(sql`set local random_page_cost = 1.1`)
  const terms = await readTerms(db, billerId)
  for (let done = 0; done < count; done += BATCH) {
    const batch = sql`(select contract_id, numbers from replay_scopes where place > ${done} and place <= ${done + BATCH})`
    await replayScopes(db, billerId, terms, batch)
  }
}

/**
 * How each invoice of a contract stood at the end of each of these days, by the payments and terms that are known now. The caller has
 * checked who asks.
 */
export async function balancesOn(
  db: Pick<Executor, 'execute'>,
  contractId: number,
  terms: readonly InterestTerm[],
  days: readonly IsoDate[],
): Promise<Map<number, BilledInvoice & InvoiceBalance>[]> {
  const { rows: invoices } = await db.execute<InvoiceRow>(
    sql`select ${INVOICE} from invoices r where r.contract_id = ${contractId}`,
  )
  const { rows: payments } = await db.execute<ReceivedPayment>(
    sql`select ${PAYMENT} from payments r where r.contract_id = ${contractId}`,
  )
  return days.map(on => {
    const received = payments.filter(({ paidOn }) => paidOn <= on)
    const { balances } = allocatePayments(invoices, received, terms)
    return new Map(invoices.map(invoice => [invoice.id, { ...invoice, ...balances.get(invoice.id)! }]))
  })
}

async function readTerms(db: Pick<Executor, 'execute'>, billerId: number): Promise<InterestTerm[]> {
  const { rows } = await db.execute<{ terms: InterestTerm[] }>(
    sql`select terms from ${interestOf(sql`${billerId}`)}`,
  )
  return rows[0]!.terms
}

type OfContract = { contractId: number }

type InvoiceRow = BilledInvoice &
  OfContract & { interestMillionths: string; interestCountedTo: IsoDate | null }

/** The database holds that payment and invoice are of this contract. */
type ContractAllocation = Allocation & OfContract

type StandingPlace = { invoiceId: number; interestMillionths: string; interestCountedTo: IsoDate | null }

/** One batch: read, compute, write the differences. `scopes` is a table of (contract_id, numbers), a contract once. */
async function replayScopes(
  db: Pick<Executor, 'execute'>,
  billerId: number,
  terms: readonly InterestTerm[],
  scopes: SQL,
): Promise<void> {
  const { rows: invoices } = await db.execute<InvoiceRow>(
    inScopes(INVOICE, sql`invoices`, sql`number`, billerId, scopes),
  )
  const { rows: payments } = await db.execute<ReceivedPayment & OfContract>(
    inScopes(PAYMENT, sql`payments`, sql`invoice_number`, billerId, scopes),
  )
  const stored =
    await db.execute<Allocation>(sql`select payment_id as "paymentId", invoice_id as "invoiceId", interest, principal, tv_tax as "tvTax"
    from payment_allocations where invoice_id = any(${sql.param(invoices.map(invoice => invoice.id))}::bigint[])`)

  const paymentsOf = Map.groupBy(payments, payment => payment.contractId)
  const allocations: ContractAllocation[] = []
  const places: StandingPlace[] = []
  for (const [contractId, own] of Map.groupBy(invoices, invoice => invoice.contractId)) {
    const replayed = allocatePayments(own, paymentsOf.get(contractId) ?? [], terms)
    for (const row of replayed.allocations) allocations.push({ ...row, contractId })
    for (const row of own) {
      const { interestCountedTo, ...balance } = replayed.balances.get(row.id)!
      const interestMillionths = String(balance.interestMillionths)
      if (interestMillionths !== row.interestMillionths || interestCountedTo !== row.interestCountedTo) {
        places.push({ invoiceId: row.id, interestMillionths, interestCountedTo })
      }
    }
  }
  await writeAllocations(db, stored.rows, allocations)
  await writePlaces(db, places)
}

/** Columns of the rows `r` of a table that fall in the scopes; `number` is its column of the invoice's number. */
const inScopes = (columns: SQL, table: SQL, number: SQL, billerId: number, scopes: SQL): SQL => sql`
  select ${columns} from ${scopes} s join ${table} r on r.contract_id = s.contract_id where s.numbers is null
  union all
  select ${columns} from ${scopes} s cross join unnest(s.numbers) n (number)
    join ${table} r on r.biller_id = ${billerId} and r.${number} = n.number and r.contract_id = s.contract_id`

const INVOICE = sql`r.id, r.contract_id as "contractId", r.number, r.due_on as "dueOn", r.principal, r.tv_tax as "tvTax",
  r.cancelled_on is not null as cancelled, r.interest_millionths as "interestMillionths",
  r.interest_counted_to as "interestCountedTo"`

/**
 * Ours names what its attempt was to pay of its contract, and counts as received when that began: its customer was shown what the terms known
 * then came to; of several captures of a day the first comes first by its receipt's number. What is set aside for a refund, or given back, pays nothing.
 */
const PAYMENT = sql`r.id, r.contract_id as "contractId",
  coalesce(r.receipt_number, r.reference) as reference, r.paid_on as "paidOn",
  r.amount - r.refunded as amount,
  r.reversed_on is not null as reversed, r.attempt_id is not null as "isOurs",
  ${epochMs(sql`coalesce((select a.created_at from payment_attempts a where a.id = r.attempt_id), r.received_at)`)} as "receivedAt",
  case when r.attempt_id is not null then array(
      select i.number from payment_attempt_invoices a join invoices i on i.id = a.invoice_id
      where a.attempt_id = r.attempt_id and a.contract_id = r.contract_id)
    when r.invoice_number is null then '{}'
    else array[r.invoice_number] end as "invoiceNumbers"`

async function writeAllocations(
  db: Pick<Executor, 'execute'>,
  stored: readonly Allocation[],
  wanted: readonly ContractAllocation[],
): Promise<void> {
  const print = ({ paymentId, invoiceId, interest, principal, tvTax }: Allocation) =>
    `${paymentId} ${invoiceId} ${interest} ${principal} ${tvTax}`
  const storedKeys = new Set(stored.map(print))
  const added = wanted.filter(row => !storedKeys.delete(print(row)))
  if (storedKeys.size > 0) {
    const removed = [...storedKeys].map(key => key.split(' ').map(Number))
    await db.execute(sql`delete from payment_allocations a
      using unnest(${sql.param(removed.map(row => row[0]))}::bigint[], ${sql.param(removed.map(row => row[1]))}::bigint[])
        r (payment_id, invoice_id)
      where a.payment_id = r.payment_id and a.invoice_id = r.invoice_id`)
  }
  if (added.length > 0) {
    const column = (name: keyof ContractAllocation) =>
      sql`${sql.param(added.map(row => row[name]))}::bigint[]`
    await db.execute(sql`insert into payment_allocations (payment_id, invoice_id, contract_id, interest, principal, tv_tax)
      select * from unnest(${column('paymentId')}, ${column('invoiceId')}, ${column('contractId')},
        ${column('interest')}, ${column('principal')}, ${column('tvTax')})`)
  }
}

async function writePlaces(db: Pick<Executor, 'execute'>, places: readonly StandingPlace[]): Promise<void> {
  if (places.length === 0) return
  await db.execute(sql`update invoices i
    set interest_millionths = r.interest_millionths, interest_counted_to = r.interest_counted_to
    from unnest(${sql.param(places.map(place => place.invoiceId))}::bigint[],
      ${sql.param(places.map(place => place.interestMillionths))}::numeric[],
      ${sql.param(places.map(place => place.interestCountedTo))}::date[]) r (id, interest_millionths, interest_counted_to)
    where i.id = r.id`)
}
