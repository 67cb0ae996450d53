// Puts a job into the queue, in the caller's transaction: the job exists if and only if the change does.
import { sql } from 'drizzle-orm'
import type { Executor } from '../../db/client.ts'
import type { JobPayloads } from './payloads.ts'

/** The queue's default is 0, and the lowest goes first. */
const URGENT = -10

/**
 * `key`: a waiting job with the same key is replaced, not doubled. `runAt`: not before. `maxAttempts`: tries with
 * growing pauses before the job is given up and left for staff to see. `urgent`: somebody waits for it, so it goes before
 * all others of its lane. `channel`: it rests for as long as that does.
 */
export async function enqueue<Name extends keyof JobPayloads>(
  db: Executor,
  name: Name,
  payload: JobPayloads[Name],
  options: { key?: string; runAt?: Date; maxAttempts?: number; urgent?: boolean; channel?: string } = {},
): Promise<void> {
  await db.execute(sql`select graphile_worker.add_job(${name}, ${JSON.stringify(payload)}::json,
    run_at := ${options.runAt?.toISOString() ?? null}::timestamptz,
    max_attempts := ${options.maxAttempts ?? 12},
    job_key := ${options.key ?? null},
    priority := ${options.urgent ? URGENT : 0},
    flags := ${options.channel ? sql`array[${options.channel}]` : null})`)
}
