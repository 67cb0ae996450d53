// The facts of health: three statements, each on indexes, whatever waits. Ages are the database's own, as jobs' are.
import { type SQL, sql } from 'drizzle-orm'
import { isOneOf } from '../../db/checks.ts'
import { type GatewayName, openAttemptStates, openFeedStatuses } from '../../db/enums.ts'
import { smsBudgets } from '../accounts/sms-limits.ts'
import type { Staff } from '../auth/staff.ts'
import { lateCases } from '../cases/queue.ts'
import { signerEndsAt } from '../certificates/signing-key.ts'
import { cameToNothing, newestRun, refusedSince, silentFrom, wasLoaded } from '../feed/queries.ts'
import { hasScanner } from '../files/scanner.ts'
import { dueMessages, dueNotices } from '../notifications/waiting.ts'
import { differenceJoins, isInDoubt, isOpenDifference } from '../payment-desk/scope.ts'
import { secretsFault } from '../payments/accounts.ts'
import { isSilentNow } from '../payments/questions.ts'
import { database } from '../platform/database.ts'
import { env } from '../platform/env.ts'
import { isGivenUp, jobProcesses, URGENT } from '../platform/jobs.ts'
import type { Limit } from '../platform/limits.ts'
import { counterOf } from '../platform/rate-limits.ts'
import { listSilentAccounts } from '../settlements/jobs.ts'
import { billerRows, inOrder, portalRows } from './rules.ts'
import { type BillerFacts, HEALTH_COUNTED, type HealthRow, type PortalFacts, type Waiting } from './schema.ts'

/** The rows that are for a member of staff: of their own billers, and for administrators of the whole portal. */
export async function listHealth(staff: Pick<Staff, 'role' | 'billerIds'>, now: Date): Promise<HealthRow[]> {
  const ofPortal = staff.role === 'administrator' ? portalRows(await readPortal(now), now) : []
  return inOrder([...ofPortal, ...billerRows(await readBillers(staff.billerIds, now), now)])
}

/** As JSON brings it. */
type Told = { count: number; oldest: string | null }
type ToldChannel = { messages: Told; notices: Told; isPaused: boolean; failed: number }

const time = (told: string | null) => (told === null ? null : new Date(told))

const waiting = ({ count, oldest }: Told): Waiting => ({
  count,
  oldest: oldest === null ? null : new Date(oldest),
})

/** How many rows a select has, which gives the time of each as `at`, and the first of them; up to HEALTH_COUNTED. */
const countOf = (select: SQL): SQL =>
  sql`(select json_build_object('count', count(*)::int, 'oldest', min(at)) from (${select} limit ${HEALTH_COUNTED}) counted)`

/** What is due and free of each task: by the index jobs_by_task, whose rows of the future are not gone through. */
const dueJobs = sql`(select coalesce(json_object_agg(task, json_build_object('count', count, 'oldest', oldest)), '{}') from (
  select t.identifier as task, count(*)::int as count, min(j.run_at) as oldest
  from graphile_worker._private_tasks t cross join unnest(array[${URGENT}::int, 0]) as p (priority)
    cross join lateral (select run_at from graphile_worker._private_jobs
      where task_id = t.id and is_available = true and priority = p.priority and run_at <= now()
      order by run_at limit ${HEALTH_COUNTED}) j
  group by 1) due)`

function channelJson(channel: 'email' | 'sms', since: Date, now: Date): SQL {
  return sql`json_build_object(
    'messages', ${countOf(dueMessages(sql`${channel}`, now))},
    'notices', ${countOf(dueNotices(sql`${channel}`, now))},
    'isPaused', exists (select from channel_pauses where channel = ${channel} and until > now()),
    'failed', (select count(*)::int from (select from messages
      where channel = ${channel} and state = 'failed' and created_at > ${since.toISOString()}::timestamptz limit ${HEALTH_COUNTED}) failed))`
}

const pointsOf = (
  [limit, key]: [Limit, string],
  now: Date,
): SQL => sql`coalesce((select points from rate_limits
  where key = ${counterOf(limit, key)} and expire > ${now.getTime()}::bigint), 0)`

const archiveJson = sql`(select json_build_object('lastAt', last_archived_time, 'startedAt', pg_postmaster_start_time(),
    'isFailing', coalesce(last_failed_time > coalesce(last_archived_time, '-infinity'), false))
  from pg_stat_archiver where current_setting('archive_mode') <> 'off')`

function backupWithoutArchive(): PortalFacts['backup'] {
  const { BACKUP, DEMO } = env()
  if (BACKUP === 'elsewhere') return BACKUP
  return DEMO ? 'demo' : 'off'
}

