// Sensitive steps ask for the password again, unless it was typed a short while ago.
import { eq } from 'drizzle-orm'
import { accounts } from '../../db/schema/accounts.ts'
import { sessions } from '../../db/schema/auth.ts'
import { database } from '../platform/database.ts'
import { limits } from '../platform/limits.ts'
import { countTry, forgetTries, recordRefused } from '../platform/rate-limits.ts'
import { checkPassword } from './passwords.ts'
import type { Customer } from './sessions.ts'

const FRESH_MS = 10 * 60_000

/** Whether a sensitive form must ask for the password. */
export const needsPassword = (customer: Customer, now: Date): boolean =>
  !customer.passwordCheckedAt || now.getTime() - customer.passwordCheckedAt.getTime() > FRESH_MS

type Refusal = { code: 'passwordMissing' | 'passwordWrong' | 'wait'; seconds?: number }

/**
 * Undefined where the step may go on, else the key of the error, with the seconds to wait where there were too many tries.
 */
export async function confirmPassword(
  customer: Customer,
  typed: string | undefined,
  now: Date,
): Promise<Refusal | undefined> {
  return needsPassword(customer, now) ? askPassword(customer, typed, now) : undefined
}

/** As confirmPassword, however short ago the password was typed. */
export async function askPassword(
  customer: Customer,
  typed: string | undefined,
  now: Date,
): Promise<Refusal | undefined> {
  if (!typed) return { code: 'passwordMissing' }
  const seconds = await countTry(limits.ownPassword(), customer.id)
  if (seconds > 0) return { code: 'wait', seconds }
  const [account] = await database()
    .select({ passwordHash: accounts.passwordHash })
    .from(accounts)
    .where(eq(accounts.id, customer.id))
  if (!(await checkPassword(account?.passwordHash, typed))) {
    await recordRefused({ action: 'password.refused', accountId: customer.id, at: now })
    return { code: 'passwordWrong' }
  }
  await forgetTries(limits.ownPassword(), customer.id)
  await database().update(sessions).set({ passwordCheckedAt: now }).where(eq(sessions.id, customer.sessionId))
  return undefined
}
