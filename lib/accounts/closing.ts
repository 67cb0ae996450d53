// Closes an account: nobody is behind it from then on, and its identifiers are free for others.
import { eq } from 'drizzle-orm'
import type { Transaction } from '../../db/client.ts'
import { accountBusinesses, accounts, identityFields, knownDevices } from '../../db/schema/accounts.ts'
import { staffMembers } from '../../db/schema/auth.ts'
import { forgetSignIns } from '../auth/retention.ts'
import type { Customer } from '../auth/sessions.ts'
import { type CodeFailure, passForChange } from '../auth/two-factor.ts'
import { forgetAccess } from '../contracts/commands.ts'
import { keepRefusals } from '../contracts/refusals.ts'
import { okOnce } from '../forms/answers.ts'
import { notify } from '../notifications/outbox.ts'
import { detachMessages, forgetMessagesOf } from '../notifications/retention.ts'
import { eraseExport } from '../own-data/copy.ts'
import { hasOpenAttempt } from '../payments/attempts.ts'
import { withdrawLinksOf } from '../payments/pay-link-commands.ts'
import { recordEvent } from '../platform/audit.ts'
import { database } from '../platform/database.ts'
import { enqueue } from '../platform/jobs.ts'
import { fail, ok, type Result } from '../platform/result.ts'
import { detachReadings } from '../readings/commands.ts'
import { eraseLists } from '../unpaid/lists.ts'

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
  // The lock makes a payment that is just beginning wait (beginAttempt), and then find the account closed.
  const [account] = await tx.select().from(accounts).where(eq(accounts.id, accountId)).for('update')
  if (!account || account.closedAt) return fail('notFound')
  if (await tx.$count(staffMembers, eq(staffMembers.accountId, accountId))) return fail('staff')
  if (await hasOpenAttempt(tx, accountId)) return fail('underWay')

  // Of a dispute, the personal number was another's.
  if (reason === 'own-request') await keepRefusals(tx, account, now)
  await detachReadings(tx, accountId)
  await tx.delete(knownDevices).where(eq(knownDevices.accountId, accountId))
  await tx.delete(accountBusinesses).where(eq(accountBusinesses.accountId, accountId))
  await forgetAccess(tx, accountId)
  await withdrawLinksOf(tx, accountId, now)
  await forgetSignIns(tx, accountId, now)
  await forgetMessagesOf(tx, accountId)
  await eraseExport(tx, accountId)
  await eraseLists(tx, accountId)
  // What staff decide knows accounts, and not the other way round.
  await enqueue(tx, 'forget-cases', { accountId })
  const byStaff = reason !== 'own-request'
  // By SMS too where staff did it: whoever it happens to can do nothing any more but ask.
  await notify(tx, accountId, { kind: byStaff ? 'account-closed-by-dispute' : 'account-closed' })
  await detachMessages(tx, accountId)
  const nobody = `closed:${accountId}`
  const emptied = Object.fromEntries(identityFields.map(field => [field, '']))
  await tx
    .update(accounts)
    .set({
      closedAt: now,
      ...emptied,
      personalNumber: nobody,
      username: nobody,
      email: nobody,
      emailVerifiedAt: null,
      emailUndeliverableAt: null,
      phone: nobody,
      phoneUndeliverableAt: null,
      statementDay: null,
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

/** Closes the customer's account for good, where there is a second step against its code. Their password was asked for before. */
export const deleteOwnAccount = (
  customer: Customer,
  secondCode: string | undefined,
  now: Date,
): Promise<Result<undefined, ClosingFailure | CodeFailure | 'secondCodeMissing'>> =>
  database().transaction(async tx => {
    const [account] = await tx.select().from(accounts).where(eq(accounts.id, customer.id)).for('update')
    if (!account || account.closedAt) return fail('notFound')
    const passed = await passForChange(tx, customer, secondCode, now)
    if (!passed.ok) return passed
    const closed = await closeAccount(tx, customer.id, 'own-request', now)
    return closed.ok ? okOnce(tx, undefined) : closed
  })
