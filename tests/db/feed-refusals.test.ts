// What a feed must not load, and that the rest of it is loaded all the same.

import fs from 'node:fs'
import { sql } from 'drizzle-orm'
import { beforeEach, expect, test } from 'vitest'
import type { BillerCode } from '../../lib/billers/contract-codes.ts'
import { loadFeed } from '../../lib/feed/commands.ts'
import type { FeedRefusal, FeedReport, RefusedRow } from '../../lib/feed/schema.ts'
import { testDatabase } from '../support/database.ts'
import { csvOf, emptyTables, type FeedRows, feedFolder, folderOf, stateDump } from '../support/feeds.ts'

const db = await testDatabase()
beforeEach(() => emptyTables(db))

const contract = (code: string, changes = {}) => ({ code, category: 'household', ...changes })
const invoice = (number: string, changes = {}) => ({
  number,
  contract_code: 'AL0000001',
  period: '2024-01',
  issued_on: '2024-01-31',
  due_on: '2024-02-29',
  principal: '456.00',
  tv_tax: '100.00',
  total: '556.00',
  ...changes,
})
const line = (number: string, position: number, changes = {}) => ({
  invoice_number: number,
  position,
  code: 'ENERGY',
  quantity: 30,
  unit_price: '9.50',
  amount: '285.00',
  vat_rate: 20,
  ...changes,
})
const payment = (reference: string, changes = {}) => ({
  reference,
  contract_code: 'AL0000001',
  paid_on: '2024-02-01',
  amount: '556.00',
  method: 'CASH',
  source: 'BANKA',
  ...changes,
})
const reading = (meter: string, changes = {}) => ({
  contract_code: 'AL0000001',
  meter_number: meter,
  read_at: '2026-11-18T06:00:00+01:00',
  register: 'A1',
  value_kwh: '1',
  ...changes,
})

const badFeed = () => ({
  contracts: [
    contract('AL0000001'),
    contract('AL0000002', { address: 'x'.repeat(301) }),
    contract('AL0000003', { category: 'villa' }),
    contract('AL0000004', { region: 'one' }),
    contract('al0000004', { region: 'two' }),
  ],
  invoices: [
    invoice('I1'),
    invoice('I2', { contract_code: 'AL0000009' }),
    invoice('I3', { due_on: '2024-02-30' }),
    invoice('I4', { principal: '-456.00' }),
    invoice('I5', { total: '556.01' }),
    invoice('I6'),
    invoice('I6', { period: '2024-02' }),
    invoice('I7'),
    invoice('I7', { tv_tax: 'none' }),
    invoice('I8', { contract_code: 'AL0000004' }),
  ],
  invoice_lines: [
    line('I1', 1),
    line('I9', 1),
    line('I1', 2, { code: 'a' }),
    line('I1', 2, { code: 'b' }),
    line('I1', 3),
  ],
  payments: [payment('P1'), payment('P2', { method: 'GOLD' }), payment('P3', { contract_code: 'AL0000002' })],
  readings: [reading('M1'), reading('M1', { read_at: '2026-11-18T05:00:00Z' }), reading('M2')],
})

/** File, line, key, column, value, reason. */
const BAD_ROWS: [string, number, string, string, string, string][] = [
  ['contracts', 3, 'AL0000002', 'address', `${'x'.repeat(100)}…`, 'too_long'],
  ['contracts', 4, 'AL0000003', 'category', 'villa', 'unknown_value'],
  ['contracts', 5, 'AL0000004', 'code', 'AL0000004', 'repeated_key'],
  ['contracts', 6, 'al0000004', 'code', 'al0000004', 'repeated_key'],
  ['invoices', 3, 'I2', 'contract_code', 'AL0000009', 'unknown_contract'],
  ['invoices', 4, 'I3', 'due_on', '2024-02-30', 'not_a_date'],
  ['invoices', 5, 'I4', 'principal', '-456.00', 'negative'],
  ['invoices', 6, 'I5', 'total', '556.01', 'wrong_total'],
  ['invoices', 7, 'I6', 'number', 'I6', 'repeated_key'],
  ['invoices', 8, 'I6', 'number', 'I6', 'repeated_key'],
  // The other row of this key is refused for its own reason; the file repeats the key all the same.
  ['invoices', 9, 'I7', 'number', 'I7', 'repeated_key'],
  ['invoices', 10, 'I7', 'tv_tax', 'none', 'not_a_number'],
  ['invoice_lines', 3, 'I9 1', 'invoice_number', 'I9', 'unknown_invoice'],
  ['invoice_lines', 4, 'I1 2', 'position', '2', 'repeated_key'],
  ['invoice_lines', 5, 'I1 2', 'position', '2', 'repeated_key'],
  ['payments', 3, 'P2', 'method', 'GOLD', 'unknown_value'],
  // The same moment, written differently.
  ['readings', 2, 'M1 A1 2026-11-18T06:00:00+01:00', 'read_at', '2026-11-18T06:00:00+01:00', 'repeated_key'],
  ['readings', 3, 'M1 A1 2026-11-18T05:00:00Z', 'read_at', '2026-11-18T05:00:00Z', 'repeated_key'],
]
/** Those that want nothing but their contract, which the feed itself brings and which is refused. */
const WAITING_ROWS: typeof BAD_ROWS = [
  ['invoices', 11, 'I8', 'contract_code', 'AL0000004', 'contract_refused'],
  ['payments', 4, 'P3', 'contract_code', 'AL0000002', 'contract_refused'],
]
const REFUSED = BAD_ROWS.length + WAITING_ROWS.length
const asList = (rows: FeedRefusal[]) =>
  rows.map(row => [row.file, row.line, row.key, row.column, row.value, row.reason])

