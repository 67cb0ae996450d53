// The queue by the tests' own clock: jobs are done when they are due by it, late or twice at once as a test says.
import { sql } from 'drizzle-orm'
import type { Database } from '../../db/client.ts'
import { checkAttempt, sweepAttempts } from '../../lib/payments/jobs.ts'
import { checkRefund, submitRefund, sweepRefunds } from '../../lib/refunds/jobs.ts'
import { compareSettlement } from '../../lib/settlements/jobs.ts'

type Work = (payload: never, context: { database: Database }) => Promise<void>

const handlers: Record<string, Work> = {
  'check-payment': checkAttempt,
  'submit-refund': (told, context) => submitRefund(told, context),
  'check-refund': (told, context) => checkRefund(told, context),
  'compare-settlement': (told, context) => compareSettlement(told, context),
}

type Job = { id: string; task: string; payload: never }

/** Takes what is due as a worker does; what another has is left to it. */
async function takeDue(db: Database, now: Date): Promise<Job[]> {
  const { rows } = await db.execute<Job>(sql`
    with taken as (
      update graphile_worker._private_jobs set locked_at = now(), locked_by = 'test', attempts = attempts + 1
      where id in (select j.id from graphile_worker._private_jobs j join graphile_worker._private_tasks t on t.id = j.task_id
        where t.identifier = any (${sql.param(Object.keys(handlers))}::text[]) and j.locked_at is null
          and j.run_at <= ${now.toISOString()}::timestamptz
        for update of j skip locked)
      returning id, task_id, payload)
    select taken.id, t.identifier as task, payload from taken join graphile_worker._private_tasks t on t.id = task_id order by id`)
  return rows
}

/** Does each job that is due, `times` at once. One that fails, or whose process died, is tried again a moment later. */
export async function doDueJobs(
  db: Database,
  now: Date,
  {
    times = 1,
    around = work => work(),
  }: { times?: number; around?: (work: () => Promise<void>) => Promise<void> } = {},
): Promise<number> {
  const jobs = await takeDue(db, now)
  for (const { id, task, payload } of jobs) {
    const work = () => handlers[task]!(payload, { database: db })
    const ends = await Promise.allSettled(Array.from({ length: times }, () => around(work)))
    if (ends.every(({ status }) => status === 'fulfilled')) {
      await db.execute(sql`delete from graphile_worker._private_jobs where id = ${id}`)
    } else {
      const at = new Date(now.getTime() + 10_000).toISOString()
      await db.execute(sql`update graphile_worker._private_jobs
        set locked_at = null, locked_by = null, run_at = greatest(run_at, ${at}::timestamptz) where id = ${id}`)
    }
  }
  return jobs.length
}

/** What comes every ten minutes. */
export async function sweep(db: Database): Promise<void> {
  await sweepAttempts({}, { database: db })
  await sweepRefunds({}, { database: db })
}

export const emptyQueue = (db: Database) => db.execute(sql`delete from graphile_worker._private_jobs`)
