// What feeds tell customers of. Rules: once an event and person, however often the feed repeats it; one notice for all
// of a run; a first load, and what is old, tells nobody; who sees amounts alone gets amounts; what was rolled back told nobody.
import { readdirSync, readFileSync } from 'node:fs'
import { eq, sql } from 'drizzle-orm'
import { beforeEach, describe, expect, test } from 'vitest'
import { contractAccess } from '../../db/schema/contract-access.ts'
import { messages, noticeItems, notices } from '../../db/schema/notifications.ts'
import { disconnections } from '../../db/schema/supply.ts'
import { addTariffs } from '../../db/tariffs.ts'
import { getFindings } from '../../lib/billing/finding-queries.ts'
import { listHomeContracts } from '../../lib/billing/home-queries.ts'
import { loadFeed } from '../../lib/feed/commands.ts'
import { handOverNotices } from '../../lib/notices/handing-over.ts'
import { getNotice, listNotices, withItems } from '../../lib/notices/queries.ts'
import { noticeText } from '../../lib/notices/words.ts'
import { deleteRows, testDatabase } from '../support/database.ts'
import { emptyTables, type FeedRows, feedFolder } from '../support/feeds.ts'
import { sendAll } from '../support/notices.ts'
import { giveAccess, makeAccount } from '../support/people.ts'

const db = await testDatabase()
const NOW = new Date('2026-11-20T10:00:00Z')
const LONG_AGO = new Date('2026-01-01T10:00:00Z')

beforeEach(async () => {
  await deleteRows(db, 'accounts')
  await deleteRows(db, 'outages', 'disconnections')
  await emptyTables(db)
})

const CODES = ['AL0000101', 'AL0000102', 'AL0000103']
const load = (rows: FeedRows, now = NOW) =>
  loadFeed({ biller: 'oshee', folder: feedFolder(rows), sliceRows: 1, now })

const contractRow = (code: string) => ({ code, category: 'household', region: 'TIRANA', zone: 'Z1' })
const invoiceRow = (code: string, more: Record<string, string> = {}) => ({
  number: `F-${code}-10`,
  contract_code: code,
  period: '2026-10',
  issued_on: '2026-11-03',
  due_on: '2026-11-30',
  principal: '3306.60',
  tv_tax: '100.00',
  total: '3406.60',
  ...more,
})

const paymentRow = (reference: string, paid_on: string) => ({
  ...{ reference, paid_on, contract_code: CODES[0]!, amount: '20.00', method: 'CASH', source: 'BANKA' },
})

/** Long ago and cancelled: it is in nothing's way. */
const FIRST_INVOICE = {
  ...{ number: 'F-first', period: '2025-10', issued_on: '2025-11-03' },
  ...{ due_on: '2025-11-30', cancelled_on: '2025-11-05' },
}

/** Contracts, an invoice and a payment that a first feed brought, and somebody who has all of them. */
async function begin(person: Parameters<typeof makeAccount>[1] = {}) {
  await load(
    {
      contracts: CODES.map(contractRow),
      invoices: [invoiceRow(CODES[0]!, FIRST_INVOICE)],
      payments: [paymentRow('P-first', '2025-12-18')],
    },
    LONG_AGO,
  )
  const account = await makeAccount(db, person)
  const rows = await db.execute<{ id: number; code: string }>(
    sql`select id::integer, code from contracts order by code`,
  )
  for (const contract of rows.rows)
    await giveAccess(db, account, contract, { addedAt: LONG_AGO, level: 'masked' })
  return { account, contracts: rows.rows }
}

const told = async () => {
  const { rows } = await db.execute<{
    kind: string
    items: number
  }>(sql`select n.kind, count(*)::integer as items
    from notices n join notice_items i on i.notice_id = n.id group by n.id order by n.kind, n.created_at`)
  return rows.map(({ kind, items }) => `${kind} ${items}`)
}
const textsOf = async (account: { id: string }) => {
  const { notices } = await listNotices(account, { archived: false, page: 1 }, NOW)
  return notices.map(notice => noticeText('en', notice))
}

