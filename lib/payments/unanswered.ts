// What was told of an order in its bank's name, unsigned or signed wrongly: unanswered until the bank has answered a question asked since.
import { type SQL, sql } from 'drizzle-orm'
import type { Executor } from '../../db/client.ts'
import { daysBefore } from '../platform/purge.ts'
import { UNANSWERED_DAYS } from './rules.ts'

/**
 * Of an event `e` and its attempt `a`. That it does not know yet is no answer of the bank's. What is older than UNANSWERED_DAYS is given up:
 * anybody can send such a thing.
 */
export const isUnanswered = (now: Date): SQL => sql`not e.authentic
  and e.received_at > ${daysBefore(now, UNANSWERED_DAYS).toISOString()} and (a.untried_at is null or e.received_at > a.untried_at)
  and not exists (select from payment_events answer where answer.attempt_id = e.attempt_id and answer.channel = 'query'
    and answer.outcome <> 'processing' and answer.received_at >= e.received_at)`

/** Since when something of an attempt is; undefined: nothing is. */
export async function unansweredSince(db: Executor, attemptId: string, now: Date): Promise<Date | undefined> {
  const { rows } = await db.execute<{ since: string | null }>(sql`
    select min(e.received_at) as since from payment_events e join payment_attempts a on a.id = e.attempt_id
    where e.attempt_id = ${attemptId} and ${isUnanswered(now)}`)
  const since = rows[0]?.since
  return since ? new Date(since) : undefined
}
