// The access log: what was done with a person's data, when, and by whom, without anybody's name.
import { type SQL, sql } from 'drizzle-orm'
import type { Customer } from '../auth/sessions.ts'
import { accessLevel, heldUntilDay, invoiceBegins, ownTimeAfter } from '../contracts/access.ts'
import { catalogue } from '../i18n/catalogue.ts'
import { clock } from '../platform/clock.ts'
import { database } from '../platform/database.ts'
import { addMonths, dayIn, type IsoDate } from '../platform/dates.ts'

export const LOG_PAGE = 20

/** `self`: the account did it. `staff`: a member of staff. `other`: somebody else's account. `portal`: nobody, a job or a bank. */
export type Actor = 'self' | 'staff' | 'other' | 'portal'

/** `self.contract_added`; `staff.unknown` where such an action of theirs has no text. A dot would part the key of a message. */
export function sentenceKey(actor: Actor, action: string): string {
  const key = action.replace('.', '_')
  return `${actor}.${Object.hasOwn(catalogue('en').ownData.log[actor], key) ? key : 'unknown'}`
}

export type LogEntry = {
  id: number
  at: Date
  actor: Actor
  /** A message of the namespace `ownData`, under `log`. */
  sentence: string
  /** The contract it is about, where it is about one. */
  contract: { code: string; biller: string } | null
  /** Of what staff decide, where it is about such a thing: a key of lib/cases/kinds.ts. */
  kind: string | null
  /** Why staff looked, where they said it: one of lookReasons in db/enums.ts. */
  reason: string | null
  /** The company whose staff did it, where that is written down. */
  company: string | null
  /** The network address, of the person's own deeds alone. */
  address: string | null
}

/** Where a page ends: in a month, by its first day, with the event of that number. */
export type LogPlace = { month: IsoDate; id: number }

/** As the address of a page has it; anything else shows the beginning. */
export function parseLogPlace(typed: unknown): LogPlace | undefined {
  const [, month, id] = /^(20\d\d-(?:0[1-9]|1[0-2]))-([1-9]\d{0,14})$/.exec(String(typed)) ?? []
  return month && id ? { month: `${month}-01`, id: Number(id) } : undefined
}

export const logPlaceText = ({ month, id }: LogPlace): string => `${month.slice(0, 7)}-${id}`

type Row = Omit<LogEntry, 'at' | 'sentence'> & { at: string; month: IsoDate; action: string }

/** So many months are asked for one by one, the newest first; what is older all at once. */
const MONTHS = 36

/**
 * The table `months` of a query with `subjects`: each month is a table of its own, and no more of them are asked than it takes to fill
 * the page. Of each, the newest events that the account did or that are about a subject.
 */
function monthsOf({ id }: Pick<Customer, 'id'>, before: LogPlace | undefined): SQL {
  const newestMonth = `${dayIn('UTC', clock.now()).slice(0, 7)}-01`
  const oldestMonth = addMonths(newestMonth, -MONTHS)
  const inMonths = (month: IsoDate) =>
    month > newestMonth ? newestMonth : month < oldestMonth ? oldestMonth : month
  // What is of none of these months is with the newest, or with the oldest.
  const ofMonth = sql`e.at >= case when months.month > ${oldestMonth}::timestamp then months.month at time zone 'UTC' else '-infinity' end
    and e.at < case when months.month < ${newestMonth}::timestamp then (months.month + interval '1 month') at time zone 'UTC' else 'infinity' end
    and e.id < months.before`
  const newest = sql`order by e.id desc limit ${LOG_PAGE + 1}`
  const event = sql`select e.id, e.at, e.account_id, e.action, e.subject, e.address, e.details from audit_events e`
  return sql`
    months (month, before, seen, events) as (
      select ${before ? inMonths(before.month) : newestMonth}::timestamp, ${before?.id ?? Number.MAX_SAFE_INTEGER}::bigint, 0::bigint, null::json
      union all
      select months.month - interval '1 month', ${Number.MAX_SAFE_INTEGER}::bigint, months.seen + found.count, found.events
      from months cross join lateral (
        select count(*) as count, json_agg(about) as events from (
          (${event} where e.account_id = ${id} and ${ofMonth} ${newest})
          union
          (select e.* from (
            ${event} where e.subject = any (array(select subject from subjects)) and ${ofMonth} offset 0) e
            join subjects on subjects.subject = e.subject
            where case subjects.events when 'all' then true when 'captured' then e.action = 'payment.captured'
                else e.details ->> 'accountId' = ${id} end
              and ((e.at at time zone zone)::date > after) is not false and ((e.at at time zone zone)::date <= until) is not false
              and not exists (select from contract_access gone where gone.contract_id = subjects.contract
                and gone.account_id = e.account_id and gone.until_on <= subjects.after)
            ${newest})
          order by id desc limit ${LOG_PAGE + 1}) about) found
      where months.seen <= ${LOG_PAGE} and months.month >= ${oldestMonth}::timestamp)`
}