test('each kind of bad row is refused with its place and reason, the good ones load', async () => {
  const heard: RefusedRow[] = []
  const report = await loadFeed({
    biller: 'oshee',
    folder: feedFolder(badFeed()),
    onRefusals: async (_, rows) => void heard.push(...rows),
  })
  expect(asList(report.refusals)).toEqual(BAD_ROWS)
  const all = [...BAD_ROWS, ...WAITING_ROWS]
  expect(asList(heard).sort()).toEqual(all.sort())
  expect(heard[2]!.fields.slice(0, 2)).toEqual(['AL0000004', ''])
  expect(report).toMatchObject({ status: 'loaded_with_refusals', refusedRows: REFUSED })
  expect(report.files.map(file => [file.file, file.rows, file.added, file.refused, file.waiting])).toEqual([
    ['contracts', 5, 1, 4, 0],
    ['invoices', 10, 1, 9, 1],
    ['invoice_lines', 5, 2, 3, 0],
    ['payments', 3, 1, 2, 1],
    ['readings', 3, 1, 2, 0],
  ])
  const counted = all.map(([file, , , column, , reason]) => ({ file, column, reason }))
  const counts = report.refusalCounts!.flatMap(({ file, column, reason, rows }) =>
    Array.from({ length: rows }, () => ({ file, column, reason })),
  )
  const asText = (some: object[]) => some.map(one => JSON.stringify(one)).sort()
  expect(asText(counts)).toEqual(asText(counted))
  // What may be personal is not kept.
  const { rows: runs } = await db.execute<{ report: FeedReport }>(sql`select report from feed_runs`)
  expect(runs[0]!.report.refusals[1]).toEqual({
    file: 'contracts',
    line: 4,
    column: 'category',
    reason: 'unknown_value',
    key: 'AL0000003',
  })
  const { rows } =
    await db.execute(sql`select code as key from contracts union all select number from invoices
    union all select reference from payments union all select meter_number from readings`)
  expect(rows.map(row => row.key)).toEqual(['AL0000001', 'I1', 'P1', 'M2'])
})

test('each reason has an example: the figures of its first row, and nothing that may be personal', async () => {
  const feed = badFeed()
  const examplesOf = async (rows: FeedRows) => {
    const { refusalCounts } = await loadFeed({ biller: 'oshee', folder: feedFolder(rows) })
    return refusalCounts!.map(({ file, reason, line, figures }) => [file, reason, line, figures])
  }
  const examples = await examplesOf({
    ...feed,
    invoices: [...feed.invoices, invoice('I10', { total: '456.00' }), invoice('I11', { total: '1.00' })],
    payments: [
      ...feed.payments,
      payment('P4', { paid_on: '2024-02-30' }),
      payment('P5', { amount: '556,00' }),
      payment('=1+1', { amount: '=HYPERLINK("http://example.com")' }),
    ],
  })
  expect(examples.filter(([file]) => file !== 'invoices')).toEqual([
    ['contracts', 'repeated_key', 5, null],
    ['contracts', 'too_long', 3, null],
    ['contracts', 'unknown_value', 4, null],
    ['invoice_lines', 'repeated_key', 4, '2'],
    ['invoice_lines', 'unknown_invoice', 3, null],
    ['payments', 'not_a_number', 6, '556,00'],
    ['payments', 'contract_refused', 4, null],
    ['payments', 'unknown_value', 3, null],
    ['payments', 'not_a_date', 5, '2024-02-30'],
    ['readings', 'repeated_key', 2, '2026-11-18T06:00:00+01:00'],
  ])
  expect(examples).toContainEqual(['invoices', 'wrong_total', 6, '456.00 + 100.00 ≠\u00a0556.01'])
  expect(examples).toContainEqual(['invoices', 'unknown_contract', 3, 'AL0000009'])
  expect(examples).toContainEqual(['invoices', 'negative', 5, '-456.00'])
  // A formula and a cell of a hundred thousand letters are not shown, nor a row whose columns slipped.
  expect(
    await examplesOf({
      payments: [
        payment('P6', { amount: '=1+1' }),
        payment('P7', { paid_on: '9'.repeat(100_000) }),
        payment('P8', { method: '', amount: '1234567890' }),
      ],
    }),
  ).toEqual([
    ['payments', 'does_not_fit', 4, null],
    ['payments', 'not_a_number', 2, null],
    ['payments', 'not_a_date', 3, null],
  ])
})

