// Runs the queue's jobs in this process.
import { sql } from 'drizzle-orm'
import { Logger, run } from 'graphile-worker'
import { database } from '../platform/database.ts'
import { env } from '../platform/env.ts'
import { log } from '../platform/log.ts'
import { taskList } from './handlers.ts'

const CONCURRENCY = 4
/** New jobs are told at once; this is for jobs that were put off to a time. */
const POLL_MS = 1_000

/** In UTC; what is daily when few are awake, and made up for where it was missed within a day. A scan waits for the last. */
export const CALENDAR = [
  '15 1 * * * forget-account-data ?fill=1d',
  '30 1 * * * forget-tries ?fill=1d',
  '45 1 * * * remove-old-documents ?fill=1d',
  '*/10 * * * * sweep-payments',
  '*/5 * * * * scan-documents ?queue=scan-documents&jobKey=scan-documents',
].join('\n')

const logger = new Logger(() => (level, message) => {
  if (level === 'error') log.error({ message }, 'jobs')
  else if (level === 'warning') log.warn({ message }, 'jobs')
})

export type JobRunner = {
  /** Takes no new jobs and waits for those under way. */
  stop: () => Promise<void>
}

/** Starts taking jobs. Needs PostgreSQL itself, not a PgBouncer: it listens for new jobs. */
export async function startJobs(): Promise<JobRunner> {
  const runner = await run({
    connectionString: env().DATABASE_DIRECT_URL ?? env().DATABASE_URL,
    taskList: taskList(),
    crontab: CALENDAR,
    concurrency: CONCURRENCY,
    pollInterval: POLL_MS,
    noHandleSignals: true,
    logger,
  })
  return { stop: () => runner.stop() }
}

/**
 * Gives back the jobs that a killed process had taken; the queue by itself would wait four hours. Only for who knows
 * that no other process runs jobs.
 */
export async function releaseAbandonedJobs(): Promise<void> {
  await database().execute(sql`select graphile_worker.force_unlock_workers(
    array(select distinct locked_by from graphile_worker._private_jobs where locked_by is not null))`)
}
