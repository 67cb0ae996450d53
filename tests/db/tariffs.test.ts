// Tariffs in the database: what a new one knows, how they are read, and what an administrator adds.
import { and, eq, isNotNull, sql } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openStatementLog, type StatementLog } from '../../bin/bench/statement-log.ts'
import { auditEvents } from '../../db/schema/audit.ts'
import { contracts } from '../../db/schema/contracts.ts'
import { tariffs } from '../../db/schema/tariffs.ts'
import { knownTariffs } from '../../db/tariffs.ts'
import { listAudit } from '../../lib/audit/queries.ts'
import type { Staff } from '../../lib/auth/staff.ts'
import type { BillerCode } from '../../lib/billers/contract-codes.ts'
import { addTariff, isPreviewed, previewMark } from '../../lib/tariffs/commands.ts'
import { listTariffs, tariffsJson } from '../../lib/tariffs/queries.ts'
import type { NewTariff, Tariff } from '../../lib/tariffs/schema.ts'
import { findConcerned, listTariffGroups } from '../../lib/tariffs/staff-queries.ts'
import { testDatabase } from '../support/database.ts'
import { makeContract, makeInvoices, makeStaff } from '../support/people.ts'
import { tariffsOf } from '../support/tariffs.ts'

let log: StatementLog
const db = await testDatabase(async url => {
  log = await openStatementLog(url)
  return log.url
})
afterAll(() => log.close())
db.$client.on('connect', client => client.on('error', () => {}))

const KESCO = 2

/** Prices as numbers, whatever zeros they end with. */
const plain = (rows: Tariff[]) =>
  rows.map(({ id: _, ...row }) =>
    JSON.parse(JSON.stringify(row), (key, value) =>
      ['high', 'low', 'vatPercent'].includes(key) && value !== null ? Number(value) : value,
    ),
  )

it('a new database knows every row, each until the day before the next', async () => {
  for (const [biller, rows] of Object.entries(knownTariffs) as [BillerCode, { group: string }[]][]) {
    for (const group of new Set(rows.map(row => row.group))) {
      expect(plain(await listTariffs(biller, group))).toEqual(plain(tariffsOf(biller, group)))
    }
  }
  expect(await listTariffs('oshee', 'no-such-group')).toEqual([])
  expect(await listTariffs('kesco', null)).toEqual([])
})

it('are read by one statement, on an index, by itself or as a column of another', async () => {
  await db.execute(sql`
    insert into tariffs (biller_id, tariff_group, valid_from, price_high, fixed_fee, tv_tax, vat_percent, source)
    select 2, 'group-' || n, '2026-01-01', 1, 0, 0, 8, 'A price list' from generate_series(1, 3000) n`)
  await db.execute(sql`vacuum analyze tariffs`)
  log.take()
  const [first] = await listTariffs('kesco', '4/02')
  expect(first).toMatchObject({ biller: 'kesco', high: '0.0675', block: { limit: 800, low: '0.0590' } })
  const [statement, ...others] = log.take()
  expect(others).toEqual([])
  expect(JSON.stringify(statement!.plan)).toContain('tariffs_from')

  const { id } = await makeContract(db, { billerId: 2, tariffGroup: '4/02' })
  const [row] = await db
    .select({ tariffs: tariffsJson(sql`c.biller_id`, sql`c.tariff_group`) })
    .from(sql`${contracts} c`)
    .where(sql`c.id = ${id}`)
  expect(row!.tariffs).toEqual(await listTariffs('kesco', '4/02'))
})

it('of one group from one day there is one', async () => {
  const [row] = await db.select().from(tariffs).limit(1)
  const { id: _, ...again } = row!
  await expect(db.insert(tariffs).values(again)).rejects.toMatchObject({ cause: { code: '23505' } })
  await expect(
    db.insert(tariffs).values({ ...again, validFrom: '2031-01-01', priceHigh: '-1' }),
  ).rejects.toMatchObject({ cause: { code: '23514' } })
})

