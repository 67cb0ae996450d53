// `npm run feed -- --biller CODE FOLDER`: loads a biller's feed and prints what became of it.
import fs from 'node:fs'
import type { FileHandle } from 'node:fs/promises'
import { parseArgs } from 'node:util'
import { SingleBar } from 'cli-progress'
import { startEmbeddedPostgres } from '../db/embedded.ts'
import { migrateDatabase } from '../db/migrate.ts'
import { billerCodes } from '../lib/contracts/codes.ts'
import { loadFeed } from '../lib/feed/commands.ts'
import { FeedBrokeOff } from '../lib/feed/loading.ts'
import type {
  BrokenFile,
  FeedProgress,
  FeedRefusal,
  FeedReport,
  FileReason,
  RowReason,
} from '../lib/feed/schema.ts'
import { parseEnv } from '../lib/platform/env.ts'

const USAGE = `Usage: npm run feed -- --biller CODE FOLDER [--strict] [--refusals FILE]

  --biller CODE     one of ${billerCodes.join(', ')}
  FOLDER            holds contracts.csv, invoices.csv, invoice_lines.csv, payments.csv, readings.csv, or some of them
  --strict          load nothing where a single row is refused
  --refusals FILE   write every refused row there, as CSV

Ends with 0 when the feed was loaded, 1 when nothing was loaded, 2 when it was called wrongly.`

const ROW_TEXTS: Record<RowReason, string> = {
  wrong_column_count: 'the row has another number of columns than the header',
  empty: 'a value is needed here',
  too_long: 'the text is over its limit',
  forbidden_character: 'the text holds a character that cannot be stored',
  not_a_contract_code: 'this is no contract code of the biller',
  unknown_value: 'this value is none of those allowed',
  not_a_date: 'this is no date that exists (YYYY-MM-DD)',
  not_a_month: 'this is no month (YYYY-MM)',
  not_a_time: 'this is no time with its offset (2026-01-31T06:00:00+01:00)',
  not_a_number: 'this is no number (123.45)',
  negative: 'the number is negative',
  zero: 'the amount is zero',
  too_many_decimals: 'the number has more decimals than can be kept',
  does_not_fit: 'the value is outside what can be kept',
  wrong_total: 'total is not principal + tv_tax',
  repeated_key: 'the file holds this key more than once',
  unknown_contract: 'there is no such contract',
  unknown_invoice: 'there is no such invoice',
  differs_from_our_payment: 'this is a payment of ours, and not what we have of it',
  our_payment_not_captured:
    'this is a payment of ours that the bank has not confirmed to us; send it again later',
}

const FILE_TEXTS: Record<FileReason, string> = {
  not_csv: 'the file is not CSV',
  not_utf8: 'the file is not UTF-8',
  no_header: 'the file has no header line',
  unknown_column: 'the column is unknown',
  missing_column: 'the column is missing',
  repeated_column: 'the column is there twice',
}

type Call = { biller: string; folder: string; strict: boolean; refusals: string | undefined }

/** What was asked for, or a sentence about what is wrong with it. */
function readCall(): Call | string {
  try {
    const { values, positionals } = parseArgs({
      allowPositionals: true,
      options: {
        biller: { type: 'string' },
        strict: { type: 'boolean', default: false },
        refusals: { type: 'string' },
      },
    })
    const { biller, strict, refusals } = values
    const [folder] = positionals
    if (!biller) return 'The biller is missing.'
    if (!(billerCodes as readonly string[]).includes(biller)) return `There is no biller ${biller}.`
    if (!folder || positionals.length > 1) return 'Give one folder.'
    if (!fs.statSync(folder, { throwIfNoEntry: false })?.isDirectory()) return `${folder} is no folder.`
    return { biller, folder, strict, refusals }
  } catch (error) {
    return (error as Error).message
  }
}

