// What the account pages show.
import { and, desc, eq, gt, isNull, sql } from 'drizzle-orm'
import { accounts } from '../../db/schema/accounts.ts'
import { sessions, twoFactors } from '../../db/schema/auth.ts'
import type { Customer } from '../auth/sessions.ts'
import { database } from '../platform/database.ts'
import { shownEmail } from '../platform/emails.ts'
import { env } from '../platform/env.ts'

/** The customer's own details, whether sign-in takes a second step, and in how many sessions it is open. */
export async function getAccount(customer: Customer, now: Date) {
  const { id, firstName, lastName, personalNumber, username, email, emailVerifiedAt, phone } = accounts
  const person = { firstName, lastName, personalNumber, username, email, emailVerifiedAt, phone }
  const [row] = await database()
    .select({
      ...person,
      twoFactor: sql<boolean>`exists (select from ${twoFactors} where ${eq(twoFactors.accountId, customer.id)}
        and ${twoFactors.confirmedAt} is not null)`,
      sessions: sql<number>`(select count(*)::int from ${sessions} where ${openOf(customer, now)})`,
    })
    .from(accounts)
    .where(eq(id, customer.id))
  return { ...row!, email: shownEmail(row!.email) }
}

function openOf(customer: Customer, now: Date) {
  const usedAfter = new Date(now.getTime() - env().SESSION_IDLE_HOURS * 3_600_000)
  const { accountId, revokedAt, expiresAt, lastUsedAt } = sessions
  return and(eq(accountId, customer.id), isNull(revokedAt), gt(expiresAt, now), gt(lastUsedAt, usedAfter))
}

/** The customer's open sessions, the last used first. */
export async function listSessions(customer: Customer, now: Date) {
  const { id, userAgent, address, createdAt, lastUsedAt } = sessions
  return database()
    .select({ id, userAgent, address, createdAt, lastUsedAt })
    .from(sessions)
    .where(openOf(customer, now))
    .orderBy(desc(lastUsedAt))
}
