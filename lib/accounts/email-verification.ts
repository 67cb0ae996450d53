// The e-mail address of an account: it counts once somebody who reads its mail says so.
import { and, eq, isNull } from 'drizzle-orm'
import type { Executor } from '../../db/client.ts'
import { accounts } from '../../db/schema/accounts.ts'
import { findLink, issueCode, type OneTimeCode, takeLink, type Used } from '../auth/one-time-codes.ts'
import type { Customer } from '../auth/sessions.ts'
import { okOnce } from '../forms/answers.ts'
import { notify, sendMessage } from '../notifications/outbox.ts'
import { recordEvent } from '../platform/audit.ts'
import { database } from '../platform/database.ts'
import { env } from '../platform/env.ts'
import { limits } from '../platform/limits.ts'
import { countTry, type Wait } from '../platform/rate-limits.ts'
import { fail, ok, type Result } from '../platform/result.ts'

type Account = Pick<typeof accounts.$inferSelect, 'id' | 'email' | 'language'>

/** Sends the link that verifies an account's address. The mail names nobody: whose mailbox it is nobody knows yet. */
export async function sendVerification(
  db: Executor,
  { id, email, language }: Account,
  now: Date,
): Promise<void> {
  const { code, minutes } = await issueCode(db, 'verify-email', { accountId: id, about: email }, now)
  const link = `${env().APP_URL}/account/contact/verify/${code}`
  const recipient = { to: email, language: language, accountId: id }
  await sendMessage(db, recipient, { kind: 'verify-email', link, days: minutes / (24 * 60) })
}

/** Counts an e-mail to an address that nobody has verified, whoever asks for it: mailboxes are not to be flooded. */
export async function takeMail(email: string): Promise<{ ok: true; value: undefined } | Wait> {
  const seconds = await countTry(limits.mailsToAddress(), email)
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
  return db.transaction(async tx => {
    await sendVerification(tx, account, now)
    return okOnce(tx, undefined)
  })
}

/** The account that a link is for and its address, as long as it has that address; undefined where the link is worth nothing. */
export async function getVerification(token: string, now: Date) {
  const link = await findLink(['verify-email'], token, now)
  if (!link) return undefined
  const { email, emailVerifiedAt } = accounts
  const [account] = await database().select({ email, emailVerifiedAt }).from(accounts).where(addressOf(link))
  return account
}

/** The account of a link while it has the address that the link went to. */
const addressOf = ({ accountId, about }: OneTimeCode) =>
  and(eq(accounts.id, accountId!), eq(accounts.email, about!), isNull(accounts.closedAt))

/**
 * Lets the address count; a link followed again has done it already. `conflict`: another account was faster; nobody is
 * told but who reads the address's mail.
 */
export const verifyEmail = (token: string, now: Date): Promise<Used<undefined, 'gone' | 'conflict'>> =>
  takeLink<undefined, 'gone'>(['verify-email'], token, now, async (tx, link) => {
    const [account] = await tx.select().from(accounts).where(addressOf(link))
    if (!account) return fail('gone')
    // By another link.
    if (account.emailVerifiedAt) return ok(undefined)
    await tx
      .update(accounts)
      .set({ emailVerifiedAt: now, emailUndeliverableAt: null })
      .where(eq(accounts.id, account.id))
    await recordEvent(tx, { accountId: account.id, action: 'email.verified', at: now })
    await notify(tx, account.id, { kind: 'welcome' })
    return ok(undefined)
  })
