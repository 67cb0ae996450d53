// What the estimator reads: prices of the day, and of contracts and bills those alone that the reader may see.
import { sql } from 'drizzle-orm'
import { beforeAll, expect, it } from 'vitest'
import type { accounts } from '../../db/schema/accounts.ts'
import { listBilledMonths, listOwnContracts, listPrices } from '../../lib/estimator/queries.ts'
import { tariffOn } from '../../lib/tariffs/rules.ts'
import { listTariffGroups } from '../../lib/tariffs/staff-queries.ts'
import { testDatabase } from '../support/database.ts'
import { giveAccess, makeAccount, makeContract, makeInvoices } from '../support/people.ts'
import { tariffsOf } from '../support/tariffs.ts'

const db = await testDatabase()
const TODAY = '2026-11-27'

let holder: typeof accounts.$inferSelect
let payer: typeof accounts.$inferSelect
let contract: Awaited<ReturnType<typeof makeContract>>

beforeAll(async () => {
  holder = await makeAccount(db)
  payer = await makeAccount(db)
  contract = await makeContract(db, { holder, tariffGroup: '4/02', powerContractedKw: '6.00' })
  await giveAccess(db, holder, contract)
  await giveAccess(db, payer, contract, { level: 'amounts' })
  await makeInvoices(db, contract, [
    { principal: 1000, period: '2024-10-01', units: '1' },
    { principal: 2000, period: '2025-11-01', units: '100' },
    { principal: 3000, period: '2026-10-01', units: '150' },
    { principal: 500, period: '2026-10-01', units: '10.5' },
    { principal: 9000, period: '2026-09-01', units: '900', cancelledOn: '2026-10-10' },
    { principal: 700, period: '2026-08-01', units: null },
  ])
})

it('the tariff of each group that is in force on the day', async () => {
  for (const day of [TODAY, '2024-06-30']) {
    const prices = await listPrices(day)
    for (const [biller, group] of [
      ['oshee', 'household'],
      ['kesco', '4/01'],
      ['kesco', '4/02'],
    ] as const) {
      const found = prices.filter(({ tariff }) => tariff.biller === biller && tariff.group === group)
      const known = tariffOn(tariffsOf(biller, group), day)!
      expect(found).toHaveLength(1)
      const { tariff } = found[0]!
      expect(tariff).toMatchObject({ validFrom: known.validFrom, fixedFee: known.fixedFee, note: known.note })
      expect([Number(tariff.high), Number(tariff.low)]).toEqual([Number(known.high), Number(known.low)])
      expect(tariff.block && [tariff.block.kind, tariff.block.limit]).toEqual(
        known.block && [known.block.kind, known.block.limit],
      )
    }
  }
  expect(await listPrices('1990-01-01')).toEqual([])
})

it('in the order in which staff see the groups', async () => {
  const groups = await listTariffGroups({ billerIds: [1, 2] })
  expect((await listPrices(TODAY)).map(({ tariff }) => tariff.group)).toEqual(
    groups.map(({ group }) => group),
  )
  expect(groups[0]!.group).toBe('household')
})

it('a row that another has taken the place of counts no more', async () => {
  const insert = (price: string, replaced: string) =>
    db.execute(sql`insert into tariffs (biller_id, tariff_group, valid_from, price_high, fixed_fee, tv_tax, vat_percent, source, replaced_at)
      values (2, 'test', '2026-11-01', ${price}, 0, 0, 8, 'A price list', ${sql.raw(replaced)})`)
  await insert('0.1', 'now()')
  await insert('0.2', 'null')
  const [found, ...others] = (await listPrices(TODAY)).filter(({ tariff }) => tariff.group === 'test')
  expect([found?.tariff.high, others]).toEqual(['0.2000', []])
})

it('contracts whose details the reader sees, with their power', async () => {
  expect(await listOwnContracts(holder)).toMatchObject([
    { code: contract.code, group: '4/02', powerKw: '6.00' },
  ])
  expect(await listOwnContracts(payer)).toEqual([])
})

it('bills by month: of two years, none cancelled, those of one month together', async () => {
  const months = await listBilledMonths(holder, contract.id, TODAY)
  expect(months.toSorted((a, b) => (a.period < b.period ? -1 : 1))).toEqual([
    { period: '2025-11-01', total: 2000, units: 100 },
    { period: '2026-08-01', total: 700, units: null },
    { period: '2026-10-01', total: 3500, units: 160.5 },
  ])
  expect(await listBilledMonths(payer, contract.id, TODAY)).toEqual([])
  expect(await listBilledMonths(await makeAccount(db), contract.id, TODAY)).toEqual([])
})

it('whoever moved in sees no bills of before, and whoever moved out has nothing to estimate', async () => {
  const gone = await makeAccount(db)
  const next = await makeAccount(db)
  await giveAccess(db, gone, contract, {
    level: 'masked',
    untilOn: '2026-09-30',
    handoverOn: null,
    handoverAt: new Date('2026-10-01T00:00:00Z'),
  })
  await giveAccess(db, next, contract, { level: 'masked', fromOn: '2026-09-30' })
  expect((await listBilledMonths(next, contract.id, TODAY)).map(({ period }) => period)).toEqual([
    '2026-10-01',
  ])
  expect(await listOwnContracts(gone)).toEqual([])
})
