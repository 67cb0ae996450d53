// How requests were dealt with, by kind: what came and what was closed in a period, whenever it came.
import { and, eq, inArray, type SQL, sql } from 'drizzle-orm'
import type { Database } from '../../db/client.ts'
import { billers } from '../../db/schema/billers.ts'
import { type CaseFigures, caseStatistics } from '../../db/schema/cases.ts'
import type { Staff } from '../auth/staff.ts'
import { recordEvent } from '../platform/audit.ts'
import { database, replica } from '../platform/database.ts'
import { addDays, dayIn, type IsoDate, instantIn, PORTAL_ZONE } from '../platform/dates.ts'
import type { RequestCode } from './catalogue.ts'

/** So many days up to today, today included. */
export const periods = ['7', '30', '90', '365'] as const
export type Period = (typeof periods)[number]

type Figures = Omit<CaseFigures, 'kind' | 'inTime'>
export type KindFigures = Figures & { kind: RequestCode }

/** Answers in time by how many whole days they took, so many days a bar; the last bar has all that took longer. */
export const DAYS_A_BAR = 2
export const BARS = 8

export type Statistics = Awaited<ReturnType<typeof getStatistics>>

export const readPeriod = (typed: unknown): Period => periods.find(period => period === typed) ?? '30'

/** The first and the last day of a period. */
export function daysOf(period: Period, now: Date): { from: IsoDate; to: IsoDate } {
  const to = dayIn(PORTAL_ZONE, now)
  return { from: addDays(to, 1 - Number(period)), to }
}

const NONE: CaseFigures = {
  ...{
    kind: null,
    openBefore: 0,
    open: 0,
    came: 0,
    resolved: 0,
    refused: 0,
    cancelled: 0,
    closed: 0,
    late: 0,
  },
  ...{ medianDays: null, inTime: Array.from({ length: BARS }, () => 0) },
}

/**
 * Of each kind of a biller's of which anything came or was closed in the period, and of all, as they were counted last
 * (`countedAt`; now where that was never). For staff of the biller: of others all is nothing. `action`: how the look is written
 * down, before anything is shown.
 */
export async function getStatistics(
  staff: Staff,
  biller: number | undefined,
  period: Period,
  now: Date,
  action: 'statistics.viewed' | 'statistics.exported',
) {
  const details = { days: Number(period), biller: biller ?? null }
  await recordEvent(database(), { accountId: staff.id, action, details, at: now })
  const [counted] = await replica()
    .select()
    .from(caseStatistics)
    .where(
      and(
        eq(caseStatistics.billerId, biller ?? 0),
        inArray(caseStatistics.billerId, staff.billerIds),
        eq(caseStatistics.days, Number(period)),
      ),
    )
  const figures = counted?.figures ?? []
  const kinds = figures.flatMap(({ kind, inTime: _, ...of }): KindFigures[] =>
    kind === null || of.came + of.closed === 0 ? [] : [{ kind: kind as RequestCode, ...of }],
  )
  const { kind: _, inTime, ...all } = figures.find(({ kind }) => kind === null) ?? NONE
  return { kinds, all, inTime, countedAt: counted?.countedAt ?? now }
}

/** Counts each period of each biller anew. */
export async function countRequests(db: Database, now: Date): Promise<void> {
  for (const { id } of await db.select({ id: billers.id }).from(billers)) {
    for (const period of periods) {
      const figures = await count(db, id, period, now)
      const counted = { figures, countedAt: now }
      await db
        .insert(caseStatistics)
        .values({ billerId: id, days: Number(period), ...counted })
        .onConflictDoUpdate({ target: [caseStatistics.billerId, caseStatistics.days], set: counted })
    }
  }
}

/** Reads what came in the period, what was open when it began, and what was decided in it. */
async function count(db: Database, biller: number, period: Period, now: Date): Promise<CaseFigures[]> {
  const from = instantIn(PORTAL_ZONE, `${daysOf(period, now).from}T00:00:00`)!
  const begins = sql`${from.toISOString()}::timestamptz`
  const of = (which: SQL) => sql`(count(*) filter (where ${which}))::int`
  const isClosed = sql`decided_at >= ${begins}`
  const isAnswered = sql`${isClosed} and state in ('accepted', 'rejected')`
  const part = (which: SQL) => sql`
    select kind, state, created_at, decided_at, due_at, date_part('epoch', decided_at - created_at) / 86400 as days
    from cases where queue = 'requests' and biller_id = ${biller} and ${which}`
  const bars = Array.from({ length: BARS }, (_, bar) => {
    const longer = sql`days >= ${bar * DAYS_A_BAR}`
    const took = bar === BARS - 1 ? longer : sql`${longer} and days < ${(bar + 1) * DAYS_A_BAR}`
    return of(sql`${isAnswered} and decided_at < due_at and ${took}`)
  })
  const { rows } = await db.execute<CaseFigures>(sql`
    select kind, ${of(sql`created_at < ${begins}`)} as "openBefore", ${of(sql`decided_at is null`)} as open,
      ${of(sql`created_at >= ${begins}`)} as came,
      ${of(sql`${isClosed} and state = 'accepted'`)} as resolved,
      ${of(sql`${isClosed} and state = 'rejected'`)} as refused,
      ${of(sql`${isClosed} and state = 'withdrawn'`)} as cancelled,
      ${of(isClosed)} as closed,
      ${of(sql`${isAnswered} and decided_at >= due_at`)} as late,
      (percentile_cont(0.5) within group (order by days) filter (where ${isAnswered}))::float as "medianDays",
      array[${sql.join(bars, sql`, `)}] as "inTime"
    from (
      ${part(sql`state in ('pending', 'taken', 'waiting')`)}
      union all
      ${part(sql`state in ('accepted', 'rejected', 'withdrawn') and ${isClosed}`)}) c
    group by grouping sets ((kind), ()) order by kind`)
  return rows
}