test('--strict loads nothing where a single row is refused', async () => {
  const empty = await stateDump(db)
  const report = await loadFeed({ biller: 'oshee', folder: feedFolder(badFeed()), strict: true })
  expect(report).toMatchObject({ status: 'refused', refusedRows: REFUSED })
  expect(asList(report.refusals)).toEqual(BAD_ROWS)
  expect(await stateDump(db)).toEqual(empty)
  const { rows: runs } = await db.execute(
    sql`select status, slices_done, (report ->> 'refusedRows')::int as refused from feed_runs`,
  )
  expect(runs).toEqual([{ status: 'refused', slices_done: 0, refused: REFUSED }])

  const good = feedFolder({ contracts: [contract('AL0000001')], invoices: [invoice('I1')] })
  expect((await loadFeed({ biller: 'oshee', folder: good, strict: true })).status).toBe('loaded')
})

test('a row with another number of columns is refused, and lines are counted through quoted line breaks', async () => {
  const invoices = csvOf('invoices', [invoice('I1'), invoice('I2'), invoice('I3')]).split('\n')
  const contracts = csvOf('contracts', [
    contract('AL0000001', { address: 'Rruga "A"\r\nKati 2, djathtas' }),
    contract('AL0000002', { phases: 'x' }),
  ])
  const report = await loadFeed({
    biller: 'oshee',
    folder: folderOf({
      'contracts.csv': `\uFEFF${contracts}`,
      'invoices.csv': [invoices[0], invoices[1], `${invoices[2]},more`, 'less', '', invoices[3]].join('\r\n'),
    }),
  })
  expect(asList(report.refusals)).toEqual([
    ['contracts', 4, 'AL0000002', 'phases', 'x', 'not_a_number'],
    ['invoices', 3, null, null, null, 'wrong_column_count'],
    ['invoices', 4, null, null, null, 'wrong_column_count'],
  ])
  const { rows } = await db.execute(sql`select address from contracts`)
  expect(rows).toEqual([{ address: 'Rruga "A" Kati 2, djathtas' }])
})

const header = csvOf('payments', [])
const goodRow = csvOf('payments', [payment('P1')]).split('\n')[1]

test.each([
  ['nothing in it', '', { reason: 'no_header', line: null, column: null }],
  [
    'a missing column',
    header.replace(',source', ''),
    { reason: 'missing_column', line: 1, column: 'source' },
  ],
  [
    'an unknown column',
    header.replace('source', 'sauce'),
    { reason: 'unknown_column', line: 1, column: 'sauce' },
  ],
  [
    'a wrong quote',
    `${header}${goodRow}\nP2,"AL"0000001,x\n`,
    { reason: 'stray_quote', line: 3, column: null },
  ],
  ['a quote never closed', `${header}${goodRow}\n"P2`, { reason: 'unclosed_quote', line: 3, column: null }],
  [
    'lines that end with CR',
    `${header}${goodRow}\n`.replaceAll('\n', '\r'),
    { reason: 'bare_return', line: 1, column: null },
  ],
  ['an Excel workbook', Buffer.from('PK\x03\x04\x14\x00'), { reason: 'workbook', line: null, column: null }],
  ['UTF-16 without its mark', Buffer.from(header, 'utf16le'), { reason: 'utf16', line: null, column: null }],
  [
    'a byte order mark, and then no UTF-8',
    Buffer.concat([Buffer.from(`\uFEFF${header}${goodRow}\n`), Buffer.from([0xeb, 0x0a])]),
    { reason: 'not_utf8', line: 3, column: null },
  ],
  [
    'a byte that Windows-1250 does not have',
    Buffer.concat([Buffer.from(`${header}${goodRow}\n`), Buffer.from([0xeb, 0x81, 0x0a])]),
    { reason: 'not_utf8', line: 3, column: null },
  ],
])('a file with %s is refused whole, the other files load', async (_, text, broken) => {
  const contracts = csvOf('contracts', [contract('AL0000001')])
  const report = await loadFeed({
    biller: 'oshee',
    folder: folderOf({ 'contracts.csv': contracts, 'payments.csv': text, 'notes.csv': 'x' }),
  })
  expect(report).toMatchObject({ status: 'loaded_with_refusals', ignoredFiles: ['notes.csv'] })
  const counts = { changed: 0, unchanged: 0, removed: 0, refused: 0, waiting: 0, encoding: 'utf-8' }
  expect(report.files).toEqual([
    { file: 'contracts', rows: 1, added: 1, broken: null, ...counts },
    { file: 'payments', rows: 0, added: 0, broken, ...counts },
  ])
  expect((await db.execute(sql`select id from payments`)).rows).toEqual([])
  const alone = await loadFeed({ biller: 'oshee', folder: folderOf({ 'payments.csv': text }) })
  expect(alone.status).toBe('refused')
})

