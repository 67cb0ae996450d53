// Which events of the audit log a member of staff may see, as SQL.
import { type SQL, sql } from 'drizzle-orm'
import type { Staff } from '../auth/staff.ts'
import { isOthersCase } from '../cases/scope.ts'
import { isOthersContract } from '../contracts/access.ts'

export type Reader = Pick<Staff, 'id' | 'role' | 'billerIds'>

/** Of a person of this table (SQL), who is not named. */
export const initials = (of: SQL): SQL =>
  sql`left(${of}.first_name, 1) || '. ' || left(${of}.last_name, 1) || '.'`

const billersOf = ({ billerIds }: Reader) => sql`(${sql.param(billerIds)}::smallint[])`

/** Of their billers, and none of their own. For queries over contracts. */
export const contractsInScope = (reader: Reader): SQL =>
  sql`(contracts.biller_id = any ${billersOf(reader)} and ${isOthersContract(reader.id)})`

/** The contract with this id (SQL, of no column of contracts) is one of those. */
const contractInScope = (reader: Reader, id: SQL): SQL =>
  sql`exists (select from contracts where contracts.id = ${id} and ${contractsInScope(reader)})`

/** The account with this id (SQL) is not their own, and a customer of their billers, or of none (any more). */
const accountInScope = (reader: Reader, id: SQL): SQL => sql`(${id} <> ${reader.id} and (
  exists (select from contract_access a join contracts c on c.id = a.contract_id
    where a.account_id = ${id} and c.biller_id = any ${billersOf(reader)})
  or not exists (select from contract_access a where a.account_id = ${id})))`

/** The case with this id (SQL) is of their billers and not their own, or there is none any more. */
const caseInScope = (reader: Reader, id: SQL): SQL => sql`not exists (
  select from cases where cases.id = ${id} and not (cases.biller_id = any ${billersOf(reader)} and ${isOthersCase(reader)}))`

const UUID = sql.raw(`'[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$'`)
const idOf = (kinds: string) =>
  sql`case when e.subject ~ ('^(' || ${kinds} || '):' || ${UUID}) then split_part(e.subject, ':', 2)::uuid end`

/** The ids of what an event `e` is about, one row: contract_id, case_id, account_id, attempt_id. */
export const idsOfEvent: SQL = sql`(select
  case when e.subject ~ '^contract:[0-9]{1,15}$' then substr(e.subject, 10)::bigint end as contract_id,
  coalesce(case when e.details ->> 'case' ~ ('^' || ${UUID}) then (e.details ->> 'case')::uuid end,
    ${idOf('case|business|dispute')}) as case_id,
  ${idOf('account')} as account_id, ${idOf('attempt')} as attempt_id)`

/** Who did an event `e` is one of the reader's colleagues. */
export const isColleague = (reader: Reader): SQL => sql`exists (select from staff_billers b
  where b.account_id = e.account_id and b.biller_id = any ${billersOf(reader)})`

/** Staff of other billers alone did an event with somebody else's account. */
const isOfOthers = (reader: Reader): SQL => sql`(e.account_id is distinct from ids.account_id
  and exists (select from staff_members s where s.account_id = e.account_id) and not ${isColleague(reader)})`

/**
 * What an event is about, `ids` of idsOfEvent, is not another biller's, nor one's own: a contract, a case, an attempt to pay, an
 * account, unless staff of other billers alone did it there. What is about nothing that exists is left to whoever may see who did it.
 */
export const eventInScope = (reader: Reader): SQL => sql`(
  (ids.contract_id is null or ${contractInScope(reader, sql`ids.contract_id`)})
  and (ids.case_id is null or ${caseInScope(reader, sql`ids.case_id`)})
  and (ids.account_id is null or ${accountInScope(reader, sql`ids.account_id`)} and not ${isOfOthers(reader)})
  and (ids.attempt_id is null or exists (select from payment_attempt_invoices p
    where p.attempt_id = ids.attempt_id and ${contractInScope(reader, sql`p.contract_id`)})))`

/** The first contract of an attempt with this id (SQL) that is for them. */
export const contractOfAttempt = (
  reader: Reader,
  id: SQL,
): SQL => sql`(select min(p.contract_id) from payment_attempt_invoices p
  where p.attempt_id = ${id} and ${contractInScope(reader, sql`p.contract_id`)})`
