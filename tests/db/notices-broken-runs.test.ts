// Notices where runs break off, mornings overlap, and feeds correct whose an invoice is.
import { setTimeout as sleep } from 'node:timers/promises'
import { sql } from 'drizzle-orm'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { loadFeed } from '../../lib/feed/commands.ts'
import { makeReminders } from '../../lib/notices/by-time.ts'
import { handOverNotices } from '../../lib/notices/handing-over.ts'
import { listNotices } from '../../lib/notices/queries.ts'
import { clock } from '../../lib/platform/clock.ts'
import { deleteRows, testDatabase } from '../support/database.ts'
import { emptyTables, type FeedRows, feedFolder } from '../support/feeds.ts'
import { makeReader, sendAll } from '../support/notices.ts'
import { giveAccess, makeAccount } from '../support/people.ts'

const db = await testDatabase()
const LONG_AGO = new Date('2026-01-01T10:00:00Z')
const CODES = ['AL0000101', 'AL0000102', 'AL0000103']
const contracts = (address: string) =>
  CODES.map(code => ({ code, category: 'household', region: 'TIRANA', address }))

beforeEach(async () => {
  await deleteRows(db, 'accounts')
  await deleteRows(db, 'outages', 'disconnections')
  await emptyTables(db)
})
afterEach(() => vi.restoreAllMocks())

const load = (rows: FeedRows, now: Date, more = {}) =>
  loadFeed({ biller: 'oshee', folder: feedFolder(rows), now, ...more })

/** Cancelled: it is in nothing's way. */
const FIRST_INVOICE = {
  ...{ number: 'F-first', contract_code: CODES[0]!, period: '2025-10', issued_on: '2025-11-03' },
  ...{
    due_on: '2025-11-30',
    principal: '100.00',
    tv_tax: '0.00',
    total: '100.00',
    cancelled_on: '2025-11-05',
  },
}

/** The contracts of a first feed, by their codes. */
async function begin() {
  await load({ contracts: contracts(''), invoices: [FIRST_INVOICE] }, LONG_AGO)
  return (await db.execute<{ id: number }>(sql`select id::integer from contracts order by code`)).rows
}

test('planned work that a run stored before it was killed is told of by the feed that takes its place', async () => {
  const [first] = await begin()
  await giveAccess(db, await makeAccount(db), first!, { addedAt: LONG_AGO })
  const outages = [
    {
      ...{ reference: 'O-1', kind: 'planned', region: 'TIRANA', branch: '', zone: '', place: '' },
      ...{ starts_at: '2026-11-25T08:00:00Z', ends_at: '2026-11-25T12:00:00Z' },
      ...{ text_sq: '', text_en: '', text_sr: '', cancelled_on: '' },
    },
  ]
  const at = (minutes: number) => new Date(Date.parse('2026-11-20T10:00:00Z') + minutes * 60_000)
  const stop = new AbortController()
  const onProgress = ({ phase, done }: { phase: string; done: number }) => {
    if (phase === 'loading' && done > 0.5) stop.abort()
  }
  const killed = { sliceRows: 1, signal: stop.signal, onProgress }
  await expect(load({ contracts: contracts('Rruga 1'), outages }, at(0), killed)).rejects.toThrow()
  expect(await db.execute(sql`select from outages`)).toMatchObject({ rowCount: 1 })
  // One that is refused whole says nothing of what is told, and the next may have no outages of its own.
  await load({ contracts: [{ code: '??', category: 'household' }] }, at(5))
  await load({ contracts: contracts('Rruga 2') }, at(10))
  await load({ contracts: contracts('Rruga 3'), outages }, at(20))
  expect((await db.execute(sql`select kind from notices`)).rows).toEqual([{ kind: 'outage-planned' }])
})

test('two mornings at once leave no notice that tells of nothing', async () => {
  const now = new Date('2026-11-27T10:00:00Z')
  const { account } = await makeReader(db, { bill: { dueOn: '2026-11-30' } })
  let second: Promise<void> | undefined
  await db.transaction(async tx => {
    await makeReminders(tx as never, now)
    second = makeReminders(db, new Date(now.getTime() + 1))
    await sleep(500)
  })
  await second
  const { notices } = await listNotices(account, { archived: false, page: 1 }, now)
  expect(notices.map(({ kind, items }) => [kind, items.length])).toEqual([['due-soon', 1]])
})

test('an invoice that is moved to another contract in the night is told to its new customer, and mailed to the former one no more', async () => {
  const [first, second] = await begin()
  const [former, right] = [await makeAccount(db), await makeAccount(db)]
  await giveAccess(db, former, first!, { addedAt: LONG_AGO, level: 'masked' })
  await giveAccess(db, right, second!, { addedAt: LONG_AGO, level: 'masked' })
  const of = (contract_code: string, total: string) => ({
    ...{ number: 'F-1', contract_code, period: '2026-11', issued_on: '2026-11-20', due_on: '2026-12-20' },
    ...{ principal: total, tv_tax: '0.00', total },
  })
  const at = vi.spyOn(clock, 'now')
  at.mockReturnValue(new Date('2026-11-27T21:00:00Z'))
  await load({ invoices: [of(CODES[0]!, '3406.60')] }, clock.now())
  await handOverNotices(db, clock.now())
  at.mockReturnValue(new Date('2026-11-28T02:00:00Z'))
  await load({ invoices: [of(CODES[1]!, '10099.00')] }, clock.now())
  at.mockReturnValue(new Date('2026-11-28T09:00:00Z'))
  await sendAll(db, clock.now())
  const { rows } = await db.execute(
    sql`select account_id = ${right.id} as is_right, kind, state from messages where channel = 'email' order by 1`,
  )
  expect(rows).toEqual([
    { is_right: false, kind: 'new-invoice', state: 'dropped' },
    { is_right: true, kind: 'new-invoice', state: 'sent' },
  ])
})

test('a run that is taken up after its first notices were sent has the rest sent too', async () => {
  const made = await begin()
  const account = await makeAccount(db)
  for (const contract of made) await giveAccess(db, account, contract, { addedAt: LONG_AGO, level: 'masked' })
  const invoices = CODES.map(contract_code => ({
    ...{ number: `F-${contract_code}`, contract_code, period: '2026-11', issued_on: '2026-11-20' },
    ...{ due_on: '2026-12-20', principal: '3406.60', tv_tax: '0.00', total: '3406.60' },
  }))
  const at = vi.spyOn(clock, 'now')
  at.mockReturnValue(new Date('2026-11-26T10:00:00Z'))
  const stop = new AbortController()
  const onProgress = ({ phase, done }: { phase: string; done: number }) => {
    if (phase === 'loading' && done > 0.3) stop.abort()
  }
  const killed = { sliceRows: 1, signal: stop.signal, onProgress }
  await expect(load({ invoices }, clock.now(), killed)).rejects.toThrow()
  at.mockReturnValue(new Date('2026-11-27T11:00:00Z'))
  await sendAll(db, clock.now())
  for (const hour of ['12', '13']) {
    at.mockReturnValue(new Date(`2026-11-27T${hour}:00:00Z`))
    await load({ invoices }, clock.now(), { sliceRows: 1 })
    await sendAll(db, clock.now())
  }
  const { rows } =
    await db.execute(sql`select state, count(*)::integer as messages, sum((select count(*) from notice_items i
    where i.notice_id = m.notice_id))::integer as items from messages m where channel = 'email' group by state`)
  expect(rows).toEqual([{ state: 'sent', messages: 2, items: 3 }])
})
