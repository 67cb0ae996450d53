// The statements behind the figures of the whole portal: each asks an index for what is open, or for little of what is not.
import { type SQL, sql } from 'drizzle-orm'
import { isOneOf } from '../../db/checks.ts'
import type { Executor } from '../../db/client.ts'
import {
  closedAttemptStates,
  exceptionKinds,
  feedStatuses,
  messageChannels,
  messageStates,
  openAttemptStates,
  openFeedStatuses,
  openStates,
} from '../../db/enums.ts'
import { listSmsSpent } from '../accounts/sms-limits.ts'
import { queues } from '../cases/kinds.ts'
import { silentFrom, wasLoaded } from '../feed/queries.ts'
import { dueMessages, dueNotices } from '../notifications/waiting.ts'
import { isSilentNow } from '../payments/questions.ts'
import { env } from '../platform/env.ts'
import { isGivenUp, jobProcesses } from '../platform/jobs.ts'
import { LANES, type Lane, taskList } from '../worker/handlers.ts'
import type { Figure } from './figures.ts'

type Reading = (db: Executor, now: Date) => Promise<Figure[]>

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS
/** So many are counted of what may be very many. */
const MOST_JOBS = 10_000
const MOST_NOTICES = 100_000
const MOST_MESSAGES = 50_000
const OPEN_REFUNDS = ['requested', 'submitted', 'unknown']

const timestamp = (at: Date): SQL => sql`${at.toISOString()}::timestamptz`
/** Seconds since the earliest; 0 where there is none. */
const ageOf = (earliest: SQL, now: Date): SQL =>
  sql`greatest(0, extract(epoch from ${timestamp(now)} - ${earliest}))::float8`

const tasks = (Object.keys(LANES) as Lane[]).flatMap(lane =>
  Object.keys(taskList(lane)).map(task => ({ lane, task })),
)

/** Jobs are due by the database's clock. */
const readJobs: Reading = async db => {
  const { rows } = await db.execute<{ task: string; due: number; oldest: number | null; failed: number }>(sql`
    select t.identifier as task, due.*, failed.*
    from graphile_worker._private_tasks t
    cross join lateral (
      select count(*)::int as due, extract(epoch from now() - min(run_at))::float8 as oldest
      from (select run_at from graphile_worker._private_jobs j
        where j.task_id = t.id and j.is_available = true and j.run_at <= now()
        order by j.priority, j.run_at limit ${MOST_JOBS}) waiting) due
    cross join lateral (
      select count(*)::int as failed from (select from graphile_worker._private_jobs j
        where j.task_id = t.id and ${isGivenUp} limit ${MOST_JOBS}) given_up) failed`)
  const known = new Map(rows.map(row => [row.task, row]))
  return tasks.flatMap((labels): Figure[] => {
    const { due = 0, oldest, failed = 0 } = known.get(labels.task) ?? {}
    return [
      ['drita_jobs_waiting', due, labels],
      ['drita_job_oldest_due_seconds', oldest ?? 0, labels],
      ['drita_jobs_failed', failed, labels],
    ]
  })
}

const readMessages: Reading = async (db, now) => {
  const { rows: queued } = await db.execute<{
    channel: string
    about: string
    count: number
    oldest: number | null
    paused: boolean
  }>(sql`
    select c.channel, 'message' as about, due.*, exists (
      select from channel_pauses p where p.channel = c.channel and p.until > now()) as paused
    from unnest(${sql.param(messageChannels)}::text[]) c (channel) cross join lateral (
      select count(*)::int as count, ${ageOf(sql`min(at)`, now)} as oldest
      from (${dueMessages(sql`c.channel`, now)}) messages) due
    union all
    select c.channel, 'notice', due.*, false
    from unnest(${sql.param(messageChannels)}::text[]) c (channel) cross join lateral (
      select count(*)::int, ${ageOf(sql`min(at)`, now)}
      from (${dueNotices(sql`c.channel`, now)} limit ${MOST_NOTICES}) notices) due`)
  const { rows: newest } = await db.execute<{ channel: string; state: string; count: number }>(sql`
    select channel, state, count(*)::int as count
    from (select channel, state from messages where created_at > ${timestamp(new Date(now.getTime() - HOUR_MS))}
      order by created_at desc limit ${MOST_MESSAGES}) newest group by 1, 2`)
  return [
    ...queued.flatMap(({ channel, about, count, oldest, paused }): Figure[] => [
      ['drita_messages_queued', count, { channel, about }],
      ['drita_message_oldest_seconds', oldest ?? 0, { channel, about }],
      ['drita_channel_paused', about === 'message' ? Number(paused) : null, { channel }],
    ]),
    ...messageChannels.flatMap(channel =>
      messageStates.map((state): Figure => {
        const found = newest.find(one => one.channel === channel && one.state === state)
        return ['drita_messages_last_hour', found?.count ?? 0, { channel, state }]
      }),
    ),
  ]
}

