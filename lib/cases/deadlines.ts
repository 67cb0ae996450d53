// Deadlines of cases in the database: counted from the history whenever a case moves, and when staff change the days off.
import { and, eq, inArray, isNotNull } from 'drizzle-orm'
import type { Executor } from '../../db/client.ts'
import { type Country, openStates } from '../../db/enums.ts'
import { billers } from '../../db/schema/billers.ts'
import { caseEvents, cases } from '../../db/schema/cases.ts'
import { daysOff } from '../../db/schema/days-off.ts'
import { type Deadline, deadlineOf, type Step, type WorkingDays } from './deadline-rules.ts'
import type { Case } from './kind.ts'

/** What of a case says when it is due. */
export type Limited = Pick<Case, 'limitCount' | 'limitUnit' | 'limitFrom'>

/**
 * How a biller's days are counted. A join, no query within the columns: of a single table drizzle writes columns without the
 * table's name, and `country` would be that of the days.
 */
export async function getWorkingDays(db: Executor, billerId: number): Promise<WorkingDays> {
  const rows = await db
    .select({ timeZone: billers.timeZone, on: daysOff.on })
    .from(billers)
    .leftJoin(daysOff, eq(daysOff.country, billers.country))
    .where(eq(billers.id, billerId))
  return { timeZone: rows[0]!.timeZone, daysOff: new Set(rows.flatMap(({ on }) => on ?? [])) }
}

/** Undefined for a case of a kind without a limit. */
export const deadlineOfCase = (
  { limitCount, limitUnit, limitFrom }: Limited,
  history: readonly Step[],
  working: WorkingDays,
  now: Date,
): Deadline | undefined =>
  limitCount === null || limitUnit === null
    ? undefined
    : deadlineOf({ count: limitCount, unit: limitUnit }, history, working, now, limitFrom ?? undefined)

const listSteps = (db: Executor, caseId: string): Promise<Step[]> =>
  db
    .select({ state: caseEvents.state, at: caseEvents.at })
    .from(caseEvents)
    .where(eq(caseEvents.caseId, caseId))
    .orderBy(caseEvents.number)

/** From when on the case is late, as it stands `now`; for the transaction that moved it. Null: it has no limit. */
export async function countDueAt(db: Executor, one: Limited & Pick<Case, 'id' | 'billerId'>, now: Date) {
  if (one.limitCount === null) return null
  const working = await getWorkingDays(db, one.billerId)
  return deadlineOfCase(one, await listSteps(db, one.id), working, now)!.at
}

/** After the days off of a country changed: counts its open cases anew. What is decided stays as it was counted. */
export async function recountDueDates(db: Executor, country: Country, now: Date): Promise<void> {
  const open = await db
    .select({ one: cases })
    .from(cases)
    .innerJoin(billers, eq(billers.id, cases.billerId))
    .where(and(eq(billers.country, country), inArray(cases.state, openStates), isNotNull(cases.limitCount)))
    .orderBy(cases.id)
    .for('update', { of: cases })
  for (const { one } of open) {
    const dueAt = await countDueAt(db, one, now)
    if (dueAt?.getTime() === one.dueAt?.getTime()) continue
    await db.update(cases).set({ dueAt }).where(eq(cases.id, one.id))
  }
}
