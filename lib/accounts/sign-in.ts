// Signing in with a username, an e-mail address or a phone number.
import { and, eq, isNull } from 'drizzle-orm'
import { accounts } from '../../db/schema/accounts.ts'
import { checkPassword } from '../auth/passwords.ts'
import { beginSession, type Device } from '../auth/sessions.ts'
import { recordEvent } from '../platform/audit.ts'
import { database } from '../platform/database.ts'
import { env } from '../platform/env.ts'
import { countTry, forgetTries } from '../platform/rate-limits.ts'
import { rememberDevice } from './devices.ts'
import { identifierKey } from './identify.ts'

const QUARTER_HOUR = 15 * 60

type SignInResult =
  | { ok: true; value: string }
  | { ok: false; code: 'wrong' }
  | { ok: false; code: 'wait'; seconds: number }

/**
 * Checks identifier and password; the value is a new session's id. The answer and the time it takes are the same
 * whether or not the account exists. Tries are counted for the identifier and for the address.
 */
export async function signInWithPassword(
  identifier: string,
  password: string,
  device: Device,
  now: Date,
): Promise<SignInResult> {
  const key = identifierKey(identifier)
  const perAccount = {
    name: 'sign-in-account',
    points: env().LIMIT_SIGN_IN_PER_ACCOUNT,
    seconds: QUARTER_HOUR,
  }
  const perAddress = {
    name: 'sign-in-address',
    points: env().LIMIT_SIGN_IN_PER_ADDRESS,
    seconds: QUARTER_HOUR,
  }
  const seconds = Math.max(
    await countTry(perAccount, `${key.column} ${key.value}`),
    await countTry(perAddress, device.address ?? ''),
  )
  if (seconds > 0) return { ok: false, code: 'wait', seconds }

  const db = database()
  const [account] = await db
    .select({
      id: accounts.id,
      email: accounts.email,
      firstName: accounts.firstName,
      language: accounts.language,
      passwordHash: accounts.passwordHash,
    })
    .from(accounts)
    .where(and(eq(accounts[key.column], key.value), isNull(accounts.closedAt)))
  if (!(await checkPassword(account?.passwordHash, password)) || !account) return { ok: false, code: 'wrong' }
  const sessionId = await db.transaction(async tx => {
    await recordEvent(tx, {
      accountId: account.id,
      action: 'session.begun',
      address: device.address,
      at: now,
    })
    await rememberDevice(tx, account, device, now)
    return beginSession(tx, account.id, device, now)
  })
  await forgetTries(perAccount, `${key.column} ${key.value}`)
  return { ok: true, value: sessionId }
}
