// A contract to pay, attempts at it, and what the sandbox bank would say: for the tests of payments.
import { randomUUID } from 'node:crypto'
import http from 'node:http'
import { eq, type SQL, sql } from 'drizzle-orm'
import type { Database } from '../../db/client.ts'
import { invoices } from '../../db/schema/billing.ts'
import { paymentAttempts } from '../../db/schema/payments.ts'
import { beginAttempt } from '../../lib/payments/commands.ts'
import type { BankAnswer } from '../../lib/payments/gateways/gateway.ts'
import { sandbox } from '../../lib/payments/gateways/sandbox.ts'
import { plainAmount } from '../../lib/platform/money.ts'
import { type Fields, MERCHANT, signed } from '../../lib/sandbox-bank/protocol.ts'
import { testAccount } from './bank.ts'
import { makeContract, makeInvoices } from './people.ts'

export type TestContract = {
  id: number
  billerId: number
  billerCode: string
  contractCode: string
  invoiceIds: number[]
}

/** A contract of OSHEE (interest 0.1 % a day) with invoices of the given principals, each with 100.00 of TV tax. */
export async function makePayable(
  db: Database,
  principals: number[],
  dueOn = '2024-01-31',
): Promise<TestContract> {
  const contract = await makeContract(db, { billerId: 1 })
  const bills = principals.map(principal => ({ principal, tvTax: 10_000, dueOn }))
  const made = await makeInvoices(db, contract, bills)
  const { id, billerId, code } = contract
  return {
    id,
    billerId,
    billerCode: 'oshee',
    contractCode: code,
    invoiceIds: made.map(invoice => invoice.id),
  }
}

/** The form that the customer would send on the day of `now`, when each chosen invoice is `totals` due. */
export const formOf = (totals: Record<number, number>, idempotencyKey: string = randomUUID()) => ({
  invoices: Object.keys(totals).map(Number),
  shown: new Map(Object.entries(totals).map(([id, total]) => [Number(id), total])),
  idempotencyKey,
})

/** Begins a payment before the due date, when principal and TV tax alone are due. Throws where it is refused. */
export async function begin(
  db: Database,
  customer: { id: string },
  contract: TestContract,
  now: Date,
  invoiceIds = contract.invoiceIds,
): Promise<typeof paymentAttempts.$inferSelect> {
  const rows = await db.select().from(invoices).where(eq(invoices.contractId, contract.id))
  const totals = Object.fromEntries(
    rows.filter(({ id }) => invoiceIds.includes(id)).map(row => [row.id, row.unpaid]),
  )
  const result = await beginAttempt(customer, contract, formOf(totals), now)
  if (!result.ok) throw new Error(result.code)
  return attemptOf(db, result.value.id)
}

export async function attemptOf(db: Database, id: string): Promise<typeof paymentAttempts.$inferSelect> {
  const [attempt] = await db.select().from(paymentAttempts).where(eq(paymentAttempts.id, id))
  return attempt!
}

/** For queries over payment_attempts: those that pay something of the contract. */
export const paysFor = (contract: { id: number }): SQL =>
  sql`${paymentAttempts.id} in (select attempt_id from payment_attempt_invoices where contract_id = ${contract.id})`

/** When the bank is asked about an attempt next. */
export async function nextCheckOf(db: Database, attemptId: string): Promise<Date | undefined> {
  const jobs = await db.execute<{ run_at: string }>(
    sql`select run_at from graphile_worker.jobs where key = ${`check-payment:${attemptId}`}`,
  )
  const [job] = jobs.rows
  return job && new Date(job.run_at)
}

/** What the bank's signed fields say of an order, unless `changed`. */
export function bankFields(
  attempt: { number: string; amount: number; currency: string },
  status: string,
  changed: Fields = {},
): Fields {
  return signed({
    orderNumber: attempt.number,
    merchant: MERCHANT,
    amount: plainAmount(attempt.amount),
    currency: attempt.currency,
    status,
    ...(status === 'captured' && { transactionId: `T-${attempt.number}` }),
    ...(status === 'declined' && { declineCode: '05' }),
    ...changed,
  })
}

/** The same as the portal reads it. */
export const bankAnswer = (...parameters: Parameters<typeof bankFields>): BankAnswer =>
  sandbox.read(testAccount(), {
    channel: 'callback',
    body: new URLSearchParams(bankFields(...parameters)).toString(),
  })!

