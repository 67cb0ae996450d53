// Forgets what an account's pages need for a while only.
import { and, isNotNull, isNull, lt } from 'drizzle-orm'
import type { Database } from '../../db/client.ts'
import { contactChanges, knownDevices, passwordResets, registrations } from '../../db/schema/accounts.ts'
import { forgetEndedSessions } from '../auth/retention.ts'
import { forgetRefusals } from '../contracts/refusals.ts'
import { eraseOldExports } from '../own-data/copy.ts'
import { env } from '../platform/env.ts'
import { daysBefore, purge } from '../platform/purge.ts'

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
  await forgetEndedSessions(db, now)
  await forgetRefusals(db, now)
  const { lastSeenAt } = knownDevices
  await purge(db, knownDevices, lastSeenAt, lt(lastSeenAt, daysBefore(now, env().KNOWN_DEVICE_DAYS)))
}
