// Reading the audit log: newest first, a page or a file of what was chosen. Each look is written down before anything is read.
import { type SQL, sql } from 'drizzle-orm'
import { recordEvent } from '../platform/audit.ts'
import { database, replica } from '../platform/database.ts'
import { addDays, dayIn, type IsoDate, instantIn, PORTAL_ZONE } from '../platform/dates.ts'
import { actionGroups } from './actions.ts'
import type { ChosenEvents } from './chosen.ts'
import {
  contractOfAttempt,
  eventInScope,
  idsOfEvent,
  initials,
  isColleague,
  isStaff,
  type Reader,
  subjectsOf,
} from './scope.ts'
import { type Found, findSubjects } from './subjects.ts'

export const AUDIT_PAGE = 50
/** Lines of a file. */
export const MOST_EXPORTED = 5000

/** `staff`: one of the reader's colleagues. `others`: staff of other companies. `portal`: nobody, a job or a bank. */
export type Doer = 'staff' | 'others' | 'customer' | 'portal'

export type ShownEvent = {
  id: number
  at: Date
  action: string
  doer: Doer
  /** Of colleagues their name, of customers their initials. */
  name: string | null
  /** What it is about, where that can be said: a contract's biller and code, a case's number. */
  contract: string | null
  case: { number: string; queue: string; id: string } | null
  /** Which of the data that staff keep: a tariff's biller, group and first day, a country's year of days off. */
  data: string | null
  /** Whom it is about: a customer whose events can be looked up. */
  account: { id: string; initials: string } | null
  reason: string | null
  /** For administrators alone: where it came from, and by which number the log speaks of it. */
  address: string | null
  requestId: string | null
}
type Row = Omit<ShownEvent, 'at'> & { at: string }

export type Audit = Pick<Found, 'title' | 'colleagues'> & { events: ShownEvent[]; next?: number }

/** A page of what is chosen, those before the event `before`; undefined where it is not for them. `next`: what the next page follows. */
export async function listAudit(
  reader: Reader,
  chosen: ChosenEvents,
  before: number | undefined,
  now: Date,
): Promise<Audit | undefined> {
  const found = await findSubjects(reader, chosen)
  if (!found) return undefined
  await recordLook(reader, 'audit.viewed', { ...chosen, before }, now)
  const events = await readEvents(reader, found, within(chosen, now), before, AUDIT_PAGE + 1)
  const { title, colleagues } = found
  const shown = events.slice(0, AUDIT_PAGE)
  return { title, colleagues, events: shown, next: events.length > AUDIT_PAGE ? shown.at(-1)!.id : undefined }
}

/** The newest of what is chosen, `MOST_EXPORTED` at most; undefined where it is not for them. */
export async function exportAudit(
  reader: Reader,
  chosen: ChosenEvents,
  now: Date,
): Promise<ShownEvent[] | undefined> {
  const found = await findSubjects(reader, chosen)
  if (!found) return undefined
  await recordLook(reader, 'audit.exported', chosen, now)
  return readEvents(reader, found, within(chosen, now), undefined, MOST_EXPORTED)
}

/** Where neither anything nor anybody is named, no more than so many days are looked through. */
export const DAYS_OF_ALL = 31

function within(chosen: ChosenEvents, now: Date): ChosenEvents {
  const { account, contract, case: caseId, person, from, to } = chosen
  if (account ?? contract ?? caseId ?? person) return chosen
  const earliest = addDays(to ?? dayIn(PORTAL_ZONE, now), 1 - DAYS_OF_ALL)
  return { ...chosen, from: from && from > earliest ? from : earliest }
}

/** Whoever is looked up finds it in their access log, as other looks of staff. */
async function recordLook(
  reader: Reader,
  action: 'audit.viewed' | 'audit.exported',
  chosen: ChosenEvents & { before?: number },
  now: Date,
): Promise<void> {
  const { account, contract, case: caseId, person } = chosen
  const subject = account
    ? `account:${account}`
    : contract
      ? `contract:${contract}`
      : caseId
        ? `case:${caseId}`
        : person && `account:${person}`
  const details = Object.fromEntries(Object.entries(chosen).filter(([, value]) => value !== undefined))
  await recordEvent(database(), { accountId: reader.id, action, subject, details, at: now })
}

const midnight = (day: IsoDate) =>
  sql`${instantIn(PORTAL_ZONE, `${day}T00:00:00`)!.toISOString()}::timestamptz`

/** What holds for each source by itself, so that its index gives no more than is wanted. */
function chosenOf({ group, from, to }: ChosenEvents, before: number | undefined): SQL {
  const conditions = [
    group && sql`action = any (${sql.param(actionGroups[group])}::text[])`,
    before !== undefined && sql`id < ${before}`,
    from && sql`at >= ${midnight(from)}`,
    to && sql`at < ${midnight(addDays(to, 1))}`,
  ].filter(one => one !== undefined && one !== false && one !== '')
  return conditions.length === 0 ? sql`true` : sql.join(conditions as SQL[], sql` and `)
}

