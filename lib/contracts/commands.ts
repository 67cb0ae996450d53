// Changes of which contracts a customer has, and of what others may see of them.
import { and, eq, sql } from 'drizzle-orm'
import type { Executor, Transaction } from '../../db/client.ts'
import { accounts } from '../../db/schema/accounts.ts'
import { contractAccess } from '../../db/schema/contract-access.ts'
import { contracts } from '../../db/schema/contracts.ts'
import { readContractCode } from '../billers/contract-codes.ts'
import { okOnce } from '../forms/answers.ts'
import type { Input } from '../forms/form.ts'
import { recordEvent } from '../platform/audit.ts'
import { database } from '../platform/database.ts'
import { foldName } from '../platform/names.ts'
import { recordRefused, type Wait } from '../platform/rate-limits.ts'
import { fail, ok, type Result } from '../platform/result.ts'
import { canRestore, hasAccess, hasCodes, hasContract, isAccess, selectAccess } from './access.ts'
import { endInTransaction } from './ended-access.ts'
import type { addContractForm } from './forms.ts'
import { countComparison } from './guesses.ts'
import { timeOfNewcomer } from './handover.ts'
import { findContract } from './queries.ts'
import { takeRefusal } from './refusals.ts'
import { tellHolders } from './telling.ts'

type Who = { id: string }

/**
 * Gives an account a contract at the lowest level, and tells its holder where that is somebody else with an account (`told`);
 * undefined where the account has it already. Whom the holder refused in an earlier account is limited. After a handover they begin there;
 * whoever had it before keeps the time that they have, and who moved out of it in an earlier account the time of that one.
 */
export async function addContractAccess(
  tx: Transaction,
  accountId: string,
  contractId: number,
  alias: string | null,
  now: Date,
): Promise<{ told: boolean } | undefined> {
  const newcomers = await timeOfNewcomer(tx, contractId, now)
  await endInTransaction(tx, now, contractId)
  const { wasRefused, time = newcomers } = await takeRefusal(tx, accountId, contractId)
  const holderDecision = wasRefused ? 'limited' : null
  const added = await tx
    .insert(contractAccess)
    .values({ accountId, contractId, alias, holderDecision, addedAt: now, ...time })
    .onConflictDoUpdate({
      target: [contractAccess.accountId, contractAccess.contractId],
      set: {
        alias,
        addedAt: now,
        removedAt: null,
        level: sql`case when ${contractAccess.untilOn} is not null then ${contractAccess.level}
          when ${contractAccess.holderDecision} = 'approved' then 'masked' else 'amounts' end`,
      },
      setWhere: sql`${contractAccess.removedAt} is not null and ${contractAccess.holderDecision} is distinct from 'refused'`,
    })
    .returning({ accountId: contractAccess.accountId })
  if (added.length === 0) return undefined
  await recordEvent(tx, { accountId, action: 'contract.added', subject: `contract:${contractId}`, at: now })

  const told = await tellHolders(tx, accountId, contractId, 'contract-added-by-other')
  return { told }
}

/** Whether somebody else who holds the contract was told. */
export type Added = { code: string; told: boolean }

type AddFailure = 'contractCodeForm' | 'namesNotOwn' | 'contractUnknown' | 'alreadyAdded' | 'holderRefused'

/**
 * Adds a contract to the customer's. Its value has the contract's code as stored. `namesNotOwn`: the names are not the
 * account's, whether or not there is such a contract.
 */
