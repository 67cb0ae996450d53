// Loads a feed: judged as a whole, then loaded by slices of contracts, each a transaction of its own.
import fs from 'node:fs/promises'
import path from 'node:path'
import pg from 'pg'
// Sets how dates and counts are read.
import '../../db/client.ts'
import { type BillerCode, normaliseContractCode } from '../contracts/codes.ts'
import { foldName } from '../contracts/names.ts'
import { clock } from '../platform/clock.ts'
import { env } from '../platform/env.ts'
import { judgeFile } from './judging.ts'
import { loadSlices } from './loading.ts'
import { takeLowPriority } from './low-priority.ts'
import { digestOf, fileReport, finishRun, insertRun, inTransaction, type RunFile, resumeRun } from './runs.ts'
import {
  FEED_FILE_NAMES,
  type FeedFile,
  type FeedProgress,
  type FeedRefusal,
  type FeedReport,
} from './schema.ts'
import { cutSlices, keptTable, SLICE_ROWS } from './slices.ts'
import { createStaging, stageFile, stagingTable } from './staging.ts'

export type LoadFeedOptions = {
  /** The biller's code; every key of the feed is within it. */
  biller: string
  folder: string
  /** A single refused row or file loads nothing. */
  strict?: boolean
  /** PostgreSQL's address; default: the setting DATABASE_URL. */
  url?: string
  now?: Date
  /** Aborted: loadFeed throws; what slices were loaded stays, and the same feed goes on from there. */
  signal?: AbortSignal
  /** Lets everybody else on this machine go first, as far as the machine allows it. */
  lowPriority?: boolean
  /** About so many rows are one slice; default: SLICE_ROWS. */
  sliceRows?: number
  onProgress?: (progress: FeedProgress) => void
  /** Hears every refused row, by file and line, some thousand at a time. */
  onRefusals?: (refusals: FeedRefusal[]) => Promise<void>
}

const FIRST_REFUSALS = 100
/** The rows of other files are judged by what these hold; where the feed has none, they hold nothing. */
const LEANED_ON: FeedFile[] = ['contracts', 'invoices']
/** First key of the advisory locks that let feeds of one biller go one after the other; the second is its id. */
const FEED_LOCK = 7_274_821

/**
 * Loads a folder of CSV files (format: docs/feed.md). Contracts come first whatever the order of files, a file that is
 * missing is no error. A contract is loaded whole or not at all, all of them once this returns; a run that broke off
 * is taken up by the next call with the same feed, which reports on the whole of it. Throws where the biller is unknown,
 * the folder holds none of the files, or the database fails; FeedBrokeOff where something was loaded by then.
 */
