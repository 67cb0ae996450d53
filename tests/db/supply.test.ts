// Outages and disconnections: which concern a contract, who learns of them, and how many others there may be.
import { eq, sql } from 'drizzle-orm'
import { afterAll, beforeEach, describe, expect, it } from 'vitest'
import { openStatementLog, type Statement, type StatementLog } from '../../bin/bench/statement-log.ts'
import type { accounts } from '../../db/schema/accounts.ts'
import { contractAccess } from '../../db/schema/contract-access.ts'
import { payments } from '../../db/schema/ledger.ts'
import { listHomeContracts } from '../../lib/billing/home-queries.ts'
import { decideAccess } from '../../lib/contracts/decisions.ts'
import { replayContract } from '../../lib/ledger/replay.ts'
import { foldName } from '../../lib/platform/names.ts'
import { countCodeSearch, listOutages, listOwnSupply, MOST_OUTAGES } from '../../lib/supply/queries.ts'
import { deleteRows, testDatabase } from '../support/database.ts'
import { grown } from '../support/growth.ts'
import { giveAccess, makeAccount, makeContract, makeInvoices } from '../support/people.ts'
import { makeDisconnection, makeOutage } from '../support/supply.ts'

process.env.LIMIT_OUTAGES_PER_ADDRESS = '6'
process.env.LIMIT_OUTAGES_PER_ADDRESS_AND_CONTRACT = '2'
process.env.LIMIT_OUTAGES_PER_CONTRACT = '4'
let log: StatementLog
const db = await testDatabase(async url => {
  log = await openStatementLog(url)
  return log.url
})
afterAll(() => log.close())
db.$client.on('connect', client => client.on('error', () => {}))
const now = new Date('2026-11-27T10:00:00Z')
const hours = (count: number) => new Date(now.getTime() + count * 3_600_000)
const AREA = { region: 'Prishtinë', branch: 'Qendra', zone: 'Ulpiana' }

type Account = typeof accounts.$inferSelect
let holder: Account
let stranger: Account
let contract: Awaited<ReturnType<typeof makeContract>>

beforeEach(async () => {
  await deleteRows(db, 'outages', 'disconnections')
  holder = await makeAccount(db)
  stranger = await makeAccount(db)
  contract = await makeContract(db, { holder, ...AREA })
  await giveAccess(db, holder, contract)
})

const own = async (who: Account = holder, of = contract) =>
  (await listOwnSupply(who, now)).find(({ code }) => code === of.code)
const idsOf = async (who: Account = holder) => (await own(who))?.outages.map(({ id }) => id)
const found = async (search: Parameters<typeof listOutages>[0] = {}) =>
  (await listOutages(search, now)).flatMap(({ code, outages }) => outages.map(({ id }) => `${code} ${id}`))

describe('places', () => {
  it('are folded by the database as foldName folds them', async () => {
    const names = [
      'Prishtinë',
      'ПРИШТИНА',
      'Štrpce',
      'Đakovica',
      'Djakovica',
      'Ђаковица',
      'Љубижда',
      'Њагара',
      'Џоџан',
    ]
    names.push(
      'Lagjja nr. 9, pranë tregut',
      'Rr. “Mine Peza”',
      'Fushë-Kosovë',
      '  a  b ',
      'ﬁlan',
      '',
      '—',
      'ÇELIK',
      'Straße',
    )
    const { rows } = await db.execute<{ folded: string }>(
      sql`select fold_place(name) as folded from unnest(${sql.param(names)}::text[]) with ordinality as of (name, place) order by place`,
    )
    expect(rows.map(({ folded }) => folded)).toEqual(names.map(name => foldName(name)))
  })

  it('are found in any spelling, by the beginning of each word, in any order', async () => {
    const id = `kesco ${await makeOutage(db, now, { region: 'Prishtinë', place: 'Rruga Xhorxh Bush dhe Fushë Kosova' })}`
    await makeOutage(db, now, { region: 'Pejë' })
    for (const place of [
      'prishtina',
      'PRISHTINË',
      'Priština',
      'Приштина',
      'kosovë fushe',
      'bush prish',
      'džordž'.slice(0, 2),
    ])
      expect([place, await found({ place })]).toEqual([place, [id]])
    for (const place of ['rishtin', 'Prishtinë Mitrovica', '%', '_'])
      expect([place, (await found({ place })).length]).toEqual([place, /\w{2}/.test(place) ? 0 : 2])
  })
})

