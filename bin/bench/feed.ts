// `npm run bench -- --only feed`: the feed import against a plain COPY of the same rows into the same tables.
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { parseArgs } from 'node:util'
import pg from 'pg'
import { from as copyFrom } from 'pg-copy-streams'
import { startEmbeddedPostgres } from '../../db/embedded.ts'
import { migrateDatabase } from '../../db/migrate.ts'
import { loadFeed } from '../../lib/feed/commands.ts'
import { FEED_FILES, type FileDefinition } from '../../lib/feed/schema.ts'
import { addDays, addMonths } from '../../lib/platform/dates.ts'
import { foldName } from '../../lib/platform/names.ts'
import { addressOf, billed, codeOf, holderOf, invoiceNumber, linesOf } from './data.ts'

const { values } = parseArgs({
  options: {
    invoices: { type: 'string', default: '1000000' },
    rounds: { type: 'string', default: '1' },
  },
})
const invoiceCount = Number(values.invoices)
const MONTHS = 10
const contractCount = Math.ceil(invoiceCount / MONTHS)

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'drita-bench-feed-'))
fs.chmodSync(folder, 0o755)
let stopServer = async () => {}

async function bench(): Promise<void> {
  console.log(`${contractCount} contracts, ${invoiceCount} invoices`)
  fs.mkdirSync(path.join(folder, 'feed'))
  await writeFiles()
  const server = await startEmbeddedPostgres(path.join(folder, 'data'))
  stopServer = server.stop
  const rows = contractCount + invoiceCount
  for (let round = 1; round <= Number(values.rounds); round++) {
    const copySeconds = await onFreshDatabase(server.url, copyRows)
    let peak = 0
    const sampling = setInterval(() => {
      peak = Math.max(peak, process.memoryUsage.rss())
    }, 50)
    const feedSeconds = await onFreshDatabase(server.url, loadRows)
    clearInterval(sampling)
    const perSecond = (seconds: number) => `${seconds.toFixed(1)} s, ${Math.round(rows / seconds)} rows/s`
    console.log(`plain COPY   ${perSecond(copySeconds)}`)
    console.log(
      `feed import  ${perSecond(feedSeconds)}, peak memory of node ${Math.round(peak / 2 ** 20)} MB`,
    )
    console.log(`ratio        ${(copySeconds / feedSeconds).toFixed(2)}`)
  }
}

/** The feed, and the same rows as COPY takes them for the final tables. */
async function writeFiles(): Promise<void> {
  const files = [
    ['contracts', contractCount, contractRow],
    ['invoices', invoiceCount, invoiceRow],
  ] as const
  for (const [file, count, rowOf] of files) {
    const { columns }: FileDefinition = FEED_FILES[file]
    const header = columns.filter(column => !column.newer).map(({ name }) => name)
    await write(
      `feed/${file}.csv`,
      linesOf(count, n => rowOf(n).feed, `${header.join(',')}\n`),
    )
    await write(
      `${file}.copy`,
      linesOf(count, n => rowOf(n).copy),
    )
  }
}

const write = (name: string, lines: Iterable<string>) =>
  pipeline(Readable.from(lines), fs.createWriteStream(path.join(folder, name)))

type Row = { feed: string; copy: string }

function contractRow(n: number): Row {
  const [first, last] = holderOf(n)
  const cells = ['Petrit', `J${String(n).padStart(8, '0')}W`, '', '', 'household', 'TIRANA', 'TIRANA', 'AL1']
  const rest = [addressOf(n), '', '2015-06-01', '1', '5.00', '5.00', 'household', `M${n}`, 'false', '']
  const feed = [codeOf(n + 1), first, last, ...cells, ...rest].map(cell =>
    cell.includes(',') ? `"${cell}"` : cell,
  )
  const copy = ['1', codeOf(n + 1), first, last, ...cells, ...rest, foldName(first, last)].map(
    cell => cell || '\\N',
  )
  return { feed: feed.join(','), copy: copy.join('\t') }
}

/** A month after the other, each with every contract, as a biller's system writes them. */
function invoiceRow(n: number): Row {
  const contract = n % contractCount
  const month = Math.floor(n / contractCount)
  const period = addMonths('2026-01-01', month)
  const { units, principal, issuedOn, dueOn } = billed(n, period)
  const amount = (minor: number) => (minor / 100).toFixed(2)
  const number = invoiceNumber(period, contract + 1)
  const dates = [period, addDays(addMonths(period, 1), -1), issuedOn, dueOn]
  const readings = [String(1000 + month * 500), String(1000 + month * 500 + units), 'read', String(units)]
  const feed = [number, codeOf(contract + 1), period.slice(0, 7), ...dates, ...readings]
  const money = [principal, 10_000, principal + 10_000]
  const copy = ['1', contract + 1, number, period, ...dates, ...readings, ...money, '\\N']
  return { feed: [...feed, ...money.map(amount), ''].join(','), copy: copy.join('\t') }
}

const CONTRACT_COLUMNS = `biller_id, code, holder_first_name, holder_last_name, holder_father_name,
  holder_personal_number, business_name, business_number, category, region, branch, zone, address, phone, connected_on,
  phases, power_connected_kw, power_contracted_kw, tariff_group, meter_number, meter_remote, closed_on, holder_name_folded`
const INVOICE_COLUMNS = `biller_id, contract_id, number, period, period_from, period_to, issued_on, due_on,
  previous_reading, current_reading, reading_kind, units, principal, tv_tax, total, cancelled_on`

async function copyRows(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  await client.query('begin')
  for (const [table, columns] of [
    ['contracts', CONTRACT_COLUMNS],
    ['invoices', INVOICE_COLUMNS],
  ]) {
    const rows = fs.createReadStream(path.join(folder, `${table}.copy`), { highWaterMark: 256 * 1024 })
    await pipeline(rows, client.query(copyFrom(`copy ${table} (${columns}) from stdin`)))
  }
  await client.query('commit')
  await client.end()
}

async function loadRows(url: string): Promise<void> {
  const report = await loadFeed({ biller: 'oshee', folder: path.join(folder, 'feed'), url })
  const added = report.files.reduce((sum, file) => sum + file.added, 0)
  if (added !== contractCount + invoiceCount) throw new Error(`Only ${added} rows were added.`)
}

/** Seconds that `work` takes on a database with the present schema and nothing else. */
async function onFreshDatabase(serverUrl: string, work: (url: string) => Promise<void>): Promise<number> {
  const admin = new pg.Client({ connectionString: serverUrl.replace(/\/drita$/, '/postgres') })
  await admin.connect()
  await admin.query('create database bench')
  const url = serverUrl.replace(/\/drita$/, '/bench')
  await migrateDatabase(url)
  await admin.query('checkpoint')
  const began = performance.now()
  await work(url)
  const seconds = (performance.now() - began) / 1000
  await admin.query('drop database bench with (force)')
  await admin.end()
  return seconds
}

try {
  await bench()
} finally {
  await stopServer()
  fs.rmSync(folder, { recursive: true, force: true })
}