export async function loadFeed(options: LoadFeedOptions): Promise<FeedReport> {
  const url = options.url ?? env().DATABASE_DIRECT_URL ?? env().DATABASE_URL
  if (!url) throw new Error('The setting DATABASE_URL is missing.')
  const found = await findFiles(options.folder)
  if (found.files.length === 0) throw new Error(`The folder ${options.folder} holds no file of a feed.`)
  const client = new pg.Client({ connectionString: url, application_name: 'drita-feed' })
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

type FoundFiles = { files: { file: FeedFile; path: string; bytes: number }[]; ignored: string[] }

async function findFiles(folder: string): Promise<FoundFiles> {
  const names = (await fs.readdir(folder)).sort()
  const files: FoundFiles['files'] = []
  for (const file of FEED_FILE_NAMES) {
    if (!names.includes(`${file}.csv`)) continue
    const place = path.join(folder, `${file}.csv`)
    files.push({ file, path: place, bytes: (await fs.stat(place)).size })
  }
  const known = new Set(FEED_FILE_NAMES.map(file => `${file}.csv`))
  return { files, ignored: names.filter(name => name.endsWith('.csv') && !known.has(name)) }
}

async function loadFiles(
  client: pg.Client,
  options: LoadFeedOptions,
  found: FoundFiles,
): Promise<FeedReport> {
  const { strict = false, onProgress = () => {} } = options
  const now = () => options.now ?? clock.now()
  await prepare(client)
  const billerId = await lockBiller(client, options)
  const digest = await digestOf(found.files, strict)
  let run = await resumeRun(client, billerId, digest, now())
  if (!run) {
    const startedAt = now()
    const files = await judgeFiles(client, billerId, options, found)
    const report = reportOn(files, options, found)
    const broken = files.every(file => file.broken !== null)
    if (broken || (strict && report.status !== 'loaded')) {
      return nothingLoaded({ ...report, refusals: await readRefusals(client, files, stagingTable, options) })
    }
    run = await inTransaction(client, async () => {
      const names = files.map(({ file }) => file)
      const slices = await cutSlices(client, billerId, names, options.sliceRows ?? SLICE_ROWS)
      return insertRun(client, billerId, { startedAt, digest, slices, files })
    })
  }
  await loadSlices(client, billerId, run, onProgress)
  const table = (file: FeedFile) => keptTable(file, billerId)
  const refusals = await readRefusals(client, run.files, table, options)
  const report = { ...reportOn(run.files, options, found), refusals }
  await finishRun(client, billerId, run, report, now())
  return report
}

/** Settings of the connection. */
async function prepare(client: pg.Client): Promise<void> {
  await client.query(`set work_mem = '96MB'`)
  // A client that is gone ends its statement soon, not at the statement's end.
  await client.query(`set client_connection_check_interval = '2s'`)
}

/** The biller's id; its feeds go one after the other, for as long as the connection lives. */
async function lockBiller(client: pg.Client, { biller, onProgress }: LoadFeedOptions): Promise<number> {
  const billers = await client.query<{ id: number }>('select id from billers where code = $1', [biller])
  const billerId = billers.rows[0]?.id
  if (billerId === undefined) throw new Error(`There is no biller ${biller}.`)
  onProgress?.({ phase: 'waiting', done: 0 })
  await client.query('select pg_advisory_lock($1, $2)', [FEED_LOCK, billerId])
  return billerId
}

/** Reads the files into staging tables of this connection and judges every row. */
async function judgeFiles(
  client: pg.Client,
  billerId: number,
  { biller, onProgress = () => {}, signal }: LoadFeedOptions,
  found: FoundFiles,
): Promise<RunFile[]> {
  const context = {
    normaliseContractCode: (code: string) => normaliseContractCode(biller as BillerCode, code),
    foldName,
  }
  const totalBytes = found.files.reduce((sum, file) => sum + file.bytes, 0)
  const files: RunFile[] = []
  let bytesRead = 0
  const present = found.files.map(({ file }) => file)
  for (const file of new Set([...LEANED_ON, ...present])) await createStaging(client, file)
  for (const { file, path } of found.files) {
    const onBytes = (bytes: number) => {
      bytesRead += bytes
      onProgress({ phase: 'reading', file, done: totalBytes === 0 ? 1 : bytesRead / totalBytes })
    }
    const staged = await stageFile(client, file, path, context, onBytes, signal)
    files.push({ ...staged, added: 0, changed: 0, removed: 0 })
  }
  for (const [index, file] of files.entries()) {
    onProgress({ phase: 'judging', file: file.file, done: index / files.length })
    file.refused += await judgeFile(client, billerId, file.file)
  }
  return files
}

/** Without the refusals themselves. */
function reportOn(
  files: RunFile[],
  { biller, strict = false }: LoadFeedOptions,
  found: FoundFiles,
): FeedReport {
  const refusedRows = files.reduce((sum, file) => sum + file.refused, 0)
  const refused = refusedRows > 0 || files.some(file => file.broken !== null)
  return {
    biller,
    status: refused ? 'loaded_with_refusals' : 'loaded',
    strict,
    files: files.map(fileReport),
    ignoredFiles: found.ignored,
    refusedRows,
    refusals: [],
  }
}

const nothingLoaded = (report: FeedReport): FeedReport => ({
  ...report,
  status: 'refused',
  files: report.files.map(file => ({ ...file, added: 0, changed: 0, unchanged: 0, removed: 0 })),
})

/** Returns the first refusals; all of them go to `onRefusals`. `table`: where the rows of a file lie. */
async function readRefusals(
  client: pg.Client,
  files: readonly RunFile[],
  table: (file: FeedFile) => string,
  { onRefusals }: LoadFeedOptions,
): Promise<FeedRefusal[]> {
  const first: FeedRefusal[] = []
  for (const { file, refused } of files) {
    if (refused === 0 || (first.length === FIRST_REFUSALS && !onRefusals)) continue
    await inTransaction(client, async () => {
      await client.query(`declare refusals cursor for select '${file}' as file, line, refused_column as column,
        refused_reason as reason from ${table(file)} where refused_reason is not null order by line`)
      for (;;) {
        const { rows } = await client.query<FeedRefusal>('fetch 5000 from refusals')
        first.push(...rows.slice(0, FIRST_REFUSALS - first.length))
        if (rows.length === 0 || !onRefusals) break
        await onRefusals(rows)
      }
    })
  }
  return first
}
