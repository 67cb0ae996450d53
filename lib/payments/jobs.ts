// Follows attempts up in the background until their end is known.
import { eq, sql } from 'drizzle-orm'
import type { Database } from '../../db/client.ts'
import { paymentAttempts } from '../../db/schema/payments.ts'
import { clock } from '../platform/clock.ts'
import { log } from '../platform/log.ts'
import { listAccounts } from './accounts.ts'
import { applyStored } from './answers.ts'
import { askBank } from './asking.ts'
import { type AttemptRow, scheduleCheck } from './attempts.ts'
import { isUnconfirmed, unconfirmedSince } from './exceptions.ts'
import { isCapturedCheckDue, isClosed, isUnknown, LAST_CLOSED_CHECK_MS } from './rules.ts'
import { isUnanswered, unansweredSince } from './unanswered.ts'

/** Where somebody asked the bank a moment ago, or holds the contract. */
const SOON_MS = 10_000

/**
 * Applies what is stored of an attempt, then asks the bank where its end may still change, money of it is not confirmed, what was told of it
 * in the bank's name is not answered, or it was captured a day ago, and has it asked again as the rules say.
 */
export async function checkAttempt(
  { attemptId }: { attemptId: string },
  { database }: { database: Database },
): Promise<void> {
  const before = await findAttempt(database, attemptId)
  if (!before) return
  const applied = await applyStored(database, before, clock.now())
  const current = (await findAttempt(database, attemptId))!
  if (applied !== 'busy' && !isFollowed(current, clock.now())) {
    await scheduleCheck(database, current, clock.now())
    return
  }
  const answer = applied === 'busy' ? applied : await askBank(database, attemptId, 'job', clock.now())
  const now = clock.now()
  const soon = answer === 'too-soon' || answer === 'busy' ? new Date(now.getTime() + SOON_MS) : undefined
  await scheduleCheck(database, (await findAttempt(database, attemptId))!, now, soon)
}

type Followed = AttemptRow & { unconfirmedSince?: Date; unansweredSince?: Date }

const isFollowed = (attempt: Followed, now: Date): boolean =>
  isUnknown(attempt.state) ||
  isClosed(attempt.state) ||
  isCapturedCheckDue(attempt, now) ||
  attempt.unconfirmedSince !== undefined ||
  attempt.unansweredSince !== undefined

async function findAttempt(db: Database, id: string): Promise<Followed | undefined> {
  const [attempt] = await db.select().from(paymentAttempts).where(eq(paymentAttempts.id, id))
  if (!attempt) return undefined
  return {
    ...attempt,
    unconfirmedSince: await unconfirmedSince(db, id),
    unansweredSince: await unansweredSince(db, id, clock.now()),
  }
}

/** So many at a time: the others are found ten minutes later. */
const SWEEP = 1000

/** Whoever stores an answer applies it within this time, or has a job do so. */
const APPLIED_WITHIN_MS = 60_000

/**
 * Finds what should be followed up and has no job: a queue that was emptied or restored, or a job that was given up; and an answer
 * whose process died before it applied it, where the next job comes much later. The bank is asked about each at once.
 */
export async function sweepAttempts(_: unknown, { database }: { database: Database }): Promise<void> {
  const now = clock.now()
  const lastCheck = new Date(now.getTime() - LAST_CLOSED_CHECK_MS).toISOString()
  const forgotten = new Date(now.getTime() - APPLIED_WITHIN_MS).toISOString()
  const soon = new Date(now.getTime() + APPLIED_WITHIN_MS).toISOString()
  // Without its secrets nobody can read what an account's bank said: it waits for them, and health says so.
  const usable = (await listAccounts()).map(({ id }) => id)
  // A job that has failed keeps the time at which it is tried again.
  const { rows } = await database.execute<{ id: string }>(sql`
    select id from (
      select id from payment_attempts where state in ('created', 'pending', 'authorised', 'in_doubt')
      union
      select id from payment_attempts where state in ('declined', 'cancelled', 'expired') and state_changed_at > ${lastCheck}
      union
      select e.attempt_id from payment_events e join payment_attempts a on a.id = e.attempt_id
        where e.authentic and e.applied_at is null
          and (a.gateway_account_id is null or a.gateway_account_id = any (${sql.param(usable)}::smallint[]))
      union
      select attempt_id from payment_exceptions
        where ${isUnconfirmed} and attempt_id is not null and opened_at > ${lastCheck}
      union
      select e.attempt_id from payment_events e join payment_attempts a on a.id = e.attempt_id where ${isUnanswered(now)}
    ) followed
    where not exists (select from graphile_worker.jobs j
      where j.key = 'check-payment:' || followed.id and (j.attempts < j.max_attempts or j.locked_at is not null)
        and not (j.run_at > ${soon}::timestamptz and j.attempts = 0 and j.locked_at is null and exists (
          select from payment_events e where e.attempt_id = followed.id and e.authentic and e.applied_at is null
            and e.received_at < ${forgotten}::timestamptz)))
    limit ${SWEEP}`)
  for (const { id } of rows) await scheduleCheck(database, (await findAttempt(database, id))!, now, now)
  if (rows.length > 0)
    log.warn(
      { payments: rows.length },
      'payments had lost the job that follows them up, or an answer had not been applied',
    )
}
