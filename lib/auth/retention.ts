// Forgets what signing in leaves behind.
import { eq, lt, sql } from 'drizzle-orm'
import type { Database, Transaction } from '../../db/client.ts'
import { oneTimeCodes, sessions, twoFactors } from '../../db/schema/auth.ts'
import { passkeys } from '../../db/schema/passkeys.ts'
import { env } from '../platform/env.ts'
import { daysBefore, purge } from '../platform/purge.ts'
import { endSessions } from './sessions.ts'

/** How long the access log can still say from which browser a sign-in came. */
const SESSION_DAYS = 90

/** Deletes the sessions that ended more than 90 days ago. An idle one ended when it became idle for too long. */
export async function forgetEndedSessions(db: Database, now: Date): Promise<void> {
  const endedBefore = daysBefore(now, SESSION_DAYS)
  const ended = sql`least(${sessions.revokedAt}, ${sessions.expiresAt})`
  await purge(db, sessions, ended, sql`${ended} < ${endedBefore.toISOString()}`)
  const { lastUsedAt } = sessions
  const idleSince = new Date(endedBefore.getTime() - env().SESSION_IDLE_HOURS * 3_600_000)
  await purge(db, sessions, lastUsedAt, lt(lastUsedAt, idleSince))
}

/** Of an account that is being closed: ends its sessions, and forgets from where they came, its codes and its second step. */
export async function forgetSignIns(tx: Transaction, accountId: string, now: Date): Promise<void> {
  await endSessions(tx, accountId, now)
  await tx.update(sessions).set({ userAgent: null, address: null }).where(eq(sessions.accountId, accountId))
  await tx.delete(oneTimeCodes).where(eq(oneTimeCodes.accountId, accountId))
  await tx.delete(twoFactors).where(eq(twoFactors.accountId, accountId))
  await tx.delete(passkeys).where(eq(passkeys.accountId, accountId))
}
