// Makes accounts members of staff, invites them to set up their second step, and helps those who lost it: by command line
// (bin/staff.ts), or by the word of their company's directory.

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
    await replaceRole(tx, accountId, { role, billers: billerCodes }, now)
    await tx
      .delete(twoFactors)
      .where(and(eq(twoFactors.accountId, accountId), isNull(twoFactors.confirmedAt)))
    return invite(tx, accountId, now)
  })

/**
 * Gives an account, whose row is locked, this role for these billers in place of what it had, where that was other: then its
 * sessions end. `directory`: whose word it is.
 */
export async function followDirectory(
  tx: Transaction,
  accountId: string,
  given: { role: StaffRole | 'none'; billers: readonly BillerCode[] },
  directory: string,
  now: Date,
): Promise<void> {
  const before = await tx
    .select({ role: staffMembers.role, code: billers.code })
    .from(staffMembers)
    .innerJoin(staffBillers, eq(staffBillers.accountId, staffMembers.accountId))
    .innerJoin(billers, eq(billers.id, staffBillers.billerId))
    .where(eq(staffMembers.accountId, accountId))
  const had = { role: before[0]?.role ?? 'none', codes: before.map(({ code }) => code).sort() }
  if (had.role === given.role && had.codes.join() === [...given.billers].sort().join()) return
  await replaceRole(tx, accountId, given, now, directory)
}

async function replaceRole(
  tx: Transaction,
  accountId: string,
  { role, billers: codes }: { role: StaffRole | 'none'; billers: readonly BillerCode[] },
  now: Date,
  directory?: string,
): Promise<void> {
  await tx.delete(staffMembers).where(eq(staffMembers.accountId, accountId))
  if (role !== 'none') {
    await tx.insert(staffMembers).values({ accountId, role, createdAt: now })
    const chosen = await tx.select({ billerId: billers.id }).from(billers).where(inArray(billers.code, codes))
    await tx.insert(staffBillers).values(chosen.map(({ billerId }) => ({ accountId, billerId })))
  }
  await recordEvent(tx, {
    action: 'staff.role-set',
    subject: `account:${accountId}`,
    details: { role, billers: codes.join(' '), ...(directory && { directory }) },
    at: now,
  })
  await endSessions(tx, accountId, now)
}

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
  withAccount(
    username,
    async (tx, accountId) => {
      await endSessions(tx, accountId, now)
      await recordEvent(tx, { action: 'sessions.ended', subject: `account:${accountId}`, at: now })
      return undefined
    },
    'any',
  )

/** Runs a change of an open account, whose row is locked; of those whom a directory signs in, who they are is its say: `any`. */
const withAccount = <Value>(
  username: string,
  change: (tx: Transaction, accountId: string) => Promise<Value>,
  whose: 'own' | 'any' = 'own',
): Promise<Result<Value, 'noAccount' | 'ofDirectory'>> =>
  database().transaction(async tx => {
    const [account] = await tx
      .select({ id: accounts.id, ofDirectory: accounts.ofDirectory })
      .from(accounts)
      .where(and(eq(accounts.username, username), isNull(accounts.closedAt)))
      .for('update')
    if (!account) return fail('noAccount')
    if (account.ofDirectory && whose === 'own') return fail('ofDirectory')
    return ok(await change(tx, account.id))
  })
