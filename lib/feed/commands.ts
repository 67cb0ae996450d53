// Loads a feed: validated as a whole, then loaded by slices of contracts, each a transaction of its own.
import { drizzle } from 'drizzle-orm/node-postgres'
import pg from 'pg'
import { inTransaction, type Limits } from '../../db/client.ts'
import type { BillerCode } from '../billers/contract-codes.ts'
import { noticeOutages } from '../notices/from-feeds.ts'
import { clock } from '../platform/clock.ts'
import { limitsOf } from '../platform/database.ts'
import { env } from '../platform/env.ts'
import type { FeedContext } from './cell-rules.ts'
import { feedContext } from './context.ts'
import { type FoundFiles, findFiles } from './folder.ts'
import { loadSlices } from './loading.ts'
import { takeLowPriority } from './low-priority.ts'
import { countRefusals, type RowSource, readRefusedRows } from './refusals.ts'
import { beginUpload, digestOf, fileReport, finishRun, refuseRun, resumeRun, writeRun } from './runs.ts'
import type { FeedFile, FeedProgress, FeedRefusal, FeedReport, RefusedRow, RunFile } from './schema.ts'
import { cutSlices, keptTable, SLICE_ROWS } from './slices.ts'
import { createStaging, stageFile, stagingTable } from './staging.ts'
import { validateFile, validateWaiting } from './validation.ts'
import { doubtLines, readWarnings } from './warnings.ts'

export type LoadFeedOptions = {
  /** The biller's code; every key of the feed is within it. */
  biller: BillerCode
  folder: string
  /** The run of an upload, whose files the folder holds. */
  runId?: number
  /** A single refused row or file loads nothing. */
  strict?: boolean
  /** PostgreSQL's address; default: the setting DATABASE_URL. */
  url?: string
  /** Of time, towards the database; default: the settings'. */
  limits?: Limits
  now?: Date
  /** Aborted: loadFeed throws; what slices were loaded stays, and the same feed goes on from there. */
  signal?: AbortSignal
  /** Lets everybody else on this machine go first, as far as the machine allows it. */
  lowPriority?: boolean
  /** About so many rows are one slice; default: SLICE_ROWS. */
  sliceRows?: number
  onProgress?: (progress: FeedProgress) => void
  /** Hears every refused row with its file's header, by file and line, some thousand at a time. */
  onRefusals?: (header: readonly string[], rows: RefusedRow[]) => Promise<void>
}

const FIRST_REFUSALS = 100
const CONNECT_MS = 30_000
/** The rows of other files are validated by what these hold; where the feed has none, they hold nothing. */
const LEANED_ON: FeedFile[] = ['contracts', 'invoices']
/** First key of the advisory locks that let feeds of one biller go one after the other; the second is its id. */
const FEED_LOCK = 7_274_821

/**
 * Loads a folder of CSV files (format: docs/feed.md). Contracts come first whatever the order of files, a file that is
 * missing is no error. A contract is loaded whole or not at all, all of them once this returns; a run that broke off
 * is taken up by the next call with the same feed, which reports on the whole of it. Throws where the biller is unknown,
 * the folder holds none of the files, or the database fails; FeedBrokeOff where something was loaded by then; RunEnded where
 * an upload's run is over.
 */
export async function loadFeed(options: LoadFeedOptions): Promise<FeedReport> {
  const url = options.url ?? env().DATABASE_OWNER_URL ?? env().DATABASE_DIRECT_URL ?? env().DATABASE_URL
  if (!url) throw new Error('The setting DATABASE_URL is missing.')
  const found = await findFiles(options.folder)
  const client = new pg.Client({
    connectionString: url,
    application_name: 'drita-feed',
    connectionTimeoutMillis: CONNECT_MS,
    keepAlive: true,
  })
  // A connection that breaks rejects the query under way; without a listener it would end the process.
  client.on('error', () => {})
  await client.connect()
  const abort = () => client.connection.stream.destroy()
  options.signal?.addEventListener('abort', abort)
  try {
    options.signal?.throwIfAborted()
    if (options.lowPriority) await takeLowPriority(client)
    const report = await loadFiles(client, options, found)
    options.onProgress?.({ phase: 'done', done: 1 })
    return report
  } finally {
    options.signal?.removeEventListener('abort', abort)
    await client.end().catch(() => {})
  }
}