describe('a new invoice', () => {
  test('is told of once, in one notice with the others of its run, however often feeds repeat it', async () => {
    const { account } = await begin()
    const feed = { invoices: CODES.map(code => invoiceRow(code)) }
    await load(feed)
    expect(await told()).toEqual(['new-invoice 3'])
    await load(feed)
    // The same in another run, in another order, with one that is new.
    const more = invoiceRow(CODES[0]!, { number: 'F-late', period: '2026-09', due_on: '2026-12-02' })
    await load({ invoices: [more, ...feed.invoices.toReversed()] })
    expect(await told()).toEqual(['new-invoice 3', 'new-invoice 1'])
    const [newest] = await textsOf(account)
    expect(newest!.title.replaceAll('\u00a0', ' ')).toBe(
      'Invoice for September 2026: 3,406.60 lek, due 2 December 2026',
    )
    expect(newest!.href).toMatch(/^\/invoices\/\d+$/)
  })

  test('of a first load, of long ago, or of a contract added since tells nobody', async () => {
    const account = await makeAccount(db)
    await load({ contracts: CODES.map(contractRow), invoices: [invoiceRow(CODES[0]!)] }, LONG_AGO)
    const { rows } = await db.execute<{ id: number }>(sql`select id::integer from contracts order by code`)
    await giveAccess(db, account, rows[0]!, { addedAt: LONG_AGO })
    await giveAccess(db, account, rows[1]!, { addedAt: new Date(NOW.getTime() + 1000) })
    await load({
      invoices: [
        invoiceRow(CODES[0]!, { number: 'F-old', issued_on: '2026-10-01' }),
        invoiceRow(CODES[1]!, { number: 'F-since' }),
      ],
    })
    expect(await told()).toEqual([])
  })

  test('shows amounts alone to whoever sees no more, and nothing to whom the holder refused', async () => {
    const { contracts } = await begin({ username: 'holder' })
    const [payer, refused] = [await makeAccount(db), await makeAccount(db)]
    await giveAccess(db, payer, contracts[0]!, { addedAt: LONG_AGO })
    await giveAccess(db, refused, contracts[0]!, { addedAt: LONG_AGO, holderDecision: 'refused' })
    await load({ invoices: [invoiceRow(CODES[0]!, { units_kwh: '313' })] })
    const [text] = await textsOf(payer)
    const [own] = (await listNotices(payer, { archived: false, page: 1 }, NOW)).notices
    expect(await getNotice(payer, own!.id, NOW)).toEqual(own)
    expect(await getNotice(refused, own!.id, NOW)).toBeNull()
    expect(text).toMatchObject({
      href: `/contracts/oshee/${CODES[0]}/pay`,
      facts: [{ label: 'Contract' }, { label: 'Amount' }, { label: 'Due date' }],
    })
    expect(await textsOf(refused)).toEqual([])
  })

  test('of a slice that was rolled back tells nobody', async () => {
    await begin()
    await db.execute(
      sql`create function fail() returns trigger language plpgsql as $$ begin raise exception 'no'; end $$`,
    )
    await db.execute(
      sql`create trigger fail before insert on notice_items for each row execute function fail()`,
    )
    const report = await load({ invoices: [invoiceRow(CODES[0]!)] })
    await db.execute(sql`drop function fail cascade`)
    expect(report.files[0]).toMatchObject({ added: 0, refused: 1 })
    expect(await db.$count(notices)).toBe(0)
  })
})