const readSms: Reading = async db =>
  (await listSmsSpent(db)).flatMap(({ hours, spent, budget }): Figure[] => [
    ['drita_sms_spent', spent, { hours: String(hours) }],
    ['drita_sms_budget', budget, { hours: String(hours) }],
  ])

const readPayments: Reading = async (db, now) => {
  const hourAgo = timestamp(new Date(now.getTime() - HOUR_MS))
  const { rows } = await db.execute<{ what: string; name: string; count: number; oldest: number | null }>(sql`
    select 'closed' as what, state as name, count(*)::int as count, null::float8 as oldest from payment_attempts
      where ${isOneOf(sql`state`, closedAttemptStates)} and state_changed_at > ${hourAgo} group by state
    union all
    select 'closed', 'captured', count(distinct p.attempt_id)::int, null from billers b join payments p
      on p.biller_id = b.id and p.attempt_id is not null and p.received_at > ${hourAgo}
    union all
    select 'exception', kind, count(*)::int, ${ageOf(sql`min(opened_at)`, now)}
      from payment_exceptions where resolved_at is null group by kind
    union all
    select 'refund', state, count(*)::int, ${ageOf(sql`min(state_changed_at)`, now)}
      from refunds where ${isOneOf(sql`state`, OPEN_REFUNDS)} group by state`)
  const found = (what: string, name: string) => rows.find(row => row.what === what && row.name === name)
  return [
    ...[...closedAttemptStates, 'captured'].map((state): Figure => {
      return ['drita_payments_last_hour', found('closed', state)?.count ?? 0, { state }]
    }),
    ...exceptionKinds.flatMap((kind): Figure[] => [
      ['drita_payment_exceptions', found('exception', kind)?.count ?? 0, { kind }],
      ['drita_payment_exception_oldest_seconds', found('exception', kind)?.oldest ?? 0, { kind }],
    ]),
    ...OPEN_REFUNDS.flatMap((state): Figure[] => [
      ['drita_refunds_waiting', found('refund', state)?.count ?? 0, { state }],
      ['drita_refund_oldest_seconds', found('refund', state)?.oldest ?? 0, { state }],
    ]),
  ]
}

/** Of an account, whether its money is nobody's; of none: it is the sandbox's. */
const test = (account: string): SQL =>
  sql.raw(`case when coalesce(${account}.is_test, true) then 'yes' else 'no' end`)

/** Of accounts that take payments or have open ones; those of before there were accounts are the sandbox's. */
const readOpenPayments: Reading = async (db, now) => {
  type Open = { account: string; test: string; state: string | null; count: number; oldest: number }
  const { rows } = await db.execute<Open>(sql`
    select code as account, ${test('gateway_accounts')} as test, null as state, 0 as count, 0::float8 as oldest from gateway_accounts where takes_payments
    union all
    select coalesce(g.code, a.gateway), ${test('g')}, a.state, count(*)::int, ${ageOf(sql`min(a.state_changed_at)`, now)}
      from payment_attempts a left join gateway_accounts g on g.id = a.gateway_account_id
      where ${isOneOf(sql`a.state`, openAttemptStates)} group by 1, 2, 3`)
  const accounts = new Map(rows.map(({ account, test }) => [account, test]))
  return [
    ['drita_payment_expiry_seconds', env().PAYMENT_EXPIRY_MINUTES * 60],
    ...[...accounts].flatMap(([account, test]) =>
      openAttemptStates.flatMap((state): Figure[] => {
        const open = rows.find(row => row.account === account && row.state === state)
        const labels = { state, account, test }
        return [
          ['drita_payments_open', open?.count ?? 0, labels],
          ['drita_payment_oldest_seconds', open?.oldest ?? 0, labels],
        ]
      }),
    ),
  ]
}

