// What /metrics tells: of the database with rows in each state, of one that is busy or gone, and of several processes together.
import cluster from 'node:cluster'
import fs from 'node:fs'
import { sql } from 'drizzle-orm'
import { afterAll, expect, test } from 'vitest'
import { tellNode } from '../../lib/metrics/node.ts'
import { clock } from '../../lib/platform/clock.ts'
import { env } from '../../lib/platform/env.ts'
import { limits } from '../../lib/platform/limits.ts'
import { countTry } from '../../lib/platform/rate-limits.ts'
import { testDatabase } from '../support/database.ts'
import { metricsIn, namesIn, panelQueries, readSeries } from '../support/metrics.ts'

const db = await testDatabase()
const now = new Date('2026-11-27T10:00:00Z')
clock.now = () => now
afterAll(() => {
  clock.now = () => new Date()
})
const TIMES = { keptMs: 0, stepMs: 10_000, allMs: 60_000 }
const ago = (seconds: number) => sql`${new Date(now.getTime() - seconds * 1000).toISOString()}::timestamptz`
const MINUTE = 60
const HOUR = 3600
const DAY = 24 * HOUR

/** Rows as such, without what they belong to. */
async function insert(...statements: ReturnType<typeof sql>[]): Promise<void> {
  await db.transaction(async tx => {
    await tx.execute(sql`set local session_replication_role = replica`)
    for (const statement of statements) await tx.execute(statement)
  })
}

/** What is told, once. */
async function tell(times = TIMES): Promise<string> {
  const told = tellNode(undefined, times)
  const text = await told.figures()
  await told.stop()
  return text
}

const portal =
  (text: string) =>
  (name: string, labels: Record<string, string> = {}) => {
    const all = Object.entries({ scope: 'portal', ...labels }).map(([label, value]) => `${label}="${value}"`)
    return readSeries(text, `drita_${name}{${all.join()}}`)
  }

const message = (channel: string, state: string, seconds: number, sendAfter = sql`null::timestamptz`) => sql`
  insert into messages (channel, kind, language, sealed, state, created_at, send_after)
  values (${channel}, 'sign-in-code', 'sq', 'x', ${state}, ${ago(seconds)}, ${sendAfter})`
const notice = (channel: string, sendAfter: number) => sql`
  insert into messages (channel, kind, language, notice_id, state, created_at, send_after)
  values (${channel}, 'new-invoice', 'sq', gen_random_uuid(), 'queued', ${ago(2 * DAY)}, ${ago(sendAfter)})`
const attempt = (state: string, seconds: number) => sql`
  insert into payment_attempts (number, account_id, biller_id, gateway, amount, currency, state, live, started_on, idempotency_key, state_changed_at)
  values (gen_random_uuid()::text, gen_random_uuid(), 1, 'sandbox', 100, 'ALL', ${state}, false, '2026-11-27', gen_random_uuid(), ${ago(seconds)})`
const exception = (kind: string, seconds: number, resolved = sql`null::timestamptz`) => sql`
  insert into payment_exceptions (kind, gateway, order_number, transaction_id, opened_at, resolved_at)
  values (${kind}, 'sandbox', gen_random_uuid()::text, '', ${ago(seconds)}, ${resolved})`
const refund = (state: string, seconds: number) => sql`
  insert into refunds (number, payment_id, way, amount, currency, state, idempotency_key, reason, requested_by, requested_at, decided_by, decided_at, state_changed_at)
  select gen_random_uuid()::text, 1, 'card', 100, 'ALL', ${state}, gen_random_uuid(), 'x', gen_random_uuid(), ${ago(seconds)},
    case when ${state} <> 'requested' then gen_random_uuid() end, case when ${state} <> 'requested' then ${ago(seconds)} end, ${ago(seconds)}`
const feed = (status: string, seconds: number, isOpen = false) => sql`
  insert into feed_runs (biller_id, started_at, finished_at, status, report)
  values (1, ${ago(seconds)}, case when ${!isOpen} then ${ago(seconds)} end, ${status}, '{}')`
