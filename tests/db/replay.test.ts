// However a feed is cut, sliced, ordered, sent late or corrected later: the same state in the end.
import { sql } from 'drizzle-orm'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { loadFeed } from '../../lib/feed/commands.ts'
import { replayContract } from '../../lib/ledger/replay.ts'
import { addDays } from '../../lib/platform/dates.ts'
import { plainAmount } from '../../lib/platform/money.ts'
import { testDatabase } from '../support/database.ts'
import { emptyTables, type FeedRows, feedFolder, fullDump, sampleRows, stateDump } from '../support/feeds.ts'

const db = await testDatabase()
const RUNS = process.env.DEEP ? 150 : 3

type Row = Record<string, string | number>

/** Runs of corrections, feeds a run, corrections a feed. */
const CORRECTED = process.env.DEEP
  ? { runs: 110, feeds: { minLength: 12, maxLength: 12 }, corrections: { minLength: 10, maxLength: 16 } }
  : { runs: 2, feeds: { minLength: 5, maxLength: 5 }, corrections: { minLength: 4, maxLength: 8 } }

const load = (rows: FeedRows, sliceRows?: number) =>
  loadFeed({ biller: 'oshee', folder: feedFolder(rows), strict: true, sliceRows })
/** `sliceRows` for slices of one contract, or of those that rows tie together. */
const TINY = 1

async function expectNothingToReplay() {
  const dump = await fullDump(db)
  const { rows: ids } = await db.execute<{ id: number }>(sql`select id from contracts`)
  for (const { id } of ids) await db.transaction(tx => replayContract(tx, id))
  // A lock leaves its mark in the row, but writes no new one.
  expect(await fullDump(db)).toEqual(dump)
}

const CODES = ['AL0000001', 'AL0000002', 'AL0000003']
const contracts = CODES.map(code => ({ code, category: 'household' }))
const day = fc.integer({ min: 0, max: 700 }).map(count => addDays('2023-01-01', count))
const cents = fc.integer({ min: 0, max: 500_00 })

const invoiceRow = fc.record({
  contract: fc.nat(2),
  due: day,
  principal: cents,
  tv: fc.constantFrom(0, 10000),
})
const paymentRow = fc.record({
  contract: fc.nat(2),
  on: day,
  amount: fc.integer({ min: 1, max: 900_00 }),
  // Half of the payments of a third of the contracts name no invoice; some name one that never comes.
  names: fc.option(fc.nat(9), { nil: null }),
  reversed: fc.integer({ min: 0, max: 6 }).map(n => n === 0),
})

type World = { invoices: Row[]; payments: Row[] }
const worldWhere = (everyNumbered: fc.Arbitrary<boolean>): fc.Arbitrary<World> =>
  fc
    .record({
      invoices: fc.array(invoiceRow, { minLength: 2, maxLength: 8 }),
      payments: fc.array(paymentRow, { minLength: 2, maxLength: 12 }),
      everyNumbered,
    })
    .map(({ invoices, payments, everyNumbered }) => ({
      invoices: invoices.map((row, i) => ({
        number: `N${i}`,
        contract_code: CODES[row.contract]!,
        period: '2023-01',
        issued_on: '2023-01-01',
        due_on: row.due,
        principal: plainAmount(row.principal),
        tv_tax: plainAmount(row.tv),
        total: plainAmount(row.principal + row.tv),
        cancelled_on: i % 5 === 4 ? '2024-01-01' : '',
      })),
      payments: payments.map((row, i) => {
        const names = row.names ?? (everyNumbered ? i : null)
        return {
          reference: `P${i}`,
          // Mostly the contract of the invoice it names.
          contract_code:
            CODES[names === null || i % 4 === 0 ? row.contract : (invoices[names]?.contract ?? 0)]!,
          paid_on: row.on,
          amount: plainAmount(row.amount),
          method: 'CASH',
          source: 'X',
          invoice_number: names === null ? '' : `N${names}`,
          reversed_on: row.reversed ? '2025-01-01' : '',
        }
      }),
    }))
const world = worldWhere(fc.boolean())

test.runIf(process.env.DEEP)('cut and sent in any order, the state is that of one feed', async () => {
  await fc.assert(
    fc.asyncProperty(world, fc.array(fc.nat(3), { minLength: 20, maxLength: 20 }), async (rows, places) => {
      await emptyTables(db)
      await load({ contracts, ...rows })
      const whole = await stateDump(db)
      await emptyTables(db)
      await load({ contracts })
      for (let part = 0; part < 4; part++) {
        const own = {
          payments: rows.payments.filter((_, i) => places[i] === part),
          invoices: rows.invoices.filter((_, i) => places[19 - i] === part),
        }
        await load(own, TINY)
      }
      expect(await stateDump(db)).toEqual(whole)
    }),
    { numRuns: RUNS, seed: 11 },
  )
})

