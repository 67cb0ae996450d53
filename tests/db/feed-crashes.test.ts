// Killed in the middle, stopped, two at once, or while customers pay: a contract is loaded whole or not at all, the same
// feed goes on where it stopped, and nothing is lost.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import path from 'node:path'
import { sql } from 'drizzle-orm'
import { beforeEach, expect, test } from 'vitest'
import { type LoadFeedOptions, loadFeed } from '../../lib/feed/commands.ts'
import { FeedBrokeOff } from '../../lib/feed/loading.ts'
import type { FeedProgress } from '../../lib/feed/schema.ts'
import { replayContract } from '../../lib/ledger/replay.ts'
import { allocatePayments } from '../../lib/ledger/rules.ts'
import { testDatabase } from '../support/database.ts'
import {
  contractDumps,
  emptyTables,
  type FeedRows,
  feedFolder,
  fullDump,
  sampleFolder,
  sampleRows,
  stateDump,
} from '../support/feeds.ts'
import { term } from '../support/interest.ts'

const db = await testDatabase()
beforeEach(() => emptyTables(db))

/** A slice a contract. */
const load = (folder: string, more: Partial<LoadFeedOptions> = {}) =>
  loadFeed({ biller: 'oshee', folder, sliceRows: 1, ...more })

/** The sample with every amount, payment and name changed: a feed that touches all there is. */
function changedSample(): FeedRows {
  const rows = sampleRows('oshee')
  return {
    contracts: rows.contracts.map(row => ({ ...row, branch: 'ELBASAN' })),
    invoices: [
      ...rows.invoices.map(row => ({ ...row, principal: '10.00', tv_tax: '1.00', total: '11.00' })),
      { ...rows.invoices[0]!, number: 'NEW-1' },
      { ...rows.invoices[1]!, number: 'NEW-2', total: 'none' },
    ],
    invoice_lines: rows.invoice_lines.slice(3).map(row => ({ ...row, amount: '1.00' })),
    payments: rows.payments.map(row => ({ ...row, amount: '5.00' })),
    readings: rows.readings.map(row => ({ ...row, value_kwh: '1' })),
  }
}

/** The same, and an invoice, a payment and a reading of the first contract that belong to the last one after all. */
function movingSample(): FeedRows {
  const rows = changedSample()
  const last = rows.contracts!.at(-1)!.code!
  const move = (own: Record<string, string | number>[]) => {
    const index = own.findIndex(row => row.contract_code === rows.contracts![0]!.code)
    if (index === -1) throw new Error('The sample has changed.')
    return own.map((row, i) => (i === index ? { ...row, contract_code: last } : row))
  }
  return { ...rows, invoices: move(rows.invoices!), payments: move(rows.payments!) }
}

/** What the database holds, by contract, before a feed and after it has run undisturbed; and its report. */
async function undisturbed(folder: string) {
  await load(sampleFolder('oshee'))
  const before = await contractDumps(db)
  const report = await load(folder)
  const after = await contractDumps(db)
  const state = await stateDump(db)
  await emptyTables(db)
  await load(sampleFolder('oshee'))
  return { before, after, state, report }
}

/** How many contracts are as they are after the feed; each other one must be as it was before it. */
async function countLoaded({ before, after }: Awaited<ReturnType<typeof undisturbed>>): Promise<number> {
  let loaded = 0
  for (const [code, dump] of await contractDumps(db)) {
    const isLoaded = JSON.stringify(dump) === JSON.stringify(after.get(code))
    expect(dump).toEqual((isLoaded ? after : before).get(code))
    if (isLoaded) loaded++
  }
  return loaded
}

const listRuns = async () =>
  (await db.execute(sql`select status, slices, slices_done from feed_runs order by id`)).rows

const stagingTables = async () =>
  (await db.execute(sql`select from pg_tables where schemaname = 'feed_staging'`)).rowCount

