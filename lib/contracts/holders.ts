// How a person with the holder's names and personal number is recognised as the holder where neither a proof from the
// paper bill does it (proof.ts) nor the phone by itself (access.ts).
import { and, eq, exists, isNotNull, isNull } from 'drizzle-orm'
import type { Transaction } from '../../db/client.ts'
import { accounts } from '../../db/schema/accounts.ts'
import { staffBillers } from '../../db/schema/auth.ts'
import { billers } from '../../db/schema/billers.ts'
import { contractAccess } from '../../db/schema/contract-access.ts'
import { contracts } from '../../db/schema/contracts.ts'
import { type BillerCode, readContractCode } from '../billers/contract-codes.ts'
import { recordEvent } from '../platform/audit.ts'
import { database } from '../platform/database.ts'
import { fail, ok, type Result } from '../platform/result.ts'
import { hasHoldersName, hasHoldersPhone, isAccess, selectAccess } from './access.ts'

/**
 * Before an account's phone changes: of the contracts whose holder it is by that phone, it stays the holder. Call it with
 * the account's row as it was.
 */
export async function keepHolder(tx: Transaction, accountId: string, now: Date): Promise<void> {
  const byPhone = tx
    .select({ id: contracts.id })
    .from(contracts)
    .innerJoin(accounts, eq(accounts.id, contractAccess.accountId))
    .where(and(eq(contracts.id, contractAccess.contractId), hasHoldersName, hasHoldersPhone))
  await tx
    .update(contractAccess)
    .set({ recognisedAt: now, recognisedBy: 'phone' })
    .where(and(eq(contractAccess.accountId, accountId), isNull(contractAccess.recognisedAt), exists(byPhone)))
}

export type CounterFailure = 'noAccount' | 'noContract' | 'notStaff' | 'otherHolder' | 'notRecognised'

/**
 * What a member of staff did at the counter, by command line (bin/staff.ts); contracts are those on the account's list.
 * `recognise`: they saw the identity document of the account's person, whose names and number are the contract's at the
 * biller (`otherHolder`: they are not). It lifts what another holder refused them. `withdraw`: takes back whatever
 * recognised the account, but not that its phone is the biller's, and closes proof to it. Nobody does it for themselves (`notStaff`).
 */
export async function decideAtCounter(
  username: string,
  biller: BillerCode,
  code: string,
  decision: 'recognise' | 'withdraw',
  staffUsername: string,
  now: Date,
): Promise<Result<undefined, CounterFailure>> {
  return database().transaction(async tx => {
    const account = await findOpen(tx, username)
    if (!account) return fail('noAccount')
    const [row] = await selectAccess(tx, {
      contractId: contracts.id,
      billerId: contracts.billerId,
      hasHoldersName,
    }).where(
      and(
        eq(contractAccess.accountId, account.id),
        isNull(contractAccess.removedAt),
        eq(billers.code, biller),
        eq(contracts.code, readContractCode(biller, code) ?? ''),
      ),
    )
    if (!row) return fail('noContract')
    const staff = await findOpen(tx, staffUsername)
    if (!staff || staff.id === account.id) return fail('notStaff')
    const { accountId, billerId } = staffBillers
    const worksThere = and(eq(accountId, staff.id), eq(billerId, row.billerId))
    if ((await tx.$count(staffBillers, worksThere)) === 0) return fail('notStaff')
    if (decision === 'recognise' && !row.hasHoldersName) return fail('otherHolder')
    const changed = await tx
      .update(contractAccess)
      .set(
        decision === 'recognise'
          ? { recognisedAt: now, recognisedBy: 'counter', holderDecision: null }
          : { recognisedAt: null, recognisedBy: null, level: 'amounts', holderDecision: 'limited' },
      )
      .where(
        and(
          isAccess(account.id, row.contractId),
          decision === 'withdraw' ? isNotNull(contractAccess.recognisedAt) : undefined,
        ),
      )
      .returning({ accountId: contractAccess.accountId })
    if (changed.length === 0) return fail('notRecognised')
    await recordEvent(tx, {
      accountId: staff.id,
      action: decision === 'recognise' ? 'holder.recognised' : 'holder.withdrawn',
      subject: `contract:${row.contractId}`,
      details: { accountId: account.id },
      at: now,
    })
    return ok(undefined)
  })
}

async function findOpen(tx: Transaction, username: string) {
  const [account] = await tx
    .select({ id: accounts.id })
    .from(accounts)
    .where(and(eq(accounts.username, username), isNull(accounts.closedAt)))
  return account
}
