// The sample feeds: every real row to the cent, and twice the same feed changes nothing.
import { sql } from 'drizzle-orm'
import { beforeAll, expect, test } from 'vitest'
import { billerCodes } from '../../lib/billers/contract-codes.ts'
import { loadFeed } from '../../lib/feed/commands.ts'
import type { InterestTerm } from '../../lib/ledger/interest-rules.ts'
import { interestOf } from '../../lib/ledger/queries.ts'
import { amountDue, nothingPaid } from '../../lib/ledger/rules.ts'
import { parseMinor } from '../../lib/platform/money.ts'
import { testDatabase } from '../support/database.ts'
import { allocationsByReference, fullDump, sampleFolder, sampleRows } from '../support/feeds.ts'

const db = await testDatabase()

beforeAll(async () => {
  for (const biller of billerCodes) {
    const report = await loadFeed({ biller, folder: sampleFolder(biller) })
    expect(report).toMatchObject({ status: 'loaded', refusedRows: 0, ignoredFiles: [] })
    const filled = report.files.filter(({ rows }) => rows > 0)
    expect(filled.map(file => [file.file, file.rows, file.added])).toEqual(
      Object.entries(sampleRows(biller)).flatMap(([file, rows]) =>
        rows.length > 0 ? [[file, rows.length, rows.length]] : [],
      ),
    )
  }
})

/** Interest, principal and TV tax of the real bills, in hundredths of a lek. */
const REAL_ROWS: Record<string, [string, number, number, number]> = {
  'EP-2023-0810-1': ['202306002', 114, 11400, 10000],
  'RB-2023-0627-1': ['202305002', 0, 11400, 10000],
  'RB-2023-0627-2': ['202304002', 308, 11400, 10000],
  'RB-2023-0627-3': ['202303002', 661, 11400, 10000],
  'RB-2023-0627-4': ['202302002', 1003, 11400, 10000],
  'RB-2023-0627-5': ['202301002', 1357, 11400, 10000],
  'EP-2023-0810-2': ['202307001', 0, 11400, 10000],
  'EP-2023-1030-1': ['202309001', 0, 64980, 10000],
  'EP-2023-1128-1': ['202310001', 0, 11400, 10000],
  'EP-2023-1229-1': ['202311001', 0, 11400, 10000],
  'EP-2024-0130-1': ['202312001', 0, 11400, 10000],
}

test('the real payments split to the cent', async () => {
  const allocations = await allocationsByReference(db)
  for (const [reference, row] of Object.entries(REAL_ROWS)) expect(allocations[reference]).toEqual([row])
})

test('every payment of the samples pays its invoice whole, and what is above the invoice is interest', async () => {
  const allocations = await allocationsByReference(db)
  for (const biller of billerCodes) {
    const { invoices, payments } = sampleRows(biller)
    for (const payment of payments) {
      const invoice = invoices.find(row => row.number === payment.invoice_number)!
      const minor = (text: unknown) => parseMinor(String(text))!
      const interest = minor(payment.amount) - minor(invoice.total)
      expect(allocations[String(payment.reference)]).toEqual([
        [invoice.number, interest, minor(invoice.principal), minor(invoice.tv_tax)],
      ])
    }
  }
})

test('what stays open is what the samples leave open', async () => {
  const { rows } = await db.execute<{
    code: string
    number: string
  }>(sql`select c.code, i.number from invoices i
    join contracts c on c.id = i.contract_id where unpaid > 0 order by c.code, i.due_on`)
  const open: Record<string, string[]> = {}
  for (const row of rows) {
    open[row.code] ??= []
    open[row.code]!.push(row.number)
  }
  expect(open).toEqual({
    AL0000001: ['202401001'],
    AL0000003: ['202609003', '202610003'],
    AL0000005: ['202609005', '202610005'],
    '100455218': ['70699415', '70833270'],
    '20260048812': ['PP-163350'],
    '2094417063': ['D5661207'],
    '30122451': ['U2610-30122451'],
    AL0000008: ['202610008'],
    'DPR-20815': ['K-2026-09-20815', 'K-2026-10-20815'],
    'DPR-6687': ['K-2023-04-6687'],
    'DPZ-10442': ['K-2026-09-10442', 'K-2026-10-10442'],
    'TR0.A0000000000004': ['202604004', '202609004', '202610004'],
  })
})

test('the open real invoice owes its interest to the day', async () => {
  const { rows } = await db.execute<{
    principal: number
    tv_tax: number
    due_on: string
    terms: InterestTerm[]
  }>(sql`select i.principal, i.tv_tax, i.due_on, terms
    from invoices i cross join lateral ${interestOf(sql`i.biller_id`)} where i.number = '202401001'`)
  const row = rows[0]!
  const invoice = { principal: row.principal, tvTax: row.tv_tax, dueOn: row.due_on, cancelled: false }
  // 100 days after 2024-02-29: 456.00 × 0.1 % × 100 = 45.60.
  expect(amountDue(invoice, nothingPaid(), row.terms, '2024-06-08')).toEqual({
    principal: 45600,
    tvTax: 10000,
    interest: 4560,
    total: 60160,
  })
  // Its cap, after 1000 days and for good.
  expect(amountDue(invoice, nothingPaid(), row.terms, '2026-11-24').interest).toBe(45554)
  expect(amountDue(invoice, nothingPaid(), row.terms, '2026-11-25').interest).toBe(45600)
  expect(amountDue(invoice, nothingPaid(), row.terms, '2030-01-01').interest).toBe(45600)
})

test('the same feed again touches no row and says so', async () => {
  const before = await fullDump(db)
  for (const biller of billerCodes) {
    const report = await loadFeed({ biller, folder: sampleFolder(biller) })
    expect(report.status).toBe('loaded')
    for (const file of report.files) {
      expect(file).toMatchObject({ added: 0, changed: 0, removed: 0, refused: 0, unchanged: file.rows })
    }
  }
  expect(await fullDump(db)).toEqual(before)
  const { rows } = await db.execute(sql`select count(*) as runs from feed_runs where status = 'loaded'`)
  expect(rows).toEqual([{ runs: 2 * billerCodes.length }])
})

test('names are folded, codes are stored in their form, powers and readings stay exact', async () => {
  const { rows } = await db.execute(sql`select code, holder_name_folded, power_connected_kw, meter_remote
    from contracts where code in ('DPZ-10442', 'AL0000003') order by code`)
  expect(rows).toEqual([
    { code: 'AL0000003', holder_name_folded: null, power_connected_kw: '25.00', meter_remote: true },
    {
      code: 'DPZ-10442',
      holder_name_folded: 'milan petrovic',
      power_connected_kw: '5.00',
      meter_remote: false,
    },
  ])
})