/** Loaded but for one of its files, which nothing could be read of. */
const feedInPart = (seconds: number) => sql`
  insert into feed_runs (biller_id, started_at, finished_at, status, report)
  values (2, ${ago(seconds)}, ${ago(seconds)}, 'loaded_with_refusals',
    '{"files": [{"file": "contracts", "broken": null}, {"file": "invoices", "broken": {"line": 1, "reason": "unknown_column"}}]}')`
const filed = (queue: string, state: string, due: number) => sql`
  insert into cases (kind, queue, biller_id, account_id, title, about, answers, state, taken_by, limit_count, limit_unit, due_at, created_at)
  values ('F1', ${queue}, 1, gen_random_uuid(), 'x', 'x', '{}', ${state}, gen_random_uuid(), 30, 'calendarDays', ${ago(due)}, ${ago(40 * DAY)})`
const job = (task: string, dueSecondsAgo: number) => sql`
  select graphile_worker.add_job(${task}, '{}'::json, max_attempts := 3,
    run_at := now() - make_interval(secs => ${dueSecondsAgo}::int))`

test('messages are counted by channel and state, and the oldest is as old as it should have been sent', async () => {
  await insert(
    message('sms', 'queued', 5 * MINUTE),
    message('sms', 'queued', MINUTE),
    message('email', 'queued', HOUR, ago(-HOUR)),
    message('email', 'queued', DAY, ago(2 * MINUTE)),
    message('email', 'sent', 10 * MINUTE),
    message('email', 'failed', 10 * MINUTE),
    message('email', 'failed', 2 * HOUR),
    notice('email', 30 * MINUTE),
    notice('email', -HOUR),
    sql`insert into channel_pauses (channel, until) values ('sms', now() + interval '1 minute')`,
  )
  const told = portal(await tell())
  expect(told('messages_queued', { channel: 'sms', about: 'message' })).toBe(2)
  expect(told('message_oldest_seconds', { channel: 'sms', about: 'message' })).toBe(5 * MINUTE)
  // One is to wait until the morning.
  expect(told('messages_queued', { channel: 'email', about: 'message' })).toBe(1)
  expect(told('message_oldest_seconds', { channel: 'email', about: 'message' })).toBe(2 * MINUTE)
  expect(told('messages_queued', { channel: 'email', about: 'notice' })).toBe(1)
  expect(told('message_oldest_seconds', { channel: 'email', about: 'notice' })).toBe(30 * MINUTE)
  expect(told('message_oldest_seconds', { channel: 'sms', about: 'notice' })).toBe(0)
  expect(told('messages_last_hour', { channel: 'email', state: 'failed' })).toBe(1)
  expect(told('messages_last_hour', { channel: 'email', state: 'sent' })).toBe(1)
  expect([told('channel_paused', { channel: 'sms' }), told('channel_paused', { channel: 'email' })]).toEqual([
    1, 0,
  ])
})

/** Of before there were accounts. */
const ofTests = { account: 'sandbox', test: 'yes' }

test('payments, what is held of them and refunds are counted by state, with the age of the oldest', async () => {
  await insert(
    attempt('in_doubt', 2 * HOUR),
    attempt('in_doubt', HOUR),
    attempt('pending', MINUTE),
    attempt('declined', 10 * MINUTE),
    attempt('declined', 2 * HOUR),
    exception('not_settled', 3 * DAY),
    exception('not_booked', DAY, ago(0)),
    refund('requested', 4 * DAY),
    refund('succeeded', 9 * DAY),
  )
  const told = portal(await tell())
  expect(told('payments_open', { state: 'in_doubt', ...ofTests })).toBe(2)
  expect(told('payment_oldest_seconds', { state: 'in_doubt', ...ofTests })).toBe(2 * HOUR)
  expect(told('payments_open', { state: 'pending', ...ofTests })).toBe(1)
  expect(told('payments_open', { state: 'created', ...ofTests })).toBe(0)
  expect(told('payment_expiry_seconds')).toBe(90 * MINUTE)
  expect(told('payments_last_hour', { state: 'declined' })).toBe(1)
  expect(told('payment_exceptions', { kind: 'not_settled' })).toBe(1)
  expect(told('payment_exception_oldest_seconds', { kind: 'not_settled' })).toBe(3 * DAY)
  expect(told('payment_exceptions', { kind: 'not_booked' })).toBe(0)
  expect(told('refunds_waiting', { state: 'requested' })).toBe(1)
  expect(told('refund_oldest_seconds', { state: 'requested' })).toBe(4 * DAY)
  expect(told('refunds_waiting', { state: 'unknown' })).toBe(0)
})