async function readPortal(now: Date): Promise<PortalFacts> {
  const dayAgo = new Date(now.getTime() - 86_400_000)
  const [ofHour, ofDay] = smsBudgets() as [[Limit, string], [Limit, string]]
  const asked = performance.now()
  const { rows } = await database().execute<{
    jobs: Record<string, Told>
    failedJobs: Told
    workers: number
    email: ToldChannel
    sms: ToldChannel
    smsOfHour: number
    smsOfDay: number
    documents: Told
    maintenance: { startsAt: string; endsAt: string } | null
    archive: { lastAt: string | null; startedAt: string; isFailing: boolean } | null
  }>(sql`
    select ${dueJobs} as jobs, ${archiveJson} as archive,
      ${countOf(sql`select created_at as at from graphile_worker._private_jobs where ${isGivenUp}`)} as "failedJobs",
      ${jobProcesses} as workers,
      ${channelJson('email', dayAgo, now)} as email, ${channelJson('sms', dayAgo, now)} as sms,
      ${pointsOf(ofHour, now)} as "smsOfHour", ${pointsOf(ofDay, now)} as "smsOfDay",
      ${countOf(sql`select created_at as at from documents where scan is null and removed_at is null order by created_at`)} as documents,
      (select json_build_object('startsAt', starts_at, 'endsAt', ends_at) from maintenance) as maintenance`)
  const answerMs = Math.round(performance.now() - asked)
  const { jobs, email, sms, smsOfHour, smsOfDay, maintenance, archive, ...of } = rows[0]!
  const channel = ({ messages, notices, ...rest }: ToldChannel) => ({
    ...{ ...rest, messages: waiting(messages), notices: waiting(notices) },
  })
  const spent = (used: number, most: number) => ({ used: Math.min(used, most), most })
  return {
    startedAt: new Date(now.getTime() - process.uptime() * 1000),
    answerMs,
    jobs: Object.fromEntries(Object.entries(jobs).map(([task, told]) => [task, waiting(told)])),
    failedJobs: waiting(of.failedJobs),
    workers: of.workers,
    channels: { email: channel(email), sms: channel(sms) },
    sms: { hour: spent(smsOfHour, ofHour[0].points), day: spent(smsOfDay, ofDay[0].points) },
    documents: waiting(of.documents),
    scans: hasScanner(),
    backup: archive
      ? { ...archive, lastAt: time(archive.lastAt), startedAt: new Date(archive.startedAt) }
      : backupWithoutArchive(),
    signingKeyEndsAt: signerEndsAt(),
    maintenance: maintenance
      ? { startsAt: new Date(maintenance.startsAt), endsAt: new Date(maintenance.endsAt) }
      : undefined,
  }
}

/** In so many of the newest feeds of a biller is looked for a file that was lost, and for one that came after it. */
const LOST_AMONG = 20

/**
 * Of each feed when it began: the newest that was loaded, the oldest that is not yet, where the newest of all was refused those that
 * were since, and the first that lost a file which has not come since.
 */
const feedsJson = (mine: SQL): SQL => sql`(select coalesce(json_agg(f order by f.id), '[]') from (
  select b.id, b.code, b.name, b.time_zone as zone, loaded.at as "lastLoaded", open.at as "openSince",
    case when ${cameToNothing} then refused.at end as "refusedAt",
    refused.count as "refusedCount", refused.files as "refusedFiles",
    lost.at as "lostAt", lost.files as "lostFiles"
  from billers b
    left join lateral (select r.id, r.started_at as at from feed_runs r
      where r.biller_id = b.id and ${wasLoaded} order by r.started_at desc limit 1) loaded on true
    left join lateral (select min(r.started_at) as at from feed_runs r
      where r.biller_id = b.id and r.status = any (${sql.param(openFeedStatuses)}::text[])) open on true
    ${newestRun}
    left join lateral (select count(*)::int as count, min(r.started_at) as at,
      (select coalesce(json_agg(json_build_object('file', file, 'rows', rows) order by file), '[]') from (
        select distinct on (f.file) f.file, f.refused - coalesce(f.waiting, 0) as rows, f.broken
        from ${refusedSince} r
          cross join jsonb_to_recordset(r.report -> 'files') as f (file text, refused int, waiting int, broken jsonb)
        order by f.file, r.id desc) newest where rows > 0 or broken is not null) as files
      from ${refusedSince} r) refused on true
    left join lateral (select min(at) as at, json_agg(file order by file) as files from (
      select distinct on (f.file) f.file, f.broken, r.started_at as at
      from (select r.id, r.started_at, r.report from feed_runs r
          where r.biller_id = b.id and ${wasLoaded} order by r.started_at desc limit ${LOST_AMONG}) r
        cross join jsonb_to_recordset(r.report -> 'files') as f (file text, broken jsonb)
      order by f.file, r.id desc) last where broken is not null) lost on true
  where b.id = any (${mine})) f)`

