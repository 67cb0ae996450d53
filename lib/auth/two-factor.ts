// The second step at sign-in: set up with an authenticator app, passed with its code or a recovery code, turned off.
import { and, count, eq, inArray, isNotNull } from 'drizzle-orm'
import type { Executor, Transaction } from '../../db/client.ts'
import { accounts } from '../../db/schema/accounts.ts'
import { recoveryCodes, sessions, staffMembers, twoFactors } from '../../db/schema/auth.ts'
import { passkeys } from '../../db/schema/passkeys.ts'
import { okOnce } from '../forms/answers.ts'
import { notify } from '../notifications/outbox.ts'
import { recordEvent } from '../platform/audit.ts'
import { database } from '../platform/database.ts'
import { fail, ok, type Result } from '../platform/result.ts'
import { resealEach, seal, unsealStored } from '../platform/seal.ts'
import { isChangeCode } from './demonstration-codes.ts'
import { closeCodes, fitsCode } from './one-time-codes.ts'
import { newRecoveryCodes, recoveryHash, recoveryHashes } from './recovery-codes.ts'
import { type Customer, endSessions } from './sessions.ts'
import { counterOf, newSecret } from './totp.ts'

const PURPOSE = 'second steps'
/** So long the app may take to show its first code; the secret is not shown any longer. */
const BEGUN_MS = 30 * 60_000

/** `twoFactorUnreadable`: nothing can be said of the code, because the account's secret does not open. The fault is ours. */
export type CodeFailure = 'secondCodeWrong' | 'twoFactorUnreadable'

type Account = { id: string }

/** `begun`: the app has not shown its first code yet; the secret is told only then. */
export type TwoFactor =
  | { state: 'off' }
  | { state: 'begun'; secret: string }
  | { state: 'on'; since: Date; recoveryCodes: number }

export async function getTwoFactor(customer: Pick<Customer, 'id'>, now: Date): Promise<TwoFactor> {
  const [row] = await database()
    .select({
      sealedSecret: twoFactors.sealedSecret,
      confirmedAt: twoFactors.confirmedAt,
      createdAt: twoFactors.createdAt,
      recoveryCodes: count(recoveryCodes.codeHash),
    })
    .from(twoFactors)
    .leftJoin(recoveryCodes, eq(recoveryCodes.accountId, twoFactors.accountId))
    .where(eq(twoFactors.accountId, customer.id))
    .groupBy(twoFactors.accountId)
  if (!row) return { state: 'off' }
  if (row.confirmedAt) return { state: 'on', since: row.confirmedAt, recoveryCodes: row.recoveryCodes }
  const secret = isFresh(row.createdAt, now) ? unsealStored(row.sealedSecret, PURPOSE) : undefined
  return secret ? { state: 'begun', secret } : { state: 'off' }
}

const isFresh = (createdAt: Date, now: Date): boolean => now.getTime() - createdAt.getTime() < BEGUN_MS

/**
 * Makes a secret for the app. It counts for nothing before its first code (confirmTwoFactor). Members of staff need the
 * invitation that came with their role: whoever has no more than their password gets no further.
 */
export async function beginTwoFactor(
  customer: Customer,
  now: Date,
  invitationCode = '',
): Promise<Result<undefined, 'isOn' | 'invitationWrong'>> {
  return database().transaction(async tx => {
    await lockAccount(tx, customer)
    if (await hasTwoFactor(tx, customer.id)) return fail('isOn')
    // The role as it is now: a session may be older.
    const isStaff = await tx.$count(staffMembers, eq(staffMembers.accountId, customer.id))
    if (isStaff && !(await fitsCode(tx, 'invitation', customer.id, invitationCode, now))) {
      return fail('invitationWrong')
    }
    await tx.delete(twoFactors).where(eq(twoFactors.accountId, customer.id))
    await addSecret(tx, customer.id, newSecret(), now)
    return okOnce(tx, undefined)
  })
}

/** Stores a secret; `confirmedAt` where it counts at once. */
export async function addSecret(
  db: Executor,
  accountId: string,
  secret: string,
  now: Date,
  confirmedAt?: Date,
): Promise<void> {
  const sealedSecret = seal(secret, PURPOSE)
  await db.insert(twoFactors).values({ accountId, sealedSecret, createdAt: now, confirmedAt })
}

