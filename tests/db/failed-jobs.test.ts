// Jobs that were given up: listed by kind with facts alone, and tried again by whoever may.
import { sql } from 'drizzle-orm'
import { beforeEach, expect, test } from 'vitest'
import { JOBS_SHOWN, listFailedJobs, retryJobs } from '../../lib/worker/failed.ts'
import { testDatabase } from '../support/database.ts'
import { makeStaff } from '../support/people.ts'

const db = await testDatabase()
const now = new Date('2026-11-27T10:00:00Z')
const admin = await makeStaff(db, 'administrator', [1])
beforeEach(() => db.execute(sql`delete from graphile_worker._private_jobs`))

async function addJobs(task: string, count: number, isFailed: boolean): Promise<void> {
  await db.execute(sql`select graphile_worker.add_job(${task}, '{"secret": "x"}'::json, max_attempts := 3)
    from generate_series(1, ${count}::int)`)
  if (isFailed)
    await db.execute(sql`update graphile_worker._private_jobs set attempts = 3, last_error = ${'Error\nEAUTH\n    at send (mail.ts:1:1)'}
      where task_id = (select id from graphile_worker._private_tasks where identifier = ${task})`)
}

const due = async () =>
  (
    await db.execute<{ count: number }>(
      sql`select count(*)::int as count from graphile_worker.jobs where attempts = 0 and run_at <= now()`,
    )
  ).rows[0]!.count

test('those that failed for good are listed by kind, and nothing of what they were told', async () => {
  await addJobs('send-email', JOBS_SHOWN + 5, true)
  await addJobs('check-payment', 1, true)
  await addJobs('send-sms', 3, false)
  const kinds = await listFailedJobs(admin, now)
  expect(kinds.map(({ task, count, jobs }) => [task, count, jobs.length])).toEqual([
    ['check-payment', 1, 1],
    ['send-email', JOBS_SHOWN + 5, JOBS_SHOWN],
  ])
  expect(kinds[0]!.jobs[0]).toMatchObject({ reason: 'Error, EAUTH', tries: 3 })
  expect(JSON.stringify(kinds)).not.toContain('secret')
})

test('one is tried again, or all of its kind, from the first try; once', async () => {
  await addJobs('send-email', 3, true)
  await addJobs('check-payment', 1, true)
  const [, email] = await listFailedJobs(admin, now)
  const one = { task: 'send-email', job: email!.jobs[0]!.id }
  // Another kind than the job's is none of it.
  expect(await retryJobs(admin, { ...one, task: 'check-payment' }, now)).toEqual({ ok: false, code: 'gone' })
  const both = await Promise.all([retryJobs(admin, one, now), retryJobs(admin, one, now)])
  expect(both.filter(({ ok }) => ok)).toHaveLength(1)
  expect(await due()).toBe(1)
  expect(await retryJobs(admin, { task: 'send-email' }, now)).toEqual({ ok: true, value: 2 })
  expect(await due()).toBe(3)
  expect(await retryJobs(admin, { task: 'send-email' }, now)).toEqual({ ok: false, code: 'gone' })
  expect((await listFailedJobs(admin, now)).map(({ task }) => task)).toEqual(['check-payment'])
  const { rows } = await db.execute(
    sql`select account_id, details from audit_events where action = 'jobs.retried' order by id`,
  )
  expect(rows).toEqual([
    { account_id: admin.id, details: { task: 'send-email', jobs: 1 } },
    { account_id: admin.id, details: { task: 'send-email', jobs: 2 } },
  ])
})
