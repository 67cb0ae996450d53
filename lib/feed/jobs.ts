import { and, asc, eq, inArray, isNotNull, isNull, lt, or } from 'drizzle-orm'
import type { Database } from '../../db/client.ts'
import { openFeedStatuses } from '../../db/enums.ts'
import { billers } from '../../db/schema/billers.ts'
import { feedRunFiles, feedRuns } from '../../db/schema/feed.ts'
import type { BillerCode } from '../billers/contract-codes.ts'
import { stoppedUntil } from '../maintenance/queries.ts'
import { clock } from '../platform/clock.ts'
import { csvLine } from '../platform/csv.ts'
import { database } from '../platform/database.ts'
import { env } from '../platform/env.ts'
import { log } from '../platform/log.ts'
import { daysBefore } from '../platform/purge.ts'
import { loadFeed } from './commands.ts'
import { listSilentBillers } from './queries.ts'
import { queueLoading } from './receiving.ts'
import { RunEnded } from './runs.ts'
import { type FeedFile, REFUSAL_COLUMNS, type RefusedRow, ROW_TEXTS } from './schema.ts'
import { deleteKept, deletePieces, keepPiece, writeFolder } from './upload-files.ts'
import { inUploadFolder } from './upload-folder.ts'
import { UploadRefused } from './upload-refused.ts'

type Upload = { id: number; biller: BillerCode }

/**
 * Loads a biller's uploads, the oldest first, until there is none: one that broke off goes on where it stopped, on
 * whatever node. Throws where one fails, and is tried again; those after it wait. Where payments are stopped by then, the rest waits for
 * their end.
 */
export async function loadUploads(
  { billerId }: { billerId: number },
  { signal }: { signal?: AbortSignal } = {},
): Promise<void> {
  for (let upload = await nextUpload(billerId); upload; upload = await nextUpload(billerId)) {
    if (await stoppedUntil(database(), clock.now())) return queueLoading(database(), billerId)
    await loadUpload(upload, signal)
  }
}

async function nextUpload(billerId: number): Promise<Upload | undefined> {
  const [next] = await database()
    .select({ id: feedRuns.id, biller: billers.code })
    .from(feedRuns)
    .innerJoin(billers, eq(billers.id, feedRuns.billerId))
    .where(
      and(
        eq(feedRuns.billerId, billerId),
        inArray(feedRuns.status, openFeedStatuses),
        isNotNull(feedRuns.tokenId),
      ),
    )
    .orderBy(asc(feedRuns.id))
    .limit(1)
  return next as Upload | undefined
}

async function loadUpload({ id: runId, biller }: Upload, signal: AbortSignal | undefined): Promise<void> {
  try {
    await inUploadFolder(async folder => {
      await writeFolder(runId, folder)
      await loadFeed({ biller, folder, runId, signal, onRefusals: refusalsOf(runId) })
    })
  } catch (error) {
    if (error instanceof UploadRefused) await refuseLost(runId, error)
    else if (!(error instanceof RunEnded)) throw error
  }
  await deleteKept(runId, 'upload')
}

/** What is stored of an upload is not all there: nobody can load it any more. */
async function refuseLost(runId: number, { reason }: UploadRefused): Promise<void> {
  await database()
    .update(feedRuns)
    .set({ status: 'refused', finishedAt: clock.now(), refusedFor: reason, uploadDigest: null })
    .where(and(eq(feedRuns.id, runId), inArray(feedRuns.status, openFeedStatuses)))
  log.error({ run: runId }, 'ALARM: an upload was lost before it was loaded')
}

/**
 * Keeps refused rows for staff, who open them with a spreadsheet: what would be a formula there is none. A run that is taken up again
 * tells them all anew.
 */
function refusalsOf(runId: number) {
  const pieces = new Map<FeedFile, number>()
  return async (header: readonly string[], rows: RefusedRow[]): Promise<void> => {
    if (pieces.size === 0) await deleteKept(runId, 'refusals')
    const { file } = rows[0]!
    const piece = pieces.get(file) ?? 0
    const isNote = header.map(name => (REFUSAL_COLUMNS as readonly string[]).includes(name))
    const own = (cells: readonly string[]) => cells.filter((_, place) => !isNote[place])
    const lines = rows.map(({ line, column, reason, fields }) =>
      csvLine([line, column ?? '', ROW_TEXTS[reason], ...own(fields)]),
    )
    if (piece === 0) lines.unshift(csvLine([...REFUSAL_COLUMNS, ...own(header)]))
    // The mark tells spreadsheets that it is UTF-8.
    const bytes = Buffer.from(`${piece === 0 ? '\ufeff' : ''}${lines.join('\r\n')}\r\n`)
    await keepPiece({ runId, purpose: 'refusals', file, piece }, bytes, clock.now())
    pieces.set(file, piece + 1)
  }
}

/** What no run has claimed for so long was given up while it came. */
const UNCLAIMED_DAYS = 1
const AT_ONCE = 500

/** Every day: forgets uploads that are loaded or were never sent whole, and refused rows that are too old. */
export async function forgetFeedFiles(db: Database, now: Date): Promise<void> {
  const due = or(
    and(isNull(feedRunFiles.runId), lt(feedRunFiles.createdAt, daysBefore(now, UNCLAIMED_DAYS))),
    and(eq(feedRunFiles.purpose, 'upload'), isNotNull(feedRuns.finishedAt)),
    and(
      eq(feedRunFiles.purpose, 'refusals'),
      lt(feedRunFiles.createdAt, daysBefore(now, env().FEED_REFUSAL_DAYS)),
    ),
  )
  for (;;) {
    const rows = await db
      .select({ storageKey: feedRunFiles.storageKey })
      .from(feedRunFiles)
      .leftJoin(feedRuns, eq(feedRuns.id, feedRunFiles.runId))
      .where(due)
      .limit(AT_ONCE)
    await deletePieces(rows.map(({ storageKey }) => storageKey))
    if (rows.length < AT_ONCE) return
  }
}

/** Every day: what a biller that sends nothing owes and was paid is not known here. */
export async function reportSilentBillers(_: Database, now: Date): Promise<void> {
  for (const { code: biller, days } of await listSilentBillers(now))
    log.error({ biller, days }, 'ALARM: no feed of a biller has been loaded for days')
}
