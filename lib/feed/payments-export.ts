// What customers paid through the portal on a day, for the biller's books: a CSV file that is read and written a page at a time.
import { sql } from 'drizzle-orm'
import { csvLine } from '../platform/csv.ts'
import { database } from '../platform/database.ts'
import { addDays, dayIn, type IsoDate, instantIn, isIsoDate } from '../platform/dates.ts'
import type { FeedToken } from './tokens.ts'

const ROWS_AT_ONCE = 1000

const COLUMNS = [
  'cursor',
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

/** Nobody paid here before; of years of fewer than four digits dates are read in other ways. */
const FIRST_DAY = '2000-01-01'

/** A row is a payment or its reversal; one payment may have both on a day. */
type Cursor = { id: number; kind: 1 | 2 }

/** `isOver`: nothing more comes to the day's payments. */
export type PaymentsOfDay = { day: IsoDate; isOver: boolean; lines: AsyncGenerator<string> }

/**
 * The payments of which the portal heard on a day at the biller, and those that the biller took back on it, in an order that
 * stays. `after`: the cursor of the last row that arrived before; then there is no header. Undefined where day or cursor are none, the
 * day has not come, or is long before the portal.
 */
export async function listPaymentsOfDay(
  token: FeedToken,
  given: { day: string | null; after: string | null },
  now: Date,
): Promise<PaymentsOfDay | undefined> {
  const { day } = given
  const today = dayIn(token.timeZone, now)
  const after = given.after === null ? undefined : readCursor(given.after)
  if (day === null || !isIsoDate(day) || day < FIRST_DAY || day > today) return undefined
  if (given.after !== null && !after) return undefined
  const isOver = day < today && !(await isAwaited(token, day, now))
  return { day, isOver, lines: readLines(token, day, after) }
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

function readCursor(text: string): Cursor | undefined {
  const [, id, kind] = /^(\d{1,15})\.([12])$/.exec(text) ?? []
  return id === undefined ? undefined : { id: Number(id), kind: Number(kind) as Cursor['kind'] }
}

async function* readLines(token: FeedToken, day: IsoDate, after: Cursor | undefined): AsyncGenerator<string> {
  // With the first rows: nothing is answered before they were read.
  let header = after ? '' : `${csvLine([...COLUMNS])}\r\n`
  let last = after ?? { id: 0, kind: 1 }
  for (;;) {
    const rows = await readRows(token, day, last)
    const lines = header + rows.map(row => `${lineOf(row)}\r\n`).join('')
    if (lines) yield lines
    header = ''
    if (rows.length < ROWS_AT_ONCE) return
    const { id, kind } = rows.at(-1)!
    last = { id, kind }
  }
}

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

const lineOf = (row: Row): string =>
  csvLine([
    `${row.id}.${row.kind}`,
    row.kind === 1 ? 'payment' : 'reversal',
    row.reference,
    row.contract,
    row.paid_on,
    row.paid_at === null ? '' : new Date(row.paid_at).toISOString(),
    row.kind === 1 ? '' : (row.reversed_on ?? ''),
    row.amount,
    row.currency,
    row.method,
    row.gateway,
    row.transaction,
    row.number,
    row.invoices ?? '',
  ])

async function readRows({ billerId, timeZone }: FeedToken, day: IsoDate, last: Cursor): Promise<Row[]> {
  const midnight = (of: IsoDate) => instantIn(timeZone, `${of}T00:00:00`)!.toISOString()
  const ours = sql`biller_id = ${billerId} and attempt_id is not null`
  const { rows } = await database().execute<Row>(sql`
    select p.id::float as id, found.kind, p.reference, c.code as contract, p.paid_on, p.transaction_at as paid_at, p.reversed_on,
      (p.amount / 100.0)::numeric(15, 2)::text as amount, a.currency, p.method, a.gateway, p.transaction_id as transaction,
      a.number, (select string_agg(i.number, ';' order by i.due_on, i.number)
        from payment_attempt_invoices o join invoices i on i.id = o.invoice_id where o.attempt_id = a.id) as invoices
    from (
      select id, 1 as kind from payments where ${ours}
        and received_at >= ${midnight(day)}::timestamptz and received_at < ${midnight(addDays(day, 1))}::timestamptz
      union all select id, 2 from payments where ${ours} and reversed_on = ${day}) found
    join payments p on p.id = found.id
    join contracts c on c.id = p.contract_id
    join payment_attempts a on a.id = p.attempt_id
    where (found.id, found.kind) > (${last.id}::bigint, ${last.id === 0 ? 0 : last.kind}::int)
    order by found.id, found.kind limit ${ROWS_AT_ONCE}`)
  return rows
}
