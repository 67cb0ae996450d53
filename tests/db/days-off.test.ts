// Days off as staff keep them: who may change them, that open cases move at once and decided ones never, and that an old page undoes nothing.
import { randomUUID } from 'node:crypto'
import { eq, sql } from 'drizzle-orm'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { openStatementLog, type StatementLog } from '../../bin/bench/statement-log.ts'
import { auditEvents } from '../../db/schema/audit.ts'
import { cases } from '../../db/schema/cases.ts'
import { daysOff } from '../../db/schema/days-off.ts'
import type { Staff } from '../../lib/auth/staff.ts'
import {
  addDayOff,
  changeDayOff,
  confirmYear,
  listDaysOff,
  listYears,
  type Shown,
} from '../../lib/cases/days-off.ts'
import { holdDaysOff, recountDueDates } from '../../lib/cases/deadlines.ts'
import { fileCase } from '../../lib/cases/filing.ts'
import { requestForm } from '../../lib/cases/forms.ts'
import { moveCase } from '../../lib/cases/moves.ts'
import { getStaffHome } from '../../lib/looks/staff-home.ts'
import { testDatabase } from '../support/database.ts'
import { giveAccess, makeAccount, makeContract, makeStaff } from '../support/people.ts'
import { mustRead } from '../support/read-form.ts'

let log: StatementLog
const db = await testDatabase(async url => {
  log = await openStatementLog(url)
  return log.url
})
afterAll(() => log.close())
db.$client.on('connect', client => client.on('error', () => {}))

const OSHEE = 1
const KESCO = 2
const NOW = new Date('2026-11-19T19:28:00Z')
const FILED = sql`${NOW.toISOString()}::timestamptz`
const ALBANIA = { country: 'AL', year: 2026 } as const
const WEDNESDAY = { on: '2026-11-25', name: 'Ditë zie', source: 'VKM 700', isProvisional: false }

let supervisor: Staff
let administrator: Staff
let agent: Staff
let holder: Awaited<ReturnType<typeof makeAccount>>
let contract: Awaited<ReturnType<typeof makeContract>>
beforeAll(async () => {
  supervisor = await makeStaff(db, 'supervisor', [OSHEE], { firstName: 'Besnik', lastName: 'Krasniqi' })
  administrator = await makeStaff(db, 'administrator', [OSHEE, KESCO])
  agent = await makeStaff(db, 'agent', [OSHEE])
  holder = await makeAccount(db)
  contract = await makeContract(db, { billerId: OSHEE, holder })
  await giveAccess(db, holder, contract)
})

let seen: number
const shown = () => ({ ...ALBANIA, seen })
const seeNow = async () => {
  seen = (await listYears(NOW)).find(({ country, year }) => country === 'AL' && year === 2026)!.changes
}
beforeEach(seeNow)

/** A meter to verify, within five working days: its id. */
async function file(): Promise<string> {
  const filing = {
    owner: { accountId: holder.id },
    contract: { biller: 'oshee', code: contract.code },
    documentIds: [],
    idempotencyKey: randomUUID(),
  }
  const typed = { type: 'M', kind: 'M2', note: 'It stands still.', intent: 'send' }
  const filed = await fileCase('M2', mustRead(requestForm, typed), filing, NOW)
  if (!filed.ok) throw new Error(filed.code)
  return filed.value
}

const dueAt = async (id: string) => (await db.select().from(cases).where(eq(cases.id, id)))[0]!.dueAt
const take = (on: string) => changeDayOff(supervisor, shown(), on, 'remove', NOW)