test('corrections and cancellations are told of once each', async () => {
  const { account } = await begin()
  const rows = (more: Record<string, string>) => ({ invoices: [invoiceRow(CODES[0]!, more)] })
  const dearer = { principal: '3400.00', total: '3500.00' }
  let minutes = 0
  const next = (more: Record<string, string>) =>
    load(rows(more), new Date(NOW.getTime() + 60_000 * minutes++))
  await next({})
  const cancelled = { cancelled_on: '2026-11-19' }
  for (const more of [dearer, dearer, {}, cancelled, cancelled, {}, cancelled] as Record<string, string>[])
    await next(more)
  expect(await told()).toEqual([
    'invoice-cancelled 1',
    'invoice-cancelled 1',
    'invoice-corrected 1',
    'invoice-corrected 1',
    'new-invoice 1',
  ])
  const titles = (await textsOf(account)).map(({ title, text }) => `${title} | ${text}`)
  expect(titles[0]).toMatch(/^The invoice for October 2026 was cancelled \|/)
  expect(titles.at(-1)).toMatch(/cancelled$/)
})

test('a correction of lines alone is one too', async () => {
  await begin()
  const line = (more: Record<string, string>) => ({
    invoice_lines: [
      {
        ...{
          invoice_number: `F-${CODES[0]}-10`,
          position: '1',
          code: 'ENERGY',
          quantity: '10',
          unit_price: '9.5',
        },
        ...{ amount: '95.00', vat_rate: '20', ...more },
      },
    ],
  })
  await load({ invoices: [invoiceRow(CODES[0]!)], ...line({}) })
  expect(await told()).toEqual(['new-invoice 1'])
  // Its run is another one by its time.
  const later = new Date(NOW.getTime() + 60_000)
  await load(line({ quantity: '20', unit_price: '4.75' }), later)
  expect(await told()).toEqual(['invoice-corrected 1', 'new-invoice 1'])
})

test('a payment told of stays with those alone who see payments', async () => {
  const { account } = await begin()
  await load({ payments: [paymentRow('P-1', '2026-11-18')] })
  const itemsOf = async () =>
    (await listNotices(account, { archived: false, page: 1 }, NOW)).notices.flatMap(({ items }) => items)
  expect(await itemsOf()).toMatchObject([{ payment: { amount: 2000 } }])
  await handOverNotices(db, NOW)
  const states = async () => new Set((await db.select().from(messages)).map(({ state }) => state))
  expect(await states()).toEqual(new Set(['queued']))
  await db.update(contractAccess).set({ level: 'amounts' })
  expect(await itemsOf()).toEqual([])
  await sendAll(db, NOW)
  expect(await states()).toEqual(new Set(['dropped']))
})

test('a new invoice tells whoever moved in nothing of what was used before', async () => {
  const { account } = await begin()
  const of = (period: string, units_kwh: string) =>
    invoiceRow(CODES[0]!, { number: `F-${period}`, period, units_kwh })
  await load({ invoices: [of('2026-09', '313'), of('2026-10', '120')] })
  const unitsOf = async () => {
    const { notices } = await listNotices(account, { archived: false, page: 1 }, NOW)
    // As its message tells it: a list says nothing of the month before.
    const told = await withItems(db, [account.id], notices, NOW, 12)
    return told.flatMap(({ items }) =>
      items.map(({ invoice }) => [invoice!.period, invoice!.units, invoice!.unitsBefore]),
    )
  }
  expect(await unitsOf()).toContainEqual(['2026-10-01', '120.000', '313.000'])
  await db.update(contractAccess).set({ fromOn: '2026-09-30' })
  expect(await unitsOf()).toEqual([['2026-10-01', '120.000', null]])
})

test('a payment made elsewhere is told of to those who see payments, and once', async () => {
  const { account, contracts } = await begin()
  const payer = await makeAccount(db)
  await giveAccess(db, payer, contracts[0]!, { addedAt: LONG_AGO })
  const feed = {
    invoices: [invoiceRow(CODES[0]!)],
    payments: [paymentRow('P-1', '2026-11-18'), paymentRow('P-old', '2026-08-18')],
  }
  await load(feed)
  await load(feed)
  const { rows } = await db.execute(
    sql`select account_id as "accountId" from notices where kind = 'payment-elsewhere'`,
  )
  expect(rows).toEqual([{ accountId: account.id }])
  expect(await db.$count(noticeItems)).toBe(3)
})

