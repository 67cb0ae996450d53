// Forgotten and changed passwords.
import { randomUUID } from 'node:crypto'
import { eq } from 'drizzle-orm'
import type { Database, Executor, Transaction } from '../../db/client.ts'
import { accounts } from '../../db/schema/accounts.ts'
import { type GuessedFault, guessedFault } from '../auth/common-passwords.ts'
import {
  closeCodes,
  findLink,
  issueCode,
  issueUnlessSince,
  takeCode,
  takeLink,
} from '../auth/one-time-codes.ts'
import { checkPassword, hashPassword } from '../auth/passwords.ts'
import { type Customer, type Device, endSessions } from '../auth/sessions.ts'
import { type CodeFailure, hasTwoFactor, passForChange } from '../auth/two-factor.ts'
import { okOnce } from '../forms/answers.ts'
import { notify } from '../notifications/outbox.ts'
import { recordEvent } from '../platform/audit.ts'
import { clock } from '../platform/clock.ts'
import { database } from '../platform/database.ts'
import { env } from '../platform/env.ts'
import { enqueue, type JobPayloads } from '../platform/jobs.ts'
import { limits } from '../platform/limits.ts'
import { countTry, type Wait } from '../platform/rate-limits.ts'
import { fail, ok, type Result } from '../platform/result.ts'
import { seal, unsealStored } from '../platform/seal.ts'
import { knownDevice, rememberDevice } from './devices.ts'
import { takeMail } from './email-verification.ts'
import { type Identifier, identifiedBy, identifierKey } from './identify.ts'
import { type PasswordFault, passwordFault } from './schema.ts'
import { forgetSignInTries } from './sign-in.ts'
import { mayGetCodes, takeAsked, takeOfAll } from './sms-limits.ts'

/** Who has waited longer for a link or a code has asked again. */
const WAIT_MINUTES = 10

/**
 * Begins a reset; its id is for the browser to keep until the code comes. What to send, and whether there is an account, is
 * for a job: the answer, and the time it takes, are the same. A browser that the account has signed in from before is not kept
 * out by what strangers ask for.
 */
export async function requestPasswordReset(
  identifier: string,
  device: Device,
): Promise<{ ok: true; value: string } | Wait> {
  const db = database()
  const key = identifierKey(identifier)
  const [account] = await db.select({ id: accounts.id }).from(accounts).where(identifiedBy(key))
  const isKnown = (await knownDevice(db, account?.id, device)) !== undefined
  if (isKnown) {
    for (const limit of [limits.resetsKnown(), limits.resetsKnownDay()]) {
      const seconds = await countTry(limit, account!.id)
      if (seconds > 0) return { ok: false, code: 'wait', seconds }
    }
  } else {
    const allowed = await takeTyped(key)
    if (!allowed.ok) return allowed
  }
  const resetId = randomUUID()
  const sealed = seal(identifier, 'password resets')
  const requestedAt = clock.now().toISOString()
  return db.transaction(async tx => {
    const payload = { resetId, identifier: sealed, requestedAt, isKnown }
    await enqueue(tx, 'start-password-reset', payload, { urgent: true })
    return okOnce(tx, resetId)
  })
}

/** Whether an account may be sent another link or code, in this hour and on this day, whatever was typed to ask for it. */
async function takeOfAccount(accountId: string): Promise<boolean> {
  const { resetsOfAccount, resetsOfAccountDay } = limits
  return (
    (await countTry(resetsOfAccount(), accountId)) === 0 &&
    (await countTry(resetsOfAccountDay(), accountId)) === 0
  )
}

/**
 * Takes a message from what the address that asks and what was typed may have, whether or not there is an account: the same
 * number or e-mail address is counted the same for other codes, which must not tell the difference.
 */
