// What customers paid through the portal on a day, for the biller's books: a CSV file that is read and written a page at a time.
import { sql } from 'drizzle-orm'
import { database } from '../platform/database.ts'
import { addDays, type IsoDate, instantIn } from '../platform/dates.ts'
import { type Asked, type Cursor, type DayExport, dayLines, readAsked } from './day-export.ts'
import type { FeedToken } from './tokens.ts'

const COLUMNS = [
  'kind',
  'reference',
  'contract_code',
  'paid_on',
  'paid_at',
  'reversed_on',
  'amount',
  'currency',
  'method',
  'gateway',
  'transaction',
  'payment_number',
  'invoices',
] as const

/**
 * The payments of which the portal heard on a day at the biller, and those that the biller took back on it, in an order that
 * stays. `after`: the cursor of the last row that arrived before; then there is no header. Undefined where day or cursor are none, the
 * day has not come, or is long before the portal.
 */
export async function listPaymentsOfDay(
  token: FeedToken,
  given: Asked,
  now: Date,
): Promise<DayExport | undefined> {
  const asked = readAsked(token, given, now)
  if (!asked) return undefined
  const { day, today, after } = asked
  const isOver = day < today && !(await isAwaited(token, day, now))
  const lines = dayLines(COLUMNS, after, (last, most) => readRows(token, day, last, most), cellsOf)
  return { day, isOver, lines }
}

/** A payment is booked under the time at which its bank told of it: so long after the day one may be under way. */
const BOOKING_MS = 10 * 60_000

/** Whether something that banks told on the day, or before, may still be booked as of it. */
async function isAwaited({ billerId, timeZone }: FeedToken, day: IsoDate, now: Date): Promise<boolean> {
  const end = instantIn(timeZone, `${addDays(day, 1)}T00:00:00`)!
  if (now.getTime() < end.getTime() + BOOKING_MS) return true
  const { rows } =
    await database().execute(sql`select from payment_events e join payment_attempts a on a.id = e.attempt_id
    where a.biller_id = ${billerId} and e.authentic and e.applied_at is null and e.received_at < ${end.toISOString()}::timestamptz limit 1`)
  return rows.length > 0
}

/** A row is a payment (1), its reversal (2) or what was given back of it (3 and so on); one payment may have all on a day. */
type Row = Cursor & {
  reference: string
  contract: string
  paid_on: string
  paid_at: string | null
  reversed_on: string | null
  amount: string
  currency: string
  method: string
  gateway: string
  transaction: string
  number: string
  invoices: string | null
}

const cellsOf = (row: Row): string[] => [
  row.part === 1 ? 'payment' : row.part === 2 ? 'reversal' : 'refund',
  row.reference,
  row.contract,
  row.paid_on,
  row.paid_at === null ? '' : new Date(row.paid_at).toISOString(),
  row.part === 2 ? (row.reversed_on ?? '') : '',
  row.amount,
  row.currency,
  row.method,
  row.gateway,
  row.transaction,
  row.number,
  row.invoices ?? '',
]

async function readRows(
  { billerId, timeZone }: FeedToken,
  day: IsoDate,
  last: Cursor,
  most: number,
): Promise<Row[]> {
  const midnight = (of: IsoDate) => instantIn(timeZone, `${of}T00:00:00`)!.toISOString()
  const ours = sql`biller_id = ${billerId} and attempt_id is not null`
  const { rows } = await database().execute<Row>(sql`
    select p.id::float as id, found.part, p.reference, c.code as contract, p.paid_on, p.transaction_at as paid_at, p.reversed_on,
      (coalesce(f.amount, p.amount) / 100.0)::numeric(15, 2)::text as amount, a.currency, coalesce(upper(f.way), p.method) as method, a.gateway,
      case when f.id is null then p.transaction_id else coalesce(f.transaction_id, f.number) end as transaction,
      a.number, (select string_agg(i.number, ';' order by i.due_on, i.number)
        from payment_attempt_invoices o join invoices i on i.id = o.invoice_id
        where o.attempt_id = a.id and o.contract_id = p.contract_id) as invoices
    from (
      select id, 1 as part, null::uuid as refund_id from payments where ${ours}
        and received_at >= ${midnight(day)}::timestamptz and received_at < ${midnight(addDays(day, 1))}::timestamptz
      union all select id, 2, null from payments where ${ours} and reversed_on = ${day}
      union all select payment_id, part, refund_id from (
        select r.payment_id, r.id as refund_id, r.state_changed_at as at,
          (2 + row_number() over (partition by r.payment_id order by r.state_changed_at, r.id))::int as part
        from refunds r join payments on payments.id = r.payment_id where ${ours} and r.state = 'succeeded') given
        where at >= ${midnight(day)}::timestamptz and at < ${midnight(addDays(day, 1))}::timestamptz) found
    join payments p on p.id = found.id
    join contracts c on c.id = p.contract_id
    join payment_attempts a on a.id = p.attempt_id
    left join refunds f on f.id = found.refund_id
    where (found.id, found.part) > (${last.id}::bigint, ${last.id === 0 ? 0 : last.part}::int)
    order by found.id, found.part limit ${most}`)
  return rows
}