/** Of accounts that take payments or are silent. */
const readBanks: Reading = async (db, now) => {
  const { rows } = await db.execute<{
    account: string
    test: string
    why: string | null
    silent: number
    forged: number
  }>(sql`
    select g.code as account, ${test('g')} as test, case when s.refused then 'refused' when not s.refused then 'silent' end as why,
      coalesce(case when s.refused then ${ageOf(sql`s.since`, now)} else extract(epoch from s.last_at - s.since)::float8 end, 0) as silent,
      (select count(*)::int from payment_events e where not e.authentic and not e.is_hint and e.gateway_account_id = g.id
        and e.received_at > ${timestamp(new Date(now.getTime() - HOUR_MS))}) as forged
    from gateway_accounts g left join bank_silences s on s.gateway_account_id = g.id and ${isSilentNow(now)}
    where g.takes_payments or s.since is not null`)
  return rows.flatMap(({ account, test, why, silent, forged }): Figure[] => [
    ...['refused', 'silent'].map((one): Figure => {
      return ['drita_bank_silent_seconds', why === one ? silent : 0, { account, test, why: one }]
    }),
    ['drita_bank_forged_last_hour', forged, { account, test }],
  ])
}

/** Of billers that have ever sent a feed. */
const readFeeds: Reading = async (db, now) => {
  const { rows } = await db.execute<{
    biller: string
    zone: string
    last: string | null
    age: number | null
    came: Record<string, number>
    broken: number
    open: Record<string, number>
  }>(sql`
    select b.code as biller, b.time_zone as zone, loaded.at as last, ${ageOf(sql`loaded.at`, now)} as age,
      (select coalesce(json_object_agg(status, count), '{}') from (
        select status, count(*) from feed_runs r where r.biller_id = b.id
          and r.started_at > ${timestamp(new Date(now.getTime() - DAY_MS))} group by status) runs) as came,
      (select count(*)::int from feed_runs r, jsonb_path_query(r.report, '$.files[*] ? (@.broken != null)')
        where r.biller_id = b.id and r.status = 'loaded_with_refusals'
          and r.started_at > ${timestamp(new Date(now.getTime() - DAY_MS))}) as broken,
      (select coalesce(json_object_agg(status, oldest), '{}') from (
        select status, ${ageOf(sql`min(r.started_at)`, now)} as oldest from feed_runs r
          where r.biller_id = b.id and ${isOneOf(sql`r.status`, openFeedStatuses)} group by status) runs) as open
    from billers b left join lateral (select r.started_at as at from feed_runs r
      where r.biller_id = b.id and ${wasLoaded} order by r.started_at desc limit 1) loaded on true
    where exists (select from feed_runs r where r.biller_id = b.id)`)
  const silentAfter = (biller: string, zone: string, last: Date) =>
    (silentFrom(biller, zone, last).getTime() - last.getTime()) / 1000
  return rows.flatMap(({ biller, zone, last, age, came, broken, open }): Figure[] => [
    ['drita_feed_age_seconds', last === null ? null : age, { biller }],
    [
      'drita_feed_silent_after_seconds',
      last === null ? null : silentAfter(biller, zone, new Date(last)),
      { biller },
    ],
    ...feedStatuses.map((outcome): Figure => {
      return ['drita_feed_runs_last_day', came[outcome] ?? 0, { biller, outcome }]
    }),
    ['drita_feed_files_refused_last_day', broken, { biller }],
    ...openFeedStatuses.map((status): Figure => {
      return ['drita_feed_open_seconds', open[status] ?? 0, { biller, status }]
    }),
  ])
}

const readCases: Reading = async (db, now) => {
  const { rows } = await db.execute<{ biller: string; queue: string; open: number; overdue: number }>(sql`
    select b.code as biller, q.queue, of_queue.*
    from billers b cross join unnest(${sql.param(queues)}::text[]) q (queue) cross join lateral (
      select count(*)::int as open,
        (count(*) filter (where c.due_at < ${timestamp(now)} and c.state <> 'waiting'))::int as overdue
      from cases c where c.queue = q.queue and c.biller_id = b.id and ${isOneOf(sql`c.state`, openStates)}) of_queue`)
  return rows.flatMap(({ biller, queue, open, overdue }): Figure[] => [
    ['drita_cases_open', open, { biller, queue }],
    ['drita_cases_overdue', overdue, { biller, queue }],
  ])
}

