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
export const setStaffRole = (
  username: string,
  role: StaffRole | 'none',
  billerCodes: readonly BillerCode[],
  now: Date,
) =>
  withAccount(username, async (tx, accountId) => {
    await tx.delete(staffMembers).where(eq(staffMembers.accountId, accountId))
    if (role !== 'none') {
      await tx.insert(staffMembers).values({ accountId, role, createdAt: now })
      const chosen = await tx
        .select({ billerId: billers.id })
        .from(billers)
        .where(inArray(billers.code, billerCodes))
      await tx.insert(staffBillers).values(chosen.map(({ billerId }) => ({ accountId, billerId })))
    }
    await recordEvent(tx, {
      action: 'staff.role-set',
      subject: `account:${accountId}`,
      details: { role, billers: billerCodes.join(' ') },
      at: now,
    })
    await endSessions(tx, accountId, now)
    await tx
      .delete(twoFactors)
      .where(and(eq(twoFactors.accountId, accountId), isNull(twoFactors.confirmedAt)))
    return invite(tx, accountId, now)
  })

/** A new invitation, where the one before has expired or was lost. */
export const inviteStaff = (username: string, now: Date) =>
  withAccount(username, (tx, accountId) => invite(tx, accountId, now))

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
export const resetTwoFactor = (username: string, now: Date) =>
  withAccount(username, async (tx, id) => {
    await removeTwoFactor(tx, { id }, undefined, now)
    await endSessions(tx, id, now)
    return invite(tx, id, now)
  })

/** Signs an account out everywhere, where its owner cannot: a lost phone, or somebody else in it. */
export const signOutEverywhere = (username: string, now: Date) =>
  withAccount(username, async (tx, accountId) => {
    await endSessions(tx, accountId, now)
    await recordEvent(tx, { action: 'sessions.ended', subject: `account:${accountId}`, at: now })
    return undefined
  })

/** Runs a change of an open account, whose row is locked. */
const withAccount = <Value>(
  username: string,
  change: (tx: Transaction, accountId: string) => Promise<Value>,
): Promise<Result<Value, 'noAccount'>> =>
  database().transaction(async tx => {
    const [account] = await tx
      .select({ id: accounts.id })
      .from(accounts)
      .where(and(eq(accounts.username, username), isNull(accounts.closedAt)))
      .for('update')
    return account ? ok(await change(tx, account.id)) : fail('noAccount')
  })