describe('a day off', () => {
  it('moves what is open at once, never what is decided, and back when it is taken out', async () => {
    const open = await file()
    const waits = await file()
    const decided = await file()
    await moveCase(agent, waits, 'ask', { note: 'Which meter?' }, NOW)
    await moveCase(agent, decided, 'accept', { note: 'Done.' }, NOW)
    // 20, 24, 25, 26, 27 November: the 23rd is free.
    const before = new Date('2026-11-27T23:00:00Z')
    for (const id of [open, waits, decided]) expect(await dueAt(id)).toEqual(before)

    expect(await addDayOff(supervisor, shown(), WEDNESDAY, NOW)).toEqual({ ok: true, value: 2 })
    // The 30th and the first of December are free too.
    const after = new Date('2026-12-02T23:00:00Z')
    expect(await dueAt(open)).toEqual(after)
    expect(await dueAt(waits)).toEqual(after)
    expect(await dueAt(decided)).toEqual(before)
    const [event] = await db.select().from(auditEvents).where(eq(auditEvents.action, 'dayOff.added'))
    expect(event).toMatchObject({
      accountId: supervisor.id,
      details: { country: 'AL', year: 2026, ...WEDNESDAY, moved: 2 },
    })

    await seeNow()
    expect(await take(WEDNESDAY.on)).toEqual({ ok: true, value: 2 })
    for (const id of [open, waits, decided]) expect(await dueAt(id)).toEqual(before)
  })

  it('of one country moves nothing of the other', async () => {
    const kosovo = { country: 'XK', year: 2026, seen: 0 } as const
    expect(await addDayOff(administrator, kosovo, WEDNESDAY, NOW)).toEqual({ ok: true, value: 0 })
    expect(await dueAt(await file())).toEqual(new Date('2026-11-27T23:00:00Z'))
    expect(
      await changeDayOff(administrator, { ...kosovo, seen: 1 }, WEDNESDAY.on, 'remove', NOW),
    ).toMatchObject({ ok: true })
  })

  it('on a weekend moves nothing', async () => {
    await file()
    const saturday = { ...WEDNESDAY, on: '2026-11-21' }
    expect(await addDayOff(supervisor, shown(), saturday, NOW)).toEqual({ ok: true, value: 0 })
    await seeNow()
    expect(await take(saturday.on)).toEqual({ ok: true, value: 0 })
  })

  it('is in the list once, and in the year that the page shows', async () => {
    const add = (on: string) => addDayOff(supervisor, shown(), { ...WEDNESDAY, on }, NOW)
    expect(await add('2026-11-30')).toEqual({ ok: false, code: 'taken' })
    expect(await add('2027-11-30')).toEqual({ ok: false, code: 'otherYear' })
    const days = await listDaysOff('AL', 2026)
    expect(days.filter(({ on }) => on === '2026-11-30')).toEqual([
      { on: '2026-11-30', name: 'Dita e Flamurit', source: 'Ligji për festat zyrtare', isProvisional: false },
    ])
  })

  it('is changed by supervisors and administrators of the country alone', async () => {
    const kosovo = { country: 'XK', year: 2026, seen: 2 } as const
    const not: [Staff, Shown][] = [
      [agent, shown()],
      [supervisor, kosovo],
      [{ ...supervisor, billerIds: [] }, shown()],
    ]
    for (const [who, page] of not) {
      expect(await addDayOff(who, page, WEDNESDAY, NOW)).toEqual({ ok: false, code: 'notFound' })
      expect(await changeDayOff(who, page, '2026-12-25', 'remove', NOW)).toEqual({
        ok: false,
        code: 'notFound',
      })
      expect(await confirmYear(who, page, NOW)).toEqual({ ok: false, code: 'notFound' })
    }
  })

  it('that two change at once is changed by one, and the other is told', async () => {
    const both = await Promise.all([
      addDayOff(supervisor, shown(), WEDNESDAY, NOW),
      changeDayOff(administrator, shown(), '2026-12-25', 'remove', NOW),
    ])
    expect(both.filter(({ ok }) => ok)).toHaveLength(1)
    expect(both.find(({ ok }) => !ok)).toEqual({ ok: false, code: 'moved' })
    // So is whoever has an old page open, whatever they would do.
    expect(await take('2026-12-08')).toEqual({ ok: false, code: 'moved' })
    expect(await confirmYear(supervisor, shown(), NOW)).toEqual({ ok: false, code: 'moved' })
    await db.delete(daysOff).where(eq(daysOff.on, WEDNESDAY.on))
  })

  it('counts what is filed or reopened while it is being added', async () => {
    const decided = await file()
    await moveCase(agent, decided, 'accept', { note: 'Done.' }, NOW)
    const waiting = sql<{ count: number }>`
      select count(*)::int as count from pg_locks where locktype = 'advisory' and not granted`
    let meanwhile: [Promise<string>, ReturnType<typeof moveCase>]
    await db.transaction(async tx => {
      await holdDaysOff(tx)
      await tx.insert(daysOff).values({ country: 'AL', ...WEDNESDAY })
      meanwhile = [file(), moveCase(supervisor, decided, 'reopen', { note: 'Again.' }, NOW)]
      await expect.poll(async () => (await tx.execute(waiting)).rows[0]!.count).toBe(2)
      await recountDueDates(tx, 'AL')
    })
    const filed = await meanwhile![0]
    expect(await meanwhile![1]).toMatchObject({ ok: true })
    const after = new Date('2026-12-02T23:00:00Z')
    expect(await dueAt(filed)).toEqual(after)
    expect(await dueAt(decided)).toEqual(after)
    await db.delete(daysOff).where(eq(daysOff.on, WEDNESDAY.on))
  })

  it('is counted for 2,000 open cases by as many statements as for one, and beside 20,000 decided ones', async () => {
    const add = (from: number, to: number, state: string, events: number) => sql`
      insert into cases (kind, queue, number, biller_id, account_id, title, about, answers, state, events, limit_count, limit_unit,
        due_at, created_at, state_at, decided_at)
      select 'M2', 'requests', 'M2' || lpad(n::text, 9, '0'), ${OSHEE}, ${holder.id}, 'A B', 'A', '{}', ${state}, ${events}::int, 5,
        'workingDays', ${FILED}, ${FILED}, ${FILED}, case when ${state} = 'accepted' then ${FILED} end
      from generate_series(${from}::int, ${to}::int) n`
    await db.transaction(async tx => {
      await tx.execute(sql`set local session_replication_role = replica`)
      await tx.execute(add(500_000, 501_999, 'pending', 1))
      await tx.execute(add(600_000, 619_999, 'accepted', 2))
      await tx.execute(sql`
        insert into case_events (case_id, number, move, state, side, made_by, answers, at)
        select id, 1, 'file', 'pending', 'owner', account_id, answers, created_at from cases where number >= 'M2000500000'`)
    })
    await db.execute(sql`vacuum analyze cases, case_events`)
    log.take()
    const added = await addDayOff(supervisor, shown(), WEDNESDAY, NOW)
    const statements = log.take()
    expect(added.ok && added.value).toBeGreaterThanOrEqual(2000)
    expect(statements.length).toBeLessThan(16)
    const plan = JSON.stringify(statements.find(({ text }) => text.includes('for update'))!.plan)
    // Which of the indexes of what is open is chance.
    expect(plan).toMatch(/"Index Name":"cases_open/)
    expect(plan).not.toMatch(/"Seq Scan"[^{]*"Relation Name":"cases"/)
    const due = (from: string) =>
      db.selectDistinct({ dueAt: cases.dueAt }).from(cases).where(sql`${cases.number} like ${from}`)
    expect(await due('M20005%')).toEqual([{ dueAt: new Date('2026-12-02T23:00:00Z') }])
    expect(await due('M20006%')).toEqual([{ dueAt: NOW }])
  })
})

describe('a year', () => {
  const next = { country: 'AL', year: 2027 } as const
  const yearNow = async () =>
    (await listYears(NOW)).find(({ country, year }) => country === 'AL' && year === 2027)!

  it('is asked for from the first of November on, of supervisors, until it is confirmed', async () => {
    const asked = async (who: Staff, at: string) =>
      (await getStaffHome(who, new Date(at))).unconfirmed.map(({ country, year }) => `${country} ${year}`)
    expect(await asked(supervisor, '2026-10-31T22:59:59Z')).toEqual(['AL 2026'])
    expect(await asked(supervisor, '2026-10-31T23:00:00Z')).toEqual(['AL 2027'])
    expect(await asked(administrator, '2026-12-31T12:00:00Z')).toEqual(['AL 2027', 'XK 2027'])
    expect(await asked(supervisor, '2027-01-02T12:00:00Z')).toEqual(['AL 2027'])
    expect(await asked(agent, '2026-12-31T12:00:00Z')).toEqual([])

    expect(await yearNow()).toMatchObject({ days: 15, provisional: 15, changes: 0, confirmedAt: null })
    expect(await confirmYear(supervisor, { ...next, seen: 0 }, NOW)).toEqual({ ok: true, value: 0 })
    expect(await yearNow()).toMatchObject({
      ...{ days: 15, provisional: 0, changes: 1 },
      ...{ confirmedAt: NOW, confirmedBy: 'Besnik K.' },
    })
    expect(await asked(supervisor, '2026-12-31T12:00:00Z')).toEqual([])
  })

  it('that is not known yet has nothing to confirm', async () => {
    expect(await confirmYear(supervisor, { country: 'AL', year: 2031, seen: 0 }, NOW)).toEqual({
      ok: false,
      code: 'noDays',
    })
  })

  it('stays confirmed with a day that is certain, and not with one that is provisional', async () => {
    const add = async (on: string, isProvisional: boolean) =>
      addDayOff(
        supervisor,
        { ...next, seen: (await yearNow()).changes },
        { ...WEDNESDAY, on, isProvisional },
        NOW,
      )
    expect(await add('2027-06-01', false)).toMatchObject({ ok: true })
    expect((await yearNow()).confirmedAt).toEqual(NOW)
    expect(await add('2027-06-02', true)).toMatchObject({ ok: true })
    expect(await yearNow()).toMatchObject({ provisional: 1, confirmedAt: null, confirmedBy: null })
    const seen = (await yearNow()).changes
    expect(await changeDayOff(supervisor, { ...next, seen }, '2027-06-02', 'confirm', NOW)).toEqual({
      ok: true,
      value: 0,
    })
    expect(await yearNow()).toMatchObject({ provisional: 0 })
  })
})
