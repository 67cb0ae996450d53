// Jobs that were given up: said in the log until somebody has seen to them, tried again by administrators, forgotten after a while.
import { sql } from 'drizzle-orm'
import type { Executor } from '../../db/client.ts'
import type { Staff } from '../auth/staff.ts'
import { okOnce } from '../forms/answers.ts'
import { recordEvent } from '../platform/audit.ts'
import { database } from '../platform/database.ts'
import { isGivenUp } from '../platform/jobs.ts'
import { log } from '../platform/log.ts'
import { fail, type Result } from '../platform/result.ts'

const KEEP_DAYS = 30
/** Of a kind; the others are counted. */
export const JOBS_SHOWN = 20

/** Logs how many jobs failed for good, by task, and deletes those of more than thirty days ago. */
export async function reportFailedJobs(db: Executor): Promise<void> {
  await db.execute(sql`delete from graphile_worker._private_jobs
    where ${isGivenUp} and run_at < now() - make_interval(days => ${KEEP_DAYS})`)
  const { rows } = await db.execute<{ task: string; jobs: number }>(sql`
    select task_identifier as task, count(*) as jobs from graphile_worker.jobs
    where ${isGivenUp} group by 1 order by 1`)
  const failed = Object.fromEntries(rows.map(({ task, jobs }) => [task, jobs]))
  if (rows.length > 0) log.warn({ failed }, 'jobs have failed for good')
}

/** `reason`: facts alone, as the queue keeps them: an error's name, code and what it says of a connection. */
export type FailedJob = { id: string; reason: string; since: Date; failedAt: Date; tries: number }
export type FailedKind = { task: string; count: number; jobs: FailedJob[] }

/** Jobs that were given up, by kind, the oldest first. The look is recorded. */
export async function listFailedJobs(staff: Pick<Staff, 'id'>, now: Date): Promise<FailedKind[]> {
  const db = database()
  await recordEvent(db, { accountId: staff.id, action: 'jobs.viewed', at: now })
  const { rows } = await db.execute<{
    id: string
    task: string
    count: number
    reason: string | null
    since: string
    failed_at: string
    tries: number
  }>(sql`
    select * from (
      select id::text, task_identifier as task, last_error as reason, created_at as since, updated_at as failed_at,
        attempts as tries, count(*) over (partition by task_identifier)::int as count,
        row_number() over (partition by task_identifier order by created_at, id) as place
      from graphile_worker.jobs where ${isGivenUp}) failed
    where place <= ${JOBS_SHOWN} order by task, place`)
  const kinds = new Map<string, FailedKind>()
  for (const { task, count, id, reason, since, failed_at, tries } of rows) {
    const kind = kinds.get(task) ?? { task, count, jobs: [] }
    kinds.set(task, kind)
    const times = { since: new Date(since), failedAt: new Date(failed_at) }
    kind.jobs.push({ id, reason: withoutPlaces(reason ?? ''), tries, ...times })
  }
  return [...kinds.values()]
}

/** What went wrong, without where in the sources. */
const withoutPlaces = (reason: string): string =>
  reason
    .split('\n')
    .filter(line => !/^\s+at /.test(line))
    .join(', ')

/** Has a job done anew from its first try, or all of its kind; how many. One that others have tried again is none any more. */
export async function retryJobs(
  staff: Pick<Staff, 'id'>,
  { task, job }: { task: string; job?: string },
  now: Date,
): Promise<Result<number, 'gone'>> {
  return database().transaction(async tx => {
    const { rows } = await tx.execute(sql`
      select r.id from graphile_worker.reschedule_jobs(
        array(select id from graphile_worker.jobs where ${isGivenUp} and task_identifier = ${task}
          and ${job === undefined ? sql`true` : sql`id = ${job}::bigint`}),
        run_at := now(), attempts := 0) r`)
    if (rows.length === 0) return fail('gone')
    const details = { task, jobs: rows.length }
    await recordEvent(tx, { accountId: staff.id, action: 'jobs.retried', details, at: now })
    return okOnce(tx, rows.length)
  })
}