async function kill(folder: string, phase: string, done: number): Promise<void> {
  const script = path.join(import.meta.dirname, '../support/feed-killed.ts')
  const child = spawn(process.execPath, [script, 'oshee', folder, phase, String(done)], {
    stdio: 'inherit',
  })
  const [, signal] = await once(child, 'exit')
  expect(signal).toBe('SIGKILL')
}

/** In the middle of loading; under DEEP in every phase. */
const KILLED: [string, number, number][] = [['loading payments', 0.25, 2]]
const KILLED_DEEP: typeof KILLED = [
  ['validating invoice_lines', 0, 0],
  ['reading payments', 0, 0],
  ['loading invoices', 0, 0],
  ['loading readings', 0.75, 6],
]

test.each(process.env.DEEP ? [...KILLED, ...KILLED_DEEP] : KILLED)(
  'killed while %s, %d done, the same feed goes on and ends as if nothing had happened',
  async (phase, done, loaded) => {
    const folder = feedFolder(changedSample())
    const expected = await undisturbed(folder)
    await kill(folder, phase, done)
    expect(await countLoaded(expected)).toBe(loaded)
    expect(await load(folder)).toEqual(expected.report)
    expect(await stateDump(db)).toEqual(expected.state)
    expect(await listRuns()).toEqual([
      { status: 'loaded', slices: 9, slices_done: 9 },
      { status: 'loaded_with_refusals', slices: 8, slices_done: 8 },
    ])
    expect(await stagingTables()).toBe(0)
  },
)

/** Loads as `load` does, but is stopped when `isDue`. */
async function stopWhen(folder: string, isDue: (progress: FeedProgress) => boolean): Promise<unknown> {
  const stop = new AbortController()
  return load(folder, {
    signal: stop.signal,
    onProgress: progress => {
      if (isDue(progress)) stop.abort()
    },
  }).catch((error: unknown) => error)
}

test('stopped before anything is loaded, nothing has changed', async () => {
  await load(sampleFolder('oshee'))
  const before = await fullDump(db)
  for (const phase of ['reading', 'validating', 'loading']) {
    const error = await stopWhen(feedFolder(changedSample()), progress => progress.phase === phase)
    expect(error).toBeInstanceOf(Error)
    expect(error).not.toBeInstanceOf(FeedBrokeOff)
    expect(await fullDump(db)).toEqual(before)
  }
})

test.runIf(process.env.DEEP)(
  'stopped again and again, with contracts that are tied together, it ends as if nothing had happened',
  async () => {
    const folder = feedFolder(movingSample())
    const expected = await undisturbed(folder)
    expect(expected.report.files.map(file => file.changed)).toEqual([8, 65, 172, 56, 3])
    const loaded: number[] = []
    for (let times = 0; times < 2; times++) {
      let steps = 0
      // In the slice after the one that it begins with.
      const error = await stopWhen(folder, ({ phase }) => phase === 'loading' && ++steps === 7)
      expect(error).toBeInstanceOf(FeedBrokeOff)
      loaded.push(await countLoaded(expected))
    }
    // The first contract waits for the last one, with which it is loaded.
    expect(loaded).toEqual([1, 2])
    expect(await load(folder)).toEqual(expected.report)
    expect(await stateDump(db)).toEqual(expected.state)
  },
)

type Call = (folder: string) => Promise<{ folder: string; strict?: boolean }>
const ABANDONED_BY: [string, Call][] = [
  ['another feed', async () => ({ folder: feedFolder({ contracts: sampleRows('oshee').contracts }) })],
]
const ABANDONED_BY_DEEP: typeof ABANDONED_BY = [
  ['the same feed, but strict', async folder => ({ folder, strict: true })],
  [
    'the same feed after a crash of PostgreSQL',
    async folder => {
      // What is left of tables that no log protects.
      await db.execute(sql`truncate feed_staging.contract_slices_1, feed_staging.contracts_1,
        feed_staging.invoices_1, feed_staging.invoice_lines_1, feed_staging.payments_1, feed_staging.readings_1`)
      return { folder }
    },
  ],
]

