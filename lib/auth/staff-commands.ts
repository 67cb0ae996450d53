// Makes accounts members of staff, invites them to set up their second step, and helps those who lost it. By command line
// only (bin/staff.ts).

import { and, eq, inArray, isNotNull, isNull } from 'drizzle-orm'
import type { Transaction } from '../../db/client.ts'
import { accounts } from '../../db/schema/accounts.ts'
import { staffBillers, staffMembers, twoFactors } from '../../db/schema/auth.ts'
import { billers } from '../../db/schema/billers.ts'
import type { BillerCode } from '../billers/contract-codes.ts'
import { recordEvent } from '../platform/audit.ts'
import { database } from '../platform/database.ts'
import { fail, ok, type Result } from '../platform/result.ts'
import { closeCodes, issueCode } from './one-time-codes.ts'
import { endSessions } from './sessions.ts'
import type { StaffRole } from './staff.ts'
import { removeTwoFactor } from './two-factor.ts'

/** `invitation`: the code with which the second step can be set up; undefined where there is one, or no role. */
type Invited = { invitation: string | undefined }

/**
 * Gives an account a role for some billers (their codes), in place of what it had; `none` takes all of it away. Its sessions
 * end, and so does a second step that was begun: what was begun with a password alone must not become staff's.
 */
export async function setStaffRole(
  username: string,
  role: StaffRole | 'none',
  billerCodes: readonly BillerCode[],
  now: Date,
): Promise<Result<Invited, 'noAccount'>> {
  return database().transaction(async tx => {
    const account = await lockAccount(tx, username)
    if (!account) return fail('noAccount')
    await tx.delete(staffMembers).where(eq(staffMembers.accountId, account.id))
    if (role !== 'none') {
      await tx.insert(staffMembers).values({ accountId: account.id, role, createdAt: now })
      const chosen = await tx
        .select({ billerId: billers.id })
        .from(billers)
        .where(inArray(billers.code, billerCodes))
      await tx
        .insert(staffBillers)
        .values(chosen.map(({ billerId }) => ({ accountId: account.id, billerId })))
    }
    await recordEvent(tx, {
      action: 'staff.role-set',
      subject: `account:${account.id}`,
      details: { role, billers: billerCodes.join(' ') },
      at: now,
    })
    await endSessions(tx, account.id, now)
    await tx
      .delete(twoFactors)
      .where(and(eq(twoFactors.accountId, account.id), isNull(twoFactors.confirmedAt)))
    return ok(await invite(tx, account.id, now))
  })
}

/** A new invitation, where the one before has expired or was lost. */
export async function inviteStaff(username: string, now: Date): Promise<Result<Invited, 'noAccount'>> {
  return database().transaction(async tx => {
    const account = await lockAccount(tx, username)
    return account ? ok(await invite(tx, account.id, now)) : fail('noAccount')
  })
}

async function invite(tx: Transaction, accountId: string, now: Date): Promise<Invited> {
  await closeCodes(tx, accountId, ['invitation'])
  const [invited] = await tx
    .select({ accountId: staffMembers.accountId })
    .from(staffMembers)
    .leftJoin(twoFactors, and(eq(twoFactors.accountId, accountId), isNotNull(twoFactors.confirmedAt)))
    .where(and(eq(staffMembers.accountId, accountId), isNull(twoFactors.accountId)))
  if (!invited) return { invitation: undefined }
  await recordEvent(tx, { action: 'staff.invited', subject: `account:${accountId}`, at: now })
  const { code } = await issueCode(tx, 'invitation', { subject: accountId, accountId }, now)
  return { invitation: code }
}

/** Removes the second step of whoever has lost phone and recovery codes: all sessions end, the owner is told. */
export async function resetTwoFactor(username: string, now: Date): Promise<Result<Invited, 'noAccount'>> {
  return database().transaction(async tx => {
    const account = await lockAccount(tx, username)
    if (!account) return fail('noAccount')
    await removeTwoFactor(tx, account, undefined, now)
    await endSessions(tx, account.id, now)
    return ok(await invite(tx, account.id, now))
  })
}

/** Signs an account out everywhere, where its owner cannot: a lost phone, or somebody else in it. */
export async function signOutEverywhere(
  username: string,
  now: Date,
): Promise<Result<undefined, 'noAccount'>> {
  return database().transaction(async tx => {
    const account = await lockAccount(tx, username)
    if (!account) return fail('noAccount')
    await endSessions(tx, account.id, now)
    await recordEvent(tx, { action: 'sessions.ended', subject: `account:${account.id}`, at: now })
    return ok(undefined)
  })
}

async function lockAccount(tx: Transaction, username: string) {
  const [account] = await tx
    .select()
    .from(accounts)
    .where(and(eq(accounts.username, username), isNull(accounts.closedAt)))
    .for('update')
  return account
}
