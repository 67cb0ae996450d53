// Forgets what an account's pages need for a while only.
import { lt } from 'drizzle-orm'
import type { Database } from '../../db/client.ts'
import { knownDevices, registrations } from '../../db/schema/accounts.ts'
import { forgetCodes } from '../auth/one-time-codes.ts'
import { forgetChallenges } from '../auth/passkeys.ts'
import { forgetEndedSessions } from '../auth/retention.ts'
import { forgetRefusals } from '../contracts/refusals.ts'
import { eraseOldExports } from '../own-data/copy.ts'
import { env } from '../platform/env.ts'
import { daysBefore, purge } from '../platform/purge.ts'
import { eraseOldLists } from '../unpaid/lists.ts'

/**
 * Deletes registrations older than a day, codes and links that are worth nothing any more, copies of one's data and lists a day old, sessions that ended more than 90 days ago, devices
 * that nobody has signed in from for KNOWN_DEVICE_DAYS, and refusals kept for three years.
 */
export async function forgetAccountData(db: Database, now: Date): Promise<void> {
  const { createdAt } = registrations
  await purge(db, registrations, createdAt, lt(createdAt, daysBefore(now, 1)))
  await forgetCodes(db, now)
  await eraseOldExports(db, now)
  await eraseOldLists(db, now)
  await forgetEndedSessions(db, now)
  await forgetChallenges(db, now)
  await forgetRefusals(db, now)
  const { lastSeenAt } = knownDevices
  await purge(db, knownDevices, lastSeenAt, lt(lastSeenAt, daysBefore(now, env().KNOWN_DEVICE_DAYS)))
}
