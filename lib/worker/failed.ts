// Jobs that were given up: said in the log until somebody has seen to them, forgotten after a while.
import { sql } from 'drizzle-orm'
import type { Executor } from '../../db/client.ts'
import { log } from '../platform/log.ts'

const KEEP_DAYS = 30

/** Logs how many jobs failed for good, by task, and deletes those of more than thirty days ago. */
export async function reportFailedJobs(db: Executor): Promise<void> {
  await db.execute(sql`delete from graphile_worker._private_jobs
    where attempts >= max_attempts and locked_at is null and run_at < now() - make_interval(days => ${KEEP_DAYS})`)
  const { rows } = await db.execute<{ task: string; jobs: number }>(sql`
    select task_identifier as task, count(*) as jobs from graphile_worker.jobs
    where attempts >= max_attempts and locked_at is null group by 1 order by 1`)
  const failed = Object.fromEntries(rows.map(({ task, jobs }) => [task, jobs]))
  if (rows.length > 0) log.warn({ failed }, 'jobs have failed for good')
}
