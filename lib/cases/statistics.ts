// How requests were dealt with, by kind: what came and what was closed in a period, whenever it came.
import { type SQL, sql } from 'drizzle-orm'
import type { Staff } from '../auth/staff.ts'
import { recordEvent } from '../platform/audit.ts'
import { database } from '../platform/database.ts'
import { addDays, dayIn, type IsoDate, instantIn } from '../platform/dates.ts'
import type { RequestCode } from './catalogue.ts'
import { isOthersCase } from './scope.ts'

/** So many days up to today, today included. */
export const periods = ['7', '30', '90', '365'] as const
export type Period = (typeof periods)[number]

/**
 * `open`: now. `openBefore`: when the period began; with what came and without what was closed it is those open now. `medianDays`:
 * from sending to answer, of those that were resolved or refused. `late`: of the same, after their legal limit.
 */
type Figures = {
  openBefore: number
  open: number
  came: number
  resolved: number
  refused: number
  cancelled: number
  closed: number
  late: number
  medianDays: number | null
}
export type KindFigures = Figures & { kind: RequestCode }

/** Answers in time by how many whole days they took, so many days a bar; the last bar has all that took longer. */
export const DAYS_A_BAR = 2
export const BARS = 8

export type Statistics = Awaited<ReturnType<typeof getStatistics>>

/** Staff's day: both countries keep the same time. */
const ZONE = 'Europe/Belgrade'

export const readPeriod = (typed: unknown): Period => periods.find(period => period === typed) ?? '30'

/** The first and the last day of a period. */
export function daysOf(period: Period, now: Date): { from: IsoDate; to: IsoDate } {
  const to = dayIn(ZONE, now)
  return { from: addDays(to, 1 - Number(period)), to }
}

/**
 * Of each kind of which anything came or was closed in the period, and of all, for a member of staff: what they may see, as it
 * stands now. `inTime`: how many answers in time each bar has. `action`: how the look is written down, before anything is shown.
 */
export async function getStatistics(
  staff: Staff,
  period: Period,
  now: Date,
  action: 'statistics.viewed' | 'statistics.exported',
) {
  const from = instantIn(ZONE, `${daysOf(period, now).from}T00:00:00`)!
  await recordEvent(database(), { accountId: staff.id, action, details: { days: Number(period) }, at: now })
  const begins = sql`${from.toISOString()}::timestamptz`
  const count = (which: SQL) => sql`(count(*) filter (where ${which}))::int`
  const isClosed = sql`decided_at >= ${begins}`
  const isAnswered = sql`${isClosed} and state in ('accepted', 'rejected')`
  const part = (which: SQL) => sql`
    select c.* from billers cross join lateral (
      select kind, state, created_at, decided_at, due_at, date_part('epoch', decided_at - created_at) / 86400 as days from cases
      where queue = 'requests' and biller_id = billers.id and ${which} and ${isOthersCase(staff)}) c
    where billers.id = any (${sql.param(staff.billerIds)}::smallint[])`
  const bars = Array.from({ length: BARS }, (_, bar) => {
    const longer = sql`days >= ${bar * DAYS_A_BAR}`
    const took = bar === BARS - 1 ? longer : sql`${longer} and days < ${(bar + 1) * DAYS_A_BAR}`
    return count(sql`${isAnswered} and decided_at < due_at and ${took}`)
  })
  // What came in the period, and what was open when it began, is still open, or was decided in it.
  const { rows } = await database().execute<Figures & { kind: RequestCode | null; inTime: number[] }>(sql`
    select kind, ${count(sql`created_at < ${begins}`)} as "openBefore", ${count(sql`decided_at is null`)} as open,
      ${count(sql`created_at >= ${begins}`)} as came,
      ${count(sql`${isClosed} and state = 'accepted'`)} as resolved,
      ${count(sql`${isClosed} and state = 'rejected'`)} as refused,
      ${count(sql`${isClosed} and state = 'withdrawn'`)} as cancelled,
      ${count(isClosed)} as closed,
      ${count(sql`${isAnswered} and decided_at >= due_at`)} as late,
      (percentile_cont(0.5) within group (order by days) filter (where ${isAnswered}))::float as "medianDays",
      array[${sql.join(bars, sql`, `)}] as "inTime"
    from (
      ${part(sql`state in ('pending', 'taken', 'waiting')`)}
      union all
      ${part(sql`state in ('accepted', 'rejected', 'withdrawn') and ${isClosed}`)}) c
    group by grouping sets ((kind), ()) order by kind`)
  const kinds = rows.flatMap(({ kind, inTime: _, ...figures }): KindFigures[] =>
    kind === null || figures.came + figures.closed === 0 ? [] : [{ kind, ...figures }],
  )
  const { kind: _, inTime, ...all } = rows.find(({ kind }) => kind === null)!
  return { kinds, all, inTime }
}
