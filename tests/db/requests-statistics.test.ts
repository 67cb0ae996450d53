// Figures of requests against rows counted by hand: what came, what was closed in the period whenever it came, and by whom it may be seen.
import { randomUUID } from 'node:crypto'
import { sql } from 'drizzle-orm'
import { beforeAll, describe, expect, it } from 'vitest'
import type { Staff } from '../../lib/auth/staff.ts'
import { countRequests, daysOf, getStatistics, type Period, readPeriod } from '../../lib/cases/statistics.ts'
import { testDatabase } from '../support/database.ts'
import { makeAccount, makeContract, makeStaff } from '../support/people.ts'

const db = await testDatabase()
const now = new Date('2026-11-25T09:00:00Z')
const ago = (days: number) => new Date(now.getTime() - days * 86_400_000)

let owner: string
let staff: Staff
let contract: Awaited<ReturnType<typeof makeContract>>

type State = 'pending' | 'waiting' | 'accepted' | 'rejected' | 'withdrawn'
/** A request that came and was decided so many days ago. */
async function make(kind: string, state: State, came: number, decided?: number, due = came - 15, biller = 1) {
  await db.transaction(async tx => {
    await tx.execute(sql`set local session_replication_role = replica`)
    await tx.execute(sql`
      insert into cases (id, kind, queue, biller_id, contract_id, account_id, title, about, answers, state, decided_at, limit_count, limit_unit, due_at, created_at)
      values (${randomUUID()}, ${kind}, 'requests', ${biller}, ${biller === 1 ? contract.id : null}, ${owner}, 'A', 'A', '{}', ${state},
        ${decided === undefined ? null : ago(decided)}, 15, 'calendarDays', ${ago(due)}, ${ago(came)})`)
  })
}

beforeAll(async () => {
  owner = (await makeAccount(db)).id
  contract = await makeContract(db, { billerId: 1 })
  staff = await makeStaff(db, 'agent', [1])
  await make('F1', 'accepted', 4, 2)
  await make('F1', 'rejected', 10, 4)
  // Came before the period, closed in it, and late.
  await make('F1', 'accepted', 60, 20)
  // Closed before it.
  await make('F1', 'accepted', 90, 80)
  await make('F1', 'withdrawn', 3, 1)
  await make('F1', 'pending', 5)
  await make('F1', 'waiting', 50)
  await make('M2', 'accepted', 1, 0.5)
  await make('C1', 'pending', 45)
  await make('F1', 'accepted', 4, 2, -11, 2)
  await countRequests(db, now)
})

const read = (period: Period, who = staff, biller: number | undefined = 1) =>
  getStatistics(who, biller, period, now, 'statistics.viewed')

describe('figures of a period', () => {
  it('are those counted by hand', async () => {
    const { kinds, all, inTime } = await read('30')
    expect(kinds).toEqual([
      {
        ...{ kind: 'F1', openBefore: 2, came: 4, closed: 4, open: 2 },
        ...{ resolved: 2, refused: 1, cancelled: 1, late: 1, medianDays: 6 },
      },
      {
        ...{ kind: 'M2', openBefore: 0, came: 1, closed: 1, open: 0 },
        ...{ resolved: 1, refused: 0, cancelled: 0, late: 0, medianDays: 0.5 },
      },
    ])
    // Of C1 nothing came and nothing was closed; it was open before and is.
    expect(all).toEqual({
      ...{ openBefore: 3, came: 5, closed: 5, open: 3 },
      ...{ resolved: 3, refused: 1, cancelled: 1, late: 1, medianDays: 4 },
    })
    // Half a day, two days, six days; the one of forty days was late.
    expect(inTime).toEqual([1, 1, 0, 1, 0, 0, 0, 0])
  })

  it('are those of the period alone, and of what one may see', async () => {
    expect((await read('7')).all).toMatchObject({ came: 4, closed: 4, late: 0 })
    expect((await read('365')).all).toMatchObject({ openBefore: 0, came: 9, closed: 6, open: 3 })
    const ofTwo = { ...staff, billerIds: [2, 3] }
    expect((await read('30', ofTwo, 2)).all).toMatchObject({ came: 1, closed: 1 })
    expect((await read('30', ofTwo, 3)).all).toMatchObject({ came: 0, closed: 0 })
    const nothing = { kinds: [], all: { came: 0, open: 0 }, inTime: [0, 0, 0, 0, 0, 0, 0, 0] }
    expect(await read('30', ofTwo, 1)).toMatchObject(nothing)
    expect(await read('30', { ...staff, billerIds: [] }, undefined)).toMatchObject(nothing)
  })

  it('are those of the last count, and say when that was', async () => {
    const later = new Date(now.getTime() + 600_000)
    await make('F1', 'pending', 0)
    expect(await getStatistics(staff, 1, '30', later, 'statistics.viewed')).toMatchObject({
      countedAt: now,
      all: { came: 5, open: 3 },
    })
    await countRequests(db, later)
    expect(await getStatistics(staff, 1, '30', later, 'statistics.viewed')).toMatchObject({
      countedAt: later,
      all: { came: 6, open: 4 },
    })
    await db.execute(sql`delete from cases where created_at >= ${now.toISOString()}::timestamptz`)
    await countRequests(db, now)
  })

  it('begin at a midnight, and are written down', async () => {
    expect(daysOf('7', now)).toEqual({ from: '2026-11-19', to: '2026-11-25' })
    expect([readPeriod('90'), readPeriod('x'), readPeriod(undefined)]).toEqual(['90', '30', '30'])
    const { rows } = await db.execute(sql`select 1 from audit_events where action = 'statistics.viewed'`)
    expect(rows.length).toBeGreaterThan(3)
  })
})