test('the first invoices that a biller ever sends tell nobody, in whichever feed they come', async () => {
  const account = await makeAccount(db)
  await load({ contracts: CODES.map(contractRow) }, LONG_AGO)
  const { rows } = await db.execute<{ id: number }>(sql`select id::integer from contracts order by code`)
  await giveAccess(db, account, rows[0]!, { addedAt: LONG_AGO, level: 'masked' })
  await load({ invoices: [invoiceRow(CODES[0]!)] })
  expect(await told()).toEqual([])
  const next = { number: 'F-next', period: '2026-11', issued_on: '2026-11-19', due_on: '2026-12-31' }
  await load({ invoices: [invoiceRow(CODES[0]!), invoiceRow(CODES[0]!, next)] })
  expect(await told()).toEqual(['new-invoice 1'])
})

test('the first payments that a biller ever sends tell nobody, in whichever feed they come', async () => {
  const account = await makeAccount(db)
  await load({ contracts: CODES.map(contractRow) }, LONG_AGO)
  const { rows } = await db.execute<{ id: number }>(sql`select id::integer from contracts order by code`)
  await giveAccess(db, account, rows[0]!, { addedAt: LONG_AGO, level: 'masked' })
  await load({ payments: [paymentRow('P-1', '2026-11-18')] })
  expect(await told()).toEqual([])
  await load({ payments: [paymentRow('P-1', '2026-11-18'), paymentRow('P-2', '2026-11-19')] })
  expect(await told()).toEqual(['payment-elsewhere 1'])
})

test('a new invoice that what was over has paid is told of as paid', async () => {
  const { account } = await begin()
  await load({ payments: [{ ...paymentRow('P-1', '2026-10-20'), amount: '4000.00' }] })
  await load({ invoices: [invoiceRow(CODES[0]!)] })
  const [newest] = await textsOf(account)
  expect(newest!.title.replaceAll('\u00a0', ' ')).toBe('Invoice for October 2026: 3,406.60 lek, already paid')
  await sendAll(db, NOW)
  const sent = await db.select().from(messages).where(eq(messages.kind, 'new-invoice'))
  expect(sent).toMatchObject([{ channel: 'email', state: 'sent' }])
})

test('a disconnection is told of as it is announced, done and undone', async () => {
  const { contracts } = await begin()
  const [row] = await db
    .insert(disconnections)
    .values({
      billerId: 1,
      contractId: contracts[0]!.id,
      reference: 'D-1',
      announcedOn: '2026-11-19',
      notBefore: '2026-11-24',
      reason: 'debt',
      amount: 120_000,
    })
    .returning()
  const feed = (n: number) => ({ contracts: [{ ...contractRow(CODES[0]!), address: `Rruga ${n}` }] })
  await load(feed(1))
  await load(feed(2))
  await db.update(disconnections).set({ doneAt: NOW })
  await load(feed(3))
  await db.update(disconnections).set({ reconnectedAt: NOW })
  await load(feed(4))
  expect(await told()).toEqual(['disconnected 1', 'disconnection-announced 1', 'reconnected 1'])
  expect(row!.amount).toBe(120_000)
})