describe('an outage', () => {
  it('concerns a contract of which every region, branch and zone that it names agrees', async () => {
    const concerning = []
    for (const area of [
      {},
      { region: 'PRISHTINE' },
      { branch: 'qendra' },
      { zone: 'Улпиана' },
      { region: 'Prishtinë', zone: 'ulpiana' },
      AREA,
    ])
      concerning.push(await makeOutage(db, now, area))
    for (const area of [
      { region: 'Pejë' },
      { ...AREA, zone: 'Dardania' },
      { branch: 'Prishtinë' },
      { ...AREA, billerId: 1 },
    ])
      await makeOutage(db, now, area)
    const ofContract = { contract: { biller: 'kesco' as const, code: contract.code } }
    const all = concerning.map(id => `kesco ${id}`).toSorted()
    expect((await found(ofContract)).toSorted()).toEqual(all)
    // A feed keeps what it may be called, to be read from then on.
    const { region, branch, zone } = AREA
    await db.execute(
      sql`insert into contract_areas (region, branch, zone) values (${region}, ${branch}, ${zone})`,
    )
    expect((await found(ofContract)).toSorted()).toEqual(all)
    await db.execute(sql`delete from outages where id = ${concerning[0]!}`)
    expect((await idsOf())!.toSorted((a, b) => a - b)).toEqual(concerning.slice(1))
  })

  it('that names a zone concerns no contract whose zone is unknown', async () => {
    const unknown = await makeContract(db, { holder, region: 'Prishtinë' })
    await giveAccess(db, holder, unknown)
    await makeOutage(db, now, { region: 'Prishtinë', zone: 'Ulpiana' })
    expect((await own(holder, unknown))!.outages).toEqual([])
  })

  it('is told of from a month before, until a day after, and as long as a month where nobody says when it ends', async () => {
    const told = [
      await makeOutage(db, now, { startsAt: hours(-30), endsAt: hours(-23) }),
      await makeOutage(db, now, { startsAt: hours(-29 * 24), endsAt: null }),
      await makeOutage(db, now, { startsAt: hours(29 * 24), endsAt: null }),
      await makeOutage(db, now, { startsAt: hours(5), endsAt: hours(6), cancelledOn: '2026-11-26' }),
    ]
    await makeOutage(db, now, { startsAt: hours(-30), endsAt: hours(-25) })
    await makeOutage(db, now, { startsAt: hours(-31 * 24), endsAt: null })
    await makeOutage(db, now, { startsAt: hours(31 * 24), endsAt: null })
    await makeOutage(db, now, { startsAt: hours(-2), endsAt: hours(-1), cancelledOn: '2026-11-26' })
    expect((await idsOf())!.toSorted((a, b) => a - b)).toEqual(told)
    expect(await found()).toHaveLength(told.length)
  })

  it('is told of with those of its biller, so many of each, and with when its feed was last loaded', async () => {
    await db.execute(sql`insert into feed_runs (biller_id, started_at, finished_at, status, report) values
      (2, '2026-11-27T08:00Z', '2026-11-27T08:30Z', 'loaded', '{}'), (2, '2026-11-27T09:00Z', '2026-11-27T09:30Z', 'abandoned', '{}')`)
    for (let count = 0; count <= MOST_OUTAGES; count++) await makeOutage(db, now)
    const all = await listOutages({}, now)
    const [oshee, kesco] = all
    expect(all.map(({ code }) => code)).not.toContain('police-fines')
    expect([oshee!.tells, kesco!.tells]).toEqual([false, true])
    expect(oshee).toMatchObject({ code: 'oshee', outages: [], hasMore: false, updatedAt: null })
    expect(kesco).toMatchObject({
      hasMore: true,
      phone: '0800 791 00',
      updatedAt: new Date('2026-11-27T08:30Z'),
    })
    expect(kesco!.outages).toHaveLength(MOST_OUTAGES)
  })
})

it('concerns contracts that are supplied alone: none that is closed, and no fines', async () => {
  await db.execute(sql`update contracts set closed_on = '2026-11-01' where id = ${contract.id}`)
  await giveAccess(db, holder, await makeContract(db, { holder, billerId: 6, code: 'F-1234' }))
  expect(await listOwnSupply(holder, now)).toEqual([])
})

