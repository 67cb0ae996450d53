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

/** The biller's run that broke off, where it can go on with this very feed; any other one is abandoned. */
export async function resumeRun(
  client: pg.Client,
  billerId: number,
  digest: string,
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
  if (run.digest === digest && (await countSlices(client, billerId)) === run.slices) {
    const { files } = run.report
    return { id: run.id, startedAt: run.started_at, slices: run.slices, slicesDone: run.slices_done, files }
  }
  await inTransaction(client, async () => {
    await client.query(`update feed_runs set status = 'abandoned', finished_at = $2 where id = $1`, [
      run.id,
      now,
    ])
    await dropSlices(client, billerId)
  })
  return undefined
}

/** Writes the row of a run that was cut into slices, in the transaction that keeps them. */
export async function insertRun(
  client: pg.Client,
  billerId: number,
  run: Omit<Run, 'id' | 'slicesDone'> & { digest: string },
): Promise<Run> {
  const { startedAt, digest, slices, files } = run
  const { rows } = await client.query<{ id: number }>(
    `insert into feed_runs (biller_id, started_at, status, digest, slices, slices_done, report)
      values ($1, $2, 'running', $3, $4, 0, $5) returning id`,
    [billerId, startedAt, digest, slices, { files }],
  )
  return { id: rows[0]!.id, startedAt, slices, slicesDone: 0, files }
}

/** Writes how far a run is, in the transaction of what it did last. */
export async function saveProgress(client: pg.Client, run: Run): Promise<void> {
  await client.query('update feed_runs set slices = $2, slices_done = $3, report = $4 where id = $1', [
    run.id,
    run.slices,
    run.slicesDone,
    { files: run.files },
  ])
}

/** A run that loaded nothing after all leaves no row, like a feed that is refused at once. */
export async function finishRun(
  client: pg.Client,
  billerId: number,
  run: Run,
  report: FeedReport,
  now: Date,
): Promise<void> {
  // What stands in cells may be personal, and is not kept.
  const kept = { ...report, refusals: report.refusals.map(({ value, ...refusal }) => refusal) }
  await inTransaction(client, async () => {
    if (report.status === 'refused') await client.query('delete from feed_runs where id = $1', [run.id])
    else {
      await client.query('update feed_runs set status = $2, finished_at = $3, report = $4 where id = $1', [
        run.id,
        report.status,
        now,
        kept,
      ])
    }
    await dropSlices(client, billerId)
  })
}

export const fileReport = ({ absent, mended, ...file }: RunFile): FeedFileReport => ({
  ...file,
  unchanged: file.rows - file.refused - file.added - file.changed,
})