/**
 * The newest events about the account and about contracts whose holder it is, `LOG_PAGE` at most: those of the newest month first, and
 * of a month by their numbers. `before`: the event that they follow. `older`: what the next page follows, if there is one.
 */
export async function listAccessLog(
  customer: Pick<Customer, 'id'>,
  before: LogPlace | undefined,
): Promise<{ entries: LogEntry[]; older: LogPlace | undefined }> {
  const me = sql`${customer.id}::uuid`
  // What a holder decided about this account is about it, whoever holds the contract; of a contract that changed hands each holder
  // finds what happened in their own time. Of what others paid for a contract the
  // holder is told that it was paid.
  const { rows } = await database().execute<Row>(sql`
    with recursive own as materialized (
      select contracts.id, ${accessLevel} = 'holder' or ${heldUntilDay} as held,
        ${ownTimeAfter} as after, contract_access.until_on as until, billers.time_zone as zone
      from contract_access
      join accounts on accounts.id = contract_access.account_id
      join contracts on contracts.id = contract_access.contract_id
      join billers on billers.id = contracts.biller_id
      where contract_access.account_id = ${me}),
    subjects (subject, events, contract, after, until, zone) as materialized (
      select 'contract:' || id, 'all', id, after, until, zone from own where held
      union all select 'contract:' || id, 'to me', null, null, null, null from own where not held
      union all select 'attempt:' || id, 'all', null, null, null, null from payment_attempts where account_id = ${me}
      union all select distinct 'attempt:' || a.id, 'captured', null::bigint, null::date, null::date, null from own
        join payment_attempt_invoices x on x.contract_id = own.id join invoices i on i.id = x.invoice_id
        join payment_attempts a on a.id = x.attempt_id and a.account_id is distinct from ${me} and a.state = 'captured'
        where own.held and (${invoiceBegins('i')} > own.after) is not false and (${invoiceBegins('i')} <= own.until) is not false
      union all select of || id, 'all', null, null, null, null
        from cases cross join unnest(array['case:', 'business:']) of where account_id = ${me}
      union all select 'account:' || ${customer.id}, 'all', null, null, null, null),
    ${monthsOf(customer, before)},
    about as materialized (
      select e.*, to_char(months.month + interval '1 month', 'YYYY-MM-01') as month from months cross join lateral
        json_to_recordset(months.events) e (id bigint, at timestamptz, account_id uuid, action text, subject text, address inet, details jsonb)
      order by months.month desc, e.id desc limit ${LOG_PAGE + 1})
    select e.id::float as id, e.at, e.month, e.action, (
        select json_build_object('code', c.code, 'biller', b.name) from contracts c join billers b on b.id = c.biller_id
        where c.id = coalesce(payment_attempts.contract_id, case when e.subject like 'contract:%' then substr(e.subject, 10)::bigint end)) as contract,
      e.details ->> 'kind' as kind,
      case when e.details -> 'look' is not null then e.details ->> 'reason' end as reason,
      case when jsonb_typeof(e.details -> 'biller') = 'number'
        then (select b.name from billers b where b.id = (e.details ->> 'biller')::smallint) end as company,
      case when e.account_id = ${me} then host(e.address) end as address,
      case when e.account_id = ${me} then 'self' when payment_attempts.contract_id is not null and payment_attempts.account_id is distinct from ${me} then 'other'
        when e.account_id is null then 'portal'
        when exists (select from staff_members s where s.account_id = e.account_id) then 'staff' else 'other' end as actor
    from about e
    left join lateral (select a.account_id, x.contract_id from payment_attempts a join payment_attempt_invoices x on x.attempt_id = a.id
      where e.subject in (select subject from subjects)
        and a.id = case when e.subject like 'attempt:%' then substr(e.subject, 9)::uuid end
        -- Somebody else's may pay contracts that are none of the reader's business.
        and (a.account_id = ${me} or x.contract_id in (select id from own where held))
      order by x.contract_id limit 1) payment_attempts on true
    order by e.month desc, e.id desc`)
  const entries = rows.slice(0, LOG_PAGE).map(({ at, month: _, action, ...event }) => ({
    ...event,
    at: new Date(at),
    sentence: sentenceKey(event.actor, action),
  }))
  const { id, month } = rows[LOG_PAGE - 1] ?? {}
  return { entries, older: rows.length > LOG_PAGE ? { month: month!, id: id! } : undefined }
}
