// Maintenance: who sets it, what stops at the database whatever a process knows, what is kept and applied afterwards; and what health reads.
import { randomUUID } from 'node:crypto'
import { eq, sql } from 'drizzle-orm'
import { beforeEach, describe, expect, it } from 'vitest'
import { gatewayAccounts } from '../../db/schema/gateway-accounts.ts'
import { maintenance } from '../../db/schema/maintenance.ts'
import { messages } from '../../db/schema/notifications.ts'
import { paymentEvents } from '../../db/schema/payments.ts'
import { smsBudgets } from '../../lib/accounts/sms-limits.ts'
import { listHealth } from '../../lib/health/queries.ts'
import { laneOf } from '../../lib/health/rules.ts'
import { endMaintenance, seenOf, setMaintenance } from '../../lib/maintenance/commands.ts'
import {
  getMaintenance,
  learnMaintenance,
  toldMaintenance,
  toldStopped,
} from '../../lib/maintenance/queries.ts'
import { askBank } from '../../lib/payments/asking.ts'
import { checkoutRedirect } from '../../lib/payments/checkout.ts'
import { beginAttempt, cancelAttempt } from '../../lib/payments/commands.ts'
import { checkAttempt } from '../../lib/payments/jobs.ts'
import { beginByLink } from '../../lib/payments/link-attempts.ts'
import { makePayLink } from '../../lib/payments/pay-link-commands.ts'
import { clock } from '../../lib/platform/clock.ts'
import { env } from '../../lib/platform/env.ts'
import { enqueue } from '../../lib/platform/jobs.ts'
import { counterOf } from '../../lib/platform/rate-limits.ts'
import { LANES, type Lane, taskList } from '../../lib/worker/handlers.ts'
import { listResting } from '../../lib/worker/resting.ts'
import { receive } from '../support/bank.ts'
import { testDatabase } from '../support/database.ts'
import { attemptOf, bankAnswer, begin, checkBooks, formOf, makePayable } from '../support/payments.ts'
import { giveAccess, makeAccount, makeStaff } from '../support/people.ts'

const db = await testDatabase()
const now = new Date('2024-01-20T10:00:00Z')
const at = (minutes: number) => new Date(now.getTime() + minutes * 60_000)
const admin = await makeStaff(db, 'administrator', [1])

beforeEach(async () => {
  await db.delete(maintenance)
  await learnMaintenance()
})

/** As another node set it: this process' pages do not know. */
const setElsewhere = (startsAt: Date, endsAt: Date) =>
  db.insert(maintenance).values({ startsAt, endsAt, setBy: admin.id, setAt: startsAt })

async function scene(dueOn?: string) {
  const customer = await makeAccount(db)
  const contract = await makePayable(db, [45_600], dueOn)
  await giveAccess(db, customer, contract)
  return { customer, contract, form: formOf({ [contract.invoiceIds[0]!]: 55_600 }) }
}

const typed = (begins: 'now' | 'later' | undefined, untilTime = '13:00') => ({
  ...{
    begins,
    day: begins === 'later' ? '2024-01-20' : undefined,
    time: begins === 'later' ? '12:00' : undefined,
  },
  ...{ untilDay: '2024-01-20', untilTime },
})