test('a disconnection is announced anew for another day or amount, and each time it is withdrawn, told of so', async () => {
  const { contracts } = await begin()
  const { id: contractId } = contracts[0]!
  const late = await makeAccount(db)
  await db.insert(disconnections).values({
    ...{ billerId: 1, contractId, reference: 'D-1', announcedOn: '2026-11-19', notBefore: '2026-11-24' },
    ...{ reason: 'debt', amount: 120_000 },
  })
  let n = 0
  const next = async (change: Partial<typeof disconnections.$inferInsert>) => {
    await db.update(disconnections).set({ reference: 'D-1', ...change })
    for (const again of [0, 1])
      await load({ contracts: [{ ...contractRow(CODES[0]!), address: `Rruga ${n++} ${again}` }] })
    return told()
  }
  const announced = (times: number) => Array(times).fill('disconnection-announced 1')
  const withdrawn = (times: number) => Array(times).fill('disconnection-withdrawn 1')
  expect(await next({})).toEqual(announced(1))
  expect(await next({ notBefore: '2026-11-26' })).toEqual(announced(2))
  expect(await next({ amount: 60_000 })).toEqual(announced(3))
  expect(await next({ cancelledOn: '2026-11-20' })).toEqual([...announced(3), ...withdrawn(1)])
  expect(await next({ cancelledOn: null })).toEqual([...announced(4), ...withdrawn(1)])
  // Who was told of nothing hears of no end of it.
  await giveAccess(db, late, contracts[0]!, { addedAt: LONG_AGO })
  expect(await next({ cancelledOn: '2026-11-20' })).toEqual([...announced(4), ...withdrawn(2)])
})

test('what was told before its day and amount were part of it is not told again', async () => {
  const { contracts } = await begin()
  await db.insert(disconnections).values({
    ...{ billerId: 1, contractId: contracts[0]!.id, reference: 'D-1', announcedOn: '2026-11-19' },
    ...{ notBefore: '2026-11-24', reason: 'debt' },
  })
  const feed = (n: number) => ({
    contracts: [{ ...contractRow(CODES[0]!), address: `Rruga ${n}` }],
    outages: [work('O-1', { region: 'TIRANA', zone: 'Z1', ends_at: '2026-11-25T12:00:00Z', place: `${n}` })],
  })
  await load(feed(1))
  const before = await told()
  expect(before).toEqual(['disconnection-announced 1', 'outage-planned 3'])
  await db.execute(sql`update notice_items set event = case when outage_id is null then 'disconnection-announced:' || disconnection_id
    else 'outage-planned:' || outage_id || ':' || contract_id end`)
  const file = readdirSync('db/migrations').find(name => name.endsWith('_notices-told-anew.sql'))
  for (const statement of readFileSync(`db/migrations/${file}`, 'utf8').split('--> statement-breakpoint'))
    await db.execute(sql.raw(statement))
  await load(feed(2))
  expect(await told()).toEqual(before)
})

