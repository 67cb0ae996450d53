// The queue of requests: by when they are due, in pages that repeat nothing, found by exact numbers, and never more than one may see.
import { randomUUID } from 'node:crypto'
import { type SQL, sql } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openStatementLog, type Statement, type StatementLog } from '../../bin/bench/statement-log.ts'
import type { Transaction } from '../../db/client.ts'
import type { Staff } from '../../lib/auth/staff.ts'
import { deadlineShort } from '../../lib/cases/deadline-words.ts'
import {
  type Chosen,
  COUNTED,
  EXPORTED,
  exportCases,
  listCases,
  QUEUE_PAGE,
  searchCases,
  summariseQueue,
} from '../../lib/cases/queue.ts'
import { readSearch } from '../../lib/cases/search.ts'
import { testDatabase } from '../support/database.ts'
import { grown } from '../support/growth.ts'
import { giveAccess, makeAccount, makeContract, makeStaff } from '../support/people.ts'

let log: StatementLog
const db = await testDatabase(async url => {
  log = await openStatementLog(url)
  return log.url
})
afterAll(() => log.close())
db.$client.on('connect', client => client.on('error', () => {}))

const OSHEE = 1
const KESCO = 2
/** Ten in the morning in Tirana. */
const now = new Date('2026-11-25T09:00:00Z')
const hours = (count: number) => new Date(now.getTime() + count * 3_600_000)

type Made = {
  kind?: string
  billerId?: number
  state?: 'pending' | 'taken' | 'waiting' | 'accepted'
  dueAt?: Date
  stateAt?: Date
  takenBy?: string
  contractId?: number
  number?: string
}

let owner: string
/** A request as it stands after its moves; its id. */
async function make({ kind = 'F1', billerId = OSHEE, state = 'pending', ...of }: Made): Promise<string> {
  const id = randomUUID()
  const at = of.stateAt ?? hours(-48)
  await db.transaction(async tx => {
    await tx.execute(sql`set local session_replication_role = replica`)
    await tx.execute(sql`
      insert into cases (id, kind, queue, biller_id, contract_id, account_id, title, about, answers, state, taken_by, decided_at,
        state_at, number, limit_count, limit_unit, due_at, created_at)
      values (${id}, ${kind}, 'requests', ${billerId}, ${of.contractId ?? null}, ${owner}, 'A B', 'A', '{}', ${state},
        ${of.takenBy ?? null}, ${state === 'accepted' ? at : null}, ${at}, ${of.number ?? null}, 15, 'calendarDays',
        ${of.dueAt ?? hours(240)}, ${hours(-72)})`)
    await addHistory(tx, sql`id = ${id}`)
  })
  return id
}

/** Filed, and then at once in the state in which they are. */
const addHistory = (tx: Transaction, which: SQL) =>
  tx.execute(sql`
    insert into case_events (case_id, number, was, move, state, side, made_by, at)
    select id, 1, null, 'file', 'pending', 'owner', account_id, created_at from cases where ${which}
    union all
    select id, 2, 'pending', case state when 'waiting' then 'ask' when 'accepted' then 'accept' else 'take' end, state, 'staff', account_id, state_at from cases where ${which} and state <> 'pending'`)

let staff: Staff
let other: Staff
beforeAll(async () => {
  owner = (await makeAccount(db)).id
  staff = await makeStaff(db, 'agent', [OSHEE])
  other = await makeStaff(db, 'agent', [KESCO])
})

const list = async (chosen: Chosen = {}, who = staff, after?: string) =>
  (await listCases(who, 'requests', 'open', after, now, chosen)).cases.map(({ id }) => id)

