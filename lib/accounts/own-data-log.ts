// The access log: what was done with a person's data, when, and by whom, without anybody's name.
import { sql } from 'drizzle-orm'
import type { Customer } from '../auth/sessions.ts'
import { accessLevel } from '../contracts/access.ts'
import { database } from '../platform/database.ts'
import { type Actor, sentenceKey } from './own-data-rules.ts'

export const LOG_PAGE = 50

export type LogEntry = {
  id: number
  at: Date
  actor: Actor
  /** A message of the namespace `ownData`, under `log`. */
  sentence: string
  /** The contract it is about, where it is about one. */
  contract: { code: string; biller: string } | null
  /** The network address, of the person's own deeds alone. */
  address: string | null
}

type Row = {
  id: number
  at: string
  actor: Actor
  action: string
  code: string | null
  biller: string | null
  address: string | null
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
  // What a holder decided about this account is about it, whoever holds the contract.
  const { rows } = await database().execute<Row>(sql`
    with mine as materialized (
      select contracts.id, 'contract:' || contracts.id as subject, ${accessLevel} = 'holder' as held
      from contract_access
      join accounts on accounts.id = contract_access.account_id
      join contracts on contracts.id = contract_access.contract_id
      where contract_access.account_id = ${me}),
    about as (
      select e.* from audit_events e where e.account_id = ${me}
      union
      select e.* from audit_events e join mine on mine.subject = e.subject
      where mine.held or e.details ->> 'accountId' = ${customer.id}
      union
      select e.* from audit_events e where e.subject = any (
        select 'attempt:' || id from payment_attempts where account_id = ${me}
        union all select 'business:' || id from businesses where account_id = ${me}
        union all select 'account:' || ${customer.id}))
    select e.id, e.at, e.action, contracts.code, billers.name as biller,
      case when e.account_id = ${me} then host(e.address) end as address,
      case when e.account_id is null then 'portal' when e.account_id = ${me} then 'self'
        when exists (select from staff_members s where s.account_id = e.account_id) then 'staff' else 'other' end as actor
    from about e
    left join payment_attempts on e.subject = 'attempt:' || payment_attempts.id and payment_attempts.account_id = ${me}
    left join contracts on e.subject = 'contract:' || contracts.id or contracts.id = payment_attempts.contract_id
    left join billers on billers.id = contracts.biller_id
    where ${before === undefined ? sql`true` : sql`e.id < ${before}`}
    order by e.id desc limit ${LOG_PAGE + 1}`)
  const entries = rows.slice(0, LOG_PAGE).map(({ id, at, actor, action, code, biller, address }) => ({
    id,
    at: new Date(at),
    actor,
    sentence: sentenceKey(actor, action),
    contract: code && biller ? { code, biller } : null,
    address,
  }))
  return { entries, older: rows.length > LOG_PAGE ? entries.at(-1)!.id : undefined }
}