test('a bank that answers nothing is told by account, and for how long', async () => {
  const silence = (account: string, refused: boolean, since: number, last: number) => sql`
    insert into bank_silences select id, ${refused}, ${ago(since)}, ${ago(last)} from gateway_accounts where code = ${account}`
  await insert(
    sql`update gateway_accounts set takes_payments = true where code = 'kesco-sandbox'`,
    silence('oshee-sandbox', true, 20 * MINUTE, MINUTE),
    silence('ukt-sandbox', false, 9 * HOUR, 3 * HOUR),
    silence('kesco-sandbox', false, 90 * MINUTE, 50 * MINUTE),
    sql`insert into payment_events (gateway, gateway_account_id, dedup_key, channel, authentic, is_hint, outcome, payload, received_at)
      select 'sandbox', id, n, 'callback', false, n = 'hint', 'processing', '{}', case when n = 'old' then ${ago(2 * HOUR)} else ${ago(MINUTE)} end
      from gateway_accounts, unnest(array['one', 'two', 'hint', 'old']) n where code = 'kesco-sandbox'`,
  )
  const told = portal(await tell())
  const silent = (account: string) =>
    ['refused', 'silent'].map(why => told('bank_silent_seconds', { account, test: 'yes', why }))
  expect(silent('oshee-sandbox')).toEqual([20 * MINUTE, 0])
  // As far as it was asked.
  expect(silent('kesco-sandbox')).toEqual([0, 40 * MINUTE])
  // Nobody has asked it for hours.
  expect(silent('ukt-sandbox').filter(Boolean)).toEqual([])
  expect(told('bank_forged_last_hour', { account: 'kesco-sandbox', test: 'yes' })).toBe(2)
})

test('feeds are told by biller, and what staff have to decide by deadline', async () => {
  await insert(
    feed('loaded', 3 * DAY),
    feed('loaded', 5 * DAY),
    feed('refused', HOUR),
    feedInPart(HOUR),
    feed('queued', 2 * HOUR, true),
    filed('requests', 'taken', DAY),
    filed('requests', 'waiting', DAY),
    filed('requests', 'pending', -DAY),
    filed('certificates', 'pending', HOUR),
  )
  const { rows } = await db.execute<{ code: string }>(sql`select code from billers where id <= 2 order by id`)
  const [biller, other] = rows.map(({ code }) => code) as [string, string]
  const told = portal(await tell())
  expect(told('feed_age_seconds', { biller })).toBe(3 * DAY)
  // Three days ago it was 11:00 in Tirana: that day and seven more.
  expect(told('feed_silent_after_seconds', { biller })).toBe(8 * DAY - 11 * HOUR)
  expect(told('feed_runs_last_day', { biller, outcome: 'refused' })).toBe(1)
  expect(told('feed_runs_last_day', { biller, outcome: 'loaded' })).toBe(0)
  expect(told('feed_files_refused_last_day', { biller })).toBe(0)
  expect(told('feed_files_refused_last_day', { biller: other })).toBe(1)
  expect(told('feed_open_seconds', { biller, status: 'queued' })).toBe(2 * HOUR)
  expect(told('cases_open', { biller, queue: 'requests' })).toBe(3)
  expect(told('cases_overdue', { biller, queue: 'requests' })).toBe(1)
  expect(told('cases_overdue', { biller, queue: 'certificates' })).toBe(1)
})