describe('the queue', () => {
  const made: Record<string, string> = {}
  let contract: Awaited<ReturnType<typeof makeContract>>
  beforeAll(async () => {
    contract = await makeContract(db, { billerId: OSHEE })
    const mine = { state: 'taken', takenBy: staff.id } as const
    made.tomorrow = await make({ kind: 'M2', dueAt: new Date('2026-11-26T23:00:00Z'), ...mine })
    made.late = await make({ kind: 'C2', dueAt: hours(-58), number: 'C2000000007' })
    made.today = await make({ kind: 'C3', dueAt: hours(3) })
    made.far = await make({ kind: 'F5', contractId: contract.id })
    // Asked before it was due, and after.
    made.waits = await make({ kind: 'D1', state: 'waiting', dueAt: hours(-1), stateAt: hours(-30) })
    made.lateAndWaits = await make({ kind: 'D1', state: 'waiting', dueAt: hours(-34), stateAt: hours(-30) })
    made.others = await make({ kind: 'F1', billerId: KESCO, dueAt: hours(-9), number: 'F1000000001' })
  })

  it('is in the order of what is due, of all kinds and states', async () => {
    const order = ['late', 'lateAndWaits', 'waits', 'today', 'tomorrow', 'far']
    expect(await list()).toEqual(order.map(name => made[name]))
  })

  it('shows what is late, what is soon, what one has, and a type', async () => {
    expect(await list({ due: 'late' })).toEqual([made.late, made.lateAndWaits])
    expect(await list({ due: 'soon' })).toEqual([made.today, made.tomorrow])
    expect(await list({ mine: 'yes' })).toEqual([made.tomorrow])
    expect(await list({ type: 'C' })).toEqual([made.late, made.today])
    expect(await list({ type: 'C', due: 'late' })).toEqual([made.late])
  })

  it('goes into a file as it is listed, with the same filters, and is written down', async () => {
    const file = async (chosen: Chosen, who = staff) =>
      (await exportCases(who, 'requests', 'open', now, chosen)).cases.map(({ id }) => id)
    for (const chosen of [{}, { due: 'late' }, { mine: 'yes' }, { type: 'C', state: 'pending' }] as const)
      expect(await file(chosen)).toEqual(await list(chosen))
    expect(await file({}, other)).toEqual([made.others])
    expect(await file({ biller: 'kesco' })).toEqual([])
    const { rows } = await db.execute<{ details: object }>(sql`
      select details from audit_events where action = 'requests.exported' order by id desc limit 1`)
    expect(rows).toEqual([{ details: { part: 'open', biller: 'kesco', cases: 0 } }])
  })

  it('says how late each is in the days of its own limit', async () => {
    const { cases } = await listCases(staff, 'requests', 'open', undefined, now)
    const words = cases.map(one => [one.id, deadlineShort({ ...one, biller: one }, 'en')])
    // Filed on the 22nd with 15 days of the calendar: what is counted, not what the row says of when it is due.
    expect(Object.fromEntries(words)).toMatchObject({
      [made.late!]: '12 days left',
      [made.waits!]: 'stopped',
      [made.tomorrow!]: '12 days left',
    })
  })

  it('counts the same as it lists', async () => {
    const counted = await summariseQueue(staff, 'requests', now)
    expect(counted).toMatchObject({
      all: 6,
      late: { count: 2, first: hours(-58) },
      soon: { count: 2, first: hours(3) },
      pending: { count: 3 },
      waiting: { count: 2, first: hours(-30) },
      mine: { count: 1 },
    })
    const types = Object.fromEntries(counted.types.map(({ type, count }) => [type, count]))
    expect(types).toEqual({ F: 1, D: 2, P: 0, C: 2, M: 1 })
    expect((await summariseQueue(other, 'requests', now)).all).toBe(1)
    expect((await summariseQueue({ ...staff, billerIds: [] }, 'requests', now)).all).toBe(0)
  })

  it('finds by exact number or code alone, within what one may see, and writes it down', async () => {
    const find = async (typed: string, who = staff) =>
      (await searchCases(who, 'requests', readSearch(typed)!, now)).map(({ id }) => id)
    expect(await find('c2000000007')).toEqual([made.late])
    expect(await find(contract.code.toLowerCase())).toEqual([made.far])
    expect(await find('F1000000001')).toEqual([])
    expect(await find('F1000000001', other)).toEqual([made.others])
    expect(await find(contract.code, other)).toEqual([])
    // Whose own contract it is.
    const holder = await makeStaff(db, 'agent', [OSHEE])
    await giveAccess(db, holder as never, contract)
    expect(await find(contract.code, holder)).toEqual([])
    const { rows } = await db.execute<{ details: object }>(sql`
      select details from audit_events where action = 'requests.searched' and account_id = ${staff.id} order by id limit 1`)
    expect(rows).toEqual([{ details: { search: 'C2000000007', found: 1 } }])
  })
})

/** Enough for every plan to be that of a large table; under DEEP as many as a few years bring. */
const DECIDED = process.env.DEEP ? 100_000 : 20_000

