// Reads of runs: for the biller's system that sent one, and for staff.
import { and, desc, eq, inArray, lt, type SQL, sql } from 'drizzle-orm'
import type { feedStatuses } from '../../db/enums.ts'
import { billers } from '../../db/schema/billers.ts'
import { feedRunFiles, feedRuns } from '../../db/schema/feed.ts'
import type { Staff } from '../auth/staff.ts'
import type { BillerCode } from '../billers/contract-codes.ts'
import { recordEvent } from '../platform/audit.ts'
import { database } from '../platform/database.ts'
import { addDays, dayIn, daysBetween, instantIn } from '../platform/dates.ts'
import { env } from '../platform/env.ts'
import { type FeedFile, type FeedReport, REFUSED_AMONG, UPLOAD_TEXTS, type UploadReason } from './schema.ts'
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

/** After how many days without a feed a biller is silent. */
function silentDays(biller: string): number {
  const [ofAll, ...own] = env().FEED_SILENT_DAYS.split(',')
  const days = own.map(one => one.split('=')).find(([code]) => code === biller)?.[1]
  return Number(days ?? ofAll)
}

/**
 * From when on a biller is silent whose newest feed began to be loaded at `lastAt`: that feed's day and FEED_SILENT_DAYS more, by the
 * biller's calendar, are over.
 */
export const silentFrom = (biller: string, zone: string, lastAt: Date): Date =>
  instantIn(zone, `${addDays(dayIn(zone, lastAt), silentDays(biller) + 1)}T00:00`)!

/** Of a biller `b`, as `newest`: its newest run, where there is one. It came to nothing where `cameToNothing`. */
export const newestRun = sql`left join lateral (select r.status, r.started_at from feed_runs r
  where r.biller_id = b.id order by r.started_at desc limit 1) newest on true`
export const cameToNothing = sql`coalesce(newest.status in ('refused', 'abandoned'), false)`

/** The runs of a biller `b` that were refused or given up since `loaded`, the one that was loaded last: of its newest ones. */
export const refusedSince = sql`(select * from (select r.id, r.started_at, r.status, r.report from feed_runs r
    where r.biller_id = b.id order by r.started_at desc limit ${REFUSED_AMONG}) r
  where r.status in ('refused', 'abandoned') and r.id > coalesce(loaded.id, 0))`

type FaultyBiller = { code: string; name: string; refused: number }
/**
 * What is wrong with the feeds of a biller: the newest was refused or given up; and `days` since the last that was loaded, where one was
 * once and none for longer than it may be silent. `last`: when that one was begun with. `refused`: how many were refused or given up since.
 */
export type FeedFault = FaultyBiller & { isRefused: boolean; days: number | null; last: Date | null }

/** Of billers, all or those of these ids. */
export async function listFeedFaults(now: Date, ids?: readonly number[]): Promise<FeedFault[]> {
  const { rows } = await database().execute<
    FaultyBiller & { isRefused: boolean; zone: string; lastLoaded: string | null }
  >(sql`
    select b.code, b.name, b.time_zone as zone, ${cameToNothing} as "isRefused", loaded.started_at as "lastLoaded",
      (select count(*)::int from ${refusedSince} refused) as refused
    from billers b ${newestRun} left join lateral (select r.id, r.started_at from feed_runs r
      where r.biller_id = b.id and ${wasLoaded}
      order by r.started_at desc limit 1) loaded on true
    where ${ids === undefined ? sql`true` : sql`b.id = any (${sql.param(ids)}::smallint[])`} order by b.id`)
  return rows.flatMap(({ zone, lastLoaded, ...biller }) => {
    const last = lastLoaded === null ? null : new Date(lastLoaded)
    const isSilent = last !== null && silentFrom(biller.code, zone, last) <= now
    const days = isSilent ? daysBetween(dayIn(zone, last), dayIn(zone, now)) : null
    return biller.isRefused || isSilent ? [{ ...biller, days, last }] : []
  })
}

type SilentBiller = FaultyBiller & { days: number; last: Date }

/** Those of them that are silent for so many days. */
export async function listSilentBillers(now: Date, ids?: readonly number[]): Promise<SilentBiller[]> {
  const faults = await listFeedFaults(now, ids)
  return faults.flatMap(({ code, name, refused, days, last }) =>
    days === null || last === null ? [] : [{ code, name, refused, days, last }],
  )
}
