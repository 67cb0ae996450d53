// The row of a run: what it loads, how far it is, what became of it. On the feed's own connection, under its biller's lock.
import { createHash } from 'node:crypto'
import type pg from 'pg'
import { inTransaction } from '../../db/client.ts'
import { piecesOf } from './decoding.ts'
import { FEED_FILES, type FeedFileReport, type FeedReport, type RunFile } from './schema.ts'
import { countSlices, dropSlices } from './slices.ts'

export type Run = {
  id: number
  startedAt: Date
  slices: number
  slicesDone: number
  files: RunFile[]
}

/** Tells two feeds apart: by all that decides what is loaded and how. */
export async function digestOf(
  files: readonly { file: string; path: string }[],
  strict: boolean,
): Promise<string> {
  const digest = createHash('sha256')
  // A newer version of the importer may read the same files otherwise.
  digest.update(JSON.stringify({ strict, columns: FEED_FILES }))
  for (const { file, path } of files) {
    digest.update(`\n${file}\n`)
    for await (const piece of piecesOf(path)) digest.update(piece)
  }
  return digest.digest('hex')
}

/** An upload's run that is over: another process loaded it, or another feed took its place. */
export class RunEnded extends Error {}

/** Says that an upload's rows are being judged; throws RunEnded. */
export async function beginUpload(client: pg.Client, runId: number, now: Date): Promise<void> {
  const { rows } = await client.query<{ status: string }>(
    `update feed_runs set status = case when status = 'queued' then 'judging' else status end,
        started_at = case when status = 'running' then started_at else $2 end
      where id = $1 and finished_at is null returning status`,
    [runId, now],
  )
  if (rows.length === 0) throw new RunEnded(`The run ${runId} is over.`)
}

/**
 * The biller's run that broke off, where it can go on with this very feed; any other one is abandoned. `runId`: of an upload, which
 * goes on with its own run alone, or begins anew with it.
 */
export async function resumeRun(
  client: pg.Client,
  billerId: number,
  { digest, runId }: { digest: string; runId?: number },
  now: Date,
): Promise<Run | undefined> {
  const { rows } = await client.query<{
    id: number
    started_at: Date
    digest: string
    slices: number
    slices_done: number
    report: { files: RunFile[] }
  }>(
    `select id, started_at, digest, slices, slices_done, report from feed_runs
      where biller_id = $1 and status = 'running'`,
    [billerId],
  )
  const run = rows[0]
  if (!run) return undefined
  const isOurs = runId === undefined || run.id === runId
  if (isOurs && run.digest === digest && (await countSlices(client, billerId)) === run.slices) {
    const { files } = run.report
    return { id: run.id, startedAt: run.started_at, slices: run.slices, slicesDone: run.slices_done, files }
  }
  await inTransaction(client, async () => {
    if (run.id === runId) await client.query(`update feed_runs set status = 'judging' where id = $1`, [runId])
    else
      await client.query(
        `update feed_runs set status = 'abandoned', finished_at = $2, upload_digest = null where id = $1`,
        [run.id, now],
      )
    await dropSlices(client, billerId)
  })
  return undefined
}

/** Writes the row of a run that was cut into slices, in the transaction that keeps them; an upload's is there already. */
export async function writeRun(
  client: pg.Client,
  billerId: number,
  run: Omit<Run, 'id' | 'slicesDone'> & { digest: string; id?: number },
): Promise<Run> {
  const { startedAt, digest, slices, files } = run
  const { rows } = await client.query<{ id: number }>(
    run.id === undefined
      ? `insert into feed_runs (biller_id, started_at, status, digest, slices, slices_done, report)
          values ($1, $2, 'running', $3, $4, 0, $5) returning id`
      : `update feed_runs set started_at = $2, status = 'running', digest = $3, slices = $4, slices_done = 0,
            report = report || $5
          where biller_id = $1 and id = $6 returning id`,
    [billerId, startedAt, digest, slices, { files }, ...(run.id === undefined ? [] : [run.id])],
  )
  return { id: rows[0]!.id, startedAt, slices, slicesDone: 0, files }
}

/** Writes how far a run is, in the transaction of what it did last. */
export async function saveProgress(client: pg.Client, run: Run): Promise<void> {
  await client.query(
    'update feed_runs set slices = $2, slices_done = $3, report = report || $4 where id = $1',
    [run.id, run.slices, run.slicesDone, { files: run.files }],
  )
}

/** What stands in cells may be personal, and is not kept. */
const kept = (report: FeedReport) => ({
  ...report,
  refusals: report.refusals.map(({ value, ...refusal }) => refusal),
})

/** What else came with an upload was passed over as it came. One of which nothing was loaded may be sent again as it is. */
const endRun = (client: pg.Client, id: number, report: FeedReport, now: Date) =>
  client.query(
    `update feed_runs set status = $2, finished_at = $3, report = $4::jsonb ||
        case when token_id is null then '{}' else jsonb_build_object('ignoredFiles', report -> 'ignoredFiles') end,
        upload_digest = case when $2 = 'refused' then null else upload_digest end
      where id = $1`,
    [id, report.status, now, kept(report)],
  )

export async function finishRun(
  client: pg.Client,
  billerId: number,
  run: Run,
  report: FeedReport,
  now: Date,
): Promise<void> {
  await inTransaction(client, async () => {
    await endRun(client, run.id, report, now)
    await dropSlices(client, billerId)
  })
}

/** Writes the row of a feed of which nothing may be loaded. `id`: an upload's, which is there already. */
export async function refuseRun(
  client: pg.Client,
  billerId: number,
  { id, startedAt, report }: { id?: number; startedAt: Date; report: FeedReport },
  now: Date,
): Promise<void> {
  if (id !== undefined) return void (await endRun(client, id, report, now))
  await client.query(
    `insert into feed_runs (biller_id, started_at, finished_at, status, slices_done, report)
      values ($1, $2, $3, 'refused', 0, $4)`,
    [billerId, startedAt, now, kept(report)],
  )
}

export const fileReport = ({ absent, mended, ...file }: RunFile): FeedFileReport => ({
  ...file,
  unchanged: file.rows - file.refused - file.added - file.changed,
})