describe('of a disconnection', () => {
  const reasons = ['debt', 'safety', 'request'] as const
  const [, second] = CODES
  /** One of each reason and state, announced on that day. */
  const makeEach = (contractId: number, announcedOn = '2026-11-10') =>
    db.insert(disconnections).values(
      reasons.flatMap(reason =>
        [{}, { doneAt: NOW }, { doneAt: NOW, reconnectedAt: NOW }].map((state, n) => ({
          ...{ billerId: 1, contractId, reference: `${reason}-${n}`, announcedOn, notBefore: '2026-11-24' },
          ...{ reason, ...state },
        })),
      ),
    )
  const feed = (n: number) => load({ contracts: [{ ...contractRow(second!), address: `Rruga ${n}` }] })
  const kindsOf = async (account: { id: string }) => {
    const { rows } = await db.execute<{
      kind: string
      items: number
    }>(sql`select n.kind, count(*)::integer as items
      from notices n join notice_items i on i.notice_id = n.id where n.account_id = ${account.id} group by n.kind order by n.kind`)
    return rows.map(({ kind, items }) => `${kind} ${items}`)
  }
  const itemsOf = async (account: { id: string }) => {
    const { notices } = await listNotices(account, { archived: false, page: 1 }, NOW)
    return notices.flatMap(({ kind, items }) => items.map(({ disconnection }) => ({ kind, disconnection })))
  }

  test('who sees amounts alone learns that one for a debt is announced, and not that a house is dark', async () => {
    const { account, contracts } = await begin()
    const payer = await makeAccount(db)
    await giveAccess(db, payer, contracts[1]!, { addedAt: LONG_AGO })
    await makeEach(contracts[1]!.id)
    await feed(1)
    expect(await kindsOf(account)).toEqual(['disconnected 3', 'disconnection-announced 3', 'reconnected 3'])
    expect(await kindsOf(payer)).toEqual(['disconnection-announced 1'])
    expect(await itemsOf(payer)).toMatchObject([{ disconnection: { reason: 'debt', doneAt: null } }])
    // Who was told while they saw more, or before it was done, is told no longer.
    await db.update(contractAccess).set({ level: 'amounts' })
    expect(await itemsOf(account)).toMatchObject([{ kind: 'disconnection-announced' }])
    await db.update(disconnections).set({ doneAt: NOW })
    expect([...(await itemsOf(payer)), ...(await itemsOf(account))]).toEqual([])
  })

  test('who moved out learns nothing of what is done after their time', async () => {
    const { account, contracts } = await begin()
    const untilOn = '2026-11-19'
    const moved = { handoverAt: new Date('2026-11-19T23:00Z'), untilOn }
    const told = await makeAccount(db)
    await giveAccess(db, told, contracts[1]!, { addedAt: LONG_AGO, level: 'masked' })
    await db.update(contractAccess).set(moved).where(eq(contractAccess.accountId, account.id))
    await makeEach(contracts[1]!.id)
    await feed(1)
    expect(await kindsOf(account)).toEqual(['disconnection-announced 3'])
    // Who named the day later keeps none of it, and no day of it.
    await db.update(contractAccess).set(moved).where(eq(contractAccess.accountId, told.id))
    expect(await kindsOf(told)).toHaveLength(3)
    expect(new Set((await itemsOf(told)).map(({ kind }) => kind))).toEqual(
      new Set(['disconnection-announced']),
    )
    await db.update(disconnections).set({ doneAt: NOW })
    const left = await itemsOf(account)
    expect(left).toHaveLength(3)
    for (const { disconnection } of left)
      expect(disconnection).toMatchObject({ doneAt: null, reconnectedAt: null })
  })
})

const work = (reference: string, of: Record<string, string>) => ({
  ...{ reference, kind: 'planned', region: '', branch: '', zone: '', place: '' },
  ...{ starts_at: '2026-11-25T08:00:00Z', ends_at: '', text_sq: '', text_en: '', text_sr: '' },
  ...{ cancelled_on: '', ...of },
})

test('planned work is told of to those in its area, once for all their contracts', async () => {
  const { account } = await begin()
  await db.execute(sql`update contracts set zone = 'Z2' where code = ${CODES[2]}`)
  const feed = {
    contracts: [contractRow(CODES[0]!)],
    outages: [
      work('O-1', { region: 'TIRANA', zone: 'Z1', ends_at: '2026-11-25T12:00:00Z' }),
      work('O-past', { starts_at: '2026-11-10T08:00:00Z' }),
      work('O-away', { region: 'DURRES' }),
    ],
  }
  await load(feed)
  const [first, ...others] = feed.outages
  await load({ ...feed, outages: [{ ...first!, place: 'Rruga 5' }, ...others] })
  expect(await told()).toEqual(['outage-planned 2'])
  expect(await textsOf(account)).toMatchObject([
    { title: 'Planned work: 25/11/2026, 09:00 – 13:00', text: '2 contracts', href: '/no-power' },
  ])
})

