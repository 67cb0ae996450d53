// Forgets what an account's pages need for a while only.
import { and, isNotNull, isNull, lt, or, sql } from 'drizzle-orm'
import type { Executor } from '../../db/client.ts'
import { contactChanges, passwordResets, registrations, sessions } from '../../db/schema/accounts.ts'
import { env } from '../platform/env.ts'
import { eraseOldExports } from './own-data.ts'

const DAY_MS = 86_400_000
/** How long the access log can still say from which browser a sign-in came. */
const SESSION_DAYS = 90

/**
 * Deletes registrations older than a day, password resets that have expired, contact changes that can be neither
 * confirmed nor undone any more, copies of one's data a day old, and sessions that ended more than 90 days ago.
 */
export async function forgetAccountData(db: Executor, now: Date): Promise<void> {
  const daysAgo = (days: number) => new Date(now.getTime() - days * DAY_MS)
  await db.delete(registrations).where(lt(registrations.createdAt, daysAgo(1)))
  await db.delete(passwordResets).where(lt(passwordResets.expiresAt, now))
  await db
    .delete(contactChanges)
    .where(
      or(
        and(isNull(contactChanges.appliedAt), lt(contactChanges.codeExpiresAt, now)),
        and(isNotNull(contactChanges.appliedAt), lt(contactChanges.undoUntil, now)),
      ),
    )
  await eraseOldExports(db, now)
  // An idle session ended when it became idle for too long.
  const endedAt = sql`least(${sessions.revokedAt}, ${sessions.expiresAt},
    ${sessions.lastUsedAt} + make_interval(hours => ${env().SESSION_IDLE_HOURS}))`
  await db.delete(sessions).where(lt(endedAt, daysAgo(SESSION_DAYS)))
}