test('jobs are counted by kind: due, and given up', async () => {
  await db.execute(job('send-sms', 300))
  await db.execute(job('send-sms', 30))
  await db.execute(job('check-payment', -3600))
  await db.execute(job('send-email', 300))
  await db.execute(sql`update graphile_worker._private_jobs set attempts = 3
    where task_id = (select id from graphile_worker._private_tasks where identifier = 'send-email')`)
  await db.execute(sql`insert into job_workers (id, pools, beat_at) values
    (gen_random_uuid(), '{}', now()), (gen_random_uuid(), '{}', now() - interval '5 minutes')`)
  const told = portal(await tell())
  expect(told('jobs_waiting', { lane: 'codes', task: 'send-sms' })).toBe(2)
  expect(told('job_oldest_due_seconds', { lane: 'codes', task: 'send-sms' })).toBeCloseTo(300, -2)
  expect(told('jobs_waiting', { lane: 'bank', task: 'check-payment' })).toBe(0)
  expect(told('jobs_failed', { lane: 'email', task: 'send-email' })).toBe(1)
  expect(told('jobs_waiting', { lane: 'email', task: 'send-email' })).toBe(0)
  expect(told('job_processes')).toBe(1)
})

test('maintenance, what is spent of the SMS, the clock, and what PostgreSQL says of itself', async () => {
  await insert(
    sql`insert into maintenance (starts_at, ends_at, set_at) values (${ago(HOUR)}, ${ago(-HOUR)}, ${ago(HOUR)})`,
  )
  for (let one = 0; one < 3; one++) await countTry(limits.sms(), 'all')
  const text = await tell()
  const told = portal(text)
  expect([told('maintenance_on'), told('maintenance_seconds')]).toEqual([1, HOUR])
  expect([told('sms_spent', { hours: '1' }), told('sms_budget', { hours: '1' })]).toEqual([3, 1000])
  expect(told('sms_spent', { hours: '24' })).toBe(0)
  expect(told('database_bytes')).toBeGreaterThan(1_000_000)
  expect(told('database_connections')).toBeGreaterThan(0)
  // The tests' clock stands still in the past or in the future.
  const offset = (now.getTime() - Date.now()) / 1000
  expect(readSeries(text, 'drita_clock_offset_seconds')! - offset).toBeGreaterThan(-60)
  expect(readSeries(text, 'drita_clock_offset_seconds')! - offset).toBeLessThan(60)
  expect(readSeries(text, 'drita_pool_size{work="page"}')).toBe(env().DATABASE_POOL)
  expect(told('audit_rows_without_month')).toBe(0)
  await insert(sql`insert into audit_events (at, action) values ('2099-01-01', 'session.begun')`)
  expect(portal(await tell())('audit_rows_without_month')).toBe(1)
  // It archives nothing here.
  expect([told('wal_archived_age_seconds'), told('wal_archive_off')]).toEqual([undefined, 0])
  const { BACKUP, DEMO } = env()
  Object.assign(env(), { DEMO: false })
  expect(portal(await tell())('wal_archive_off')).toBe(1)
  Object.assign(env(), { BACKUP: 'elsewhere' })
  expect(portal(await tell())('wal_archive_off')).toBe(0)
  Object.assign(env(), { BACKUP, DEMO })
  await db.execute(sql`delete from maintenance`)
  expect(portal(await tell())('maintenance_on')).toBe(0)
})

test('partitions of the audit log are counted for months to come, and where there are none nothing is said', async () => {
  await db.execute(sql`alter table audit_events rename to audit_events_before`)
  await db.execute(sql`create table audit_events (at timestamptz not null)`)
  expect(portal(await tell())('audit_partitions_ahead')).toBeUndefined()
  await db.execute(sql`drop table audit_events`)
  await db.execute(sql`create table audit_events (at timestamptz not null) partition by range (at)`)
  const months = ['2026-10-01', '2026-11-01', '2026-12-01', '2027-01-01', '2027-02-01']
  for (const [index, from] of months.slice(0, -1).entries()) {
    await db.execute(
      sql.raw(`create table ahead_${index} partition of audit_events for values from ('${from} 00:00:00+00')
        to ('${months[index + 1]} 00:00:00+00')`),
    )
  }
  await db.execute(sql`create table ahead_default partition of audit_events default`)
  expect(portal(await tell())('audit_partitions_ahead')).toBe(2)
  await db.execute(sql`drop table audit_events`)
  await db.execute(sql`alter table audit_events_before rename to audit_events`)
})

