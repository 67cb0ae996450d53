// Feeds for tests: folders of CSV files, and what the database holds after them.

import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { sql } from 'drizzle-orm'
import { onTestFinished } from 'vitest'
import type { Database } from '../../db/client.ts'
import type { BillerCode } from '../../lib/billers/contract-codes.ts'
import { FEED_FILES, type FeedFile, type FileDefinition } from '../../lib/feed/schema.ts'
import { deleteRows } from './database.ts'

export const sampleFolder = (biller: BillerCode) =>
  path.join(import.meta.dirname, '../../db/demonstration', biller)

/** A file's rows as objects by column; what is not given is empty. */
export type FeedRows = { [File in FeedFile]?: Record<string, string | number>[] }

const quoted = (cell: string) => (/[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell)

/** The file as text. A column that older feeds do not have is there where a row has it. */
export function csvOf(file: FeedFile, rows: readonly Record<string, string | number>[]): string {
  const { columns }: FileDefinition = FEED_FILES[file]
  const names = columns
    .filter(({ name, newer }) => !newer || rows.some(row => name in row))
    .map(({ name }) => name)
  const lines = rows.map(row => names.map(name => quoted(String(row[name] ?? ''))).join(','))
  return `${[names.join(','), ...lines].join('\n')}\n`
}

/** Writes a folder of files (text by file name) and removes it when the test ends. */
export function folderOf(files: Record<string, string | Buffer>): string {
  const folder = writeFolder(files)
  onTestFinished(() => fs.rmSync(folder, { recursive: true, force: true }))
  return folder
}

function writeFolder(files: Record<string, string | Buffer>): string {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'drita-feed-'))
  for (const [name, text] of Object.entries(files)) fs.writeFileSync(path.join(folder, name), text)
  return folder
}

const filesOf = (rows: FeedRows): Record<string, string> =>
  Object.fromEntries(Object.entries(rows).map(([file, own]) => [`${file}.csv`, csvOf(file as FeedFile, own)]))

export const feedFolder = (rows: FeedRows): string => folderOf(filesOf(rows))

/** A folder that stays until the caller removes it. */
export const writeFeed = (rows: FeedRows): string => writeFolder(filesOf(rows))

/** The rows of a sample, as objects; none of a file that it lacks. The samples hold no quotes. */
export function sampleRows(biller: BillerCode): Required<FeedRows> {
  const read = (file: string) => {
    const name = path.join(sampleFolder(biller), file)
    if (!fs.existsSync(name)) return []
    const [header, ...lines] = fs.readFileSync(name, 'utf8').trim().split('\n')
    const names = header!.split(',')
    return lines.map(line => Object.fromEntries(line.split(',').map((cell, i) => [names[i]!, cell])))
  }
  const files = Object.keys(FEED_FILES).map(file => [file, read(`${file}.csv`)])
  return Object.fromEntries(files) as Required<FeedRows>
}

const TABLES = [
  'contracts',
  'invoices',
  'invoice_lines',
  'payments',
  'payment_allocations',
  'readings',
  'disconnections',
  'outages',
]

/** Every row of every table that a feed writes, with the transaction that wrote it: equal only if nothing was touched. */
export async function fullDump(db: Database): Promise<unknown> {
  const dump: Record<string, unknown> = {}
  for (const table of TABLES) {
    const { rows } = await db.execute(
      sql.raw(`select xmin::text, ctid::text, t.* from ${table} t order by ctid`),
    )
    dump[table] = rows
  }
  return dump
}

/** The same state without what depends on the order in which it came about: ids, times of receipt and correction. */
export async function stateDump(db: Database): Promise<unknown> {
  const queries = {
    contracts: `select to_jsonb(c) - 'id' as row from contracts c order by biller_id, code`,
    invoices: `select to_jsonb(i) - 'id' - 'contract_id' - 'corrected_at' as row, c.code from invoices i join contracts c on c.id = i.contract_id
      order by i.biller_id, i.number`,
    lines: `select to_jsonb(l) - 'invoice_id' as row, i.number from invoice_lines l join invoices i on i.id = l.invoice_id
      order by i.biller_id, i.number, l.position`,
    payments: `select to_jsonb(p) - 'id' - 'contract_id' - 'received_at' as row, c.code from payments p
      join contracts c on c.id = p.contract_id order by p.biller_id, p.reference`,
    allocations: `select p.reference, i.number, a.interest, a.principal, a.tv_tax from payment_allocations a
      join payments p on p.id = a.payment_id join invoices i on i.id = a.invoice_id order by p.reference, i.number`,
    readings: `select to_jsonb(r) - 'contract_id' as row, c.code from readings r join contracts c on c.id = r.contract_id
      order by r.biller_id, r.meter_number, register, read_at`,
    disconnections: `select to_jsonb(d) - 'id' - 'contract_id' as row, c.code from disconnections d
      join contracts c on c.id = d.contract_id order by d.biller_id, d.reference`,
    outages: `select to_jsonb(o) - 'id' as row from outages o order by biller_id, reference`,
  }
  const dump: Record<string, unknown> = {}
  for (const [name, query] of Object.entries(queries)) dump[name] = (await db.execute(sql.raw(query))).rows
  return dump
}

/** All that is stored of each contract, by its code, without what depends on when and in which order it came about. */
export async function contractDumps(db: Database): Promise<Map<string, unknown>> {
  const { rows } = await db.execute<{ code: string; dump: unknown }>(sql`select c.code, jsonb_build_object(
    'contract', to_jsonb(c) - 'id',
    'invoices', (select jsonb_agg(to_jsonb(i) - '{id,contract_id,corrected_at}'::text[] || jsonb_build_object(
        'lines', (select jsonb_agg(to_jsonb(l) - 'invoice_id' order by l.position) from invoice_lines l where l.invoice_id = i.id),
        'allocations', (select jsonb_agg(to_jsonb(a) - '{invoice_id,payment_id}'::text[] || jsonb_build_object('by', p.reference)
          order by p.reference) from payment_allocations a join payments p on p.id = a.payment_id where a.invoice_id = i.id))
      order by i.number) from invoices i where i.contract_id = c.id),
    'payments', (select jsonb_agg(to_jsonb(p) - '{id,contract_id,received_at}'::text[] order by p.reference)
      from payments p where p.contract_id = c.id),
    'readings', (select jsonb_agg(to_jsonb(r) - 'contract_id' order by r.meter_number, r.register, r.read_at)
      from readings r where r.contract_id = c.id),
    'disconnections', (select jsonb_agg(to_jsonb(d) - '{id,contract_id}'::text[] order by d.reference)
      from disconnections d where d.contract_id = c.id)) as dump
    from contracts c order by c.code`)
  return new Map(rows.map(row => [row.code, row.dump]))
}

/** Takes everything out that a feed put in. */
export async function emptyTables(db: Database): Promise<void> {
  await deleteRows(db, ...TABLES, 'feed_runs')
}

/** What each payment pays, by its reference. */
export async function allocationsByReference(db: Database) {
  const { rows } = await db.execute<{
    reference: string
    number: string
    interest: number
    principal: number
    tv_tax: number
  }>(sql`select p.reference, i.number, a.interest, a.principal, a.tv_tax from payment_allocations a
    join payments p on p.id = a.payment_id join invoices i on i.id = a.invoice_id order by p.reference, i.due_on, i.number`)
  const byReference: Record<string, [string, number, number, number][]> = {}
  for (const row of rows) {
    byReference[row.reference] ??= []
    byReference[row.reference]!.push([row.number, row.interest, row.principal, row.tv_tax])
  }
  return byReference
}
