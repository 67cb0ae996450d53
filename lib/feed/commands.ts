// Loads a feed: one transaction from the first row to the report.
import fs from 'node:fs/promises'
import path from 'node:path'
import { sql } from 'drizzle-orm'
import { drizzle } from 'drizzle-orm/node-postgres'
import pg from 'pg'
// Sets how dates and counts are read.
import '../../db/client.ts'
import { type BillerCode, normaliseContractCode } from '../contracts/codes.ts'
import { foldName } from '../contracts/names.ts'
import { replayTouched } from '../payments/replay.ts'
import { clock } from '../platform/clock.ts'
import { env } from '../platform/env.ts'
import { type Merge, mergeContracts, mergeInvoices, mergeReadings, TOUCHED } from './merge.ts'
import { mergeInvoiceLines } from './merge-lines.ts'
import { mergePayments } from './merge-payments.ts'
import {
  FEED_FILE_NAMES,
  type FeedFile,
  type FeedFileReport,
  type FeedProgress,
  type FeedRefusal,
  type FeedReport,
} from './schema.ts'
import { type StagedFile, stageFile, stagingTable } from './staging.ts'

export type LoadFeedOptions = {
  /** The biller's code; every key of the feed is within it. */
  biller: string
  folder: string
  /** A single refused row or file loads nothing. */
  strict?: boolean
  /** PostgreSQL's address; default: the setting DATABASE_URL. */
  url?: string
  now?: Date
  /** Aborted: nothing is loaded, loadFeed throws. */
  signal?: AbortSignal
  onProgress?: (progress: FeedProgress) => void
  /** Hears every refused row, by file and line, some thousand at a time. */
  onRefusals?: (refusals: FeedRefusal[]) => Promise<void>
}

const FIRST_REFUSALS = 100
/** First key of the advisory locks that let feeds of one biller go one after the other; the second is its id. */
const FEED_LOCK = 7_274_821

/**
 * Loads a folder of CSV files (format: the biller's feed as README and docs/decisions describe it). Contracts come
 * first whatever the order of files, a file that is missing is no error. All or nothing: what is not in the report's
 * refusals is stored when this returns, and nothing is where it throws. Throws where the biller is unknown, the folder
 * holds none of the files, or the database fails.
 */
export async function loadFeed(options: LoadFeedOptions): Promise<FeedReport> {
  const url = options.url ?? env().DATABASE_URL
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
    await client.query('begin')
    const report = await loadFiles(client, options, found)
    await client.query(report.status === 'refused' ? 'rollback' : 'commit')
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

const MERGES: Record<FeedFile, (merge: Merge, staged: StagedFile) => Promise<FeedFileReport>> = {
  contracts: mergeContracts,
  invoices: mergeInvoices,
  invoice_lines: mergeInvoiceLines,
  payments: mergePayments,
  readings: mergeReadings,
}

/** The transaction's work. */
async function loadFiles(
  client: pg.Client,
  options: LoadFeedOptions,
  found: FoundFiles,
): Promise<FeedReport> {
  const { strict = false, onProgress = () => {}, signal } = options
  const startedAt = options.now ?? clock.now()
  await prepare(client)
  const billers = await client.query<{ id: number }>('select id from billers where code = $1', [
    options.biller,
  ])
  const billerId = billers.rows[0]?.id
  if (billerId === undefined) throw new Error(`There is no biller ${options.biller}.`)
  onProgress({ phase: 'waiting', done: 0 })
  await client.query('select pg_advisory_xact_lock($1, $2)', [FEED_LOCK, billerId])

  const context = {
    normaliseContractCode: (code: string) => normaliseContractCode(options.biller as BillerCode, code),
    foldName,
  }
  const totalBytes = found.files.reduce((sum, file) => sum + file.bytes, 0)
  const staged: StagedFile[] = []
  let bytesRead = 0
  for (const { file, path } of found.files) {
    const onBytes = (bytes: number) => {
      bytesRead += bytes
      onProgress({ phase: 'reading', file, done: totalBytes === 0 ? 1 : bytesRead / totalBytes })
    }
    staged.push(await stageFile(client, file, path, context, onBytes, signal))
  }

  const merge: Merge = { client, billerId, now: startedAt }
  const files: FeedFileReport[] = []
  for (const [index, file] of staged.entries()) {
    onProgress({ phase: 'merging', file: file.file, done: index / staged.length })
    files.push(await MERGES[file.file](merge, file))
  }
  const refusals = await readRefusals(client, files, options.onRefusals)
  const refusedRows = files.reduce((sum, file) => sum + file.refused, 0)
  const refusedFiles = files.filter(file => file.broken !== null).length
  const report: FeedReport = {
    biller: options.biller,
    status: refusedRows + refusedFiles > 0 ? 'loaded_with_refusals' : 'loaded',
    strict,
    files,
    ignoredFiles: found.ignored,
    refusedRows,
    refusals,
  }
  if (refusedFiles === files.length || (strict && report.status !== 'loaded')) return nothingLoaded(report)

  onProgress({ phase: 'replaying', done: 0 })
  await replayTouched(drizzle({ client }), billerId, sql.identifier(TOUCHED), done =>
    onProgress({ phase: 'replaying', done }),
  )
  await client.query(
    'insert into feed_runs (biller_id, started_at, finished_at, status, report) values ($1, $2, $3, $4, $5)',
    [billerId, startedAt, options.now ?? clock.now(), report.status, report],
  )
  return report
}

/** Settings of this transaction alone, and the table of what must be replayed. */
async function prepare(client: pg.Client): Promise<void> {
  await client.query(`set local work_mem = '96MB'`)
  // A client that is gone ends its statement soon, not at the statement's end.
  await client.query(`set local client_connection_check_interval = '2s'`)
  await client.query(`create temp table ${TOUCHED} (contract_id bigint not null, number text) on commit drop`)
}

const nothingLoaded = (report: FeedReport): FeedReport => ({
  ...report,
  status: 'refused',
  files: report.files.map(file => ({ ...file, added: 0, changed: 0, unchanged: 0, removed: 0 })),
})

/** Returns the first refusals; all of them go to `onRefusals`. */
async function readRefusals(
  client: pg.Client,
  files: readonly FeedFileReport[],
  onRefusals: LoadFeedOptions['onRefusals'],
): Promise<FeedRefusal[]> {
  const first: FeedRefusal[] = []
  for (const { file, refused } of files) {
    if (refused === 0 || (first.length === FIRST_REFUSALS && !onRefusals)) continue
    await client.query(`declare refusals cursor for select '${file}' as file, line, refused_column as column,
      refused_reason as reason from ${stagingTable(file)} where refused_reason is not null order by line`)
    for (;;) {
      const { rows } = await client.query<FeedRefusal>('fetch 5000 from refusals')
      first.push(...rows.slice(0, FIRST_REFUSALS - first.length))
      if (rows.length === 0 || !onRefusals) break
      await onRefusals(rows)
    }
    await client.query('close refusals')
  }
  return first
}