describe('an administrator', () => {
  it('announces, begins, extends and ends it, each once and written down', async () => {
    expect(await setMaintenance(admin, 'none', typed('later'), now)).toMatchObject({ ok: true })
    // At 12:00 in Tirana and Prishtina it is 11:00 in UTC.
    expect(toldMaintenance(now)).toEqual({ startsAt: at(60), endsAt: at(120), isOn: false })
    expect(toldStopped(at(60))).toEqual(at(120))
    expect(await setMaintenance(admin, 'none', typed('now'), now)).toEqual({ ok: false, code: 'moved' })
    const announced = seenOf(await getMaintenance())
    expect(await setMaintenance(admin, announced, typed('now', '12:30'), at(1))).toMatchObject({ ok: true })
    expect(toldMaintenance(at(1))).toEqual({ startsAt: at(1), endsAt: at(90), isOn: true })
    expect(await getMaintenance()).toMatchObject({ setBy: `${admin.firstName} ${admin.lastName[0]}.` })
    // Extended, it keeps its start.
    const on = seenOf(await getMaintenance())
    expect(await setMaintenance(admin, on, typed(undefined, '14:00'), at(2))).toMatchObject({ ok: true })
    expect(toldMaintenance(at(2))).toMatchObject({ startsAt: at(1), endsAt: at(180) })
    expect(await endMaintenance(admin, on, at(3))).toEqual({ ok: false, code: 'moved' })
    const last = seenOf(await getMaintenance())
    const both = await Promise.all([endMaintenance(admin, last, at(3)), endMaintenance(admin, last, at(3))])
    expect(both.filter(({ ok }) => ok)).toHaveLength(1)
    expect(toldMaintenance(at(3))).toBeUndefined()
    const { rows } = await db.execute(sql`select action, details ->> 'until' as until from audit_events
      where account_id = ${admin.id} order by id`)
    expect(rows).toEqual([
      { action: 'maintenance.set', until: at(120).toISOString() },
      { action: 'maintenance.set', until: at(90).toISOString() },
      { action: 'maintenance.set', until: at(180).toISOString() },
      { action: 'maintenance.ended', until: at(180).toISOString() },
    ])
  })

  it('sets one at a time, and none with times that make no sense', async () => {
    const both = await Promise.all([
      setMaintenance(admin, 'none', typed('now'), now),
      setMaintenance(admin, 'none', typed('now', '14:00'), now),
    ])
    expect(both.filter(({ ok }) => ok)).toHaveLength(1)
    await db.delete(maintenance)
    expect(await setMaintenance(admin, 'none', typed('later', '12:00'), now)).toMatchObject({
      code: 'endsBeforeStart',
    })
    expect(await setMaintenance(admin, 'none', typed('later'), at(90))).toMatchObject({ code: 'startsPast' })
    // The page asked for no beginning, for there was one that is gone.
    expect(await setMaintenance(admin, 'none', typed(undefined), now)).toMatchObject({ code: 'moved' })
    expect(await db.$count(maintenance)).toBe(0)
  })
})

describe('while it is on, whatever this process knows', () => {
  it('nothing is begun, placed or given up, and it is said until when', async () => {
    const { customer, contract, form } = await scene()
    const begun = await begin(db, customer, contract, now)
    const other = await scene()
    const { billerCode, contractCode, invoiceIds } = other.contract
    const sender = { ...other.customer, language: 'en' as const }
    const link = await makePayLink(sender, { biller: billerCode, code: contractCode }, invoiceIds, now)
    await setElsewhere(at(1), at(60))
    expect(toldMaintenance(at(2))).toBeUndefined()
    const stopped = { ok: false, code: 'maintenance', until: at(60) }
    expect(await beginAttempt(other.customer, other.contract, other.form, at(2))).toEqual(stopped)
    if (!link.ok) throw new Error(link.code)
    const byLink = {
      ...{ shown: form.shown, toldBeingPaid: false, email: undefined, language: 'en' as const },
      idempotencyKey: randomUUID(),
    }
    const shown = new Map([[other.contract.invoiceIds[0]!, 55_600]])
    expect(await beginByLink(link.value.token, { ...byLink, shown }, at(2))).toEqual(stopped)
    expect(await cancelAttempt(customer, begun.id, at(2))).toEqual(stopped)
    expect(await attemptOf(db, begun.id)).toMatchObject({ state: 'pending' })
    // Begun in time and not at the bank yet: nobody is led there, and its invoices are free.
    expect(await checkoutRedirect({ ...customer, language: 'en' }, begun.id, at(2))).toEqual(stopped)
    expect(await attemptOf(db, begun.id)).toMatchObject({
      state: 'cancelled',
      live: false,
      redirect: null,
      placed: 0,
    })
    // Over by itself.
    expect((await beginAttempt(customer, contract, form, at(60))).ok).toBe(true)
  })

  it('what a bank says is kept, and applied by the job after the end', async () => {
    const { customer, contract } = await scene()
    const attempt = await begin(db, customer, contract, now)
    await setElsewhere(at(1), at(60))
    expect(await receive(db, 'callback', bankAnswer(attempt, 'captured'), at(2))).toBe('stored')
    expect(await receive(db, 'return', bankAnswer(attempt, 'captured'), at(3))).toBe('stored')
    const kept = () =>
      db
        .select({ appliedAt: paymentEvents.appliedAt })
        .from(paymentEvents)
        .where(eq(paymentEvents.attemptId, attempt.id))
    expect(await kept()).toEqual([{ appliedAt: null }])
    expect(await askBank(db, attempt.id, 'wanted', at(4))).toBe('too-soon')
    expect(await attemptOf(db, attempt.id)).toMatchObject({ state: 'pending', askedAt: null })
    const { rows } = await db.execute(
      sql`select flags from graphile_worker.jobs where key = ${`check-payment:${attempt.id}`}`,
    )
    expect(rows).toEqual([{ flags: { maintenance: true } }])
    const real = clock.now
    try {
      // A job that was at it already changes nothing either.
      clock.now = () => at(5)
      await checkAttempt({ attemptId: attempt.id }, { database: db })
      expect(await kept()).toEqual([{ appliedAt: null }])
      clock.now = () => at(61)
      await checkAttempt({ attemptId: attempt.id }, { database: db })
    } finally {
      clock.now = real
    }
    expect(await kept()).toEqual([{ appliedAt: at(61) }])
    expect(await attemptOf(db, attempt.id)).toMatchObject({ state: 'captured' })
    await checkBooks(db)
  })

  it('jobs that move money rest until it ends, by itself or earlier, and others go on', async () => {
    await enqueue(db, 'send-sms', { messageId: randomUUID() }, { channel: 'sms', restsInMaintenance: true })
    const { rows } = await db.execute(
      sql`select flags from graphile_worker.jobs where task_identifier = 'send-sms'`,
    )
    expect(rows).toEqual([{ flags: { sms: true, maintenance: true } }])
    const real = Date.now()
    expect(await listResting(db)).toEqual([])
    await setElsewhere(new Date(real - 60_000), new Date(real + 60_000))
    expect(await listResting(db)).toEqual(['maintenance'])
    await db.update(maintenance).set({ endsAt: new Date(real - 1000) })
    expect(await listResting(db)).toEqual([])
  })
})

