// What of payments a member of staff may see, and what every list has of an attempt; as SQL.
import { type SQL, sql } from 'drizzle-orm'
import { isOthersContract } from '../contracts/access.ts'

/** Who reads. */
export type Reader = { id: string; billerIds: number[] }

/** Of the attempt or payment `alias`: one of the reader's billers. */
export const ofBillers = ({ billerIds }: Pick<Reader, 'billerIds'>, alias: 'a' | 'p'): SQL =>
  sql`${sql.raw(alias)}.biller_id = any (${sql.param(billerIds)}::smallint[])`

/** Those of the attempt `a`. */
export const contractCodes = sql`array(select distinct c.code from payment_attempt_invoices l join contracts c on c.id = l.contract_id
    where l.attempt_id = a.id order by c.code) as "contractCodes"`

/** Of the attempt `a` and its biller `b`. */
export const attemptFacts = sql`a.id as "attemptId", a.number, b.code as biller, a.currency, b.time_zone as "timeZone",
  ${contractCodes}`

/** Of the payment `p` and its biller `b`: captured today, by the biller's day. */
export function isOfToday(now: Date): SQL {
  const at = sql`${now.toISOString()}::timestamptz`
  // The first bound is the same for all billers, so that the index finds it: no day is longer than 25 hours.
  return sql`p.attempt_id is not null and p.received_at > ${at} - interval '26 hours'
  and p.received_at >= date_trunc('day', ${at} at time zone b.time_zone) at time zone b.time_zone`
}

/** The attempt `a` is neither the reader's own nor of a contract of theirs. */
export const isOthers = ({ id }: Reader): SQL => sql`(a.account_id is distinct from ${id}::uuid
  and not exists (select from payment_attempt_invoices l join contracts on contracts.id = l.contract_id
    where l.attempt_id = a.id and not ${isOthersContract(id)}))`

/** Of a member of staff in this table: first name and first letter of the last one. */
export const staffName = (table: string): SQL =>
  sql.raw(`${table}.first_name || ' ' || left(${table}.last_name, 1) || '.'`)

/** The bank was to say long ago what became of it: open for ten minutes, or in doubt. Of the attempt `a`. */
export const isInDoubt = (now: Date): SQL => sql`a.state in ('created', 'pending', 'authorised', 'in_doubt')
  and (a.state = 'in_doubt' or a.created_at < ${now.toISOString()}::timestamptz - interval '10 minutes')`

/**
 * Something of the payment `p` is over: the index payments_left_over. Not where an answer of the bank about its transaction is held: that
 * is among the differences, and stands once.
 */
export const hasLeftOver = sql`p.attempt_id is not null and p.reversed_on is null and p.allocated + p.refunded < p.amount
  and not exists (select from payment_exceptions h where h.attempt_id = p.attempt_id and h.transaction_id = p.transaction_id
    and h.resolved_at is null and h.event_id is not null)`

/** Why a payment `p` of the attempt `a` has something over. */
export const whyOver = sql`case
  when exists (select from payment_exceptions t where t.payment_id = p.id and t.kind = 'paid_twice') then 'paidTwice'
  -- Not as "exists": all cancelled invoices would be gone through.
  when (select max(i.cancelled_on) from payment_attempt_invoices l join invoices i on i.id = l.invoice_id
    where l.attempt_id = a.id and l.contract_id = p.contract_id) is not null then 'cancelled'
  else 'other' end`

/** What troubles the attempt `a`, the most urgent first: as in the list of what needs attention, and refunds that are not done. */
export const troubles = (
  now: Date,
): SQL => sql`(select coalesce(json_agg(json_build_object('kind', n.kind, 'why', n.why)
    order by n.place, n.why), '[]') from (
  select 1 as place, 'inDoubt' as kind, a.state as why where ${isInDoubt(now)}
  union select 2, 'difference', x.kind from payment_exceptions x where x.attempt_id = a.id and x.resolved_at is null and x.kind <> 'paid_twice'
  union select 3, 'surplus', ${whyOver} from payments p where p.attempt_id = a.id and ${hasLeftOver}
  union select 4, 'refund', f.state from payments p join refunds f on f.payment_id = p.id
    where p.attempt_id = a.id and f.state in ('requested', 'submitted', 'unknown')) n) as troubles`

/** Of the exception `x`, its attempt `a` and its row `r` with the account `g` of that: open, of the reader's billers or of nobody's. */
export const isOpenDifference = (
  reader: Pick<Reader, 'billerIds'>,
): SQL => sql`x.resolved_at is null and x.kind <> 'paid_twice'
  and (coalesce(a.biller_id, g.biller_id) is null
    or coalesce(a.biller_id, g.biller_id) = any (${sql.param(reader.billerIds)}::smallint[]))`

export const differenceJoins = sql`payment_exceptions x left join payment_attempts a on a.id = x.attempt_id
  left join settlement_rows r on r.id = x.settlement_row_id left join gateway_accounts g on g.id = r.gateway_account_id`

/** How many rows the list of what needs attention has, a number. */
export const countAttention = (reader: Pick<Reader, 'billerIds'>, now: Date): SQL<number> =>
  sql`((select count(*) from payment_attempts a where ${ofBillers(reader, 'a')} and ${isInDoubt(now)})
    + (select count(*) from payments p where ${ofBillers(reader, 'p')} and ${hasLeftOver})
    + (select count(*) from ${differenceJoins} where ${isOpenDifference(reader)}))::int`
