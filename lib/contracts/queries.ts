// Reads of contracts. Every one that answers a customer joins their access.
import { and, asc, desc, eq, sql } from 'drizzle-orm'
import type { Executor } from '../../db/client.ts'
import { accounts } from '../../db/schema/accounts.ts'
import { billers } from '../../db/schema/billers.ts'
import { contractAccess } from '../../db/schema/contract-access.ts'
import { contracts, readings } from '../../db/schema/contracts.ts'
import { database } from '../platform/database.ts'
import {
  accessLevel,
  billerColumns,
  canRestore,
  dayAt,
  hasAccess,
  hasCodes,
  hasContract,
  hasHoldersName,
  hasMovedOut,
  heldUntilDay,
  holdsNow,
  inOwnTime,
  isAccess,
  openProof,
  selectAccess,
  supplyColumns,
  titleColumns,
} from './access.ts'
import { maskHolder } from './rules.ts'
import { findContracts } from './search.ts'

type Who = { id: string }

/** A contract by its biller's code and its own; for registering and adding, where nobody has access yet. */
export async function findContract(db: Executor, biller: string, code: string) {
  const [row] = await db
    .select({ id: contracts.id, billerId: contracts.billerId })
    .from(contracts)
    .innerJoin(billers, eq(billers.id, contracts.billerId))
    .where(hasCodes(biller, code))
  return row
}

/** The folded names under which a personal number holds contracts; none: it holds none. */
export async function namesOfHolder(db: Executor, personalNumber: string): Promise<string[]> {
  const rows = await db
    .selectDistinct({ name: contracts.holderNameFolded })
    .from(contracts)
    .where(eq(contracts.holderPersonalNumber, personalNumber))
  return rows.flatMap(row => (row.name ? [row.name] : []))
}

export type ContractSummary = Awaited<ReturnType<typeof listContracts>>[number]

/** What a list tells of each contract. */
export const summaryColumns = {
  id: contracts.id,
  biller: billerColumns,
  code: contracts.code,
  ...titleColumns,
  level: accessLevel,
  closedOn: contracts.closedOn,
}

/** By biller, the newest added first. */
export const listOrder = [asc(billers.id), desc(contractAccess.addedAt), asc(contracts.code)]

/** The customer's contracts in `listOrder`. `search`: as findContracts reads it. */
export async function listContracts(customer: Who, search = '') {
  const rows = await selectAccess(database(), summaryColumns)
    .where(and(eq(contractAccess.accountId, customer.id), hasAccess))
    .orderBy(...listOrder)
  return findContracts(rows, search)
}

/** Contracts whose holder refused the customer: what they typed themselves, and nothing more. */
export async function listRefusedContracts(customer: Who) {
  return database()
    .select({ code: contracts.code, billerName: billers.name, alias: contractAccess.alias })
    .from(contractAccess)
    .innerJoin(contracts, eq(contracts.id, contractAccess.contractId))
    .innerJoin(billers, eq(billers.id, contracts.billerId))
    .where(and(eq(contractAccess.accountId, customer.id), eq(contractAccess.holderDecision, 'refused')))
    .orderBy(asc(billers.id), asc(contracts.code))
}

/** Contracts that the customer took off their list and can still put back, the last one first. */
export async function listRemovedContracts(customer: Who, now: Date) {
  return selectAccess(database(), {
    biller: billerColumns,
    code: contracts.code,
    ...titleColumns,
  })
    .where(and(eq(contractAccess.accountId, customer.id), canRestore(now)))
    .orderBy(desc(contractAccess.removedAt), asc(contracts.code))
}

export type ContractDetails = NonNullable<Awaited<ReturnType<typeof getContract>>>

/** A contract of the customer with its details, masked by their level; undefined where it is not theirs. */
export async function getContract(customer: Who, biller: string, code: string) {
  const [row] = await selectAccess(database(), {
    id: contracts.id,
    biller: billerColumns,
    code: contracts.code,
    ...titleColumns,
    level: accessLevel,
    // The account's person is to be recognised yet, below level holder. Null where the biller knows no holder.
    hasHoldersName: sql<boolean>`${hasHoldersName} is true`,
    openProof,
    holdsNow,
    untilOn: contractAccess.untilOn,
    heldUntilDay,
    hasMovedOut,
    holder: {
      firstName: contracts.holderFirstName,
      lastName: contracts.holderLastName,
      businessName: contracts.businessName,
      address: contracts.address,
      phone: contracts.phone,
      personalNumber: contracts.holderPersonalNumber,
      businessNumber: contracts.businessNumber,
      meterNumber: contracts.meterNumber,
    },
    ...supplyColumns,
  }).where(hasContract(customer.id, biller, code))
  if (!row) return undefined
  const { firstName, lastName, businessName, ...holder } = row.holder
  const name = [firstName, lastName].filter(Boolean).join(' ') || businessName
  return { ...row, holder: maskHolder({ ...holder, name }, row.level) }
}

/** The newest reading of each register of a contract that the customer may see in detail. */
export async function listPresentReadings(customer: Who, contractId: number) {
  return database()
    .selectDistinctOn([readings.register], {
      register: readings.register,
      value: readings.value,
      readAt: readings.readAt,
    })
    .from(readings)
    .innerJoin(contractAccess, eq(contractAccess.contractId, readings.contractId))
    .innerJoin(accounts, eq(accounts.id, contractAccess.accountId))
    .innerJoin(contracts, eq(contracts.id, contractAccess.contractId))
    .innerJoin(billers, eq(billers.id, contracts.billerId))
    .where(and(isAccess(customer.id, contractId), hasAccess, inOwnTime(dayAt(readings.readAt))))
    .orderBy(asc(readings.register), desc(readings.readAt))
}
