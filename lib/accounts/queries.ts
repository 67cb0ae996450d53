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
  const [row] = await database()
    .select({
      firstName: accounts.firstName,
      lastName: accounts.lastName,
      personalNumber: accounts.personalNumber,
      username: accounts.username,
      email: accounts.email,
      emailVerifiedAt: accounts.emailVerifiedAt,
      phone: accounts.phone,
      notifyByEmail: accounts.notifyByEmail,
      notifyBySms: accounts.notifyBySms,
      createdAt: accounts.createdAt,
    })
    .from(accounts)
    .where(eq(accounts.id, customer.id))
  return { ...row!, email: shownEmail(row!.email) }
}

/** The customer's open sessions, the last used first. */
export async function listSessions(customer: Customer, now: Date) {
  return database()
    .select({
      id: sessions.id,
      userAgent: sessions.userAgent,
      address: sessions.address,
      createdAt: sessions.createdAt,
      lastUsedAt: sessions.lastUsedAt,
    })
    .from(sessions)
    .where(
      and(
        eq(sessions.accountId, customer.id),
        isNull(sessions.revokedAt),
        gt(sessions.expiresAt, now),
        gt(sessions.lastUsedAt, new Date(now.getTime() - env().SESSION_IDLE_HOURS * 3_600_000)),
      ),
    )
    .orderBy(desc(sessions.lastUsedAt))
}
