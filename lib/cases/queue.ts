// Queues: the cases that staff have to decide, by when they are due, and those that are decided. Every look is written down.
import { type SQL, sql } from 'drizzle-orm'
import { type CaseState, type Country, type caseSteps, decidedStates, openStates } from '../../db/enums.ts'
import type { Staff } from '../auth/staff.ts'
import { recordEvent } from '../platform/audit.ts'
import { database } from '../platform/database.ts'
import { addDays, dayIn, instantIn, PORTAL_ZONE } from '../platform/dates.ts'
import { type RequestCode, type RequestType, requestCodes, requestTypes, typeOf } from './catalogue.ts'
import { type Counted, countDeadline } from './deadlines.ts'
import type { Case } from './kind.ts'
import { type KindCode, kinds, kindsIn } from './kinds.ts'
import { isOthersCase } from './scope.ts'

type Row = Pick<Case, 'id' | 'queue' | 'number' | 'title' | 'about' | 'state'> & {
  country: Country
  kind: KindCode
  biller: string
  /** First name and first letter of the last one, of the member of staff who has it. */
  takenBy: string | null
  timeZone: string
} & Pick<Case, 'limitCount' | 'limitUnit'>
type Times<T> = { createdAt: T; decidedAt: T | null; dueAt: T | null; limitFrom: T | null }
type Step = { state: CaseState; move: (typeof caseSteps)[number]; at: string }
/** `steps`: null of what is decided, of which a list says nothing that is counted from them. */
type Found = Row & Times<string> & { steps: Step[] | null; daysOff: string[] | null }

export const QUEUE_PAGE = 50

/** Which part of a queue, as SQL, in the very words of the indexes. */
const PARTS = {
  /** What is due first; without a legal limit the oldest first. */
  open: {
    states: openStates,
    is: sql`state in ('pending', 'taken', 'waiting')`,
    place: sql`coalesce(due_at, created_at)`,
    order: sql`asc`,
    beyond: sql`>`,
  },
  /** The latest first. */
  decided: {
    states: decidedStates,
    is: sql`state in ('accepted', 'rejected', 'withdrawn')`,
    place: sql`decided_at`,
    order: sql`desc`,
    beyond: sql`<`,
  },
}

/** Late, or due by tomorrow. */
export const dueChoices = ['late', 'soon'] as const
type DueChoice = (typeof dueChoices)[number]

/** What of a part is wanted: of one kind or type, in one state, of one biller (its code), due when; `mine`: what they have themselves. */
export type Chosen = {
  type?: RequestType
  kind?: KindCode
  state?: CaseState
  biller?: string
  due?: DueChoice
  mine?: 'yes'
}

/** Whether all cases of the queue have a legal limit, a number and a type. */
export const isOfRequests = (queue: string): boolean => queue === kinds[requestCodes[0]!].queue

export const typesIn = (queue: string): readonly RequestType[] => (isOfRequests(queue) ? requestTypes : [])

const kindsOf = (queue: string, { kind, type }: Chosen): KindCode[] =>
  kindsIn(queue).filter(
    code => (!kind || code === kind) && (!type || (isRequest(code) && typeOf(code) === type)),
  )
const isRequest = (code: KindCode): code is RequestCode =>
  (requestCodes as readonly KindCode[]).includes(code)

/** Time stands still while the owner is asked, unless it was over before. */
const isDueBy = (at: SQL): SQL =>
  sql`(due_at is not null and coalesce(due_at, created_at) <= ${at} and (state <> 'waiting' or due_at <= state_at))`
const instant = (at: Date) => sql`${at.toISOString()}::timestamptz`

/** The end of tomorrow. */
const soonEnds = (now: Date): Date =>
  instantIn(PORTAL_ZONE, `${addDays(dayIn(PORTAL_ZONE, now), 2)}T00:00:00`)!

function isDue(due: DueChoice | undefined, now: Date): SQL {
  if (!due) return sql`true`
  const late = isDueBy(instant(now))
  return due === 'late'
    ? late
    : sql`(${isDueBy(instant(soonEnds(now)))} and coalesce(due_at, created_at) > ${instant(now)} and state <> 'waiting')`
}