test.each(process.env.DEEP ? [...ABANDONED_BY, ...ABANDONED_BY_DEEP] : ABANDONED_BY)(
  'a run that was killed is abandoned by %s',
  async (_, next) => {
    const folder = feedFolder(changedSample())
    const expected = await undisturbed(folder)
    await stopWhen(folder, ({ phase, done }) => phase === 'loading' && done >= 0.5)
    const call = await next(folder)
    await load(call.folder, call)
    expect((await listRuns())[1]).toEqual({ status: 'abandoned', slices: 8, slices_done: 4 })
    expect(await stagingTables()).toBe(0)
    // What it had loaded stays, and the feed can be sent again.
    const again = await load(folder)
    expect(again.refusals).toEqual(expected.report.refusals)
    expect(await stateDump(db)).toEqual(expected.state)
  },
)

test('two feeds of one biller at once go one after the other, those of two billers need not', async () => {
  const runs = await Promise.all([
    loadFeed({ biller: 'oshee', folder: sampleFolder('oshee') }),
    loadFeed({ biller: 'kesco', folder: sampleFolder('kesco') }),
    loadFeed({ biller: 'oshee', folder: sampleFolder('oshee') }),
  ])
  const added = runs.map(run => run.files.reduce((sum, file) => sum + file.added, 0))
  expect(added[1]).toBe(144)
  expect([added[0], added[2]].sort()).toEqual([0, 310])
  const both = await stateDump(db)
  await emptyTables(db)
  await loadFeed({ biller: 'kesco', folder: sampleFolder('kesco') })
  await loadFeed({ biller: 'oshee', folder: sampleFolder('oshee') })
  expect(await stateDump(db)).toEqual(both)
})

test('feeds and payments that change the same contracts at once wait for each other and lose nothing', async () => {
  await loadFeed({ biller: 'oshee', folder: sampleFolder('oshee') })
  const { rows: contracts } = await db.execute<{ id: number }>(sql`select id from contracts order by id`)
  const pay = async (n: number) => {
    const contractId = contracts[n % contracts.length]!.id
    await db.transaction(async tx => {
      await tx.execute(sql`select id from contracts where id = ${contractId} for no key update`)
      await tx.execute(sql`insert into payments (biller_id, contract_id, reference, paid_on, amount, method, source)
        values (1, ${contractId}, ${`OURS-${n}`}, '2026-01-15', ${1000 + n}, 'CARD', 'sandbox')`)
      await replayContract(tx, contractId)
    })
  }
  const feeds = async () => {
    for (let i = 0; i < 4; i++) {
      // As one slice, and as many.
      await load(i % 2 === 0 ? feedFolder(changedSample()) : sampleFolder('oshee'), {
        sliceRows: i < 2 ? 1 : undefined,
      })
    }
  }
  const paying = async (from: number) => {
    for (let n = from; n < 40; n += 4) await pay(n)
  }
  await Promise.all([feeds(), paying(0), paying(1), paying(2), paying(3)])

  for (const { id } of contracts) {
    const { rows: invoices } = await db.execute<never>(sql`select id, number, due_on as "dueOn", principal,
      tv_tax as "tvTax", cancelled_on is not null as cancelled from invoices where contract_id = ${id}`)
    const { rows: payments } = await db.execute<never>(sql`select id, reference, paid_on as "paidOn", amount,
      reversed_on is not null as reversed, 0 as "receivedAt", array_remove(array[invoice_number], null) as "invoiceNumbers"
      from payments where contract_id = ${id}`)
    const { rows: stored } = await db.execute(sql`select payment_id as "paymentId", invoice_id as "invoiceId",
      a.interest, a.principal, a.tv_tax as "tvTax" from payment_allocations a join invoices i on i.id = a.invoice_id
      where i.contract_id = ${id} order by payment_id, invoice_id`)
    const expected = allocatePayments(invoices, payments, [term()]).allocations
    expected.sort((a, b) => a.paymentId - b.paymentId || a.invoiceId - b.invoiceId)
    expect(stored).toEqual(expected)
  }
})
