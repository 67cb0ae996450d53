// The facts of health: three statements, each on indexes, whatever waits. Ages are the database's own, as jobs' are.
import { type SQL, sql } from 'drizzle-orm'
import { openFeedStatuses } from '../../db/enums.ts'
import { smsBudgets } from '../accounts/sms-limits.ts'
import type { Staff } from '../auth/staff.ts'
import { lateCases } from '../cases/queue.ts'
import { signerEndsAt } from '../certificates/signing-key.ts'
import { silentDays, wasLoaded } from '../feed/queries.ts'
import { hasScanner } from '../files/scanner.ts'
import { differenceJoins, isInDoubt, isOpenDifference } from '../payment-desk/scope.ts'
import { database } from '../platform/database.ts'
import { dayIn, daysBetween } from '../platform/dates.ts'
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
type ToldChannel = { notices: Told; isPaused: boolean; failed: number }

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

function channelJson(channel: 'email' | 'sms', since: Date): SQL {
  return sql`json_build_object(
    'notices', ${countOf(sql`select send_after as at from messages
      where channel = ${channel} and state = 'queued' and notice_id is not null and send_after <= now() order by send_after`)},
    'isPaused', exists (select from channel_pauses where channel = ${channel} and until > now()),
    'failed', (select count(*)::int from (select from messages
      where channel = ${channel} and state = 'failed' and created_at > ${since.toISOString()}::timestamptz limit ${HEALTH_COUNTED}) failed))`
}

const pointsOf = (
  [limit, key]: [Limit, string],
  now: Date,
): SQL => sql`coalesce((select points from rate_limits
  where key = ${counterOf(limit, key)} and expire > ${now.getTime()}::bigint), 0)`

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
  }>(sql`
    select ${dueJobs} as jobs,
      ${countOf(sql`select created_at as at from graphile_worker._private_jobs where ${isGivenUp}`)} as "failedJobs",
      ${jobProcesses} as workers,
      ${channelJson('email', dayAgo)} as email, ${channelJson('sms', dayAgo)} as sms,
      ${pointsOf(ofHour, now)} as "smsOfHour", ${pointsOf(ofDay, now)} as "smsOfDay",
      ${countOf(sql`select created_at as at from documents where scan is null and removed_at is null order by created_at`)} as documents,
      (select json_build_object('startsAt', starts_at, 'endsAt', ends_at) from maintenance) as maintenance`)
  const answerMs = Math.round(performance.now() - asked)
  const { jobs, email, sms, smsOfHour, smsOfDay, maintenance, ...of } = rows[0]!
  const channel = ({ notices, ...rest }: ToldChannel) => ({ ...rest, notices: waiting(notices) })
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
    signingKeyEndsAt: signerEndsAt(),
    maintenance: maintenance
      ? { startsAt: new Date(maintenance.startsAt), endsAt: new Date(maintenance.endsAt) }
      : undefined,
  }
}

/** In so many of the newest feeds of a biller is looked for a file that was lost, and for one that came after it. */
const LOST_AMONG = 20

/**
 * Of each feed when it began: the newest that was loaded, the oldest that is not yet, the newest of all where it was refused, and the
 * first that lost a file which has not come since.
 */
const feedsJson = (mine: SQL): SQL => sql`(select coalesce(json_agg(f order by f.id), '[]') from (
  select b.id, b.code, b.name, b.time_zone as zone, loaded.at as "lastLoaded", open.at as "openSince",
    case when newest.status in ('refused', 'abandoned') then newest.started_at end as "refusedAt",
    lost.at as "lostAt", lost.files as "lostFiles"
  from billers b
    left join lateral (select r.started_at as at from feed_runs r
      where r.biller_id = b.id and ${wasLoaded} order by r.started_at desc limit 1) loaded on true
    left join lateral (select min(r.started_at) as at from feed_runs r
      where r.biller_id = b.id and r.status = any (${sql.param(openFeedStatuses)}::text[])) open on true
    left join lateral (select r.status, r.started_at from feed_runs r where r.biller_id = b.id order by r.id desc limit 1) newest on true
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
  return sql`(select coalesce(json_agg(json_build_object('code', g.code,
      'lastAnswer', (select e.received_at from payment_events e where e.gateway_account_id = g.id and e.authentic
        order by e.received_at desc limit 1),
      'inDoubt', json_build_object('count', coalesce(d.count, 0), 'oldest', d.oldest),
      'forged', json_build_object('count', coalesce(w.count, 0), 'oldest', w.oldest)) order by g.code), '[]')
    from gateway_accounts g
      left join (select a.gateway_account_id as id, count(*)::int as count, min(a.created_at) as oldest
        from payment_attempts a where ${isInDoubt(now)} group by 1) d on d.id = g.id
      left join (select e.gateway_account_id as id, count(*)::int as count, min(e.received_at) as oldest
        from payment_events e where not authentic and not is_hint and e.received_at > ${dayAgo}::timestamptz group by 1) w on w.id = g.id
    where g.biller_id = any (${mine}) and (g.takes_payments or (g.gateway = 'sandbox' and ${env().DEMO}) or d.count > 0 or w.count > 0))`
}

const lateJson = (queue: string, ids: readonly number[], now: Date): SQL =>
  sql`(select json_build_object('count', count(*)::int, 'oldest', min(due_at)) from ${lateCases(queue, ids, now)} late)`

async function readBillers(ids: readonly number[], now: Date): Promise<BillerFacts> {
  const mine = sql`${sql.param([...ids])}::smallint[]`
  type Feed = { code: string; name: string; zone: string; lostFiles: string[] | null } & Record<
    'lastLoaded' | 'openSince' | 'refusedAt' | 'lostAt',
    string | null
  >
  const { rows } = await database().execute<{
    feeds: Feed[]
    accounts: { code: string; lastAnswer: string | null; inDoubt: Told; forged: Told }[]
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
  const time = (told: string | null) => (told === null ? null : new Date(told))
  return {
    feeds: feeds.map(({ code, name, zone, lastLoaded, openSince, refusedAt, lostAt, lostFiles }) => ({
      ...{ code, name, lastLoaded: time(lastLoaded), openSince: time(openSince), refusedAt: time(refusedAt) },
      lost: lostAt === null ? null : { at: new Date(lostAt), files: lostFiles! },
      isSilent:
        lastLoaded !== null &&
        daysBetween(dayIn(zone, new Date(lastLoaded)), dayIn(zone, now)) > silentDays(code),
    })),
    accounts: accounts.map(({ code, lastAnswer, inDoubt, forged }) => ({
      ...{ code, lastAnswer: time(lastAnswer), inDoubt: waiting(inDoubt), forged: waiting(forged) },
    })),
    silentAccounts: silent.filter(({ billerId }) => ids.includes(billerId)),
    differences: waiting(of.differences),
    requests: waiting(of.requests),
    certificates: waiting(of.certificates),
  }
}