test('planned work is told of anew at another time, and so is that it was called off', async () => {
  const { account } = await begin()
  await db.execute(sql`update contracts set zone = 'Z2' where code <> ${CODES[0]}`)
  const next = async (of: Record<string, string>) => {
    await load({ outages: [work('O-1', { region: 'TIRANA', zone: 'Z1', ...of })] })
    return told()
  }
  const moved = { starts_at: '2026-11-26T08:00:00Z' }
  const planned = (times: number) => Array(times).fill('outage-planned 1')
  expect(await next({})).toEqual(planned(1))
  expect(await next(moved)).toEqual(planned(2))
  const off = { ...moved, cancelled_on: '2026-11-20' }
  expect(await next(off)).toEqual(['outage-cancelled 1', ...planned(2)])
  expect(await next({ ...off, place: 'Rruga 5' })).toEqual(['outage-cancelled 1', ...planned(2)])
  expect((await textsOf(account))[0]).toMatchObject({
    title: 'Planned work called off: 26/11/2026, 09:00',
    href: '/no-power',
  })
  expect(await next(moved)).toEqual(['outage-cancelled 1', ...planned(3)])
  expect(await next(off)).toEqual(['outage-cancelled 1', 'outage-cancelled 1', ...planned(3)])
})

describe('a meter that is read remotely', () => {
  const [code] = CODES as [string]
  const meter = { meter_number: 'M-1', meter_remote: 'true', tariff_group: 'household' }
  const reading = (value: string, day = '20', more: Record<string, string> = {}) => ({
    ...{ contract_code: code, meter_number: 'M-1', register: 'A1', value_kwh: value },
    ...{ read_at: `2026-11-${day}T06:00:00+01:00`, ...more },
  })
  const on = (day: string) => new Date(`2026-11-${day}T10:00:00Z`)
  async function billed() {
    const { account } = await begin()
    // Emptied with the accounts, of which some may have added tariffs.
    const client = await db.$client.connect()
    await addTariffs(client)
    client.release()
    await load({
      contracts: [{ ...contractRow(code), ...meter }],
      invoices: [
        { ...invoiceRow(code), previous_reading: '15091', current_reading: '15404', reading_kind: 'remote' },
      ],
    })
    await db.delete(notices)
    return account
  }

  test('is told of once a border and month, and as it stands when it is sent', async () => {
    const account = await billed()
    const find = async (now: Date) => (await getFindings(account, 'oshee', code, now)).threshold
    await load({ readings: [reading('15960', '19')] }, on('19'))
    expect(await told()).toEqual([])
    expect(await find(on('19'))).toBeNull()
    await load({ readings: [reading('16044.7')] })
    await load({ readings: [reading('16044.7'), reading('16060', '21')] }, on('21'))
    expect(await told()).toEqual(['threshold-near 1'])
    expect(await find(on('21'))).toMatchObject({ used: 656, limit: 700, daysLeft: 9, extra: 85_140 })
    const [home] = await listHomeContracts(account, on('21'))
    expect(home!.threshold).toEqual(await find(on('21')))
    const [text] = (await listNotices(account, { archived: false, page: 1 }, on('21'))).notices.map(notice =>
      noticeText('en', notice),
    )
    expect(text).toMatchObject({ href: `/contracts/oshee/${code}/history` })
    expect(text!.title).toContain('Close to 700\u00a0kWh')

    await load({ readings: [reading('16105', '22')] }, on('22'))
    expect(await find(on('22'))).toMatchObject({ used: 701, left: 0, isAbove: true })
    await sendAll(db, on('22'))
    expect((await db.select({ state: messages.state }).from(messages)).map(({ state }) => state)).toEqual([
      'dropped',
    ])
    expect(await told()).toEqual(['threshold-near 1'])
  })

  test('says nothing where it was replaced, or to whoever sees amounts alone', async () => {
    const account = await billed()
    const payer = await makeAccount(db)
    const { rows } = await db.execute<{ id: number }>(
      sql`select id::integer from contracts where code = ${code}`,
    )
    await giveAccess(db, payer, rows[0]!, { addedAt: LONG_AGO })
    await load({ readings: [reading('16044')] })
    expect((await getFindings(payer, 'oshee', code, NOW)).threshold).toBeNull()
    expect(await told()).toEqual(['threshold-near 1'])
    await load({
      readings: [reading('16050', '20', { meter_number: 'M-2', read_at: '2026-11-20T08:00:00+01:00' })],
    })
    expect((await getFindings(account, 'oshee', code, NOW)).threshold).toBeNull()
  })
})
