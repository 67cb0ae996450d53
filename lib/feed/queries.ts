// Reads of runs: for the biller's system that sent one, and for staff.
import { and, desc, eq, inArray, lt, type SQL, sql } from 'drizzle-orm'
import type { feedStatuses } from '../../db/enums.ts'
import { billers } from '../../db/schema/billers.ts'
import { feedRunFiles, feedRuns } from '../../db/schema/feed.ts'
import type { Staff } from '../auth/staff.ts'
import type { BillerCode } from '../billers/contract-codes.ts'
import { recordEvent } from '../platform/audit.ts'
import { database } from '../platform/database.ts'
import { dayIn, daysBetween } from '../platform/dates.ts'
import { env } from '../platform/env.ts'
import { type FeedFile, type FeedReport, UPLOAD_TEXTS, type UploadReason } from './schema.ts'
import type { FeedToken } from './tokens.ts'

/** Of a run `r`: something of it was loaded. */
export const wasLoaded = sql`r.status in ('loaded', 'loaded_with_refusals')`

export type RunState = 'queued' | 'running' | 'loaded' | 'partly' | 'refused'

type Status = (typeof feedStatuses)[number]

/** What is said of a run; an abandoned one has loaded some of its contracts, or none. */
export function stateOf(status: Status, slicesDone: number): RunState {
  if (status === 'judging') return 'running'
  if (status === 'loaded_with_refusals') return 'partly'
  if (status === 'abandoned') return slicesDone > 0 ? 'partly' : 'refused'
  return status
}

const COUNTS = ['rows', 'added', 'changed', 'unchanged', 'removed', 'refused'] as const

/** What a biller's system is told of its run; undefined where it has none of this number. */
export async function getRunOfToken({ billerId }: FeedToken, id: number) {
  const [run] = await database()
    .select({
      status: feedRuns.status,
      slicesDone: feedRuns.slicesDone,
      report: sql<Partial<FeedReport>>`${feedRuns.report}`,
      refusedFor: feedRuns.refusedFor,
    })
    .from(feedRuns)
    .where(and(eq(feedRuns.billerId, billerId), eq(feedRuns.id, id)))
  if (!run) return undefined
  const { status, slicesDone, report, refusedFor } = run
  const reason = refusedFor ?? (status === 'abandoned' ? 'abandoned' : undefined)
  return {
    run: id,
    state: stateOf(status, slicesDone),
    ...(reason && { reason, explanation: UPLOAD_TEXTS[reason as UploadReason] ?? ABANDONED }),
    files: (report.files ?? []).map(file => ({
      file: `${file.file}.csv`,
      ...Object.fromEntries(COUNTS.map(count => [count, countOf(file, count)])),
      ...(file.broken && { broken: file.broken }),
    })),
    ignored: report.ignoredFiles ?? [],
    // The first hundred.
    refusals: (report.refusals ?? []).map(({ file, line, key, column, reason: why }) => {
      return { file: `${file}.csv`, line, key, column, reason: why }
    }),
    warnings: (report.warningCounts ?? []).map(one => ({ ...one, file: `${one.file}.csv` })),
  }
}

const ABANDONED = 'another feed took its place before all of it was loaded'

type Counted = FeedReport['files'][number]

/** While a run goes on, its report does not say yet what is the same. */
const countOf = (file: Partial<Counted>, count: (typeof COUNTS)[number]): number => file[count] ?? 0

/** Staff who look: their billers alone. */
type Looking = Pick<Staff, 'id' | 'billerIds'>

export const RUNS_PAGE = 50

/** `token`: who uploaded it; null: the command. The counts of all files together. */
export type ListedRun = {
  id: number
  billerName: string
  state: RunState
  startedAt: Date
  finishedAt: Date | null
  token: number | null
  rows: number
  added: number
  changed: number
  refused: number
}

const runColumns = {
  id: feedRuns.id,
  billerName: billers.name,
  timeZone: billers.timeZone,
  status: feedRuns.status,
  slicesDone: feedRuns.slicesDone,
  startedAt: feedRuns.startedAt,
  finishedAt: feedRuns.finishedAt,
  token: feedRuns.tokenId,
}

const sum = (files: readonly Partial<Counted>[], count: (typeof COUNTS)[number]): number =>
  files.reduce((total, file) => total + countOf(file, count), 0)

const mine = ({ billerIds }: Looking): SQL => inArray(feedRuns.billerId, billerIds)