async function loadFiles(
  client: pg.Client,
  options: LoadFeedOptions,
  found: FoundFiles,
): Promise<FeedReport> {
  const { strict = false, onProgress = () => {}, runId } = options
  const now = () => options.now ?? clock.now()
  // A client that is gone ends its statement soon, not at the statement's end.
  await client.query(`set work_mem = '96MB'; set client_connection_check_interval = '2s'`)
  const biller = await lockBiller(client, options)
  // Not before: another feed may take as long as it takes.
  const { statement, lock, idle } = options.limits ?? limitsOf('feed')
  await client.query(`set statement_timeout = ${statement}; set lock_timeout = ${lock};
    set idle_in_transaction_session_timeout = ${idle}`)
  if (runId !== undefined) await beginUpload(client, runId, now())
  const digest = await digestOf(found.files, strict)
  let run = await resumeRun(client, biller.id, { digest, runId }, now())
  if (!run) {
    const startedAt = now()
    const context = feedContext(options.biller, biller.timeZone, startedAt)
    const files = await validateFiles(client, biller.id, context, options, found)
    const report = reportOn(files, options, found)
    if (report.status !== 'loaded' && (strict || !mayLoad(files))) {
      const rows = await readRows(client, files, stagingTable, options, found)
      const refused = nothingLoaded({ ...report, ...rows })
      await refuseRun(client, biller.id, { id: runId, startedAt, report: refused }, now())
      return refused
    }
    run = await inTransaction(client, async () => {
      const names = files.map(({ file }) => file)
      const slices = await cutSlices(client, biller.id, names, options.sliceRows ?? SLICE_ROWS)
      return writeRun(client, biller.id, { id: runId, startedAt, digest, slices, files })
    })
  }
  await loadSlices(client, biller.id, run, onProgress)
  const { id, startedAt, files } = run
  const isNews = files.some(({ file, added, changed }) => file === 'outages' && added + changed > 0)
  // Whom an outage concerns is asked of everybody: only where there is news, or a run that broke off may have left some untold.
  if (isNews || (await brokeOffBefore(client, biller.id, id))) {
    const db = drizzle({ client, casing: 'snake_case' })
    await inTransaction(client, () => noticeOutages(db, { id, billerId: biller.id, startedAt }))
  }
  const table = (file: FeedFile) => keptTable(file, biller.id)
  const rows = await readRows(client, run.files, table, options, found)
  const report = { ...reportOn(run.files, options, found), ...rows }
  await finishRun(client, biller.id, run, report, now())
  return report
}

/** Whether the biller's run before this one was given up, of those that loaded something. */
async function brokeOffBefore(client: pg.Client, billerId: number, id: number): Promise<boolean> {
  const { rows } = await client.query<{ status: string }>(
    `select status from feed_runs where biller_id = $1 and id < $2
       and status in ('loaded', 'loaded_with_refusals', 'abandoned') order by id desc limit 1`,
    [billerId, id],
  )
  return rows[0]?.status === 'abandoned'
}

/** The biller; its feeds go one after the other, for as long as the connection lives. */
async function lockBiller(
  client: pg.Client,
  { biller: code, onProgress }: LoadFeedOptions,
): Promise<{ id: number; timeZone: string }> {
  const { rows } = await client.query<{ id: number; timeZone: string }>(
    'select id, time_zone as "timeZone" from billers where code = $1',
    [code],
  )
  const biller = rows[0]
  if (!biller) throw new Error(`There is no biller ${code}.`)
  onProgress?.({ phase: 'waiting', done: 0 })
  await client.query('select pg_advisory_lock($1, $2)', [FEED_LOCK, biller.id])
  return biller
}

