// Killed in the middle, stopped, two at once, or while customers pay: all of a feed or nothing, and nothing lost.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import path from 'node:path'
import { sql } from 'drizzle-orm'
import { beforeEach, expect, test } from 'vitest'
import { allocatePayments } from '../../lib/billing/rules.ts'
import { loadFeed } from '../../lib/feed/commands.ts'
import { replayContract } from '../../lib/payments/replay.ts'
import { testDatabase } from '../support/database.ts'
import {
  emptyTables,
  type FeedRows,
  feedFolder,
  fullDump,
  sampleFolder,
  sampleRows,
  stateDump,
} from '../support/feeds.ts'

const db = await testDatabase()
beforeEach(() => emptyTables(db))

/** The sample with every amount, payment and name changed: a feed that touches all there is. */
function changedSample(): FeedRows {
  const rows = sampleRows('oshee')
  return {
    contracts: rows.contracts.map(row => ({ ...row, branch: 'ELBASAN' })),
    invoices: [
      ...rows.invoices.map(row => ({ ...row, principal: '10.00', tv_tax: '1.00', total: '11.00' })),
      { ...rows.invoices[0]!, number: 'NEW-1' },
    ],
    invoice_lines: rows.invoice_lines.slice(3).map(row => ({ ...row, amount: '1.00' })),
    payments: rows.payments.map(row => ({ ...row, amount: '5.00' })),
    readings: rows.readings.map(row => ({ ...row, value_kwh: '1' })),
  }
}

test.each(['reading contracts', 'reading payments', 'merging invoices', 'merging payments', 'replaying'])(
  'killed while %s, nothing has changed and the next feed loads',
  async phase => {
    await loadFeed({ biller: 'oshee', folder: sampleFolder('oshee') })
    const before = await fullDump(db)
    const folder = feedFolder(changedSample())
    const script = path.join(import.meta.dirname, '../support/feed-killed.ts')
    const child = spawn(process.execPath, ['--import', 'tsx', script, 'oshee', folder, phase], {
      stdio: 'inherit',
    })
    const [, signal] = await once(child, 'exit')
    expect(signal).toBe('SIGKILL')
    expect(await fullDump(db)).toEqual(before)
    const report = await loadFeed({ biller: 'oshee', folder })
    expect(report.files.map(file => file.changed)).toEqual([4, 52, 139, 46, 3])
    await loadFeed({ biller: 'oshee', folder: sampleFolder('oshee') })
  },
)

test('stopped from outside, nothing has changed', async () => {
  await loadFeed({ biller: 'oshee', folder: sampleFolder('oshee') })
  const before = await fullDump(db)
  for (const phase of ['reading', 'merging', 'replaying']) {
    const stop = new AbortController()
    const loading = loadFeed({
      biller: 'oshee',
      folder: feedFolder(changedSample()),
      signal: stop.signal,
      onProgress: progress => {
        if (progress.phase === phase) stop.abort()
      },
    })
    await expect(loading).rejects.toThrow()
    expect(await fullDump(db)).toEqual(before)
  }
})

test('two feeds of one biller at once go one after the other, those of two billers need not', async () => {
  const runs = await Promise.all([
    loadFeed({ biller: 'oshee', folder: sampleFolder('oshee') }),
    loadFeed({ biller: 'kesco', folder: sampleFolder('kesco') }),
    loadFeed({ biller: 'oshee', folder: sampleFolder('oshee') }),
  ])
  const added = runs.map(run => run.files.reduce((sum, file) => sum + file.added, 0))
  expect(added[1]).toBe(121)
  expect([added[0], added[2]].sort()).toEqual([0, 247])
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
      const folder = i % 2 === 0 ? feedFolder(changedSample()) : sampleFolder('oshee')
      await loadFeed({ biller: 'oshee', folder })
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
      reversed_on is not null as reversed, array_remove(array[invoice_number], null) as "invoiceNumbers"
      from payments where contract_id = ${id}`)
    const terms = { interestPerDayPpm: 1000, interestCapPercent: 100 }
    const { rows: stored } = await db.execute(sql`select payment_id as "paymentId", invoice_id as "invoiceId",
      a.interest, a.principal, a.tv_tax as "tvTax" from payment_allocations a join invoices i on i.id = a.invoice_id
      where i.contract_id = ${id} order by payment_id, invoice_id`)
    const expected = allocatePayments(invoices, payments, terms).allocations
    expected.sort((a, b) => a.paymentId - b.paymentId || a.invoiceId - b.invoiceId)
    expect(stored).toEqual(expected)
  }
})