export async function addContract(
  customer: Who,
  input: Input<typeof addContractForm>,
  now: Date,
): Promise<Result<Added, AddFailure> | Wait> {
  const code = readContractCode(input.biller, input.contractCode)
  if (!code) return fail('contractCodeForm')
  const seconds = await countComparison({ biller: input.biller, contractCode: code })
  if (seconds > 0) return { ok: false, code: 'wait', seconds }
  const [account] = await database()
    .select({ nameFolded: accounts.nameFolded })
    .from(accounts)
    .where(eq(accounts.id, customer.id))
  const contract = await findContract(database(), input.biller, code)
  const isOwnName = account?.nameFolded === foldName(input.firstName, input.lastName)
  if (contract && !isOwnName) {
    const subject = `contract:${contract.id}`
    await recordRefused({ action: 'contract.refused', accountId: customer.id, subject, at: now })
  }
  if (!isOwnName) return fail('namesNotOwn')
  if (!contract) return fail('contractUnknown')
  return database().transaction(async tx => {
    const added = await addContractAccess(tx, customer.id, contract.id, input.alias ?? null, now)
    if (added) return okOnce(tx, { code, ...added })
    return fail((await isRefused(tx, customer, contract.id)) ? 'holderRefused' : 'alreadyAdded')
  })
}

async function isRefused(tx: Transaction, customer: Who, contractId: number): Promise<boolean> {
  const [row] = await tx
    .select({ decision: contractAccess.holderDecision })
    .from(contractAccess)
    .where(isAccess(customer.id, contractId))
  return row?.decision === 'refused'
}

/** The id of a contract that the customer has; undefined where it is not theirs. */
async function ownContractId(
  db: Executor,
  customer: Who,
  biller: string,
  code: string,
): Promise<number | undefined> {
  const own = hasContract(customer.id, biller, code)
  const [row] = await selectAccess(db, { id: contracts.id }).where(own)
  return row?.id
}

/** Names a contract. An empty alias takes the name away. */
export async function nameContract(
  customer: Who,
  biller: string,
  code: string,
  alias: string | null,
): Promise<Result<undefined, 'notFound'>> {
  const id = await ownContractId(database(), customer, biller, code)
  if (id === undefined) return fail('notFound')
  await database().update(contractAccess).set({ alias }).where(isAccess(customer.id, id))
  return ok(undefined)
}

/** Takes a contract off the customer's list, but never the last one. It keeps its name for as long as it can be put back. */
export async function removeContract(
  customer: Who,
  biller: string,
  code: string,
  now: Date,
): Promise<Result<undefined, 'notFound' | 'lastContract'>> {
  return database().transaction(async tx => {
    // The account's row is the lock: two removals at once would otherwise each see the other's contract left.
    await tx.select({ id: accounts.id }).from(accounts).where(eq(accounts.id, customer.id)).for('update')
    const id = await ownContractId(tx, customer, biller, code)
    if (id === undefined) return fail('notFound')
    const left = await tx.$count(contractAccess, and(eq(contractAccess.accountId, customer.id), hasAccess))
    if (left <= 1) return fail('lastContract')
    await tx.update(contractAccess).set({ removedAt: now }).where(isAccess(customer.id, id))
    await recordEvent(tx, {
      accountId: customer.id,
      action: 'contract.removed',
      subject: `contract:${id}`,
      at: now,
    })
    return okOnce(tx, undefined)
  })
}

/** Puts a contract back on the customer's list as it was, where they took it off no longer than RESTORE_HOURS ago. */
export async function restoreContract(
  customer: Who,
  biller: string,
  code: string,
  now: Date,
): Promise<Result<undefined, 'notFound'>> {
  return database().transaction(async tx => {
    const [row] = await selectAccess(tx, { id: contracts.id }).where(
      and(eq(contractAccess.accountId, customer.id), canRestore(now), hasCodes(biller, code)),
    )
    if (!row) return fail('notFound')
    await tx.update(contractAccess).set({ removedAt: null }).where(isAccess(customer.id, row.id))
    const subject = `contract:${row.id}`
    await recordEvent(tx, { accountId: customer.id, action: 'contract.restored', subject, at: now })
    return okOnce(tx, undefined)
  })
}

/** Takes every contract off an account that is being closed. */
export async function forgetAccess(tx: Transaction, accountId: string): Promise<void> {
  await tx.delete(contractAccess).where(eq(contractAccess.accountId, accountId))
}