async function takeTyped({ column, value }: Identifier): Promise<{ ok: true } | Wait> {
  // Which way a code of a username's will go nobody knows yet: it may cost an SMS.
  const asked = await takeAsked(column === 'phone' ? value : undefined)
  if (!asked.ok || column === 'phone') return asked
  if (column === 'email') return takeMail(value)
  const seconds = await countTry(limits.resetsTyped(), value)
  return seconds > 0 ? { ok: false, code: 'wait', seconds } : { ok: true }
}

/**
 * The job: sends a link by e-mail, or a code by SMS to whoever gave a phone number or has no verified address. Nothing where
 * nobody is found, where no message may go, where the account was sent enough whatever was typed (which is told nobody: it would tell whose
 * a number is), or where it comes so late that nobody waits any more. Whoever gets no code gets as many tries of one that nobody
 * is told.
 */
export async function startPasswordReset(
  payload: JobPayloads['start-password-reset'],
  { database: db }: { database: Database },
): Promise<void> {
  const { requestedAt, isKnown } = payload
  if (requestedAt && clock.now().getTime() > Date.parse(requestedAt) + WAIT_MINUTES * 60_000) return
  const identifier = unsealStored(payload.identifier, 'password resets')
  // The queue tries again: it opens once its secret is among the previous ones.
  if (identifier === undefined) throw new Error('Who asked for a new password cannot be opened.')
  const { resetId: subject } = payload
  // Not a second time where the job is done twice.
  const issueOnce = (db: Executor, purpose: 'reset-code' | 'reset-link', accountId?: string) =>
    issueUnlessSince(db, purpose, { subject, accountId }, new Date(0), clock.now())
  const { account, bySms } = await whoseReset(db, identifierKey(identifier), isKnown)
  if (!bySms) await issueOnce(db, 'reset-code')
  if (!account) return
  await db.transaction(async tx => {
    const issued = await issueOnce(tx, bySms ? 'reset-code' : 'reset-link', account.id)
    if (!issued) return
    const { code, minutes } = issued
    const link = `${env().APP_URL}/reset-password/${code}`
    await notify(
      tx,
      account.id,
      bySms ? { kind: 'reset-code', ...issued } : { kind: 'reset-link', link, minutes },
    )
    await recordEvent(tx, { accountId: account.id, action: 'password.reset-requested', at: clock.now() })
  })
}

/** `account`: where it may be sent a code, by SMS, or a link. */
async function whoseReset(
  db: Database,
  key: Identifier,
  isKnown?: boolean,
): Promise<{ account?: { id: string }; bySms?: boolean }> {
  const [account] = await db.select().from(accounts).where(identifiedBy(key))
  if (!account) return {}
  if (!isKnown && !(await takeOfAccount(account.id))) return {}
  const bySms = await isForSms(account, key.column === 'phone')
  return bySms === undefined ? {} : { account, bySms }
}

/** Whether the way to a new password is a code; undefined where there is none. Where no SMS may go, a verified address gets a link. */
async function isForSms(
  { emailVerifiedAt, phone }: typeof accounts.$inferSelect,
  isAsked: boolean,
): Promise<boolean | undefined> {
  if (emailVerifiedAt && !isAsked) return false
  if (mayGetCodes(phone) && (await takeOfAll()).ok) return true
  return emailVerifiedAt ? false : undefined
}

/** Trades the code from the SMS for the token of the page that takes the new password: the same one each time. */
export async function checkResetCode(
  resetId: string,
  code: string,
  now: Date,
): Promise<Result<string, 'codeWrong'>> {
  const used = await takeCode<string, 'codeWrong'>('reset-code', resetId, code, now, async (tx, row) => {
    // One that nobody was told was guessed.
    if (!row.accountId) return fail('codeWrong')
    const given = { subject: resetId, accountId: row.accountId }
    return ok((await issueCode(tx, 'reset-link', given, now)).code)
  })
  // No such reset answers as a wrong code does: that there is none says that there is no account.
  return used.ok ? used : fail('codeWrong')
}