describe('a stranger who types a code', () => {
  const search = (code: string) => listOutages({ contract: { biller: 'kesco', code } }, now)

  it('gets one answer for a code that nobody has, one without an outage, and one that is to be disconnected', async () => {
    const quiet = await makeContract(db, { region: 'Pejë' })
    await makeOutage(db, now, { region: 'Gjakovë' })
    await makeDisconnection(db, contract, { amount: 4412 })
    const [unknown, ...known] = await Promise.all([
      search('DPR-99999999'),
      search(quiet.code),
      search(contract.code),
    ])
    for (const one of known) expect(one).toEqual(unknown)
    expect(JSON.stringify(known)).not.toMatch(/4412|2026-12-01|Dritës/)
  })

  it('learns of an outage of the whole biller for a code that nobody has too', async () => {
    await makeOutage(db, now)
    expect(await search('DPR-99999999')).toEqual(await search(contract.code))
    expect((await search('DPR-99999999'))[1]!.outages).toHaveLength(1)
  })

  it('may do so a few times, from an address and of a contract, whether it exists or not', async () => {
    const count = (code: string, address: string, biller: 'kesco' | 'oshee' = 'kesco') =>
      countCodeSearch({ biller, code }, undefined, address)
    for (const code of ['DPR-1', 'DPR-1', 'DPR-2', 'DPR-3', 'DPR-4', 'DPR-5'])
      expect(await count(code, '192.0.2.1')).toBe(0)
    expect(await count('DPR-6', '192.0.2.1')).toBeGreaterThan(0)
    // One address does not use up what others may ask of a contract; many do, until the hour is over.
    for (let time = 0; time < 9; time++) await count('DPR-1', '192.0.2.2')
    expect(await count('DPR-1', '192.0.2.3')).toBeGreaterThan(0)
    expect(await count('DPR-1', '192.0.2.3')).toBeLessThanOrEqual(3600)
    expect(await count('DPR-1', '192.0.2.3', 'oshee')).toBe(0)
  })

  it('is counted for nobody who has it on their list', async () => {
    const own = { biller: 'kesco' as const, code: contract.code }
    for (let time = 0; time < 9; time++) {
      expect(await countCodeSearch(own, holder, '192.0.2.9')).toBe(0)
      await countCodeSearch(own, stranger, `192.0.2.${30 + time}`)
    }
    expect(await countCodeSearch(own, stranger, '192.0.2.50')).toBeGreaterThan(0)
    expect(await countCodeSearch(own, holder, '192.0.2.50')).toBe(0)
  })
})