/** Reads the files into staging tables of this connection and validates every row. */
async function validateFiles(
  client: pg.Client,
  billerId: number,
  context: FeedContext,
  { onProgress = () => {}, signal }: LoadFeedOptions,
  found: FoundFiles,
): Promise<RunFile[]> {
  const totalBytes = found.files.reduce((sum, file) => sum + file.bytes, 0)
  const files: RunFile[] = []
  let bytesRead = 0
  const present = found.files.map(({ file }) => file)
  for (const file of new Set([...LEANED_ON, ...present])) await createStaging(client, file)
  for (const file of found.files) {
    const onBytes = (bytes: number) => {
      // A file that turns out to be Windows-1250 is read twice.
      bytesRead = Math.min(bytesRead + bytes, totalBytes)
      onProgress({ phase: 'reading', file: file.file, done: bytesRead / totalBytes })
    }
    files.push(await stageFile(client, file, context, onBytes, signal))
  }
  for (const [index, file] of files.entries()) {
    onProgress({ phase: 'validating', file: file.file, done: index / files.length })
    file.refused += await validateFile(client, billerId, file.file)
  }
  const broken = files.filter(file => file.broken !== null).map(({ file }) => file)
  for (const file of files)
    if (file.refused > 0) file.waiting = await validateWaiting(client, file.file, broken)
  if (present.includes('invoice_lines')) await doubtLines(client, billerId)
  return files
}

/** Whether a row is accepted, or may be yet: a payment of ours is validated again as it is loaded. */
const mayLoad = (files: readonly RunFile[]): boolean =>
  files.some(({ file, rows, refused }) => rows > refused || (file === 'payments' && rows > 0))

/** Without what is told of single rows. */
function reportOn(
  files: RunFile[],
  { biller, strict = false }: LoadFeedOptions,
  found: FoundFiles,
): FeedReport {
  const refusedRows = files.reduce((sum, file) => sum + file.refused, 0)
  const isRefused = refusedRows > 0 || files.some(file => file.broken !== null)
  const withRefusals = files.some(file => file.rows > file.refused) ? 'loaded_with_refusals' : 'refused'
  return {
    biller,
    status: isRefused ? withRefusals : 'loaded',
    strict,
    files: files.map(fileReport),
    ignoredFiles: found.ignored,
    refusedRows,
    refusals: [],
    warningCounts: [],
    warnings: [],
  }
}

const nothingLoaded = (report: FeedReport): FeedReport => ({
  ...report,
  status: 'refused',
  files: report.files.map(file => ({ ...file, added: 0, changed: 0, unchanged: 0, removed: 0 })),
})

/** What is told of single rows; all that are refused go to `onRefusals`. `table`: where the rows of a file lie. */
async function readRows(
  client: pg.Client,
  files: readonly RunFile[],
  table: (file: FeedFile) => string,
  { biller, onRefusals }: LoadFeedOptions,
  found: FoundFiles,
): Promise<Pick<FeedReport, 'refusals' | 'refusalCounts' | 'warningCounts' | 'warnings'>> {
  const sources = files.map(({ file, encoding, refused }) => {
    const { path } = found.files.find(other => other.file === file)!
    return { file, encoding, refused, path, table: table(file) }
  })
  const refused = sources.filter(source => source.refused > 0)
  if (refused.length === 0) return { refusals: [], ...(await readWarnings(client, sources)) }
  const refusals = await inTransaction(client, () => firstRefusals(client, refused))
  if (onRefusals) {
    await inTransaction(client, async () => {
      for (const source of refused) {
        for await (const { header, rows } of readRefusedRows(client, source)) await onRefusals(header, rows)
      }
    })
  }
  const refusalCounts = await countRefusals(client, biller, refused)
  return { refusals, refusalCounts, ...(await readWarnings(client, sources)) }
}

async function firstRefusals(client: pg.Client, sources: readonly RowSource[]): Promise<FeedRefusal[]> {
  const first: FeedRefusal[] = []
  for (const source of sources) {
    if (first.length === FIRST_REFUSALS) break
    for await (const { rows } of readRefusedRows(client, source, FIRST_REFUSALS - first.length)) {
      first.push(...rows.map(({ fields, ...refusal }) => refusal))
    }
  }
  return first
}