/** Returns the exit code. */
async function load({ biller, folder, strict, refusals }: Call): Promise<number> {
  const bar = new SingleBar({ format: '{what} {bar} {percentage} %', hideCursor: true })
  let out: FileHandle | undefined
  let server: { url: string; stop: () => Promise<void> } | undefined
  try {
    if (refusals !== undefined) out = await fs.promises.open(refusals, 'w')
    await out?.write('file,line,column,reason\n')
    // The secret, the address of the portal and the channels of messages are of no use here, and need not be set.
    const settings = parseEnv({
      APP_URL: 'http://localhost',
      AUTH_SECRET: 'not used '.repeat(4),
      ...process.env,
      DEMO: 'on',
    })
    let url = settings.DATABASE_DIRECT_URL ?? settings.DATABASE_URL
    if (!url) {
      server = await startEmbeddedPostgres(settings.DATA_DIR)
      url = server.url
    }
    await migrateDatabase(url)
    bar.start(100, 0, { what: 'Starting'.padEnd(24) })
    const report = await loadFeed({
      biller,
      folder,
      strict,
      url,
      signal: stop.signal,
      lowPriority: true,
      onProgress: progress => bar.update(percent(progress), { what: phaseText(progress).padEnd(24) }),
      onRefusals: async rows => void (await out?.write(rows.map(refusalLine).join(''))),
    })
    bar.stop()
    printReport(report, refusals)
    return report.status === 'refused' ? 1 : 0
  } catch (error) {
    bar.stop()
    console.error(failure(error))
    return 1
  } finally {
    await out?.close()
    await server?.stop()
  }
}

function failure(error: unknown): string {
  const sentence = (error: unknown) => (error instanceof Error ? error.message : String(error))
  const stopped = stop.signal.aborted
  if (error instanceof FeedBrokeOff) {
    const why = stopped ? 'Stopped.' : sentence(error.cause)
    return `${why} ${error.message} The same command goes on from there.`
  }
  return stopped ? 'Stopped; nothing was changed.' : `Nothing was loaded. ${sentence(error)}`
}

/** Reading, judging and loading take about so much of the whole. */
function percent({ phase, done }: FeedProgress): number {
  if (phase === 'waiting') return 0
  if (phase === 'reading') return Math.floor(40 * done)
  if (phase === 'judging') return Math.floor(40 + 10 * done)
  return phase === 'loading' ? Math.floor(50 + 50 * done) : 100
}

function phaseText({ phase, file }: FeedProgress): string {
  if (phase === 'waiting') return 'Waiting for its turn'
  if (phase === 'reading') return `Reading ${file}`
  if (phase === 'judging') return `Judging ${file}`
  return phase === 'loading' ? 'Loading' : 'Done'
}

const refusalLine = ({ file, line, column, reason }: FeedRefusal) =>
  `${file}.csv,${line},${column ?? ''},${reason}\n`

function printReport(report: FeedReport, refusalsFile: string | undefined): void {
  const names = ['rows', 'added', 'changed', 'unchanged', 'removed', 'refused'] as const
  const table = [
    ['file', ...names],
    ...report.files.map(file => [`${file.file}.csv`, ...names.map(name => String(file[name]))]),
  ]
  const widths = table[0]!.map((_, i) => Math.max(...table.map(row => row[i]!.length)))
  for (const row of table) {
    console.log(
      row.map((cell, i) => (i === 0 ? cell.padEnd(widths[i]!) : cell.padStart(widths[i]!))).join('  '),
    )
  }
  for (const { file, broken } of report.files) {
    if (broken) console.log(`${file}.csv refused whole: ${place(broken)}${FILE_TEXTS[broken.reason]}`)
  }
  for (const name of report.ignoredFiles) console.log(`${name}: no file of a feed, not read`)
  for (const { file, line, column, reason } of report.refusals) {
    console.log(`${file}.csv line ${line}${column ? `, ${column}` : ''}: ${ROW_TEXTS[reason]}`)
  }
  const more = report.refusedRows - report.refusals.length
  if (more > 0)
    console.log(
      `and ${more} more${refusalsFile ? `, all in ${refusalsFile}` : ' (--refusals FILE writes all)'}`,
    )
  if (report.status === 'refused') console.log('Nothing was loaded.')
}

const place = ({ line, column }: BrokenFile) =>
  `${line === null ? '' : `line ${line}, `}${column === null ? '' : `${column}: `}`

const call = readCall()
if (typeof call === 'string') {
  console.error(`${call}\n\n${USAGE}`)
  process.exit(2)
}

const stop = new AbortController()
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => stop.abort())
process.exitCode = await load(call)