test('a database that is busy is not one that is gone: figures that take too long are left out, the others told', async () => {
  let text = ''
  await db.transaction(async tx => {
    await tx.execute(sql`lock table messages in access exclusive mode`)
    text = await tell({ ...TIMES, stepMs: 200 })
  })
  const told = portal(text)
  expect(readSeries(text, 'drita_database_up')).toBe(1)
  expect(readSeries(text, 'drita_figures_read{figures="messages"}')).toBe(0)
  expect(told('messages_queued', { channel: 'sms', about: 'message' })).toBeUndefined()
  expect(readSeries(text, 'drita_figures_read{figures="payments"}')).toBe(1)
  expect(told('payments_open', { state: 'in_doubt', ...ofTests })).toBe(2)
})

test('where the database is gone the rest is told', async () => {
  const url = env().DATABASE_URL
  Object.assign(env(), { DATABASE_URL: 'postgres://nobody@127.0.0.1:1/nothing' })
  const text = await tell({ ...TIMES, stepMs: 500 })
  Object.assign(env(), { DATABASE_URL: url })
  expect(readSeries(text, 'drita_database_up')).toBe(0)
  expect(readSeries(text, 'drita_figures_read{figures="jobs"}')).toBe(0)
  expect(text).not.toMatch(/^drita_payments_open\{/m)
  expect(text).toMatch(/^process_cpu_seconds_total \d/m)
})

test('however often it is asked, the database is asked once in a while', async () => {
  const told = tellNode(undefined, { ...TIMES, keptMs: 60_000 })
  const ofPayments = async () =>
    portal(await told.figures())('payments_open', { state: 'pending', ...ofTests })
  const both = await Promise.all([ofPayments(), ofPayments()])
  await insert(attempt('pending', MINUTE))
  expect([...both, await ofPayments()]).toEqual([1, 1, 1])
  await told.stop()
  expect(portal(await tell())('payments_open', { state: 'pending', ...ofTests })).toBe(2)
})

test.runIf(process.env.DEEP)(
  'two web processes are added up, and one that hangs costs no more than their own figures',
  async () => {
    cluster.setupPrimary({ exec: 'tests/support/measured-process.ts', args: [], execArgv: [], silent: true })
    const told = tellNode({ processes: 2, countServing: () => 2, routes: () => new Set() }, TIMES)
    const workers = [3, 4].map(REQUESTS => cluster.fork({ REQUESTS }))
    const count = 'drita_http_request_seconds_count{route="/help",method="GET",status="2xx"}'
    await expect.poll(async () => readSeries(await told.figures(), count)).toBe(7)
    const text = await told.figures()
    expect(readSeries(text, 'drita_statements_total')).toBe(14)
    expect(readSeries(text, 'drita_slow_statements_total{route="/help"}')).toBe(7)
    expect(readSeries(text, 'drita_web_processes')).toBe(2)
    expect(readSeries(text, 'drita_metrics_complete')).toBe(1)
    // Whatever the files ask for is told; nothing here is told twice.
    const names = namesIn(text)
    const asked = [
      ...metricsIn(fs.readFileSync('deploy/alerts.yml', 'utf8')),
      ...panelQueries().flatMap(({ query }) => metricsIn(query)),
    ]
    // Only of a node that has a key.
    names.add('drita_certificate_key_ends_timestamp_seconds')
    expect([...new Set(asked)].filter(name => !names.has(name))).toEqual([])
    const types = text.match(/^# TYPE \w+/gm)!
    expect(new Set(types).size).toBe(types.length)
    const documented = metricsIn(fs.readFileSync('docs/metrics.md', 'utf8'))
    const ours = [...text.matchAll(/^# TYPE (drita_\w+)/gm)].map(([, name]) => name!)
    expect(ours.filter(name => !documented.includes(name))).toEqual([])
    if (process.env.DEEP) {
      workers[0]!.process.kill('SIGSTOP')
      const less = await told.figures()
      expect(readSeries(less, 'drita_metrics_complete')).toBe(0)
      expect(readSeries(less, 'drita_database_up')).toBe(1)
      expect(readSeries(less, count)).toBeUndefined()
    }
    for (const worker of workers) worker.process.kill('SIGKILL')
    await told.stop()
  },
)