test.runIf(process.env.DEEP)(
  'whatever was there before, the last feed decides; sent twice it touches nothing; a replay finds nothing to do',
  async () => {
    await fc.assert(
      fc.asyncProperty(world, world, async (before, rows) => {
        await emptyTables(db)
        await load({ contracts, ...rows })
        const whole = await stateDump(db)
        await emptyTables(db)
        // The same keys with other contracts, amounts, days, names and reversals.
        await load({
          contracts,
          invoices: before.invoices.slice(0, rows.invoices.length),
          payments: before.payments.slice(0, rows.payments.length),
        })
        await load({ payments: rows.payments }, TINY)
        await load({ invoices: rows.invoices }, TINY)
        expect(await stateDump(db)).toEqual(whole)
        const dump = await fullDump(db)
        await load({ contracts, ...rows }, TINY)
        expect(await fullDump(db)).toEqual(dump)
        await expectNothingToReplay()
      }),
      { numRuns: RUNS, seed: 12 },
    )
  },
)

const CORRECTIONS = [
  'name',
  'name another',
  'unname',
  'move payment',
  'move invoice',
  'reverse',
  'amount',
] as const
const correction = fc.record({
  what: fc.constantFrom(...CORRECTIONS),
  payment: fc.nat(),
  invoice: fc.nat(),
  contract: fc.nat(2),
  amount: fc.integer({ min: 1, max: 900_00 }),
})
type Correction = typeof correction extends fc.Arbitrary<infer Value> ? Value : never

/** Corrects `rows` in place and returns what a feed brings of it. Only an invoice's own contract can pay it. */
function correct(rows: World, { what, payment, invoice, contract, amount }: Correction): World {
  const pick = (list: Row[], n: number) => list[n % list.length]
  const unnamed = rows.payments.filter(row => row.invoice_number === '')
  const named = rows.payments.filter(row => row.invoice_number !== '')
  // Few payments name no invoice, and they seldom stay so: often the last of a contract is named or moved away.
  const clearing = unnamed.length > 0 && (what === 'name' || what === 'move payment')
  const chosen = pick(clearing ? unnamed : what === 'unname' ? named : rows.payments, payment)
  const moved = pick(rows.invoices, invoice)!
  if (what === 'move invoice') {
    moved.contract_code = CODES[contract]!
    return { invoices: [moved], payments: [] }
  }
  if (!chosen) return { invoices: [], payments: [] }
  const own = rows.invoices.filter(row => row.contract_code === chosen.contract_code)
  const number = pick(own, invoice)?.number ?? 'N9'
  if (what === 'move payment') {
    // With a part payment of the contract it leaves.
    const part = { ...chosen, reference: `P${rows.payments.length}`, amount: '0.50', invoice_number: number }
    chosen.contract_code = CODES[contract]!
    rows.payments.push(part)
    return { invoices: [], payments: [chosen, part] }
  }
  if (what === 'name') chosen.invoice_number = number
  if (what === 'unname') chosen.invoice_number = ''
  if (what === 'reverse') chosen.reversed_on = chosen.reversed_on ? '' : '2025-01-01'
  if (what === 'amount') chosen.amount = plainAmount(amount)
  return { invoices: [], payments: [chosen] }
}

test.runIf(process.env.DEEP)(
  'corrected feed by feed, a replay finds nothing to do, and the state is that of the last rows',
  async () => {
    const feeds = fc.array(fc.array(correction, CORRECTED.corrections), CORRECTED.feeds)
    await fc.assert(
      fc.asyncProperty(worldWhere(fc.constant(true)), feeds, async (first, corrections) => {
        const rows = structuredClone(first)
        await emptyTables(db)
        await load({ contracts, ...rows })
        for (const [n, feed] of corrections.entries()) {
          const brought = feed.map(one => correct(rows, one))
          const changed = {
            invoices: [...new Set(brought.flatMap(({ invoices }) => invoices))],
            payments: [...new Set(brought.flatMap(({ payments }) => payments))],
          }
          await load(changed, n % 2 === 0 ? TINY : undefined)
          await expectNothingToReplay()
        }
        const corrected = await stateDump(db)
        await emptyTables(db)
        await load({ contracts, ...rows })
        expect(corrected).toEqual(await stateDump(db))
      }),
      { numRuns: CORRECTED.runs, seed: 13 },
    )
  },
)

test('the sample, payments before invoices, a row at a time', async () => {
  await emptyTables(db)
  const rows = sampleRows('oshee')
  await load(rows)
  const whole = await stateDump(db)
  await emptyTables(db)
  const { contracts, readings, outages, disconnections } = rows
  await load({ contracts, readings, outages, disconnections })
  await load({ payments: rows.payments })
  for (const own of rows.invoices.slice(0, 10)) await load({ invoices: [own] })
  await load({ invoices: rows.invoices, invoice_lines: [] })
  await load({ invoice_lines: rows.invoice_lines }, TINY)
  expect(await stateDump(db)).toEqual(whole)
})
