// What somebody looks for in the audit log: found within what they may see, with the members of staff whose deeds they may read.
import { type SQL, sql } from 'drizzle-orm'
import { parseCaseNumber } from '../cases/schema.ts'
import { isOthersCase } from '../cases/scope.ts'
import { database } from '../platform/database.ts'
import type { About, ChosenEvents } from './chosen.ts'
import { contractsInScope, initials, type Reader } from './scope.ts'

/** Of a contract so many cases and attempts to pay, the newest. */
const MOST_RELATED = 100

/** `ofCase`: only what was done with that case. */
export type Subject = { subject: string; ofCase?: string }
export type Colleague = { id: string; name: string }

/** `title`: what it is called, masked where it is a person. `subjects`: under which its events are kept. */
export type Found = { title: string | null; subjects: Subject[]; colleagues: Colleague[] }

type Row = {
  title: string | null
  subjects: { subject: string; ofCase: string | null }[] | null
  colleagues: Colleague[]
}

const isTheirs = (reader: Reader, column: SQL) =>
  sql`${column} = any (${sql.param(reader.billerIds)}::smallint[])`
/** Whose case it is, where it is an account's: deeds of staff are kept under the account. */
const ofCases = (which: SQL) => sql`
  select 'case:' || k.id as subject, null as of_case from (select * from cases ${which} order by created_at desc limit ${MOST_RELATED}) k
  union all
  select 'account:' || k.account_id, k.id::text from (select * from cases ${which} order by created_at desc limit ${MOST_RELATED}) k
    where k.account_id is not null`

function subjectsOf(
  reader: Reader,
  { account, contract, case: caseId }: About,
): { title: SQL; subjects: SQL } {
  if (account) {
    return {
      title: sql`(select ${initials(sql`a`)} from accounts a where a.id = ${account} and a.id <> ${reader.id}
        and exists (select from contract_access x join contracts c on c.id = x.contract_id
          where x.account_id = a.id and ${isTheirs(reader, sql`c.biller_id`)}))`,
      subjects: sql`select 'account:' || ${account} as subject, null as of_case`,
    }
  }
  if (contract) {
    return {
      title: sql`(select billers.name || ' ' || contracts.code from contracts join billers on billers.id = contracts.biller_id
        where contracts.id = ${contract} and ${contractsInScope(reader)})`,
      subjects: sql`select 'contract:' || ${contract}::bigint as subject, null as of_case
        union all ${ofCases(sql`where contract_id = ${contract}`)}
        union all (select 'attempt:' || id, null from payment_attempts
          where id in (select attempt_id from payment_attempt_invoices where contract_id = ${contract})
          order by created_at desc limit ${MOST_RELATED})`,
    }
  }
  return {
    title: sql`(select coalesce(number, upper(left(cases.id::text, 8))) from cases where cases.id = ${caseId}
      and ${isTheirs(reader, sql`cases.biller_id`)} and ${isOthersCase(reader)})`,
    subjects: ofCases(sql`where cases.id = ${caseId}`),
  }
}

/** What is chosen, and whose deeds there are to choose; undefined where it is not for them. */
export async function findSubjects(reader: Reader, chosen: ChosenEvents): Promise<Found | undefined> {
  const isAbout = Boolean(chosen.account ?? chosen.contract ?? chosen.case)
  const of = isAbout
    ? subjectsOf(reader, chosen)
    : { title: sql`null`, subjects: sql`select null as subject, null as of_case where false` }
  const { rows } = await database().execute<Row>(sql`
    select ${of.title} as title,
      (select json_agg(json_build_object('subject', s.subject, 'ofCase', s.of_case)) from (${of.subjects}) s) as subjects,
      (select coalesce(json_agg(json_build_object('id', c.id, 'name', c.name) order by c.name, c.id), '[]') from (
        select distinct a.id, a.first_name || ' ' || a.last_name as name from staff_billers b join accounts a on a.id = b.account_id
        where ${isTheirs(reader, sql`b.biller_id`)}) c) as colleagues`)
  const { title, subjects, colleagues } = rows[0]!
  if (isAbout && title === null) return undefined
  if (chosen.person && !colleagues.some(({ id }) => id === chosen.person)) return undefined
  const found = (subjects ?? []).map(({ subject, ofCase }) => ({ subject, ...(ofCase && { ofCase }) }))
  return { title, subjects: found, colleagues }
}

/** The case with exactly this number; of a kind without one, whose id begins so. */
export function caseOfNumber(reader: Reader, typed: string): SQL {
  const short = parseCaseNumber(typed)
  const [from, to] = ['0', 'f'].map(
    end => short && `${short.toLowerCase()}-${`${end.repeat(4)}-`.repeat(3)}${end.repeat(12)}`,
  )
  return sql`(select id from cases where ${isTheirs(reader, sql`biller_id`)} and (number = ${typed}
    ${short ? sql`or id between ${from}::uuid and ${to}::uuid` : sql``}) limit 1)`
}