/** What must hold whatever happened, of one contract, of some or of all; throws what does not. */
export async function checkBooks(db: Database, contractId?: number | number[]): Promise<void> {
  const scope =
    contractId === undefined
      ? sql`true`
      : sql`contract_id = any (${sql.param([contractId].flat())}::bigint[])`
  const ofScope = sql`(select attempt_id from payment_attempt_invoices where ${scope})`
  const wrong = await db.execute(sql`
    with attempts as (select * from payment_attempts where id in ${ofScope}),
    received as (select * from payments where ${scope}),
    billed as (select * from invoices where ${scope}),
    -- Of a transaction that pays several contracts each has a payment.
    taken as (select attempt_id, transaction_id, min(id) as id, sum(amount) as amount from payments
      where attempt_id in ${ofScope} group by 1, 2),
    captured as (
      select e.id, e.received_at, e.attempt_id, e.channel, e.payload->>'transactionId' as transaction_id, (e.payload->>'amount')::numeric * 100 as amount,
        e.payload->>'merchant' = ${MERCHANT} and e.payload->>'currency' = t.currency and e.payload ? 'transactionId' as ours
      from payment_events e join attempts t on t.id = e.attempt_id
      where e.authentic and e.applied_at is not null and e.outcome = 'captured')
    select 'payment and allocations' as what from received p
      left join lateral (select coalesce(sum(interest + principal + tv_tax), 0) as paid from payment_allocations a where a.payment_id = p.id) s on true
      where p.allocated <> s.paid or p.allocated + p.refunded > p.amount
    union all
    select 'invoice and allocations' from billed i
      left join lateral (select coalesce(sum(principal), 0) as principal, coalesce(sum(tv_tax), 0) as tv_tax, coalesce(sum(interest), 0) as interest
        from payment_allocations a where a.invoice_id = i.id) s on true
      where (i.principal_paid, i.tv_tax_paid, i.interest_paid) <> (s.principal, s.tv_tax, s.interest)
        or i.principal_paid > i.principal or i.tv_tax_paid > i.tv_tax
    union all
    select 'attempt and its invoices live' from attempts t join payment_attempt_invoices a on a.attempt_id = t.id where a.live <> t.live
    union all
    select 'holds nothing although nothing else holds its invoices' from attempts t
      where not t.live and t.pay_link_id is null and t.state in ('created', 'pending', 'authorised', 'in_doubt') and not exists (
        select from payment_attempt_invoices own join payment_attempt_invoices other using (invoice_id)
        where own.attempt_id = t.id and other.attempt_id <> t.id and other.live)
    union all
    select 'captured without money' from attempts t where t.state = 'captured' and not exists (select 1 from taken p where p.attempt_id = t.id)
    union all
    select 'confirmed money not booked once' from captured c where c.channel = 'query' and c.ours and c.amount > 0
      and not exists (select from taken p where p.attempt_id = c.attempt_id and p.transaction_id = c.transaction_id)
    union all
    select 'booked without the bank’s word' from taken p where not exists (
      select from captured c where c.attempt_id = p.attempt_id and c.transaction_id = p.transaction_id and c.amount = p.amount)
    union all
    select 'told, neither booked nor held' from captured c where not exists (
        select from taken p where p.attempt_id = c.attempt_id and p.transaction_id = c.transaction_id and p.amount = c.amount)
      and not exists (select from payment_exceptions x
        where x.attempt_id = c.attempt_id and x.transaction_id = coalesce(c.transaction_id, '')
          and (x.resolved_at is null or exists (select from captured asked where asked.attempt_id = c.attempt_id
            and asked.channel = 'query' and asked.id > c.id and asked.received_at >= c.received_at)))
    union all
    select 'booked beyond the order and not held' from taken p join attempts t on t.id = p.attempt_id
      where (p.amount <> t.amount or p.id > (select min(id) from taken first where first.attempt_id = t.id))
        and not exists (select from payment_exceptions x where x.payment_id = p.id and x.resolved_at is null)
    union all
    select 'booked beyond the order on a call’s word' from taken p join attempts t on t.id = p.attempt_id
      where (p.amount <> t.amount or p.id > (select min(id) from taken first where first.attempt_id = t.id))
        and not exists (select from captured c where c.channel = 'query' and c.attempt_id = p.attempt_id
          and c.transaction_id = p.transaction_id and c.amount = p.amount)
    union all
    select 'unknown order with money not held' from payment_events e
      where e.authentic and e.attempt_id is null and e.outcome in ('captured', 'authorised') and not exists (
        select from payment_exceptions x where x.order_number = e.payload->>'orderNumber' and x.kind = 'unknown_order')
    union all
    select 'booked for another contract' from received p where p.attempt_id is not null and not exists (
      select from payment_attempt_invoices a where a.attempt_id = p.attempt_id and a.contract_id = p.contract_id)
    union all
    select 'amount and lines' from attempts t
      where t.amount <> (select sum(interest + principal + tv_tax) from payment_attempt_invoices a where a.attempt_id = t.id)`)
  if (wrong.rows.length > 0) throw new Error(`The books do not agree: ${JSON.stringify(wrong.rows)}`)
}

type Route = (request: Request) => Promise<Response>

/** Serves route handlers over HTTP at a free port; `routes` by path. Returns its address and how to stop it. */
export async function serveRoutes(
  routes: Record<string, Route>,
): Promise<{ url: string; stop: () => Promise<void> }> {
  const server = http.createServer(async (incoming, outgoing) => {
    const chunks: Buffer[] = []
    for await (const chunk of incoming) chunks.push(chunk as Buffer)
    const url = new URL(incoming.url!, `http://${incoming.headers.host}`)
    const route = routes[url.pathname]
    const request = new Request(url, {
      method: incoming.method,
      ...(incoming.method === 'POST' && { body: Buffer.concat(chunks) }),
    })
    const response = (await route?.(request)) ?? new Response(null, { status: 404 })
    outgoing.writeHead(response.status, Object.fromEntries(response.headers))
    outgoing.end(Buffer.from(await response.arrayBuffer()))
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as { port: number }
  return {
    url: `http://127.0.0.1:${port}`,
    stop: () =>
      new Promise(resolve => {
        server.closeAllConnections()
        server.close(() => resolve())
      }),
  }
}