/** So many events are read at first for each that is shown; where many of them are not for the reader, ten times as many, and so on. */
const SPARE = 1.25
const MORE = 10

/**
 * What is chosen, `most` at most. Each source, an account that did something or a subject, gives its newest events from an index of
 * each month, and only as many as are looked at. Those that are not for the reader are passed over.
 */
async function readEvents(
  reader: Reader,
  found: Found,
  chosen: ChosenEvents,
  before: number | undefined,
  most: number,
): Promise<ShownEvent[]> {
  const events: ShownEvent[] = []
  let [last, count] = [before, Math.ceil(most * SPARE)]
  while (events.length < most) {
    const newest = sql`${chosenOf(chosen, last)} order by id desc limit ${count}`
    const read = await readMerged(
      reader,
      sql`select * from (${sql.join(sourcesOf(found, chosen, newest), sql` union all `)}) found order by id desc limit ${count}`,
      most - events.length,
    )
    events.push(...read.events)
    if (read.count < count) break
    last = read.last
    count *= MORE
  }
  return events.slice(0, most)
}

/**
 * Where the events of what is chosen are, none twice. All subjects by one plan: one each, of every month, would take longer to plan
 * than to read.
 */
function sourcesOf({ subjects, colleagues }: Found, { account, person }: ChosenEvents, newest: SQL): SQL[] {
  const events = sql`select id, at, account_id, action, subject, address, request_id, details from audit_events`
  const done = (by: SQL) => sql`(${events} where ${by} and ${newest})`
  const bySubject = sql`(select e.* from unnest(${sql.param(subjects.map(({ subject }) => subject))}::text[],
      ${sql.param(subjects.map(({ ofCase }) => ofCase ?? null))}::text[]) about (name, of_case)
    cross join lateral (${events} where subject = about.name
      and (about.of_case is null or details ->> 'case' = about.of_case)${person ? sql` and account_id = ${person}` : sql``}${
        account ? sql` and account_id is distinct from ${account}` : sql``
      } and ${newest}) e)`
  if (person) return subjects.length > 0 ? [bySubject] : [done(sql`account_id = ${person}`)]
  if (account) return [bySubject, done(sql`account_id = ${account}`)]
  // Without anything or anybody named: what colleagues did.
  return subjects.length > 0
    ? [bySubject]
    : [done(sql`account_id = any (${sql.param(colleagues.map(({ id }) => id))}::uuid[])`)]
}

/** Those of `merged` (SQL) that are for the reader, the newest `most`. How many it had, and the last of them. */
async function readMerged(
  reader: Reader,
  merged: SQL,
  most: number,
): Promise<{ events: ShownEvent[]; count: number; last?: number }> {
  const byColleague = isColleague(reader)
  const { rows } = await replica().execute<Row & { count: number; last: number }>(sql`
    with merged as materialized (${merged}),
    about as materialized (select * from merged e cross join lateral ${idsOfEvent} ids),
    ${subjectsOf(reader)},
    shown as materialized (
      select e.*, ${byColleague} as by_colleague from about e where ${eventInScope(reader)} order by e.id desc limit ${most}),
    -- Each once, whatever they did.
    people as materialized (select a.id, a.first_name, a.last_name from accounts a
      where a.id = any (array(select account_id from shown union select subject_id from shown)) and a.closed_at is null)
    select e.id::float as id, e.at, e.action, all_of.count, all_of.last,
      case when e.account_id is null then 'portal' when e.by_colleague then 'staff'
        when e.account_id is distinct from e.subject_id and ${isStaff}
          then 'others' else 'customer' end as doer,
      case when e.by_colleague then doer.first_name || ' ' || doer.last_name else ${initials(sql`doer`)} end as name,
      e.details ->> 'reason' as reason,
      case when e.action like 'tariff.%' then concat_ws(' ', upper(e.details ->> 'biller'), e.details ->> 'group', e.details ->> 'from')
        when e.action like 'daysOff.%' then concat_ws(' ', e.details ->> 'country', e.details ->> 'year') end as data,
      ${reader.role === 'administrator' ? sql`host(e.address) as address, e.request_id as "requestId"` : sql`null as address, null as "requestId"`},
      (select title from their_contracts c where c.id = coalesce(e.contract_id, ${contractOfAttempt})) as contract,
      (select json_build_object('number', coalesce(k.number, upper(left(k.id::text, 8))), 'queue', k.queue, 'id', k.id)
        from known_cases k where k.id = e.case_id) as case,
      case when (select has_contracts from their_accounts a where a.id = subject.id)
        then json_build_object('id', subject.id, 'initials', ${initials(sql`subject`)}) end as account
    from (select count(*)::int as count, min(id)::float as last from merged) all_of
    left join shown e on true
    left join people doer on doer.id = e.account_id
    left join people subject on subject.id = e.subject_id
    order by e.id desc`)
  const { count, last } = rows[0]!
  const events = rows.flatMap(({ at, count: _, last: __, ...event }) =>
    event.id === null ? [] : [{ ...event, at: new Date(at) }],
  )
  return { events, count, last }
}