/** Whether a link opens the page for a new password, or has set one already. */
export async function getResetLink(token: string, now: Date): Promise<'open' | 'used' | 'gone'> {
  const link = await findLink(['reset-link'], token, now)
  return link ? (link.usedAt ? 'used' : 'open') : 'gone'
}

/**
 * Sets the new password, once. All sessions end, other resets are worth nothing, the owner is told. Whoever guessed at the old
 * one keeps the owner out no longer: waits end, and the browser is known from now on, unless a second step is to come.
 */
export async function resetPassword(
  token: string,
  newPassword: string,
  device: Device,
  now: Date,
): Promise<Result<undefined, 'gone' | 'linkUsed' | PasswordFault | GuessedFault>> {
  const guessed = await guessedFault(newPassword)
  if (guessed) return fail(guessed)
  const used = await takeLink<string, PasswordFault>(['reset-link'], token, now, async (tx, link) => {
    const [account] = await tx.select().from(accounts).where(eq(accounts.id, link.accountId!))
    const fault = passwordFault(newPassword, account!.username, account!.email)
    if (fault) return fail(fault)
    await setPassword(tx, account!.id, newPassword)
    await endSessions(tx, account!.id, now)
    await recordEvent(tx, { accountId: account!.id, action: 'password.reset', at: now })
    // A known browser has tries of its own, at the second step too: a mailbox alone is to give nobody more of them.
    if (!(await hasTwoFactor(tx, account!.id))) await rememberDevice(tx, account!.id, device, now)
    return ok(account!.id)
  })
  if (!used.ok) return used.code === 'conflict' ? fail('gone') : fail(used.code)
  if (used.again) return fail('linkUsed')
  const [account] = await database().select().from(accounts).where(eq(accounts.id, used.value))
  await forgetSignInTries(account!, await knownDevice(database(), account!.id, device))
  return ok(undefined)
}

async function setPassword(tx: Transaction, accountId: string, newPassword: string): Promise<void> {
  await tx
    .update(accounts)
    .set({ passwordHash: await hashPassword(newPassword) })
    .where(eq(accounts.id, accountId))
  await closeResets(tx, accountId)
  await notify(tx, accountId, { kind: 'password-changed' })
}

/** Makes all links and codes for a new password worth nothing. */
export const closeResets = (tx: Transaction, accountId: string): Promise<void> =>
  closeCodes(tx, accountId, ['reset-code', 'reset-link'])

/**
 * Changes the password of a signed-in customer, whose present one was asked for before; where there is a second step against
 * its code too. All their other sessions end.
 */
export async function changePassword(
  customer: Customer,
  input: { currentPassword: string; newPassword: string; username: string; secondCode?: string },
  now: Date,
): Promise<
  Result<
    undefined,
    'usernameWrong' | 'passwordWrong' | PasswordFault | GuessedFault | 'secondCodeMissing' | CodeFailure
  >
> {
  const db = database()
  const [account] = await db.select().from(accounts).where(eq(accounts.id, customer.id))
  if (account?.username !== input.username) return fail('usernameWrong')
  const fault = passwordFault(input.newPassword, account.username, account.email)
  if (fault) return fail(fault)
  const guessed = await guessedFault(input.newPassword)
  if (guessed) return fail(guessed)
  return db.transaction(async tx => {
    const [locked] = await tx.select().from(accounts).where(eq(accounts.id, account.id)).for('update')
    // Somebody may have changed it since it was asked for.
    if (!(await checkPassword(locked!.passwordHash, input.currentPassword))) return fail('passwordWrong')
    const passed = await passForChange(tx, customer, input.secondCode, now)
    if (!passed.ok) return passed
    await setPassword(tx, account.id, input.newPassword)
    await endSessions(tx, account.id, now, { but: customer.sessionId })
    await recordEvent(tx, { accountId: account.id, action: 'password.changed', at: now })
    return okOnce(tx, undefined)
  })
}