/** A page of runs of the reader's billers, or of one of them, the newest first, those before the run `before`. The look is recorded. */
export async function listRuns(
  staff: Looking,
  { biller, before }: { biller?: BillerCode; before?: number },
  now: Date,
): Promise<{ runs: ListedRun[]; next?: number }> {
  const db = database()
  await recordEvent(db, {
    accountId: staff.id,
    action: 'feeds.viewed',
    details: { biller: biller ?? null },
    at: now,
  })
  const rows = await db
    .select({ ...runColumns, files: sql<Partial<Counted>[] | null>`${feedRuns.report} -> 'files'` })
    .from(feedRuns)
    .innerJoin(billers, eq(billers.id, feedRuns.billerId))
    .where(
      and(
        mine(staff),
        biller === undefined ? undefined : eq(billers.code, biller),
        before === undefined ? undefined : lt(feedRuns.id, before),
      ),
    )
    .orderBy(desc(feedRuns.id))
    .limit(RUNS_PAGE + 1)
  const runs = rows.slice(0, RUNS_PAGE).map(({ status, slicesDone, files, timeZone, ...run }) => ({
    ...run,
    state: stateOf(status, slicesDone),
    rows: sum(files ?? [], 'rows'),
    added: sum(files ?? [], 'added'),
    changed: sum(files ?? [], 'changed'),
    refused: sum(files ?? [], 'refused'),
  }))
  return { runs, next: rows.length > RUNS_PAGE ? runs.at(-1)!.id : undefined }
}

/** A run with its report and the files of which refused rows are kept; undefined where it is not of the reader's billers. The look is recorded. */
export async function getRun(staff: Looking, id: number, now: Date) {
  const db = database()
  const [run] = await db
    .select({
      ...runColumns,
      report: sql<Partial<FeedReport>>`${feedRuns.report}`,
      refusedFor: feedRuns.refusedFor,
      kept: sql<FeedFile[]>`array(select distinct f.file from ${feedRunFiles} f
        where f.run_id = ${feedRuns.id} and f.purpose = 'refusals')`,
    })
    .from(feedRuns)
    .innerJoin(billers, eq(billers.id, feedRuns.billerId))
    .where(and(mine(staff), eq(feedRuns.id, id)))
  if (!run) return undefined
  await recordEvent(db, { accountId: staff.id, action: 'feed.viewed', details: { run: id }, at: now })
  return { ...run, state: stateOf(run.status, run.slicesDone) }
}

/** They are whole files of customers, past every limit on looks: agents see how many rows were refused, and why. */
export const mayReadRefusals = ({ role }: Pick<Staff, 'role'>): boolean => role !== 'agent'

/** Whether refused rows of the run's file are kept, for the reader. The look is recorded: they are personal. */
export async function mayExportRefusals(
  staff: Looking & Pick<Staff, 'role'>,
  id: number,
  file: FeedFile,
  now: Date,
): Promise<boolean> {
  if (!mayReadRefusals(staff)) return false
  const db = database()
  const found = await db
    .select({ id: feedRuns.id })
    .from(feedRuns)
    .innerJoin(feedRunFiles, eq(feedRunFiles.runId, feedRuns.id))
    .where(
      and(
        mine(staff),
        eq(feedRuns.id, id),
        eq(feedRunFiles.purpose, 'refusals'),
        eq(feedRunFiles.file, file),
      ),
    )
    .limit(1)
  if (found.length === 0) return false
  await recordEvent(db, { accountId: staff.id, action: 'feed.exported', details: { run: id, file }, at: now })
  return true
}

/** How many days without a feed are silence, of a biller. */
export function silentDays(biller: string): number {
  const [ofAll, ...own] = env().FEED_SILENT_DAYS.split(',')
  const days = own.map(one => one.split('=')).find(([code]) => code === biller)?.[1]
  return Number(days ?? ofAll)
}

/** Billers, all or those of these ids, of which a feed was loaded once and none for longer than they may be silent. */
export async function listSilentBillers(
  now: Date,
  ids?: readonly number[],
): Promise<{ code: string; name: string; days: number }[]> {
  const { rows } = await database().execute<{ code: string; name: string; zone: string; last: string }>(sql`
    select b.code, b.name, b.time_zone as zone, newest.started_at as last
    from billers b cross join lateral (select r.started_at from feed_runs r
      where r.biller_id = b.id and ${wasLoaded}
      order by r.started_at desc limit 1) newest
    where ${ids === undefined ? sql`true` : sql`b.id = any (${sql.param(ids)}::smallint[])`} order by b.id`)
  return rows.flatMap(({ code, name, zone, last }) => {
    const days = daysBetween(dayIn(zone, new Date(last)), dayIn(zone, now))
    return days > silentDays(code) ? [{ code, name, days }] : []
  })
}