/**
 * Takes the app's first code: from then on every sign-in asks for one. This session has passed it, all others end. The
 * value is the recovery codes, which are told only here.
 */
export async function confirmTwoFactor(
  customer: Customer,
  code: string,
  now: Date,
): Promise<Result<string[], 'gone' | 'appCodeWrong'>> {
  return database().transaction(async tx => {
    await lockAccount(tx, customer)
    const [row] = await tx.select().from(twoFactors).where(eq(twoFactors.accountId, customer.id))
    if (!row || row.confirmedAt || !isFresh(row.createdAt, now)) return fail('gone')
    const secret = unsealStored(row.sealedSecret, PURPOSE)
    // Its page begins anew.
    if (!secret) return fail('gone')
    const lastCounter = counterOf(secret, code, now)
    if (!lastCounter) return fail('appCodeWrong')
    await tx
      .update(twoFactors)
      .set({ confirmedAt: now, lastCounter })
      .where(eq(twoFactors.accountId, customer.id))
    await closeCodes(tx, customer.id, ['invitation'])
    await tx.update(sessions).set({ twoFactorAt: now }).where(eq(sessions.id, customer.sessionId))
    await endSessions(tx, customer.id, now, { but: customer.sessionId })
    const codes = await replaceRecoveryCodes(tx, customer.id, secret)
    await recordEvent(tx, { accountId: customer.id, action: 'second-step.on', at: now })
    await notify(tx, customer.id, { kind: 'second-step-on' })
    return okOnce(tx, codes)
  })
}

/** New recovery codes for old ones, against a code of the app or one of the old. */
export async function renewRecoveryCodes(
  customer: Customer,
  code: string,
  now: Date,
): Promise<Result<string[], CodeFailure>> {
  return database().transaction(async tx => {
    await lockAccount(tx, customer)
    const passed = await passTwoFactor(tx, customer, code, now)
    if (!passed.ok) return passed
    const codes = await replaceRecoveryCodes(tx, customer.id, passed.value.secret)
    await recordEvent(tx, { accountId: customer.id, action: 'second-step.codes-renewed', at: now })
    await notify(tx, customer.id, { kind: 'recovery-codes-renewed' })
    return okOnce(tx, codes)
  })
}

/** Turns it off, against a code: there are no recovery codes any more. No session counts as having passed one after that. */
export async function turnOffTwoFactor(
  customer: Customer,
  code: string,
  now: Date,
): Promise<Result<string[], CodeFailure>> {
  return database().transaction(async tx => {
    await lockAccount(tx, customer)
    const passed = await passTwoFactor(tx, customer, code, now)
    if (!passed.ok) return passed
    await removeTwoFactor(tx, customer, customer.id, now)
    return okOnce(tx, [])
  })
}

/**
 * Deletes all of it, passkeys too, and tells the owner, by `tells`. Whoever calls it has made sure that it may be done. `by`: an account; none by
 * command line.
 */
export async function removeTwoFactor(
  tx: Transaction,
  account: Account,
  by: string | undefined,
  now: Date,
  tells: 'second-step-off' | 'second-step-lifted' = 'second-step-off',
): Promise<void> {
  await tx.delete(twoFactors).where(eq(twoFactors.accountId, account.id))
  await tx.delete(passkeys).where(eq(passkeys.accountId, account.id))
  await tx.update(sessions).set({ twoFactorAt: null }).where(eq(sessions.accountId, account.id))
  const subject = `account:${account.id}`
  await recordEvent(tx, { accountId: by, action: 'second-step.off', subject, at: now })
  await notify(tx, account.id, { kind: tells })
}

/**
 * Whether the code is one of the app's or a recovery code, which is used up by it: a code of the app, and those before
 * it, are never taken again. Lock the account before: two at once must not pass with the same code.
 */
