// Closes an account: nobody is behind it from then on, and its identifiers are free for others.
import { and, eq, inArray } from 'drizzle-orm'
import type { Transaction } from '../../db/client.ts'
import { accounts, contactChanges, knownDevices, passwordResets } from '../../db/schema/accounts.ts'
import { secondSteps, sessions, staffMembers } from '../../db/schema/auth.ts'
import { contractAccess } from '../../db/schema/contract-access.ts'
import { documents } from '../../db/schema/files.ts'
import { messages } from '../../db/schema/notifications.ts'
import { ownDataExports } from '../../db/schema/own-data.ts'
import { paymentAttempts } from '../../db/schema/payments.ts'
import { businesses } from '../../db/schema/reviews.ts'
import { endSessions } from '../auth/sessions.ts'
import { keepRefusals } from '../contracts/refusals.ts'
import { removeWhenUnused } from '../files/commands.ts'
import { notify } from '../notifications/outbox.ts'
import { UNKNOWN_STATES } from '../payments/rules.ts'
import { recordEvent } from '../platform/audit.ts'
import { fail, ok, type Result } from '../platform/result.ts'

/** `own-request`: its owner deleted it. Else a member of staff, who found in a dispute that somebody else is the person registered. */
export type ClosingReason = 'own-request' | { staffId: string; disputeId: string }

/** `notFound`: no such account, or closed already. `underWay`: a payment of it is not settled yet. `staff`: it works here. */
export type ClosingFailure = 'notFound' | 'underWay' | 'staff'

/**
 * Closes an account, in the caller's transaction: its sessions end, its contracts are taken off, what only served its
 * owner is deleted, every name and number on it is replaced, and its last e-mail address, if it was verified, is told, by staff's
 * doing its phone too. The row stays, naming nobody, because payments refer to it. Roll back where it fails with anything else in the transaction.
 */
export async function closeAccount(
  tx: Transaction,
  accountId: string,
  reason: ClosingReason,
  now: Date,
): Promise<Result<undefined, ClosingFailure>> {
  // The lock makes a payment that is just beginning wait (beginPayment), and then find the account closed.
  const [account] = await tx.select().from(accounts).where(eq(accounts.id, accountId)).for('update')
  if (!account || account.closedAt) return fail('notFound')
  if (await isStaff(tx, accountId)) return fail('staff')
  if (await hasUnsettledPayment(tx, accountId)) return fail('underWay')

  // Of a dispute, the personal number was another's.
  if (reason === 'own-request') await keepRefusals(tx, account, now)
  await deleteOwnData(tx, accountId)
  await deleteBusinesses(tx, accountId)
  await endSessions(tx, accountId, now)
  await tx.update(sessions).set({ userAgent: null, address: null }).where(eq(sessions.accountId, accountId))
  const byStaff = reason !== 'own-request'
  // By SMS too where staff did it: whoever it happens to can do nothing any more but ask.
  await notify(tx, accountId, { kind: byStaff ? 'account-closed-by-dispute' : 'account-closed' })
  await tx.update(messages).set({ accountId: null }).where(eq(messages.accountId, accountId))
  const nobody = `closed:${accountId}`
  await tx
    .update(accounts)
    .set({
      closedAt: now,
      personalNumber: nobody,
      username: nobody,
      email: nobody,
      emailVerifiedAt: null,
      phone: nobody,
      firstName: '',
      lastName: '',
      nameFolded: '',
      passwordHash: '',
    })
    .where(eq(accounts.id, accountId))
  await recordEvent(tx, {
    accountId: byStaff ? reason.staffId : accountId,
    action: 'account.closed',
    subject: `account:${accountId}`,
    details: byStaff ? { reason: 'dispute', dispute: reason.disputeId } : { reason },
    at: now,
  })
  return ok(undefined)
}

async function isStaff(tx: Transaction, accountId: string): Promise<boolean> {
  const found = await tx
    .select({ accountId: staffMembers.accountId })
    .from(staffMembers)
    .where(eq(staffMembers.accountId, accountId))
  return found.length > 0
}

/** Also one that holds no invoice, another payment having them by now: money may still come of it. */
async function hasUnsettledPayment(tx: Transaction, accountId: string): Promise<boolean> {
  const found = await tx
    .select({ id: paymentAttempts.id })
    .from(paymentAttempts)
    .where(and(eq(paymentAttempts.accountId, accountId), inArray(paymentAttempts.state, [...UNKNOWN_STATES])))
    .limit(1)
  return found.length > 0
}

/** What nobody needs once its owner is gone. Messages still waiting are codes and links that lead nowhere now. */
async function deleteOwnData(tx: Transaction, accountId: string): Promise<void> {
  for (const table of [
    contractAccess,
    contactChanges,
    knownDevices,
    ownDataExports,
    passwordResets,
    secondSteps,
    messages,
  ] as const) {
    await tx.delete(table).where(eq(table.accountId, accountId))
  }
}

/** Documents shown to staff go with the business they were for. */
async function deleteBusinesses(tx: Transaction, accountId: string): Promise<void> {
  await tx.delete(businesses).where(eq(businesses.accountId, accountId))
  const orphaned = await tx
    .update(documents)
    .set({ accountId: null })
    .where(eq(documents.accountId, accountId))
    .returning({ id: documents.id })
  await removeWhenUnused(
    tx,
    orphaned.map(({ id }) => id),
  )
}