/**
 * The cases `found` (SQL: their columns and `time_zone`, `biller` and `country` of their billers) with what a list says of them. The
 * histories are read together, and the days off once.
 */
const listed = (found: SQL, order: SQL, after = sql``): SQL => sql`
  with ${after} found as materialized (${found}),
  histories as materialized (
    select e.case_id, json_agg(json_build_object('state', e.state, 'move', e.move, 'at', e.at) order by e.number) as steps
    from case_events e where e.case_id = any (array(select id from found where ${PARTS.open.is})) group by e.case_id),
  days as materialized (select d.country, json_agg(d."on") as days from days_off d group by d.country)
  select kind, queue, id, number, title, biller, country, about, state,
    (select first_name || ' ' || left(last_name, 1) || '.' from accounts where accounts.id = found.taken_by) as "takenBy",
    created_at as "createdAt", decided_at as "decidedAt", due_at as "dueAt", time_zone as "timeZone", limit_count as "limitCount",
    limit_unit as "limitUnit", limit_from as "limitFrom", histories.steps,
    (select days from days where days.country = found.country) as "daysOff"
  from found left join histories on histories.case_id = found.id order by ${order}`

const OF_BILLER = sql`billers.name as biller, billers.country, billers.time_zone`

const instantOf = (at: string | null) => (at === null ? null : new Date(at))

/** With its time limit, in place of what that is counted from. */
function withDeadline({ steps, daysOff, ...row }: Found, now: Date): ListedCase {
  const one = {
    ...row,
    createdAt: new Date(row.createdAt),
    decidedAt: instantOf(row.decidedAt),
    dueAt: instantOf(row.dueAt),
    limitFrom: instantOf(row.limitFrom),
  }
  if (!steps) return { ...one, answered: false }
  const days = { timeZone: row.timeZone, daysOff: daysOff ?? [] }
  const last = steps.findLast(({ state }, place) => place > 0 && state !== steps[place - 1]!.state)
  const answered = row.state === 'pending' && last?.move === 'answer'
  return { ...one, answered, deadline: countDeadline(one, steps, days, now).deadline }
}

/** `answered`: its owner has answered what staff asked, and nobody has gone on with it. */
export type ListedCase = Row & Times<Date> & Pick<Counted, 'deadline'> & { answered: boolean }

type Part = keyof typeof PARTS

/**
 * A page of a queue for a member of staff: `QUEUE_PAGE` at most, those that follow the case `after`. `next`: what the next
 * page follows, where there is one.
 */
export async function listCases(
  staff: Staff,
  queue: string,
  part: Part,
  after: string | undefined,
  now: Date,
  chosen: Chosen = {},
) {
  const { cases, isCut } = await findCases(staff, queue, part, { after, most: QUEUE_PAGE }, now, chosen)
  await recordEvent(database(), { accountId: staff.id, action: `${queue}.listed`, at: now })
  return { cases, next: isCut ? cases.at(-1)!.id : undefined }
}

/** A file has so many at most. */
export const EXPORTED = 2000

/** The same for a file, `EXPORTED` at most; `isCut`: there are more. What was asked for and how many it has is written down. */
export async function exportCases(staff: Staff, queue: string, part: Part, now: Date, chosen: Chosen = {}) {
  const found = await findCases(staff, queue, part, { after: undefined, most: EXPORTED }, now, chosen)
  await recordEvent(database(), {
    accountId: staff.id,
    action: `${queue}.exported`,
    details: {
      part,
      ...Object.fromEntries(Object.entries(chosen).filter(([, value]) => value !== undefined)),
      cases: found.cases.length,
    },
    at: now,
  })
  return found
}

