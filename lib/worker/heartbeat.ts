// Which processes that run jobs are alive, and the jobs of those that are not.
import { randomUUID } from 'node:crypto'
import { eq, sql } from 'drizzle-orm'
import type { Database } from '../../db/client.ts'
import { jobWorkers } from '../../db/schema/jobs.ts'
import { errorFacts, log } from '../platform/log.ts'

/** How often a process says that it is alive, and how long after its last word it is taken for dead. */
type Times = { beatMs: number; deadMs: number }

export type Heartbeat = {
  /** As whom the process takes jobs; says so with the next beat. */
  pools: Set<string>
  /** Ends it: what the process still has is free for others as soon as its locks are old enough. */
  stop: () => Promise<void>
}

/** Says every `beatMs` that this process is alive, and frees each time what belongs to no live one. */
export async function startHeartbeat(db: Database, { beatMs, deadMs }: Times): Promise<Heartbeat> {
  const id = randomUUID()
  const pools = new Set<string>()
  const beat = async () => {
    // The database's clock: that of a node may be wrong.
    const alive = { pools: [...pools], beatAt: sql`now()` }
    await db
      .insert(jobWorkers)
      .values({ id, ...alive })
      .onConflictDoUpdate({ target: jobWorkers.id, set: alive })
    await freeJobsOfTheDead(db, deadMs)
  }
  await beat()
  let beating = Promise.resolve()
  const timer = setInterval(() => {
    beating = beating.then(beat).catch(error => log.warn(errorFacts(error), 'jobs: no heartbeat'))
  }, beatMs)
  return {
    pools,
    stop: async () => {
      clearInterval(timer)
      await beating
      await db.delete(jobWorkers).where(eq(jobWorkers.id, id))
    },
  }
}

/**
 * Frees the jobs, and the serial queues, whose process has not said for `deadMs` that it is alive; the queue by itself
 * would wait four hours. A lock younger than that may be of a process that has just started. A freed job gets a new id: should
 * its process only have slept, then nothing that it still writes about the job, by the old one, touches what others made of it.
 */
async function freeJobsOfTheDead(db: Database, deadMs: number): Promise<void> {
  const dead = sql`now() - make_interval(secs => ${deadMs / 1000}::double precision)`
  const abandoned = sql`locked_at < ${dead} and locked_by not in (
    select unnest(pools) from job_workers where beat_at > ${dead})`
  await db.execute(sql`update graphile_worker._private_job_queues set locked_at = null, locked_by = null
    where ${abandoned}`)
  const { rows } = await db.execute<{ task: string; jobs: number }>(sql`
    with freed as (
      update graphile_worker._private_jobs set id = default, locked_at = null, locked_by = null
      where ${abandoned} returning task_id)
    select identifier as task, count(*) as jobs
    from freed join graphile_worker._private_tasks as tasks on tasks.id = task_id group by 1`)
  const freed = Object.fromEntries(rows.map(({ task, jobs }) => [task, jobs]))
  if (rows.length > 0) log.warn({ freed }, 'jobs of a process that is dead are free again')
  await db.execute(sql`delete from job_workers where beat_at < ${dead}`)
}
