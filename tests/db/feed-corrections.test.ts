// An invoice that a later feed changes says since when; one that is sent again, completed or cancelled does not.
import { sql } from 'drizzle-orm'
import { beforeEach, expect, test } from 'vitest'
import { loadFeed } from '../../lib/feed/commands.ts'
import { testDatabase } from '../support/database.ts'
import { emptyTables, type FeedRows, feedFolder, fullDump } from '../support/feeds.ts'

const db = await testDatabase()

const FIRST = '2026-01-05T08:00:00Z'
const LATER = '2026-02-03T08:00:00Z'
const AGAIN = '2026-02-04T08:00:00Z'

const contracts = ['AL0000001', 'AL0000002'].map(code => ({ code, category: 'household' }))
const invoice = (number: string, changes = {}) => ({
  number,
  contract_code: 'AL0000001',
  period: '2025-12',
  issued_on: '2026-01-05',
  due_on: '2026-01-31',
  previous_reading: 270,
  current_reading: 300,
  units_kwh: 30,
  principal: '456.00',
  tv_tax: '100.00',
  total: '556.00',
  ...changes,
})
const line = (number: string, position: number, changes = {}) => ({
  invoice_number: number,
  position,
  code: position === 1 ? 'ENERGY' : 'FIXED',
  quantity: 1,
  unit_price: '95.00',
  amount: '95.00',
  vat_rate: 20,
  ...changes,
})
const lines = [line('I1', 1), line('I1', 2), line('I2', 1)]
const payment = { reference: 'P1', contract_code: 'AL0000001', paid_on: '2026-01-20', amount: '556.00' }
const paid = { ...payment, method: 'CASH', invoice_number: 'I1' }

const load = (rows: FeedRows, now: string, strict = false) =>
  loadFeed({ biller: 'oshee', folder: feedFolder(rows), now: new Date(now), strict })

/** When each invoice was corrected, by number. */
async function corrections() {
  const { rows } = await db.execute<{ number: string; corrected_at: Date | null }>(
    sql`select number, corrected_at from invoices order by number`,
  )
  return Object.fromEntries(
    rows.map(row => [row.number, row.corrected_at && new Date(row.corrected_at).toISOString()]),
  )
}
const NONE = { I1: null, I2: null }
const FIRST_ONLY = { I1: new Date(LATER).toISOString(), I2: null }

beforeEach(async () => {
  await emptyTables(db)
  await load(
    { contracts, invoices: [invoice('I1'), invoice('I2')], invoice_lines: lines, payments: [paid] },
    FIRST,
  )
})

test('new invoices, and the same feed again, are no correction', async () => {
  expect(await corrections()).toEqual(NONE)
  const before = await fullDump(db)
  await load({ contracts, invoices: [invoice('I1'), invoice('I2')], invoice_lines: lines }, LATER)
  expect(await fullDump(db)).toEqual(before)
})

test.each([
  ['the amount', { principal: '400.00', total: '500.00' }],
  ['the TV tax', { tv_tax: '0.00', total: '456.00' }],
  ['the due date', { due_on: '2026-02-28' }],
  ['a reading', { current_reading: 301 }],
  ['the units', { units_kwh: 31 }],
  ['the contract', { contract_code: 'AL0000002' }],
  ['a reading that is unknown after all', { previous_reading: '' }],
])('is corrected by a feed that changes %s, and the same feed again changes nothing', async (_, changes) => {
  const rows = { invoices: [invoice('I1', changes), invoice('I2')] }
  await load(rows, LATER)
  expect(await corrections()).toEqual(FIRST_ONLY)
  const before = await fullDump(db)
  await load(rows, AGAIN)
  expect(await fullDump(db)).toEqual(before)
})

test.each([
  ['another line', [line('I1', 1, { amount: '90.00' }), line('I1', 2)]],
  ['a line more', [...lines.slice(0, 2), line('I1', 3)]],
  ['a line less', [line('I1', 1)]],
])('is corrected by %s, and the same feed again changes nothing', async (_, changed) => {
  const rows = { invoice_lines: [...changed, line('I2', 1)] }
  await load(rows, LATER)
  expect(await corrections()).toEqual(FIRST_ONLY)
  const before = await fullDump(db)
  await load(rows, AGAIN)
  expect(await fullDump(db)).toEqual(before)
})

test('corrected in the amount and the lines at once, it says so once; once more later, it says the later day', async () => {
  const change = { invoices: [invoice('I1', { units_kwh: 31 })], invoice_lines: [line('I1', 1)] }
  await load(change, LATER)
  expect(await corrections()).toEqual(FIRST_ONLY)
  await load({ invoices: [invoice('I1', { units_kwh: 32 })] }, AGAIN)
  expect(await corrections()).toEqual({ I1: new Date(AGAIN).toISOString(), I2: null })
  await load(
    { invoices: [invoice('I1', { units_kwh: 32, cancelled_on: '2026-02-05' })] },
    '2026-02-05T08:00:00Z',
  )
  expect(await corrections()).toEqual({ I1: new Date(AGAIN).toISOString(), I2: null })
})

test('a cancellation, what was not known before and lines that come later are no correction', async () => {
  const bare = { period_from: '', previous_reading: '', current_reading: '', reading_kind: '', units_kwh: '' }
  await load({ invoices: [invoice('I3', bare)] }, FIRST)
  await load({ invoices: [invoice('I1', { cancelled_on: '2026-02-03' })] }, LATER)
  await load(
    {
      invoices: [invoice('I3', { period_from: '2025-12-01', reading_kind: 'read' })],
      invoice_lines: [line('I3', 1), line('I3', 2)],
    },
    LATER,
  )
  expect(await corrections()).toEqual({ ...NONE, I3: null })
})

test('payments of a portal or a counter correct nothing, and a refused change does not either', async () => {
  await load({ payments: [{ ...paid, reversed_on: '2026-02-01' }] }, LATER)
  await load({ invoices: [invoice('I1', { total: '1.00' })] }, LATER)
  await load({ invoice_lines: [line('I1', 1, { amount: '-1' })] }, LATER)
  const stopped = { invoices: [invoice('I1', { units_kwh: 31 }), invoice('I2', { total: '1.00' })] }
  expect((await load(stopped, LATER, true)).status).toBe('refused')
  expect(await corrections()).toEqual(NONE)
})
