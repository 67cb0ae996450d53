// Deadlines of cases in the database: counted from the history whenever a case moves, and when staff change the days off.
import { and, eq, isNotNull, type SQL, sql } from 'drizzle-orm'
import type { Executor, Transaction } from '../../db/client.ts'
import type { Country } from '../../db/enums.ts'
import { billers } from '../../db/schema/billers.ts'
import { caseEvents, cases } from '../../db/schema/cases.ts'
import { daysOff } from '../../db/schema/days-off.ts'
import { type Deadline, deadlineOf, type Step, type WorkingDays } from './deadline-rules.ts'
import type { Case } from './kind.ts'
import { isDecided } from './rules.ts'

/** What of a case says when it is due. */
export type Limited = Pick<Case, 'limitCount' | 'limitUnit' | 'limitFrom'>

/**
 * For queries over billers: the days off of its country. Tables are named in full: of a single table drizzle writes columns without,
 * and `country` would be that of the days.
 */
export const daysOffOfBiller: SQL<string[]> = sql`(
  select coalesce(json_agg(d."on"), '[]') from days_off d where d.country = billers.country)`

/** For queries over cases: since when it was in which state. */
export const stepsOfCase: SQL<{ state: Step['state']; at: string }[]> = sql`(
  select json_agg(json_build_object('state', e.state, 'at', e.at) order by e.number)
  from case_events e where e.case_id = cases.id)`

/** How a biller's days are counted. */
export async function getWorkingDays(db: Executor, billerId: number): Promise<WorkingDays> {
  const [row] = await db
    .select({ timeZone: billers.timeZone, daysOff: daysOffOfBiller })
    .from(billers)
    .where(eq(billers.id, billerId))
  return { timeZone: row!.timeZone, daysOff: new Set(row!.daysOff) }
}

/** Undefined for a case of a kind without a limit. */
const deadlineOfCase = (
  { limitCount, limitUnit, limitFrom }: Limited,
  history: readonly Step[],
  working: WorkingDays,
  now: Date,
): Deadline | undefined =>
  limitCount === null || limitUnit === null
    ? undefined
    : deadlineOf({ count: limitCount, unit: limitUnit }, history, working, now, limitFrom ?? undefined)

/**
 * `deadline`: while it is open, as it stands now. `counted`: the same; of what is decided, as it stood then. `inTime`: whether
 * what is decided was so in time.
 */
export type Counted = { deadline?: Deadline; counted?: Deadline; inTime?: boolean }

/** A case as queries find it, with its `steps` and its biller's days. */
export function countDeadline(
  one: Limited & Pick<Case, 'state' | 'dueAt' | 'decidedAt'>,
  steps: readonly { state: Step['state']; at: string }[],
  days: { timeZone: string; daysOff: readonly string[] },
  now: Date,
): Counted {
  const history = steps.map(({ state, at }) => ({ state, at: new Date(at) }))
  const working = { timeZone: days.timeZone, daysOff: new Set(days.daysOff) }
  if (!isDecided(one.state)) {
    const deadline = deadlineOfCase(one, history, working, now)
    return { deadline, counted: deadline }
  }
  const decided = history.findLastIndex(({ state }) => !isDecided(state)) + 1
  return {
    counted: deadlineOfCase(one, history.slice(0, decided + 1), working, history[decided]!.at),
    inTime: one.dueAt !== null && one.decidedAt !== null && one.decidedAt < one.dueAt,
  }
}

const LOCK = 'days off'

/**
 * The first statement of a transaction that counts deadlines: until its end nobody changes the days off, so that no case is
 * counted by those of before and committed after all others were counted anew.
 */
export const keepDaysOff = (tx: Transaction) =>
  tx.execute(sql`select pg_advisory_xact_lock_shared(hashtext(${LOCK}))`)

/** The first statement of a transaction that changes the days off. */
export const holdDaysOff = (tx: Transaction) =>
  tx.execute(sql`select pg_advisory_xact_lock(hashtext(${LOCK}))`)

/** From when on the case is late, as it stands `now`; for the transaction that moved it. Null: it has no limit. */
export async function countDueAt(db: Executor, one: Limited & Pick<Case, 'id' | 'billerId'>, now: Date) {
  if (one.limitCount === null) return null
  const working = await getWorkingDays(db, one.billerId)
  const steps = await db
    .select({ state: caseEvents.state, at: caseEvents.at })
    .from(caseEvents)
    .where(eq(caseEvents.caseId, one.id))
    .orderBy(caseEvents.number)
  return deadlineOfCase(one, steps, working, now)!.at
}

/** In the very words of the indexes. */
const IS_OPEN = sql`state in ('pending', 'taken', 'waiting')`

/**
 * After the days off of a country changed: counts its open cases anew, each as it stood when it came into its state; how many
 * are due at another time. What is decided stays as it was counted. Four statements, however many cases there are.
 */
export async function recountDueDates(tx: Transaction, country: Country): Promise<number> {
  const open = await tx
    .select({
      id: cases.id,
      dueAt: cases.dueAt,
      limitCount: cases.limitCount,
      limitUnit: cases.limitUnit,
      limitFrom: cases.limitFrom,
      timeZone: billers.timeZone,
    })
    .from(cases)
    .innerJoin(billers, eq(billers.id, cases.billerId))
    .where(and(eq(billers.country, country), IS_OPEN, isNotNull(cases.limitCount)))
    .orderBy(cases.id)
    .for('update', { of: cases })
  if (open.length === 0) return 0
  const days = await tx.select({ on: daysOff.on }).from(daysOff).where(eq(daysOff.country, country))
  const known = new Set(days.map(({ on }) => on))
  // Read once nobody moves them any more.
  const { rows } = await tx.execute<{ id: string; steps: { state: Step['state']; at: string }[] }>(sql`
    select case_id as id, json_agg(json_build_object('state', state, 'at', at) order by number) as steps
    from ${caseEvents} where case_id = any (${sql.param(open.map(({ id }) => id))}::uuid[]) group by case_id`)
  const histories = new Map(rows.map(({ id, steps }) => [id, steps]))
  const moved = open.flatMap(({ timeZone, ...one }) => {
    const history = histories.get(one.id)!.map(({ state, at }) => ({ state, at: new Date(at) }))
    // Moves that keep the state do not count it anew.
    const last = history.findLast(({ state }, step) => state !== history[step - 1]?.state)!
    const { at } = deadlineOfCase(one, history, { timeZone, daysOff: known }, last.at)!
    return at.getTime() === one.dueAt?.getTime() ? [] : [{ id: one.id, at }]
  })
  await tx.execute(sql`
    update ${cases} set due_at = counted.at
    from unnest(${sql.param(moved.map(({ id }) => id))}::uuid[], ${sql.param(moved.map(({ at }) => at.toISOString()))}::timestamptz[]) as counted (id, at)
    where ${cases.id} = counted.id`)
  return moved.length
}
