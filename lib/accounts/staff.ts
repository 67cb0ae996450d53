// Makes accounts members of staff, and helps those who lost their second step. By command line only (bin/staff.ts).
import { and, eq, inArray, isNull } from 'drizzle-orm'
import type { Transaction } from '../../db/client.ts'
import { accounts, sessions } from '../../db/schema/accounts.ts'
import { billers } from '../../db/schema/contracts.ts'
import { staffBillers, staffMembers } from '../../db/schema/staff.ts'
import { removeSecondStep } from '../auth/second-step.ts'
import type { StaffRole } from '../auth/staff.ts'
import { recordEvent } from '../platform/audit.ts'
import { database } from '../platform/database.ts'
import { fail, ok, type Result } from '../platform/result.ts'

/** Gives an account a role for some billers (their codes), in place of what it had; `none` takes all of it away. */
export async function setStaffRole(
  username: string,
  role: StaffRole | 'none',
  billerCodes: string[],
  now: Date,
): Promise<Result<undefined, 'noAccount'>> {
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
    return ok(undefined)
  })
}

/** Removes the second step of whoever has lost phone and recovery codes: all sessions end, the owner is told. */
export async function resetSecondStep(username: string, now: Date): Promise<Result<undefined, 'noAccount'>> {
  return database().transaction(async tx => {
    const account = await lockAccount(tx, username)
    if (!account) return fail('noAccount')
    await removeSecondStep(tx, account, now)
    await tx
      .update(sessions)
      .set({ revokedAt: now })
      .where(and(eq(sessions.accountId, account.id), isNull(sessions.revokedAt)))
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
