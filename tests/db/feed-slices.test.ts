// A feed is loaded by slices of contracts: customers pay meanwhile, and however it is cut it ends in the same state.
import { sql } from 'drizzle-orm'
import { beforeEach, expect, test } from 'vitest'
import type { Database } from '../../db/client.ts'
import { type LoadFeedOptions, loadFeed } from '../../lib/feed/commands.ts'
import { receive } from '../support/bank.ts'
import { deleteRows, testDatabase } from '../support/database.ts'
import { emptyTables, type FeedRows, feedFolder } from '../support/feeds.ts'
import { attemptOf, bankAnswer, begin, checkBooks, makePayable } from '../support/payments.ts'
import { giveAccess, makeAccount } from '../support/people.ts'

const db = await testDatabase()
beforeEach(async () => {
  await deleteRows(db, 'accounts')
  await emptyTables(db)
})

const NOW = new Date('2024-01-20T10:00:00Z')

/** A slice a contract, in the order of their codes. */
const load = (rows: FeedRows, more: Partial<LoadFeedOptions> = {}) =>
  loadFeed({ biller: 'oshee', folder: feedFolder(rows), sliceRows: 1, now: NOW, ...more })

/** Contracts with an invoice each, in the order of their codes, and a customer of all of them. */
async function addContracts(count: number) {
  const customer = await makeAccount(db)
  const contracts = []
  for (let n = 0; n < count; n++) contracts.push(await makePayable(db, [20_000]))
  contracts.sort((a, b) => (a.contractCode < b.contractCode ? -1 : 1))
  for (const contract of contracts) await giveAccess(db, customer, contract)
  return { customer, contracts }
}

/** A feed that changes each of the contracts and brings a payment of it. */
const changesOf = (contracts: { contractCode: string }[]): FeedRows => ({
  contracts: contracts.map(({ contractCode }) => ({ code: contractCode, category: 'business' })),
  payments: contracts.map(({ contractCode }) => ({
    reference: `P-${contractCode}`,
    contract_code: contractCode,
    paid_on: '2024-01-15',
    amount: '50.00',
    method: 'CASH',
    source: 'BANKA',
  })),
})

const capture = (db: Database, attempt: Parameters<typeof bankAnswer>[0]) =>
  receive(db, 'callback', bankAnswer(attempt, 'captured'), NOW)

/** Waits until the feed waits for a lock. */
const feedWaits = () =>
  expect
    .poll(async () => {
      const waiting = await db.execute(sql`select from pg_stat_activity
        where datname = current_database() and application_name = 'drita-feed' and wait_event_type = 'Lock'`)
      return waiting.rowCount
    })
    .toBe(1)

test('captures and new payments go through while a feed is at another contract, and wait for their own slice at most', async () => {
  const { customer, contracts } = await addContracts(4)
  const [first, second, third, last] = contracts as [(typeof contracts)[0], ...typeof contracts]
  const loaded = await begin(db, customer, first, NOW)
  const loading = await begin(db, customer, second!, NOW)
  const rows = changesOf(contracts)
  let captured: Promise<unknown> | undefined
  let running: ReturnType<typeof load> | undefined
  await db.transaction(async tx => {
    // A customer pays the last contract, and takes long: the feed waits.
    await tx.execute(sql`select from contracts where id = ${last!.id} for no key update`)
    running = load(rows, {
      onProgress: ({ phase, file, done }) => {
        // The second contract is locked: an answer for it waits.
        if (phase === 'loading' && file === 'payments' && done > 0.25) captured ??= capture(db, loading)
      },
    })
    await feedWaits()
    expect(await captured).toBe('applied')
    expect(await capture(db, loaded)).toBe('applied')
    const begun = await begin(db, customer, third!, NOW)
    expect(await capture(db, begun)).toBe('applied')
  })
  expect(await running).toMatchObject({ status: 'loaded' })
  for (const { id } of [loaded, loading]) expect((await attemptOf(db, id)).state).toBe('captured')
  await checkBooks(db)
})

test('a payment of ours that is captured after the feed was judged is confirmed by it all the same', async () => {
  const { customer, contracts } = await addContracts(2)
  const attempts = [
    await begin(db, customer, contracts[0]!, NOW),
    await begin(db, customer, contracts[1]!, NOW),
  ]
  const payments = attempts.map((attempt, n) => ({
    reference: attempt.number,
    contract_code: contracts[n]!.contractCode,
    paid_on: '2024-01-20',
    amount: '300.00',
    method: 'CARD',
    source: 'PORTAL',
  }))
  let captured: Promise<unknown> | undefined
  const report = await db.transaction(async tx => {
    await tx.execute(sql`select from contracts where id = ${contracts[0]!.id} for no key update`)
    const running = load({ payments })
    await feedWaits()
    captured = capture(db, attempts[1]!)
    await captured
    return { running }
  })
  expect((await report.running).files[0]).toMatchObject({ changed: 1, refused: 1, added: 0, unchanged: 0 })
  const { rows } = await db.execute(
    sql`select reference, confirmed_at is not null as confirmed from payments`,
  )
  expect(rows).toEqual([{ reference: attempts[1]!.number, confirmed: true }])
})

test('what the database refuses again and again keeps nobody else from being loaded, and is refused', async () => {
  const { contracts } = await addContracts(9)
  const poisoned = contracts[4]!.contractCode
  await db.execute(
    sql.raw(`create function refuse_poison() returns trigger language plpgsql as $$
    begin raise exception using errcode = 'check_violation'; end $$`),
  )
  await db.execute(
    sql.raw(`create trigger refuse_poison before insert on payments for each row
    when (new.reference = 'P-${poisoned}') execute function refuse_poison()`),
  )
  const rows = changesOf(contracts)
  const report = await load(rows, { sliceRows: 1000 })
  expect(report).toMatchObject({ status: 'loaded_with_refusals', refusedRows: 2 })
  expect(report.files).toMatchObject([
    { file: 'contracts', changed: 8, refused: 1 },
    { file: 'payments', added: 8, refused: 1 },
  ])
  expect(report.refusals).toMatchObject([
    { file: 'contracts', key: poisoned, reason: 'not_loadable' },
    { file: 'payments', key: `P-${poisoned}`, reason: 'not_loadable' },
  ])
  const left = await db.execute(sql`select code from contracts where category = 'household'`)
  expect(left.rows).toEqual([{ code: poisoned }])
  await checkBooks(db)
  // Once the cause is mended, the same feed loads the rest.
  await db.execute(sql.raw('drop function refuse_poison cascade'))
  expect(await load(rows)).toMatchObject({ status: 'loaded', refusedRows: 0 })
})