describe('health', () => {
  const kinds = async (staff: Parameters<typeof listHealth>[0], at: Date) =>
    Object.fromEntries(
      (await listHealth(staff, at)).map(row => [`${row.kind} ${row.name ?? ''}`.trim(), row]),
    )

  it('knows the lane of every job whose party is told apart', () => {
    const lanes: Partial<Record<Lane, string>> = {
      ...{ 'notices-email': 'notices', 'notices-sms': 'notices' },
      ...{ codes: 'codes', bank: 'bank', email: 'email', background: 'background', feeds: 'feeds' },
    }
    for (const lane of Object.keys(LANES) as Lane[])
      for (const task of Object.keys(taskList(lane))) expect(laneOf(task), task).toBe(lanes[lane])
  })

  it('tells everybody of their billers alone, and an administrator of the whole portal', async () => {
    await db
      .update(gatewayAccounts)
      .set({ takesPayments: true })
      .where(eq(gatewayAccounts.code, 'kesco-sandbox'))
    const supervisor = await makeStaff(db, 'supervisor', [2])
    const own = await kinds(supervisor, now)
    expect(Object.keys(own)).toContain('account kesco-sandbox')
    expect(Object.keys(own)).not.toContain('account oshee-sandbox')
    expect(Object.keys(own)).not.toContain('email')
    const others = await kinds(admin, now)
    expect(Object.keys(others)).toEqual(expect.arrayContaining(['account oshee-sandbox', 'email']))
    expect(Object.keys(others)).not.toContain('account kesco-sandbox')
    const ofBoth = await makeStaff(db, 'administrator', [1, 2])
    const all = await kinds(ofBoth, now)
    expect(Object.keys(all)).toEqual(
      expect.arrayContaining(['account kesco-sandbox', 'account oshee-sandbox', 'email']),
    )
    expect(all.backup).toMatchObject({ state: 'works', says: 'demo' })
    // Its cards are nobody's money elsewhere.
    Object.assign(env(), { DEMO: false })
    const real = await kinds(ofBoth, now)
    Object.assign(env(), { DEMO: true })
    expect(real.backup).toMatchObject({ state: 'needsYou', says: 'off' })
    expect(Object.keys(real)).toContain('account kesco-sandbox')
    expect(Object.keys(real)).not.toContain('account oshee-sandbox')
  })

  it('tells of a file that was lost with a feed until it comes', async () => {
    const [{ name }] = (await db.execute<{ name: string }>(sql`select name from billers where id = 3`))
      .rows as [{ name: string }]
    const staff = await makeStaff(db, 'supervisor', [3])
    const came = (minutes: number, status: string, files: Record<string, boolean>) => {
      const report = Object.entries(files).map(([file, isBroken]) => ({
        ...{ file, broken: isBroken ? { line: 1, column: null, reason: 'unknown_column' } : null },
      }))
      return db.execute(sql`insert into feed_runs (biller_id, started_at, finished_at, status, report)
        values (3, ${at(minutes).toISOString()}, ${at(minutes).toISOString()}, ${status}, ${JSON.stringify({ files: report })})`)
    }
    const feedRow = async () => (await kinds(staff, at(60)))[`feed ${name}`]
    await came(0, 'loaded', { contracts: false, invoices: false, payments: false })
    expect(await feedRow()).toMatchObject({ state: 'works' })
    await came(10, 'loaded_with_refusals', { contracts: false, invoices: true, payments: true })
    await came(20, 'loaded_with_refusals', { contracts: false, invoices: true })
    await came(30, 'loaded', { payments: false })
    expect(await feedRow()).toMatchObject({
      ...{ state: 'needsYou', says: 'lost', values: { files: 'invoices.csv' }, since: at(20) },
    })
    await came(40, 'loaded', { invoices: false })
    expect(await feedRow()).toMatchObject({ state: 'works' })
    await db.execute(sql`delete from feed_runs where biller_id = 3`)
  })

  it('tells what was refused since a feed was loaded, until one is', async () => {
    const [{ name }] = (await db.execute<{ name: string }>(sql`select name from billers where id = 3`))
      .rows as [{ name: string }]
    const staff = await makeStaff(db, 'supervisor', [3])
    const came = (
      minutes: number,
      status: string,
      files: Record<string, [refused: number, waiting: number]>,
    ) => {
      const report = Object.entries(files).map(([file, [refused, waiting]]) => ({ file, refused, waiting }))
      return db.execute(sql`insert into feed_runs (biller_id, started_at, finished_at, status, report)
        values (3, ${at(minutes).toISOString()}, ${at(minutes).toISOString()}, ${status}, ${JSON.stringify({ files: report })})`)
    }
    const feedRow = async () => (await kinds(staff, at(60)))[`feed ${name}`]
    await came(0, 'refused', { contracts: [7, 0] })
    await came(1, 'loaded', { contracts: [0, 0] })
    await came(10, 'refused', { invoices: [24, 0], invoice_lines: [24, 24] })
    await came(20, 'refused', { invoices: [23, 0], payments: [18, 0] })
    expect(await feedRow()).toMatchObject({
      ...{ state: 'needsYou', says: 'refused', since: at(10) },
      values: { last: at(1), count: '2', files: 'invoices.csv (23), payments.csv (18)' },
    })
    await came(40, 'loaded', { invoices: [0, 0] })
    expect(await feedRow()).toMatchObject({ state: 'works' })
    await db.execute(sql`delete from feed_runs where biller_id = 3`)
  })

  it('reads what waits, since when, and what was given up', async () => {
    const real = new Date()
    const ago = (minutes: number) => new Date(real.getTime() - minutes * 60_000)
    const { customer, contract } = await scene('2099-01-31')
    const attempt = await begin(db, customer, contract, ago(120))
    await db.execute(sql`update payment_attempts set state = 'in_doubt' where id = ${attempt.id}`)
    await db.execute(sql`delete from graphile_worker._private_jobs`)
    // Tried again and again: its job is due anew each time.
    const messageId = randomUUID()
    await db.delete(messages)
    await db.execute(sql`insert into messages (id, channel, kind, language, sealed, tries, created_at)
      values (${messageId}, 'email', 'welcome', 'sq', 'x', 9, ${ago(20).toISOString()})`)
    await enqueue(db, 'send-email', { messageId }, { runAt: ago(0) })
    await enqueue(db, 'check-payment', { attemptId: randomUUID() }, { runAt: ago(5), urgent: true })
    await enqueue(db, 'check-payment', { attemptId: randomUUID() }, { runAt: ago(-500), urgent: true })
    await enqueue(db, 'make-unpaid-list', { listId: randomUUID() }, { maxAttempts: 1 })
    await db.execute(sql`update graphile_worker._private_jobs set attempts = 1 where max_attempts = 1`)
    const [[budget, key]] = smsBudgets() as [[Parameters<typeof counterOf>[0], string]]
    await db.execute(
      sql`insert into rate_limits values (${counterOf(budget, key)}, ${budget.points + 5}, ${real.getTime() + 60_000})`,
    )
    await db.execute(sql`insert into messages (channel, kind, language, state, failure)
      select 'email', 'welcome', 'sq', 'failed', 'smtp-550' from generate_series(1, 60)`)
    const rows = await kinds(admin, real)
    expect(rows.email).toMatchObject({
      state: 'needsYou',
      says: 'late',
      values: { count: 1 },
      since: ago(20),
    })
    expect(rows.bankJobs).toMatchObject({ state: 'waits', values: { count: 1 }, since: ago(5) })
    expect(rows.failedJobs).toMatchObject({ state: 'needsYou', values: { count: 1 } })
    expect(rows.workers).toMatchObject({ state: 'needsYou' })
    expect(rows.smsBudget).toMatchObject({ state: 'needsYou', values: { hour: budget.points } })
    expect(rows.undelivered).toMatchObject({ state: 'needsYou', values: { email: 60, sms: 0 } })
    // Its money is nobody's.
    expect(rows['account oshee-sandbox']).toMatchObject({ state: 'waits', says: 'doubtLong', isTest: true })
  })
})
