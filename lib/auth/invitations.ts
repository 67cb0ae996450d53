// One-time invitations of members of staff to set up their second step.
import { eq } from 'drizzle-orm'
import type { Transaction } from '../../db/client.ts'
import { staffInvitations, staffMembers } from '../../db/schema/auth.ts'
import { isKeyedHash, keyedHash } from '../platform/seal.ts'
import { newRecoveryCode, plainCode } from './recovery-codes.ts'

const PURPOSE = 'staff invitations'
const invitationText = (accountId: string, code: string) => `${accountId} ${plainCode(code)}`
export const INVITATION_DAYS = 7

/** Makes a member of staff's invitation, in place of one before; the code is told only here. */
export async function inviteToSecondStep(tx: Transaction, accountId: string, now: Date): Promise<string> {
  const code = newRecoveryCode()
  const invitation = {
    codeHash: keyedHash(invitationText(accountId, code), PURPOSE),
    expiresAt: new Date(now.getTime() + INVITATION_DAYS * 86_400_000),
  }
  await tx
    .insert(staffInvitations)
    .values({ accountId, ...invitation })
    .onConflictDoUpdate({ target: staffInvitations.accountId, set: invitation })
  return code
}

/** Whether an account may set up the second step: customers may; staff with the code of their invitation. */
export async function mayEnrol(
  tx: Transaction,
  accountId: string,
  code: string,
  now: Date,
): Promise<boolean> {
  const [staff] = await tx
    .select({ codeHash: staffInvitations.codeHash, expiresAt: staffInvitations.expiresAt })
    .from(staffMembers)
    .leftJoin(staffInvitations, eq(staffInvitations.accountId, staffMembers.accountId))
    .where(eq(staffMembers.accountId, accountId))
  if (!staff) return true
  const { codeHash, expiresAt } = staff
  return Boolean(
    codeHash &&
      expiresAt &&
      expiresAt > now &&
      isKeyedHash(codeHash, invitationText(accountId, code), PURPOSE),
  )
}
