// Work, faults and disconnections of a feed: loaded once, changed by their reference, and cut with contracts or without.
import { sql } from 'drizzle-orm'
import { beforeEach, expect, test } from 'vitest'
import { type LoadFeedOptions, loadFeed } from '../../lib/feed/commands.ts'
import { testDatabase } from '../support/database.ts'
import { emptyTables, type FeedRows, feedFolder, fullDump } from '../support/feeds.ts'

const db = await testDatabase()
beforeEach(() => emptyTables(db))

const now = new Date('2026-11-27T10:00:00Z')
/** A slice a contract. */
const load = (rows: FeedRows, more: Partial<LoadFeedOptions> = {}) =>
  loadFeed({ biller: 'oshee', folder: feedFolder(rows), sliceRows: 1, now, ...more })

const contracts = ['AL0000001', 'AL0000002', 'AL0000003'].map(code => ({ code, category: 'household' }))
const outage = (reference: string, changes = {}) => ({
  reference,
  kind: 'planned',
  region: 'TIRANA',
  starts_at: '2026-12-04T09:00:00+01:00',
  ends_at: '2026-12-04T13:00:00+01:00',
  ...changes,
})
const disconnection = (reference: string, changes = {}) => ({
  reference,
  contract_code: 'AL0000002',
  announced_on: '2026-11-20',
  not_before: '2026-11-30',
  reason: 'debt',
  amount: '20008.00',
  ...changes,
})

test('they load with contracts, and the same feed again touches no row', async () => {
  const feed = { contracts, outages: [outage('O1'), outage('O2')], disconnections: [disconnection('D1')] }
  const report = await load(feed)
  expect(report).toMatchObject({ status: 'loaded', refusedRows: 0 })
  expect(report.files.map(({ file, added }) => [file, added])).toEqual([
    ['contracts', 3],
    ['disconnections', 1],
    ['outages', 2],
  ])
  const { rows } = await db.execute(sql`select d.reference, c.code, announced_on, not_before, reason, amount
    from disconnections d join contracts c on c.id = d.contract_id`)
  expect(rows).toEqual([
    {
      reference: 'D1',
      code: 'AL0000002',
      announced_on: '2026-11-20',
      not_before: '2026-11-30',
      reason: 'debt',
      amount: 2000800,
    },
  ])
  const before = await fullDump(db)
  const again = await load(feed)
  expect(again.files.map(({ unchanged, rows: all }) => unchanged === all)).toEqual([true, true, true])
  expect(await fullDump(db)).toEqual(before)
})

test('outages alone are a feed, and a later row changes one', async () => {
  expect(await load({ outages: [outage('O1'), outage('O2')] })).toMatchObject({ status: 'loaded' })
  const report = await load({
    outages: [outage('O1', { ends_at: '', place: 'Rruga Myslym Shyri', cancelled_on: '2026-11-27' })],
  })
  expect(report.files[0]).toMatchObject({ added: 0, changed: 1, unchanged: 0 })
  const { rows } = await db.execute(
    sql`select reference, place, ends_at is null as is_open, cancelled_on from outages order by reference`,
  )
  expect(rows).toEqual([
    { reference: 'O1', place: 'Rruga Myslym Shyri', is_open: true, cancelled_on: '2026-11-27' },
    { reference: 'O2', place: null, is_open: false, cancelled_on: null },
  ])
})

test('a disconnection goes on, and one of another contract moves with both', async () => {
  await load({ contracts, disconnections: [disconnection('D1'), disconnection('D2')] })
  const report = await load({
    disconnections: [
      disconnection('D1', { done_at: '2026-11-26T10:00:00+01:00' }),
      disconnection('D2', { contract_code: 'AL0000003' }),
    ],
  })
  expect(report.files[0]).toMatchObject({ changed: 2 })
  const { rows } = await db.execute(sql`select d.reference, c.code, done_at is not null as is_done
    from disconnections d join contracts c on c.id = d.contract_id order by 1`)
  expect(rows).toEqual([
    { reference: 'D1', code: 'AL0000002', is_done: true },
    { reference: 'D2', code: 'AL0000003', is_done: false },
  ])
})

test('bad rows are refused one by one', async () => {
  const report = await load({
    contracts,
    outages: [
      outage('O1'),
      outage('O2', { ends_at: '2026-12-04T08:00:00+01:00' }),
      outage('O3', { kind: 'storm' }),
      outage('O4'),
      outage('O4'),
    ],
    disconnections: [
      disconnection('D1'),
      disconnection('D2', { contract_code: 'AL0000009' }),
      disconnection('D3', { not_before: '2026-11-19' }),
      disconnection('D4', { announced_on: '2026-12-01', not_before: '2026-12-05' }),
    ],
  })
  expect(report.refusals.map(({ file, line, column, reason }) => [file, line, column, reason])).toEqual([
    ['disconnections', 3, 'contract_code', 'unknown_contract'],
    ['disconnections', 4, 'not_before', 'out_of_order'],
    ['outages', 3, 'ends_at', 'out_of_order'],
    ['outages', 4, 'kind', 'unknown_value'],
    ['outages', 5, 'reference', 'repeated_key'],
    ['outages', 6, 'reference', 'repeated_key'],
  ])
  expect(report.warnings).toEqual([
    { file: 'disconnections', line: 5, column: 'announced_on', reason: 'in_the_future', key: 'D4' },
  ])
  expect(report.files.map(({ added }) => added)).toEqual([3, 2, 1])
})

test('what the database refuses of an outage keeps no contract out', async () => {
  await db.execute(sql`alter table outages add constraint unforeseen check (reference <> 'O1')`)
  const report = await load({ contracts, outages: [outage('O1')] }, { sliceRows: 100 })
  await db.execute(sql`alter table outages drop constraint unforeseen`)
  expect(report).toMatchObject({ status: 'loaded_with_refusals', refusedRows: 1 })
  expect(report.refusals[0]).toMatchObject({ file: 'outages', reason: 'not_loadable' })
  expect(report.files[0]).toMatchObject({ added: 3 })
})