async function findCases(
  staff: Staff,
  queue: string,
  part: Part,
  { after, most }: { after: string | undefined; most: number },
  now: Date,
  chosen: Chosen,
) {
  const { states, is, place, order, beyond } = PARTS[part]
  const { state, biller, due, mine } = chosen
  const wantedKinds = sql`${sql.param(kindsOf(queue, chosen))}::text[]`
  const wantedStates = sql`${sql.param(state ? [state] : states)}::text[]`
  const page = (which: SQL) => sql`(
    select *, ${place} as place from cases
    where queue = ${queue} and biller_id = billers.id and ${which}
      and ${isOthersCase(staff)} and ${is} and ${isDue(due, now)}
      and ${after ? sql`(${place}, id) ${beyond} (select place, id from after)` : sql`true`}
    order by ${place} ${order}, id ${order} limit ${most + 1}) page`
  // What somebody has stands in an index of its own, and so does all that a biller has; else each biller, kind and state gives a
  // page from its own part of the index, however much others have.
  const isAll = !mine && !state && kindsOf(queue, chosen).length === kindsIn(queue).length
  const source = mine
    ? sql`billers cross join lateral ${page(
        sql`taken_by = ${staff.id} and kind = any (${wantedKinds}) and state = any (${wantedStates})`,
      )}`
    : isAll
      ? sql`billers cross join lateral ${page(sql`true`)}`
      : sql`billers cross join unnest(${wantedKinds}) as kinds (kind) cross join unnest(${wantedStates}) as states (state)
      cross join lateral ${page(sql`cases.kind = kinds.kind and cases.state = states.state`)}`
  const { rows } = await database().execute<Found>(
    listed(
      sql`select page.*, ${OF_BILLER} from ${source} where ${ofBillers(staff)}
        and ${biller === undefined ? sql`true` : sql`billers.code = ${biller}`}
        order by page.place ${order}, page.id ${order} limit ${most + 1}`,
      sql`place ${order}, id ${order}`,
      sql`after as (select ${place} as place, id from cases where id = ${after ?? null}),`,
    ),
  )
  return { cases: rows.slice(0, most).map(row => withDeadline(row, now)), isCut: rows.length > most }
}

/**
 * The cases of a queue that have exactly this number, or are about exactly the contract with this code (as `readSearch` reads
 * either), whatever became of them: the latest first, `QUEUE_PAGE` at most. What was looked for is written down.
 */
export async function searchCases(staff: Staff, queue: string, search: string, now: Date) {
  const { rows } = await database().execute<Found>(
    listed(
      sql`select page.*, ${OF_BILLER} from billers cross join lateral (
          select * from (
            select * from cases where biller_id = billers.id and number = ${search}
            union all
            select * from cases where contract_id = (
              select id from contracts where biller_id = billers.id and contracts.code = ${search})) cases
          where queue = ${queue} and ${isOthersCase(staff)}) page
        where ${ofBillers(staff)} order by page.created_at desc, page.id desc limit ${QUEUE_PAGE}`,
      sql`created_at desc, id desc`,
    ),
  )
  const details = { search, found: rows.length }
  await recordEvent(database(), { accountId: staff.id, action: `${queue}.searched`, details, at: now })
  return rows.map(row => withDeadline(row, now))
}

/** More than so many are not counted: of more it is enough to know that. */
export const COUNTED = 100

/**
 * The open cases of each biller, kind and state, `COUNTED` + 1 at most, what is due first. Which kinds and states there are is found by
 * going from one to the next in their index: most of them have none.
 */
const firstOpen = (staff: Staff, codes: KindCode[]): SQL => {
  const ofQueue = sql`queue = queues.queue and biller_id = billers.id and ${PARTS.open.is}`
  return sql`billers
  cross join unnest(${sql.param([...new Set(codes.map(code => kinds[code].queue))])}::text[]) as queues (queue)
  cross join lateral (
    with recursive present as (
      (select kind, state from cases where ${ofQueue} order by kind, state limit 1)
      union all
      select next.kind, next.state from present cross join lateral (
        select kind, state from cases where ${ofQueue} and (kind, state) > (present.kind, present.state) order by kind, state limit 1) next)
    select kind, state from present where kind = any (${sql.param(codes)}::text[])) kinds
  cross join lateral (
    select created_at, due_at, state_at from cases
    where ${ofQueue} and cases.kind = kinds.kind and cases.state = kinds.state and ${isOthersCase(staff)}
    order by ${PARTS.open.place}, id limit ${COUNTED + 1}) open`
}

const ofBillers = (staff: Staff) => sql`billers.id = any (${sql.param(staff.billerIds)}::smallint[])`