/** Accounts that take payments, and others of which something waits. In a demonstration the sandbox's take them where no other does. */
function accountsJson(mine: SQL, now: Date): SQL {
  const dayAgo = new Date(now.getTime() - 86_400_000).toISOString()
  return sql`(select coalesce(json_agg(json_build_object('code', g.code, 'gateway', g.gateway, 'isTest', g.is_test,
      'lastAnswer', (select e.received_at from payment_events e where e.gateway_account_id = g.id and e.authentic
        order by e.received_at desc limit 1),
      'open', coalesce(d.open, 0), 'inDoubt', json_build_object('count', coalesce(d.count, 0), 'oldest', d.oldest),
      'forged', json_build_object('count', coalesce(w.count, 0), 'oldest', w.oldest), 'unread', u.oldest,
      'silent', case when s.since is not null then json_build_object('since', s.since, 'refused', s.refused) end) order by g.code), '[]')
    from gateway_accounts g
      left join bank_silences s on s.gateway_account_id = g.id and ${isSilentNow(now)}
      left join (select a.gateway_account_id as id, count(*)::int as open,
          (count(*) filter (where ${isInDoubt(now)}))::int as count, min(a.created_at) filter (where ${isInDoubt(now)}) as oldest
        from payment_attempts a where ${isOneOf(sql`a.state`, openAttemptStates)} group by 1) d on d.id = g.id
      left join (select e.gateway_account_id as id, count(*)::int as count, min(e.received_at) as oldest
        from payment_events e where not authentic and not is_hint and e.received_at > ${dayAgo}::timestamptz group by 1) w on w.id = g.id
      left join (select a.gateway_account_id as id, min(e.received_at) as oldest from payment_events e
        join payment_attempts a on a.id = e.attempt_id where e.authentic and e.applied_at is null group by 1) u on u.id = g.id
    where g.biller_id = any (${mine}) and (g.takes_payments or (g.gateway = 'sandbox' and ${env().DEMO}) or d.count > 0 or w.count > 0
      or u.oldest is not null or s.since is not null))`
}

const lateJson = (queue: string, ids: readonly number[], now: Date): SQL =>
  sql`(select json_build_object('count', count(*)::int, 'oldest', min(due_at)) from ${lateCases(queue, ids, now)} late)`

async function readBillers(ids: readonly number[], now: Date): Promise<BillerFacts> {
  const mine = sql`${sql.param([...ids])}::smallint[]`
  type Feed = {
    code: string
    name: string
    zone: string
    refusedCount: number
    refusedFiles: { file: string; rows: number }[]
    lostFiles: string[] | null
  } & Record<'lastLoaded' | 'openSince' | 'refusedAt' | 'lostAt', string | null>
  const { rows } = await database().execute<{
    feeds: Feed[]
    accounts: {
      code: string
      gateway: GatewayName
      isTest: boolean
      lastAnswer: string | null
      open: number
      inDoubt: Told
      forged: Told
      unread: string | null
      silent: { since: string; refused: boolean } | null
    }[]
    differences: Told
    requests: Told
    certificates: Told
  }>(sql`
    select ${feedsJson(mine)} as feeds, ${accountsJson(mine, now)} as accounts,
      (select json_build_object('count', count(*)::int, 'oldest', min(x.opened_at)) from ${differenceJoins}
        where ${isOpenDifference({ billerIds: [...ids] })}) as differences,
      ${lateJson('requests', ids, now)} as requests, ${lateJson('certificates', ids, now)} as certificates`)
  const { feeds, accounts, ...of } = rows[0]!
  const silent = await listSilentAccounts(database(), now)
  return {
    feeds: feeds.map(
      ({ code, name, zone, lastLoaded, openSince, refusedAt, lostAt, lostFiles, ...feed }) => ({
        ...{ code, name, lastLoaded: time(lastLoaded), openSince: time(openSince) },
        refused:
          refusedAt === null
            ? null
            : { count: feed.refusedCount, oldest: new Date(refusedAt), files: feed.refusedFiles },
        lost: lostAt === null ? null : { at: new Date(lostAt), files: lostFiles! },
        isSilent: lastLoaded !== null && silentFrom(code, zone, new Date(lastLoaded)) <= now,
      }),
    ),
    accounts: accounts.map(
      ({ code, gateway, isTest, lastAnswer, open, inDoubt, forged, unread, silent }) => ({
        ...{ code, isTest, open, lastAnswer: time(lastAnswer) },
        ...{ inDoubt: waiting(inDoubt), forged: waiting(forged), unreadSince: time(unread) },
        isUsable: !secretsFault({ code, gateway, secrets: env().GATEWAY_SECRETS[code] ?? {} }),
        silent: silent && { since: new Date(silent.since), refused: silent.refused },
      }),
    ),
    silentAccounts: silent.filter(({ billerId }) => ids.includes(billerId)),
    differences: waiting(of.differences),
    requests: waiting(of.requests),
    certificates: waiting(of.certificates),
  }
}