describe('a tariff that an administrator adds', () => {
  const NOW = new Date('2026-11-27T12:00:00Z')
  const before = tariffsOf('kesco', '4/02').at(-1)!
  const dearer: NewTariff = { ...before, validFrom: '2027-01-01', high: '0.1098', source: 'ERO', note: null }
  let administrator: Staff
  beforeAll(async () => {
    administrator = await makeStaff(db, 'administrator', [KESCO])
  })
  const newest = async () =>
    (await listTariffGroups(administrator)).find(({ group }) => group === '4/02')!.newest
  const add = async (tariff: NewTariff, seen?: number, who = administrator) =>
    addTariff(who, { biller: 'kesco', seen: seen ?? (await newest()) }, tariff, NOW)
  const rowsOf = () => listTariffs('kesco', '4/02')

  it('ends the one before the day before, and is written down', async () => {
    const first = await rowsOf()
    expect(await add(dearer)).toMatchObject({ ok: true })
    const rows = await rowsOf()
    expect(rows.slice(0, -2)).toEqual(first.slice(0, -1))
    expect(rows.at(-2)).toEqual({ ...first.at(-1), validTo: '2026-12-31' })
    expect(rows.at(-1)).toMatchObject({
      validFrom: '2027-01-01',
      validTo: null,
      high: '0.1098',
      source: 'ERO',
    })
    const [event] = await db.select().from(auditEvents).where(eq(auditEvents.action, 'tariff.added'))
    expect(event).toMatchObject({
      accountId: administrator.id,
      details: { biller: 'kesco', group: '4/02', from: '2027-01-01', high: '0.1098', replaced: null },
    })
    const log = await listAudit(administrator, {}, undefined, new Date())
    expect(log!.events.map(({ data }) => data)).toContain('KESCO 4/02 2027-01-01')
  })

  it('between two others ends with the day before the next', async () => {
    expect(await add({ ...dearer, validFrom: '2026-07-01' })).toMatchObject({ ok: true })
    expect((await rowsOf()).slice(-3).map(({ validFrom, validTo }) => [validFrom, validTo])).toEqual([
      ['2025-05-01', '2026-06-30'],
      ['2026-07-01', '2026-12-31'],
      ['2027-01-01', null],
    ])
  })

  it('from the same day takes the place of the other, which is kept', async () => {
    const count = (await rowsOf()).length
    expect(await add({ ...dearer, high: '0.1' })).toMatchObject({ ok: true })
    const rows = await rowsOf()
    expect(rows).toHaveLength(count)
    expect(rows.at(-1)).toMatchObject({ validFrom: '2027-01-01', high: '0.1000' })
    const kept = await db.$count(
      tariffs,
      and(eq(tariffs.validFrom, '2027-01-01'), isNotNull(tariffs.replacedAt)),
    )
    expect(kept).toBe(1)
  })

  it('is added once by two at once, and not from a page of before', async () => {
    const seen = await newest()
    const both = await Promise.all([
      add({ ...dearer, validFrom: '2028-01-01' }, seen),
      add({ ...dearer, validFrom: '2028-02-01' }, seen),
    ])
    expect(both.map(({ ok }) => ok).sort()).toEqual([false, true])
    expect(both.find(({ ok }) => !ok)).toEqual({ ok: false, code: 'moved' })
    expect(await add(dearer, 0)).toEqual({ ok: false, code: 'moved' })
  })

  it('is no one else’s to add, nor of another biller’s', async () => {
    for (const [role, billers] of [
      ['supervisor', [KESCO]],
      ['agent', [KESCO]],
      ['administrator', [1]],
    ] as const) {
      const who = await makeStaff(db, role, [...billers])
      expect(await add({ ...dearer, validFrom: '2029-01-01' }, undefined, who)).toEqual({
        ok: false,
        code: 'notFound',
      })
    }
  })

  it('is confirmed by whom it was shown to, and as it was shown', async () => {
    const mark = previewMark(administrator, 'kesco', dearer)
    expect(isPreviewed(mark, administrator, 'kesco', { ...dearer })).toBe(true)
    expect(isPreviewed(mark, administrator, 'kesco', { ...dearer, high: '0.2' })).toBe(false)
    expect(isPreviewed(mark, administrator, 'oshee', dearer)).toBe(false)
    expect(isPreviewed(mark, await makeStaff(db, 'administrator', [KESCO]), 'kesco', dearer)).toBe(false)
    expect(isPreviewed(mark, { ...administrator, role: 'agent' }, 'kesco', dearer)).toBe(false)
    for (const none of [undefined, '', ['x']])
      expect(isPreviewed(none, administrator, 'kesco', dearer)).toBe(false)
  })

  it('concerns the open contracts of its group, and says up to which month bills are issued', async () => {
    const was = await findConcerned('kesco', '4/07')
    expect(was).toEqual({ contracts: 0, billedUpTo: null })
    const contract = await makeContract(db, { billerId: KESCO, tariffGroup: '4/07' })
    await makeContract(db, { billerId: KESCO, tariffGroup: '4/07', closedOn: '2026-01-01' })
    await makeInvoices(db, contract, [
      { period: '2026-09-01', principal: 100 },
      { period: '2026-10-01', principal: 100, cancelledOn: '2026-11-20' },
    ])
    expect(await findConcerned('kesco', '4/07')).toEqual({ contracts: 1, billedUpTo: '2026-09-01' })
  })
})

it('staff read those of their billers', async () => {
  const groups = async (billers: number[]) => [
    ...new Set((await listTariffGroups({ billerIds: billers })).map(({ biller }) => biller)),
  ]
  expect(await groups([1])).toEqual(['oshee'])
  expect(await groups([KESCO, 3])).toEqual(['kesco'])
  expect(await groups([])).toEqual([])
})
