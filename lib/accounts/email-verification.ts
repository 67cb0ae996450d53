// The e-mail address of an account: it counts once somebody who reads its mail says so.
import { createHash } from 'node:crypto'
import { and, eq, isNull } from 'drizzle-orm'
import type { Executor } from '../../db/client.ts'
import { accounts } from '../../db/schema/accounts.ts'
import type { Customer } from '../auth/sessions.ts'
import { notify, sendMessage } from '../notifications/outbox.ts'
import { recordEvent } from '../platform/audit.ts'
import { database } from '../platform/database.ts'
import { env } from '../platform/env.ts'
import { countTry, type Wait } from '../platform/rate-limits.ts'
import { fail, ok, type Result } from '../platform/result.ts'
import { seal, unseal } from '../platform/seal.ts'

const LINK_DAYS = 7
const PURPOSE = 'e-mail verification'

type Account = Pick<typeof accounts.$inferSelect, 'id' | 'email' | 'language'>

/** Sends the link that verifies an account's address. The mail names nobody: whose mailbox it is nobody knows yet. */
export async function sendVerification(db: Executor, account: Account, now: Date): Promise<void> {
  const until = now.getTime() + LINK_DAYS * 86_400_000
  const token = seal(`${account.id} ${until} ${markOf(account.email)}`, PURPOSE)
  const link = `${env().APP_URL}/account/contact/verify/${token}`
  const recipient = { to: account.email, language: account.language, accountId: account.id }
  await sendMessage(db, recipient, { kind: 'verify-email', link, days: LINK_DAYS })
}

/** Tells one address from another; inside the seal, where nobody reads it. */
const markOf = (email: string): string => createHash('sha256').update(email).digest('base64url').slice(0, 22)

/** Counts an e-mail to an address that nobody has verified, whoever asks for it: mailboxes are not to be flooded. */
export async function takeMail(email: string): Promise<{ ok: true; value: undefined } | Wait> {
  const limit = { name: 'mails-to-address', points: env().LIMIT_CODE_SENDS_PER_HOUR, seconds: 3600 }
  const seconds = await countTry(limit, email)
  return seconds > 0 ? { ok: false, code: 'wait', seconds } : ok(undefined)
}

/** Sends the link again. */
export async function requestVerification(
  customer: Customer,
  now: Date,
): Promise<Result<undefined, 'verified'> | Wait> {
  const db = database()
  const [account] = await db.select().from(accounts).where(eq(accounts.id, customer.id))
  if (!account || account.emailVerifiedAt) return fail('verified')
  const allowed = await takeMail(account.email)
  if (!allowed.ok) return allowed
  await db.transaction(tx => sendVerification(tx, account, now))
  return ok(undefined)
}

/** The account that a link is for and its address, as long as it has that address; undefined where the link is worth nothing. */
export async function getVerification(token: string, now: Date) {
  const [id, until, mark] = unseal(token, PURPOSE)?.split(' ') ?? []
  if (!id || Number(until) <= now.getTime()) return undefined
  const [account] = await database()
    .select()
    .from(accounts)
    .where(and(eq(accounts.id, id), isNull(accounts.closedAt)))
  return account && markOf(account.email) === mark ? account : undefined
}

/**
 * Lets the address count. A link followed twice has done it already. `emailTaken`: another account was faster; nobody is
 * told but who reads the address's mail.
 */
export async function verifyEmail(
  token: string,
  now: Date,
): Promise<Result<undefined, 'gone' | 'emailTaken'>> {
  const found = await getVerification(token, now)
  if (!found) return fail('gone')
  if (found.emailVerifiedAt) return ok(undefined)
  try {
    await database().transaction(async tx => {
      const [account] = await tx
        .update(accounts)
        .set({ emailVerifiedAt: now })
        .where(
          and(
            eq(accounts.id, found.id),
            eq(accounts.email, found.email),
            isNull(accounts.emailVerifiedAt),
            isNull(accounts.closedAt),
          ),
        )
        .returning()
      if (!account) return
      await recordEvent(tx, { accountId: account.id, action: 'email.verified', at: now })
      await notify(tx, account.id, { kind: 'welcome' })
    })
  } catch (error) {
    if ((error as { cause?: { code?: string } }).cause?.code === '23505') return fail('emailTaken')
    throw error
  }
  return ok(undefined)
}