describe('2,000 open, and very many decided', () => {
  const crowd = (from: number, to: number, state: string) => sql`
    insert into cases (id, kind, queue, biller_id, account_id, title, about, answers, state, taken_by, decided_at, state_at, number,
      limit_count, limit_unit, due_at, created_at)
    select md5('crowd' || n)::uuid, (array['F1', 'F2', 'D1', 'P1', 'C1', 'M1'])[n % 6 + 1], 'requests', 3, ${owner}, 'A B', 'A', '{}',
      ${state}, case when ${state} = 'taken' then md5('staff' || n % 20)::uuid end,
      case when ${state} = 'accepted' then now() end, now(), (array['F1', 'F2', 'D1', 'P1', 'C1', 'M1'])[n % 6 + 1] || lpad(n::text, 9, '0'),
      15, 'calendarDays', ${now.toISOString()}::timestamptz + (n % 40 - 10) * interval '1 hour', now()
    from generate_series(${sql.raw(String(from))}, ${sql.raw(String(to))}) n`
  const fill = async (...crowds: [number, number, string][]) => {
    await db.transaction(async tx => {
      await tx.execute(sql`set local session_replication_role = replica`)
      for (const one of crowds) {
        await tx.execute(crowd(...one))
        await addHistory(
          tx,
          sql`id in (select md5('crowd' || n)::uuid from generate_series(${one[0]}::int, ${one[1]}::int) n)`,
        )
      }
    })
    await db.execute(sql`vacuum analyze cases, case_events`)
  }
  let clerk: Staff
  beforeAll(async () => {
    clerk = await makeStaff(db, 'agent', [3])
    await fill([1, 1000, 'pending'], [1001, 1600, 'taken'], [1601, 2000, 'waiting'])
    await db.execute(
      sql`update cases set taken_by = ${clerk.id} where biller_id = 3 and state = 'taken' and number like '%00'`,
    )
  })

  const looks: Record<string, () => Promise<unknown>> = {
    'the first page': () => list({}, clerk),
    'what is late': () => list({ due: 'late' }, clerk),
    'what is soon': () => list({ due: 'soon' }, clerk),
    'what one has': () => list({ mine: 'yes' }, clerk),
    'a type': () => list({ type: 'F' }, clerk),
    'what is decided': () => listCases(clerk, 'requests', 'decided', undefined, now, {}),
    'a number': () => searchCases(clerk, 'requests', 'F1000001500', now),
    'the tiles': () => summariseQueue(clerk, 'requests', now),
  }

  it('pages repeat nothing and leave out nothing, however many are due at one moment', async () => {
    const seen: string[] = []
    for (let after: string | undefined, more = true; more; ) {
      const { cases, next } = await listCases(clerk, 'requests', 'open', after, now, {})
      seen.push(...cases.map(({ id }) => id))
      after = next
      more = next !== undefined
    }
    expect(seen).toHaveLength(2000)
    expect(new Set(seen).size).toBe(2000)
    expect(QUEUE_PAGE).toBe(50)
  })

  it('a file has so many at most, and says that there are more', async () => {
    expect(await exportCases(clerk, 'requests', 'open', now)).toMatchObject({ isCut: false })
    await fill([200_001, 200_001, 'pending'])
    const { cases, isCut } = await exportCases(clerk, 'requests', 'open', now)
    expect([cases.length, isCut]).toEqual([EXPORTED, true])
    await db.execute(sql`delete from cases where id = md5('crowd200001')::uuid`)
  })

  it('more than are counted are said to be more', async () => {
    expect((await summariseQueue(clerk, 'requests', now)).all).toBe(COUNTED + 1)
  })

  it('every look reads as much beside very many decided as beside none, and no table from end to end', async () => {
    const read = async () => {
      const heard: Record<string, Statement[]> = {}
      for (const [name, look] of Object.entries(looks)) {
        await look()
        log.take()
        await look()
        heard[name] = log.take()
      }
      return heard
    }
    await fill([2001, 2100, 'accepted'])
    const before = await read()
    await fill([2101, 2000 + DECIDED, 'accepted'])
    const after = await read()
    for (const name of Object.keys(looks)) {
      expect.soft(grown(before[name]!, after[name]!), name).toEqual([])
      const scans = JSON.stringify(after[name]).match(/"Seq Scan"[^{]*"Relation Name":"(cases|case_events)"/g)
      expect.soft(scans, name).toBeNull()
    }
  }, 120_000)
})
