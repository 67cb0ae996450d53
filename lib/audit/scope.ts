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

const UUID = sql.raw(`'[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$'`)
const idOf = (kinds: string) =>
  sql`case when e.subject ~ ('^(' || ${kinds} || '):' || ${UUID}) then split_part(e.subject, ':', 2)::uuid end`

/** The ids of what an event `e` is about, one row: contract_id, case_id, subject_id (an account's), attempt_id. */
export const idsOfEvent: SQL = sql`(select
  case when e.subject ~ '^contract:[0-9]{1,15}$' then substr(e.subject, 10)::bigint end as contract_id,
  coalesce(case when e.details ->> 'case' ~ ('^' || ${UUID}) then (e.details ->> 'case')::uuid end,
    ${idOf('case|business|dispute')}) as case_id,
  ${idOf('account')} as subject_id, ${idOf('attempt')} as attempt_id)`

/**
 * Tables of a statement (WITH) that has one of events `about`, with their ids: what these are about, each looked up once, however many
 * of them are about it. A contract is there where it is of the reader's billers, and none of their own; an account where it is not their own, and a
 * customer of their billers, or of none (any more); a case is `hidden` where it is not of their billers, or is their own.
 */
export const subjectsOf = (reader: Reader): SQL => sql`
  names as materialized (select id, name from billers),
  attempt_contracts as materialized (
    select p.attempt_id, p.contract_id from payment_attempt_invoices p where p.attempt_id = any (array(select attempt_id from about))),
  their_contracts as materialized (
    select contracts.id, names.name || ' ' || contracts.code as title from contracts join names on names.id = contracts.biller_id
    where contracts.id = any (array(select contract_id from about union select contract_id from attempt_contracts)) and ${contractsInScope(reader)}),
  known_cases as materialized (
    select cases.id, cases.number, cases.queue, not (cases.biller_id = any ${billersOf(reader)} and ${isOthersCase(reader)}) as hidden
    from cases where cases.id = any (array(select case_id from about))),
  their_accounts as materialized (
    select a.id, found.has_contracts from (select distinct subject_id as id from about) a
    cross join lateral (select exists (select from contract_access x where x.account_id = a.id) as has_contracts) found
    where a.id <> ${reader.id} and (not found.has_contracts or exists (select from contract_access x join contracts c on c.id = x.contract_id
      where x.account_id = a.id and c.biller_id = any ${billersOf(reader)})))`

/** Who did an event `e` is one of the reader's colleagues. All of them are read once, and not each event's. */
export const isColleague = (reader: Reader): SQL => sql`(e.account_id in (
  select b.account_id from staff_billers b where b.biller_id = any ${billersOf(reader)})) is true`

/** Who did an event `e` is staff of some company. */
export const isStaff = sql`(e.account_id in (select s.account_id from staff_members s)) is true`

/** Staff of other billers alone did an event with somebody else's account. */
const isOfOthers = (reader: Reader): SQL => sql`(e.account_id is distinct from e.subject_id
  and ${isStaff} and not (${isColleague(reader)}))`

/** The first contract of an event's attempt that is for the reader. */
export const contractOfAttempt = sql`(select min(p.contract_id) from attempt_contracts p
  where p.attempt_id = e.attempt_id and p.contract_id in (select id from their_contracts))`

/**
 * What an event `e` is about, by `subjectsOf`, is not another biller's, nor one's own: a contract, a case, an attempt to pay, an
 * account, unless staff of other billers alone did it there. What is about nothing that exists is left to whoever may see who did it.
 */
export const eventInScope = (reader: Reader): SQL => sql`(
  (e.contract_id is null or e.contract_id in (select id from their_contracts))
  and (e.case_id is null or e.case_id not in (select id from known_cases where hidden))
  and (e.subject_id is null or e.subject_id in (select id from their_accounts) and not ${isOfOthers(reader)})
  and (e.attempt_id is null or ${contractOfAttempt} is not null))`
