// The access log: what was done with a person's data, when, and by whom, without anybody's name.
import { sql } from 'drizzle-orm'
import type { Customer } from '../auth/sessions.ts'
import { accessLevel, heldUntilDay, invoiceBegins, ownTimeAfter } from '../contracts/access.ts'
import { catalogue } from '../i18n/catalogue.ts'
import { database } from '../platform/database.ts'

export const LOG_PAGE = 50

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

type Row = Omit<LogEntry, 'at' | 'sentence' | 'contract'> & {
  at: string
  action: string
  code: string | null
  biller: string | null
}

/**
 * The newest events about the account and about contracts whose holder it is, `LOG_PAGE` at most, older than the event
 * `before`. `older`: where the next page begins, if there is one.
 */
export async function listAccessLog(
  customer: Pick<Customer, 'id'>,
  before: number | undefined,
): Promise<{ entries: LogEntry[]; older: number | undefined }> {
  const me = sql`${customer.id}::uuid`
  // Each source gives its newest events from an index, whatever else happened; only what is shown is looked up.
  const newest = sql`${before === undefined ? sql`true` : sql`e.id < ${before}`} order by e.id desc limit ${LOG_PAGE + 1}`
  const event = sql`select e.id, e.at, e.account_id, e.action, e.subject, e.address, e.details from audit_events e`
  // What a holder decided about this account is about it, whoever holds the contract; of a contract that changed hands each holder
  // finds what happened in their own time. Of what others paid for a contract the
  // holder is told that it was paid.
  const { rows } = await database().execute<Row>(sql`
    with own as materialized (
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
    about as (
      (${event} where e.account_id = ${me} and ${newest})
      union
      select e.* from subjects cross join lateral (
        ${event} where e.subject = subjects.subject
          and case subjects.events when 'all' then true when 'captured' then e.action = 'payment.captured'
            else e.details ->> 'accountId' = ${customer.id} end
          and ((e.at at time zone zone)::date > after) is not false and ((e.at at time zone zone)::date <= until) is not false
          and not exists (select from contract_access gone where gone.contract_id = subjects.contract
            and gone.account_id = e.account_id and gone.until_on <= subjects.after)
          and ${newest}) e
      order by id desc limit ${LOG_PAGE + 1})
    select e.id, e.at, e.action, contracts.code, billers.name as biller, e.details ->> 'kind' as kind,
      case when e.details -> 'look' is not null then e.details ->> 'reason' end as reason,
      (select b.name from billers b where b.id = case when jsonb_typeof(e.details -> 'biller') = 'number' then (e.details ->> 'biller')::smallint end) as company,
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
    left join contracts on contracts.id = coalesce(payment_attempts.contract_id,
      case when e.subject like 'contract:%' then substr(e.subject, 10)::bigint end)
    left join billers on billers.id = contracts.biller_id
    order by e.id desc`)
  const entries = rows.slice(0, LOG_PAGE).map(({ at, action, code, biller, ...event }) => ({
    ...event,
    at: new Date(at),
    sentence: sentenceKey(event.actor, action),
    contract: code && biller ? { code, biller } : null,
  }))
  return { entries, older: rows.length > LOG_PAGE ? entries.at(-1)!.id : undefined }
}