/** A partition's bound is text; only of one by time are months ahead. */
const partitionsAhead = (now: Date): SQL => sql`(
  select case when c.relkind = 'p' then (
    select count(*)::int from pg_inherits i join pg_class p on p.oid = i.inhrelid
    cross join lateral substring(pg_get_expr(p.relpartbound, p.oid) from $re$FROM [(]'([0-9]{4}-[0-9]{2}-[0-9]{2}[^']*)'$re$) as bound (begins)
    where i.inhparent = c.oid and bound.begins::timestamptz > ${timestamp(now)}) end
  from pg_class c where c.oid = to_regclass('audit_events'))`

/** They lie in the part for what no month takes, which whoever serves cannot name (decision 0072). */
const MOST_ROWS = 10_000
const rowsWithoutMonth = sql`(
  select count(*)::int from (select from audit_events where at >= (
    select max(bound.ends::timestamptz) from pg_inherits i join pg_class p on p.oid = i.inhrelid
    cross join lateral substring(pg_get_expr(p.relpartbound, p.oid) from $re$TO [(]'([0-9]{4}-[0-9]{2}-[0-9]{2}[^']*)'$re$) as bound (ends)
    where i.inhparent = to_regclass('audit_events')) limit ${MOST_ROWS}) without_month)`

const readServer: Reading = async (db, now) => {
  const { rows } = await db.execute<{
    processes: number
    maintenance: number | null
    ahead: number | null
    without_month: number
    bytes: number
    connections: number
    connections_limit: number
    archived: number | null
    failing: boolean | null
    standbys: Record<string, number>
  }>(sql`
    select
      ${jobProcesses} as processes,
      (select ${ageOf(sql`starts_at`, now)} from maintenance
        where starts_at <= ${timestamp(now)} and ends_at > ${timestamp(now)}) as maintenance,
      ${partitionsAhead(now)} as ahead,
      ${rowsWithoutMonth} as without_month,
      pg_database_size(current_database())::float8 as bytes,
      (select sum(numbackends)::int from pg_stat_database) as connections,
      current_setting('max_connections')::int as connections_limit,
      (select extract(epoch from now() - coalesce(last_archived_time, pg_postmaster_start_time()))::float8
        from pg_stat_archiver where current_setting('archive_mode') <> 'off') as archived,
      (select coalesce(last_failed_time > coalesce(last_archived_time, '-infinity'), false)
        from pg_stat_archiver where current_setting('archive_mode') <> 'off') as failing,
      (select coalesce(json_object_agg(application_name, extract(epoch from coalesce(replay_lag, '0'))), '{}')
        from pg_stat_replication where state is not null) as standbys`)
  const {
    processes,
    maintenance,
    ahead,
    without_month,
    bytes,
    connections,
    connections_limit,
    archived,
    failing,
    standbys,
  } = rows[0]!
  const isOff = archived === null && env().BACKUP === 'archive' && !env().DEMO
  return [
    ['drita_job_processes', processes],
    ['drita_maintenance_on', Number(maintenance !== null)],
    ['drita_maintenance_seconds', maintenance ?? 0],
    ['drita_audit_partitions_ahead', ahead],
    ['drita_audit_rows_without_month', without_month],
    ['drita_database_bytes', bytes],
    ['drita_database_connections', connections],
    ['drita_database_connections_limit', connections_limit],
    ['drita_wal_archived_age_seconds', archived],
    ['drita_wal_archive_off', Number(isOff)],
    ['drita_wal_archive_failing', failing === null ? null : Number(failing)],
    ...Object.entries(standbys).map(([standby, lag]): Figure => {
      return ['drita_standby_lag_seconds', lag, { standby }]
    }),
  ]
}

/** By name: what of them could be read is told apart. */
export const readings: Record<string, Reading> = {
  jobs: readJobs,
  messages: readMessages,
  sms: readSms,
  payments: readPayments,
  openPayments: readOpenPayments,
  banks: readBanks,
  feeds: readFeeds,
  cases: readCases,
  server: readServer,
}