test('an unknown biller and a folder without files are errors', async () => {
  const folder = feedFolder({ contracts: [contract('AL0000001')] })
  await expect(loadFeed({ biller: 'nobody' as BillerCode, folder })).rejects.toThrow(
    'There is no biller nobody.',
  )
  fs.rmSync(`${folder}/contracts.csv`)
  await expect(loadFeed({ biller: 'oshee', folder })).rejects.toThrow(
    "holds none of a feed's files (contracts.csv, invoices.csv, invoice_lines.csv, payments.csv, readings.csv, disconnections.csv, outages.csv). It is empty.",
  )
})

test('the lines of an invoice are replaced as a whole, but none is lost to a refused one', async () => {
  const base = { contracts: [contract('AL0000001')], invoices: [invoice('I1')] }
  const load = async (lines: Record<string, string | number>[]) => {
    const report = await loadFeed({ biller: 'oshee', folder: feedFolder({ ...base, invoice_lines: lines }) })
    const { rows } = await db.execute(sql`select position, code from invoice_lines order by position`)
    return { counts: report.files[2], lines: rows.map(row => `${row.position} ${row.code}`) }
  }
  await load([line('I1', 1), line('I1', 2, { code: 'FIXED' }), line('I1', 3, { code: 'TV' })])
  const replaced = await load([line('I1', 1), line('I1', 2, { code: 'FEE' })])
  expect(replaced.lines).toEqual(['1 ENERGY', '2 FEE'])
  expect(replaced.counts).toMatchObject({ added: 0, changed: 1, unchanged: 1, removed: 1 })
  const partly = await load([line('I1', 1, { amount: 'x' }), line('I1', 2), line('I1', 3)])
  expect(partly.lines).toEqual(['1 ENERGY', '2 ENERGY', '3 ENERGY'])
  expect(partly.counts).toMatchObject({ added: 1, changed: 1, unchanged: 0, removed: 0, refused: 1 })
})

test('many refusals: the report holds the first hundred, the listener hears all', async () => {
  const contracts = Array.from({ length: 12_345 }, (_, i) =>
    contract(`AL${String(i).padStart(7, '0')}`, { phases: -1 }),
  )
  let heard = 0
  const report = await loadFeed({
    biller: 'oshee',
    folder: feedFolder({ contracts }),
    onRefusals: async (_, rows) => {
      heard += rows.length
    },
  })
  expect(report.refusals).toHaveLength(100)
  expect([report.refusedRows, heard]).toEqual([12_345, 12_345])
  expect(report.refusalCounts!.reduce((sum, { rows }) => sum + rows, 0)).toBe(12_345)
})

test('a line that was refused comes back mended and alone: it completes its invoice and corrects nothing', async () => {
  const lines = [line('I1', 1), line('I1', 2), line('I1', 3, { unit_price: 'x' })]
  const feed = { contracts: [contract('AL0000001')], invoices: [invoice('I1')], invoice_lines: lines }
  expect(await loadFeed({ biller: 'oshee', folder: feedFolder(feed) })).toMatchObject({ refusedRows: 1 })
  const [names, row] = csvOf('invoice_lines', [line('I1', 3)]).split('\n')
  const mended = `refused_line,refused_column,refused_reason,${names}\n4,unit_price,not_a_number,${row}\n`
  const folder = folderOf({ 'invoice_lines.csv': mended })
  const { files } = await loadFeed({ biller: 'oshee', folder })
  expect(files).toMatchObject([{ file: 'invoice_lines', added: 1, removed: 0 }])
  const { rows } =
    await db.execute(sql`select i.corrected_at, array_agg(l.position order by l.position) as positions
    from invoices i join invoice_lines l on l.invoice_id = i.id group by i.id`)
  expect(rows).toEqual([{ corrected_at: null, positions: [1, 2, 3] }])
})