describe('a disconnection', () => {
  const pay = (amount: number, paidOn: string, receivedAt: string, more = {}) =>
    db.insert(payments).values({
      billerId: 2,
      contractId: contract.id,
      reference: `P-${paidOn}-${amount}-${receivedAt}`,
      paidOn,
      amount,
      method: 'CASH',
      source: 'Posta',
      receivedAt: new Date(receivedAt),
      ...more,
    })

  it('is told of with what was paid since it was announced', async () => {
    await makeDisconnection(db, contract, { amount: 4412 })
    await pay(100, '2026-11-24', '2026-11-24T10:00Z')
    await pay(300, '2026-11-26', '2026-11-27T09:00Z')
    await pay(200, '2026-11-25', '2026-11-26T10:00Z')
    await pay(400, '2026-11-26', '2026-11-26T10:00Z', { reversedOn: '2026-11-26' })
    const disconnection = {
      announcedOn: '2026-11-25',
      notBefore: '2026-12-01',
      reason: 'debt',
      amount: 4412,
      doneAt: null,
      reconnectedAt: null,
      cancelledOn: null,
      payments: [
        { amount: 200, at: new Date('2026-11-26T10:00Z') },
        { amount: 300, at: new Date('2026-11-27T09:00Z') },
      ],
    }
    expect((await own())!.disconnection).toEqual(disconnection)
    expect((await listHomeContracts(holder, now))[0]!.disconnection).toEqual(disconnection)
  })

  it('is nobody else’s, and not of whom the holder refused', async () => {
    await makeDisconnection(db, contract)
    expect(await own(stranger)).toBeUndefined()
    await giveAccess(db, stranger, contract)
    expect((await own(stranger))!.disconnection).not.toBeNull()
    await decideAccess(holder, 'kesco', contract.code, stranger.id, { level: 'refused' }, now)
    expect(await own(stranger)).toBeUndefined()
    expect(await listHomeContracts(stranger, now)).toMatchObject([{ isRefused: true, disconnection: null }])
  })

  it('that was done, or is for another reason than a debt, is not told to who sees amounts alone', async () => {
    await giveAccess(db, stranger, contract)
    for (const hidden of [
      { doneAt: hours(-1) },
      { reason: 'safety' as const },
      { reconnectedAt: hours(-1) },
    ]) {
      await deleteRows(db, 'disconnections')
      await makeDisconnection(db, contract, hidden)
      expect((await own())!.disconnection).not.toBeNull()
      expect((await own(stranger))!.disconnection).toBeNull()
      expect((await listHomeContracts(stranger, now))[0]!.disconnection).toBeNull()
    }
  })

  it('tells whoever moved out nothing of what was done or paid after their time', async () => {
    const bill = { period: '2026-11-01', issuedOn: '2026-11-20', dueOn: '2026-11-30', principal: 5000 }
    const [owed, newer] = await makeInvoices(db, contract, [
      bill,
      { ...bill, periodFrom: '2026-11-25', periodTo: '2026-11-30' },
    ])
    await makeDisconnection(db, contract, { announcedOn: '2026-11-20', doneAt: hours(-1) })
    await pay(500, '2026-11-26', '2026-11-26T09:00Z', { invoiceNumber: owed!.number })
    await pay(700, '2026-11-26', '2026-11-26T10:00Z', { invoiceNumber: newer!.number })
    await db.transaction(tx => replayContract(tx, contract.id))
    await pay(800, '2026-11-23', '2026-11-23T10:00Z')
    await pay(900, '2026-11-26', '2026-11-27T09:00Z')
    const seen = async () => {
      const home = (await listHomeContracts(holder, now))[0]!.disconnection!
      expect(home).toEqual((await own())!.disconnection)
      return [home.doneAt, home.payments.map(({ amount }) => amount)]
    }
    expect(await seen()).toEqual([hours(-1), [800, 500, 700, 900]])
    await db
      .update(contractAccess)
      .set({ handoverAt: new Date('2026-11-24T23:00Z'), untilOn: '2026-11-24' })
      .where(eq(contractAccess.contractId, contract.id))
    expect(await seen()).toEqual([null, [800, 500]])
  })

  it('that was done matters more than one that is announced, and one that is over is forgotten', async () => {
    await makeDisconnection(db, contract, {
      doneAt: hours(-500),
      announcedOn: '2026-10-01',
      notBefore: '2026-10-05',
    })
    await makeDisconnection(db, contract, { notBefore: '2026-12-02' })
    expect((await own())!.disconnection).toMatchObject({ notBefore: '2026-10-05' })
    await db.execute(
      sql`update disconnections set reconnected_at = ${hours(-24 * 4).toISOString()}::timestamptz where done_at is not null`,
    )
    expect((await own())!.disconnection).toMatchObject({ notBefore: '2026-12-02' })
    await db.execute(sql`update disconnections set cancelled_on = '2026-11-26'`)
    expect((await own())!.disconnection).toMatchObject({ cancelledOn: '2026-11-26' })
    await db.execute(sql`update disconnections set cancelled_on = '2026-11-20'`)
    expect((await own())!.disconnection).toBeNull()
  })
})

/** One every 32 minutes, of which two months are told of: under DEEP six years of them. */
const FIRST_OUTAGE = process.env.DEEP ? 1 : 77_000

it('no look reads more beside very many outages than beside few, nor any table from end to end', async () => {
  const looks: Record<string, () => Promise<unknown>> = {
    home: () => listHomeContracts(holder, now),
    'one’s own': () => listOwnSupply(holder, now),
    'a code': () => listOutages({ contract: { biller: 'kesco', code: contract.code } }, now),
    'all, or a place': () => listOutages({ place: 'Ulpiana' }, now),
  }
  const read = async () => {
    const heard: Record<string, Statement[]> = {}
    for (const [name, look] of Object.entries(looks)) {
      log.take()
      await look()
      heard[name] = log.take()
    }
    return heard
  }
  const add = (from: number, to: number) =>
    db.execute(sql`insert into outages (biller_id, reference, kind, region, zone, starts_at, ends_at)
      select 1 + n % 2, 'M' || n, 'planned', 'R' || n % 50, 'Z' || n % 500, start, start + interval '4 hours'
      from generate_series(${from}::int, ${to}::int) n
      cross join lateral (select ${now.toISOString()}::timestamptz + make_interval(mins => (n - 97000) * 32) as start) at`)
  await makeOutage(db, now, AREA)
  await add(97_000, 100_000)
  await db.execute(sql`vacuum analyze outages`)
  const before = await read()
  await add(FIRST_OUTAGE, 96_999)
  await db.execute(sql`vacuum analyze outages`)
  const after = await read()
  for (const name of Object.keys(looks)) {
    expect.soft(grown(before[name]!, after[name]!), name).toEqual([])
    const scans = JSON.stringify(after[name]).match(
      /"Seq Scan"[^{]*"Relation Name":"(outages|disconnections)"/g,
    )
    expect.soft(scans, name).toBeNull()
  }
  expect(await idsOf()).toHaveLength(1)
}, 60_000)
