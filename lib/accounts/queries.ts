// What the account pages show.
import { and, desc, eq, gt, isNull } from 'drizzle-orm'
import { accounts } from '../../db/schema/accounts.ts'
import { sessions } from '../../db/schema/auth.ts'
import type { Customer } from '../auth/sessions.ts'
import { database } from '../platform/database.ts'
import { shownEmail } from '../platform/emails.ts'
import { env } from '../platform/env.ts'

/** The customer's own details. */
export async function getAccount(customer: Customer) {
  const { id, firstName, lastName, personalNumber, username, email, emailVerifiedAt, phone } = accounts
  const { notifyByEmail, notifyBySms } = accounts
  const person = { firstName, lastName, personalNumber, username, email, emailVerifiedAt, phone }
  const [row] = await database()
    .select({ ...person, notifyByEmail, notifyBySms })
    .from(accounts)
    .where(eq(id, customer.id))
  return { ...row!, email: shownEmail(row!.email) }
}

/** The customer's open sessions, the last used first. */
export async function listSessions(customer: Customer, now: Date) {
  const { id, accountId, userAgent, address, createdAt, lastUsedAt, revokedAt, expiresAt } = sessions
  const usedAfter = new Date(now.getTime() - env().SESSION_IDLE_HOURS * 3_600_000)
  const open = and(isNull(revokedAt), gt(expiresAt, now), gt(lastUsedAt, usedAfter))
  return database()
    .select({ id, userAgent, address, createdAt, lastUsedAt })
    .from(sessions)
    .where(and(eq(accountId, customer.id), open))
    .orderBy(desc(lastUsedAt))
}
