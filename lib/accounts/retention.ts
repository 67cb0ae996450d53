// Forgets what an account's pages need for a while only.
import { and, isNotNull, isNull, lt, sql } from 'drizzle-orm'
import type { Database } from '../../db/client.ts'
import { contactChanges, knownDevices, passwordResets, registrations } from '../../db/schema/accounts.ts'
import { sessions } from '../../db/schema/auth.ts'
import { contractRefusals } from '../../db/schema/contract-access.ts'
import { eraseOldExports } from '../own-data/copy.ts'
import { env } from '../platform/env.ts'
import { daysBefore, purge } from '../platform/purge.ts'

/** How long the access log can still say from which browser a sign-in came. */
const SESSION_DAYS = 90
/** Three years after the account: until then at least, whoever was refused comes back by no proof (docs/decisions/0020). */
const REFUSAL_DAYS = 3 * 365

/**
 * Deletes registrations older than a day, password resets that have expired, contact changes that can be neither
 * confirmed nor undone any more, copies of one's data a day old, sessions that ended more than 90 days ago, devices
 * that nobody has signed in from for KNOWN_DEVICE_DAYS, and refusals kept for three years.
 */
export async function forgetAccountData(db: Database, now: Date): Promise<void> {
  const { createdAt } = registrations
  await purge(db, registrations, createdAt, lt(createdAt, daysBefore(now, 1)))
  await purge(db, passwordResets, passwordResets.expiresAt, lt(passwordResets.expiresAt, now))
  const { appliedAt, codeExpiresAt, undoUntil } = contactChanges
  await purge(db, contactChanges, codeExpiresAt, and(isNull(appliedAt), lt(codeExpiresAt, now))!)
  await purge(db, contactChanges, undoUntil, and(isNotNull(appliedAt), lt(undoUntil, now))!)
  await eraseOldExports(db, now)
  await forgetSessions(db, daysBefore(now, SESSION_DAYS))
  const { keptAt } = contractRefusals
  await purge(db, contractRefusals, keptAt, lt(keptAt, daysBefore(now, REFUSAL_DAYS)))
  const { lastSeenAt } = knownDevices
  await purge(db, knownDevices, lastSeenAt, lt(lastSeenAt, daysBefore(now, env().KNOWN_DEVICE_DAYS)))
}

/** Deletes the sessions that ended before `endedBefore`. An idle one ended when it became idle for too long. */
async function forgetSessions(db: Database, endedBefore: Date): Promise<void> {
  const ended = sql`least(${sessions.revokedAt}, ${sessions.expiresAt})`
  await purge(db, sessions, ended, sql`${ended} < ${endedBefore.toISOString()}`)
  const { lastUsedAt } = sessions
  const idleSince = new Date(endedBefore.getTime() - env().SESSION_IDLE_HOURS * 3_600_000)
  await purge(db, sessions, lastUsedAt, lt(lastUsedAt, idleSince))
}