/**
 * The open cases of a queue and these billers that are after their legal limit, as a table with `due_at`: of each biller the first due,
 * `COUNTED` + 1 at most.
 */
export const lateCases = (queue: string, billerIds: readonly number[], now: Date): SQL => sql`(
  select late.due_at from unnest(${sql.param([...billerIds])}::smallint[]) as mine (id) cross join lateral (
    select due_at from cases where queue = ${queue} and biller_id = mine.id and ${PARTS.open.is} and ${isDueBy(instant(now))}
    order by ${PARTS.open.place}, id limit ${COUNTED + 1}) late)`

/** How many open cases each queue has for a member of staff in each state, `COUNTED` + 1 at most, and since when the oldest is there. */
export async function countOpenCases(staff: Staff, now: Date) {
  const { rows } = await database().execute<{
    queue: string
    state: CaseState
    count: number
    oldest: string
    late: number
  }>(sql`
    select queues.queue, kinds.state, least(count(*), ${COUNTED + 1}::int)::int as count, 
      min(case kinds.state when 'waiting' then open.state_at else open.created_at end) as oldest,
      least(count(*) filter (where ${isDue('late', now)}), ${COUNTED + 1}::int)::int as late
    from ${firstOpen(staff, Object.keys(kinds) as KindCode[])}
    where ${ofBillers(staff)} group by queues.queue, kinds.state`)
  return rows.map(({ oldest, ...row }) => ({ ...row, oldest: new Date(oldest) }))
}

/** `first`: when the first of them was due, or is; of those without a legal limit, when it came. */
export type Tile = { count: number; first?: Date }

export type QueueSummary = Awaited<ReturnType<typeof summariseQueue>>

/** What waits in a queue for a member of staff: `COUNTED` + 1 at most of each. `types`: of how many each has. */
export async function summariseQueue(staff: Staff, queue: string, now: Date) {
  const tile = (which: SQL, of = sql`open.due_at`) =>
    sql`json_build_object('count', (count(*) filter (where ${which}))::int, 'first', min(${of}) filter (where ${which}))`
  const mine = sql`(select json_build_object('count', count(*)::int, 'first', min(coalesce(due_at, created_at))) from (
    select due_at, created_at from cases
    where taken_by = ${staff.id} and queue = ${queue} and ${PARTS.open.is} and ${isOthersCase(staff)}
      and biller_id = any (${sql.param(staff.billerIds)}::smallint[])
    order by ${PARTS.open.place}, id limit ${COUNTED + 1}) taken)`
  type Raw = { count: number; first: string | null }
  const { rows } = await database().execute<
    { kind: KindCode } & Record<'all' | 'late' | 'soon' | 'pending' | 'waiting' | 'mine', Raw>
  >(sql`
    select kind, ${tile(sql`true`)} as all, ${tile(isDue('late', now))} as late, ${tile(isDue('soon', now))} as soon,
      ${tile(sql`state = 'pending'`, sql`open.created_at`)} as pending,
      ${tile(sql`state = 'waiting'`, sql`open.state_at`)} as waiting, ${mine} as mine
    from ${firstOpen(staff, kindsIn(queue))} where ${ofBillers(staff)} group by kind`)
  const sum = (of: typeof rows, name: Exclude<keyof (typeof rows)[number], 'kind'>): Tile => {
    const firsts = of.flatMap(row => row[name].first ?? []).sort()
    const count = Math.min(
      COUNTED + 1,
      of.reduce((all, row) => all + row[name].count, 0),
    )
    return { count, first: firsts[0] === undefined ? undefined : new Date(firsts[0]) }
  }
  const types = typesIn(queue).map(type => ({
    type,
    count: sum(
      rows.filter(({ kind }) => kindsOf(queue, { type }).includes(kind)),
      'all',
    ).count,
  }))
  const [first] = rows
  return {
    types,
    all: sum(rows, 'all').count,
    late: sum(rows, 'late'),
    soon: sum(rows, 'soon'),
    pending: sum(rows, 'pending'),
    waiting: sum(rows, 'waiting'),
    mine: sum(first ? [first] : [], 'mine'),
  }
}