export async function passTwoFactor(
  tx: Transaction,
  account: Account,
  code: string,
  now: Date,
): Promise<Result<{ how: 'app' | 'recovery'; secret: string }, CodeFailure>> {
  const [row] = await tx.select().from(twoFactors).where(eq(twoFactors.accountId, account.id))
  if (!row?.confirmedAt) return fail('secondCodeWrong')
  const secret = unsealStored(row.sealedSecret, PURPOSE)
  if (!secret) return fail('twoFactorUnreadable')
  if (!/^\d{6}$/.test(code)) {
    const taken = await takeRecoveryCode(tx, account, recoveryHashes(secret, account.id, code), now)
    return taken ? ok({ how: 'recovery', secret }) : fail('secondCodeWrong')
  }
  const counter = counterOf(secret, code, now)
  if (!counter || (row.lastCounter !== null && counter <= row.lastCounter)) return fail('secondCodeWrong')
  await tx.update(twoFactors).set({ lastCounter: counter }).where(eq(twoFactors.accountId, account.id))
  return ok({ how: 'app', secret })
}

/**
 * Passes a change of the account at once where it has no second step, else against a code (`secondCodeMissing` where none was
 * typed). Call it with the account locked, last before the change: a code counts once.
 */
export async function passForChange(
  tx: Transaction,
  customer: Customer,
  code: string | undefined,
  now: Date,
): Promise<Result<undefined, CodeFailure | 'secondCodeMissing'>> {
  if (!(await hasTwoFactor(tx, customer.id))) return ok(undefined)
  if (!code) return fail('secondCodeMissing')
  if (await isChangeCode(tx, customer, code, now)) return ok(undefined)
  const passed = await passTwoFactor(tx, customer, code, now)
  return passed.ok ? ok(undefined) : passed
}

/** What passForChange would say; nothing is used up. */
export async function wouldPassForChange(
  customer: Customer,
  code: string | undefined,
  now: Date,
): ReturnType<typeof passForChange> {
  let passed: Awaited<ReturnType<typeof passForChange>> | undefined
  // Not drizzle's own: the framework loads its class once per bundle.
  const rollback = new Error('rollback')
  try {
    await database().transaction(async tx => {
      passed = await passForChange(tx, customer, code, now)
      throw rollback
    })
  } catch (error) {
    if (error !== rollback) throw error
  }
  return passed!
}

async function takeRecoveryCode(
  tx: Transaction,
  account: Account,
  hashes: string[],
  now: Date,
): Promise<boolean> {
  const used = await tx
    .delete(recoveryCodes)
    .where(and(eq(recoveryCodes.accountId, account.id), inArray(recoveryCodes.codeHash, hashes)))
    .returning({ accountId: recoveryCodes.accountId })
  if (used.length === 0) return false
  const left = await tx.$count(recoveryCodes, eq(recoveryCodes.accountId, account.id))
  await recordEvent(tx, {
    accountId: account.id,
    action: 'second-step.recovery-code-used',
    details: { left },
    at: now,
  })
  await notify(tx, account.id, { kind: 'recovery-code-used', left })
  return true
}

async function replaceRecoveryCodes(tx: Transaction, accountId: string, secret: string): Promise<string[]> {
  const codes = newRecoveryCodes()
  await tx.delete(recoveryCodes).where(eq(recoveryCodes.accountId, accountId))
  await tx
    .insert(recoveryCodes)
    .values(codes.map(code => ({ accountId, codeHash: recoveryHash(secret, code) })))
  return codes
}

/** Whether sign-ins of the account ask for a code. */
export async function hasTwoFactor(tx: Transaction, accountId: string): Promise<boolean> {
  const confirmed = and(eq(twoFactors.accountId, accountId), isNotNull(twoFactors.confirmedAt))
  return (await tx.$count(twoFactors, confirmed)) > 0
}

/** Signing in locks the same row: no session begins beside a change. */
export async function lockAccount(tx: Transaction, { id }: Account): Promise<void> {
  await tx.select({ id: accounts.id }).from(accounts).where(eq(accounts.id, id)).for('update')
}

/** Seals every account's secret under AUTH_SECRET that is not yet (npm run reseal). */
export async function resealTwoFactors(): Promise<{ sealed: number; unreadable: number }> {
  const { accountId, sealedSecret: sealed } = twoFactors
  const rows = await database().select({ accountId, sealed }).from(twoFactors)
  return resealEach(rows, PURPOSE, (row, sealedSecret) =>
    database()
      .update(twoFactors)
      .set({ sealedSecret })
      // One that was set up anew meanwhile is sealed as it should be.
      .where(and(eq(accountId, row.accountId), eq(sealed, row.sealed))),
  )
}
