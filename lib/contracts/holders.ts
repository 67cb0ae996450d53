// How a person with the holder's names and personal number is recognised as the holder where neither a proof from the
// paper bill does it (proof.ts) nor the phone by itself (access.ts).
import { and, eq, exists, isNotNull, isNull, ne, sql } from 'drizzle-orm'
import type { Executor, Transaction } from '../../db/client.ts'
import { accounts } from '../../db/schema/accounts.ts'
import { billers } from '../../db/schema/billers.ts'
import { contractAccess } from '../../db/schema/contract-access.ts'
import { contracts } from '../../db/schema/contracts.ts'
import { type BillerCode, readContractCode } from '../billers/contract-codes.ts'
import { notify } from '../notifications/outbox.ts'
import { recordEvent } from '../platform/audit.ts'
import { env } from '../platform/env.ts'
import { fail, ok, type Result } from '../platform/result.ts'
import {
  hasAccess,
  hasCodes,
  hasHoldersName,
  hasHoldersPhone,
  holdsNow,
  isAccess,
  isHolderAnyway,
  selectAccess,
} from './access.ts'
import { takeBackHandover } from './handover.ts'

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

/** An account and a contract on its list, as staff at the counter find them. */
export type AtCounter = {
  accountId: string
  contractId: number
  contractCode: string
  biller: string
  billerId: number
  /** Names and personal number of the account are those that the biller has of the holder. */
  hasHoldersName: boolean
  /** It is the holder without being recognised. */
  isHolderAnyway: boolean
  recognisedAt: Date | null
  /** What another holder answered; null: nothing. */
  holderDecision: string | null
}

/** The contract of these codes on an account's list; undefined where it has no such contract. */
export async function findOnList(
  db: Executor,
  accountId: string,
  biller: BillerCode,
  code: string,
): Promise<AtCounter | undefined> {
  const [row] = await selectAccess(db, {
    accountId: contractAccess.accountId,
    contractId: contracts.id,
    contractCode: contracts.code,
    biller: billers.name,
    billerId: contracts.billerId,
    hasHoldersName: sql<boolean>`coalesce(${hasHoldersName}, false)`,
    isHolderAnyway,
    recognisedAt: contractAccess.recognisedAt,
    holderDecision: contractAccess.holderDecision,
  }).where(
    and(
      eq(contractAccess.accountId, accountId),
      isNull(contractAccess.removedAt),
      hasCodes(biller, readContractCode(biller, code) ?? ''),
    ),
  )
  return row
}

/**
 * Staff saw the identity document of the account's person: they are the contract's holder from now on. It lifts what another
 * holder refused them. `seen`: which document, for the audit log. The account is told, and whoever else is a holder.
 */
export async function recogniseHolder(
  tx: Transaction,
  { accountId, contractId, ...of }: AtCounter,
  by: { id: string },
  seen: Record<string, string>,
  now: Date,
): Promise<void> {
  await tx
    .update(contractAccess)
    .set({
      recognisedAt: now,
      recognisedBy: 'counter',
      holderDecision: null,
      endsAt: null,
      level: sql`case when ${contractAccess.untilOn} is not null then 'masked' else ${contractAccess.level} end`,
    })
    .where(isAccess(accountId, contractId))
  await recordEvent(tx, {
    accountId: by.id,
    action: 'holder.recognised',
    subject: `contract:${contractId}`,
    details: { accountId, ...seen },
    at: now,
  })
  const contract = { contractCode: of.contractCode, biller: of.biller, link: `${env().APP_URL}/contracts` }
  await notify(tx, accountId, { kind: 'holder-recognised', ...contract }, { contractId })
  await tellOtherHolders(tx, { accountId, contractId }, 'recognised', contract)
}

/**
 * Takes back whatever recognised an account as the holder, and closes proof to it. Whoever else is a holder is told too. Two members
 * of staff decided it (lib/cases/kinds/withdrawal.ts). `holderAnyway`: it would stay the holder, and what it is told be wrong.
 */
export async function withdrawRecognition(
  tx: Transaction,
  { accountId, contractId }: Pick<AtCounter, 'accountId' | 'contractId'>,
  by: { id: string },
  now: Date,
): Promise<Result<undefined, 'notRecognised' | 'holderAnyway'>> {
  const [access] = await selectAccess(tx, { isHolderAnyway, untilOn: contractAccess.untilOn }).where(
    isAccess(accountId, contractId),
  )
  if (access?.isHolderAnyway) return fail('holderAnyway')
  const changed = await tx
    .update(contractAccess)
    .set({
      recognisedAt: null,
      recognisedBy: null,
      level: 'amounts',
      holderDecision: 'limited',
      endsAt: null,
      // What they named as the holder counts for them no more: nothing was theirs.
      untilOn: null,
      handoverAt: sql`case when ${contractAccess.handoverOn} is not null then ${contractAccess.handoverAt} end`,
    })
    .where(and(isAccess(accountId, contractId), isNotNull(contractAccess.recognisedAt)))
    .returning({ accountId: contractAccess.accountId })
  if (changed.length === 0) return fail('notRecognised')
  if (access?.untilOn) await takeBackHandover(tx, contractId, access.untilOn)
  await recordEvent(tx, {
    accountId: by.id,
    action: 'holder.withdrawn',
    subject: `contract:${contractId}`,
    details: { accountId },
    at: now,
  })
  const [contract] = await tx
    .select({ contractCode: contracts.code, biller: billers.name })
    .from(contracts)
    .innerJoin(billers, eq(billers.id, contracts.billerId))
    .where(eq(contracts.id, contractId))
  const of = { ...contract!, link: `${env().APP_URL}/contracts` }
  await notify(tx, accountId, { kind: 'holder-withdrawn', ...of }, { contractId })
  await tellOtherHolders(tx, { accountId, contractId }, 'withdrawn', of)
  return ok(undefined)
}

/** Those who are holders of the contract besides the account. */
async function tellOtherHolders(
  tx: Transaction,
  { accountId, contractId }: { accountId: string; contractId: number },
  change: 'recognised' | 'withdrawn',
  contract: { contractCode: string; biller: string; link: string },
): Promise<void> {
  const others = await selectAccess(tx, { id: accounts.id }).where(
    and(
      eq(contractAccess.contractId, contractId),
      ne(contractAccess.accountId, accountId),
      hasAccess,
      holdsNow,
      isNull(accounts.closedAt),
    ),
  )
  for (const { id } of others)
    await notify(tx, id, { kind: 'holder-of-yours', change, ...contract }, { contractId })
}
