// Reads of contracts. Every one that answers a customer joins their access.
import { and, asc, desc, eq, inArray, isNull, ne, sql } from 'drizzle-orm'
import type { Executor } from '../../db/client.ts'
import type { ContractCategory, Country } from '../../db/enums.ts'
import { accounts } from '../../db/schema/accounts.ts'
import { billers } from '../../db/schema/billers.ts'
import { invoices } from '../../db/schema/billing.ts'
import { contractAccess } from '../../db/schema/contract-access.ts'
import { contracts, readings } from '../../db/schema/contracts.ts'
import type { BillerCode } from '../billers/contract-codes.ts'
import { database } from '../platform/database.ts'
import type { IsoDate } from '../platform/dates.ts'
import type { Currency } from '../platform/money.ts'
import { foldName } from '../platform/names.ts'
import { readGrouped } from '../platform/typed.ts'
import { accessLevel, hasAccess, hasCodes, hasContract, hasHoldersName, openProof } from './access.ts'
import { type AccessLevel, type HolderFields, maskHolder, type PaperProof } from './rules.ts'

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

export type ContractSummary = {
  id: number
  biller: { code: BillerCode; name: string; currency: Currency; timeZone: string }
  code: string
  alias: string | null
  level: AccessLevel
  closedOn: IsoDate | null
  /** The newest invoice; null where there is none, or the level does not show it. */
  latestInvoice: { id: number; number: string; period: IsoDate; total: number } | null
}

/** The customer's contracts by biller, the newest added first. `search`: a part of a code or an alias. */
export async function listContracts(customer: Who, search = ''): Promise<ContractSummary[]> {
  const latest = database()
    .select({
      id: invoices.id,
      number: invoices.number,
      period: invoices.period,
      total: invoices.total,
    })
    .from(invoices)
    .where(and(eq(invoices.contractId, contracts.id), sql`${invoices.cancelledOn} is null`))
    .orderBy(desc(invoices.period), desc(invoices.number))
    .limit(1)
    .as('latest')
  const rows = await database()
    .select({
      id: contracts.id,
      biller: billers.code,
      billerName: billers.name,
      currency: billers.currency,
      timeZone: billers.timeZone,
      code: contracts.code,
      alias: contractAccess.alias,
      level: accessLevel,
      closedOn: contracts.closedOn,
      latest: { id: latest.id, number: latest.number, period: latest.period, total: latest.total },
    })
    .from(contractAccess)
    .innerJoin(accounts, eq(accounts.id, contractAccess.accountId))
    .innerJoin(contracts, eq(contracts.id, contractAccess.contractId))
    .innerJoin(billers, eq(billers.id, contracts.billerId))
    .leftJoinLateral(latest, sql`true`)
    .where(and(eq(contractAccess.accountId, customer.id), hasAccess))
    .orderBy(asc(billers.id), desc(contractAccess.addedAt), asc(contracts.code))
  return rows
    .filter(({ code, alias }) => isFound(search, code, alias))
    .map(row => ({
      id: row.id,
      biller: {
        code: row.biller,
        name: row.billerName,
        currency: row.currency as Currency,
        timeZone: row.timeZone,
      },
      code: row.code,
      alias: row.alias,
      level: row.level,
      closedOn: row.closedOn,
      latestInvoice: row.level === 'amounts' ? null : (row.latest as ContractSummary['latestInvoice']),
    }))
}

/** A part of a code, in any spelling, or of an alias, without regard to capitals and diacritics; nothing typed finds all. */
function isFound(search: string, code: string, alias: string | null): boolean {
  const isPart = (typed: string, of: string) => typed !== '' && of.includes(typed)
  return (
    search === '' ||
    isPart(readGrouped(search), readGrouped(code)) ||
    isPart(foldName(search), foldName(alias))
  )
}

/** Contracts whose holder refused the customer: what they typed themselves, and nothing more. */
export async function listRefusedContracts(
  customer: Who,
): Promise<{ code: string; billerName: string; alias: string | null }[]> {
  return database()
    .select({ code: contracts.code, billerName: billers.name, alias: contractAccess.alias })
    .from(contractAccess)
    .innerJoin(contracts, eq(contracts.id, contractAccess.contractId))
    .innerJoin(billers, eq(billers.id, contracts.billerId))
    .where(and(eq(contractAccess.accountId, customer.id), eq(contractAccess.holderDecision, 'refused')))
    .orderBy(asc(billers.id), asc(contracts.code))
}

export type ContractDetails = {
  id: number
  biller: {
    code: BillerCode
    name: string
    country: Country
    currency: Currency
    timeZone: string
    unit: string
  }
  code: string
  alias: string | null
  level: AccessLevel
  /** The account has names and personal number of the holder: below level holder it is to be recognised yet. */
  hasHoldersName: boolean
  /** The proof from the paper bill that would open more; null: none. */
  openProof: PaperProof | null
  holder: HolderFields
  category: ContractCategory
  region: string | null
  branch: string | null
  zone: string | null
  connectedOn: IsoDate | null
  closedOn: IsoDate | null
  phases: number | null
  powerConnectedKw: string | null
  powerContractedKw: string | null
  tariffGroup: string | null
  meterRemote: boolean | null
}

/** A contract of the customer with its details, masked by their level; undefined where it is not theirs. */
export async function getContract(
  customer: Who,
  biller: string,
  code: string,
): Promise<ContractDetails | undefined> {
  const [row] = await database()
    .select({
      contract: contracts,
      biller: {
        code: billers.code,
        name: billers.name,
        currency: billers.currency,
        timeZone: billers.timeZone,
        unit: billers.unit,
        country: billers.country,
      },
      alias: contractAccess.alias,
      level: accessLevel,
      // Null where the biller knows no holder.
      hasHoldersName: sql<boolean>`${hasHoldersName} is true`,
      openProof,
    })
    .from(contractAccess)
    .innerJoin(accounts, eq(accounts.id, contractAccess.accountId))
    .innerJoin(contracts, eq(contracts.id, contractAccess.contractId))
    .innerJoin(billers, eq(billers.id, contracts.billerId))
    .where(hasContract(customer.id, biller, code))
  if (!row) return undefined
  const { contract } = row
  return {
    id: contract.id,
    biller: row.biller,
    code: contract.code,
    alias: row.alias,
    level: row.level,
    hasHoldersName: row.hasHoldersName,
    openProof: row.openProof,
    holder: maskHolder(
      {
        name:
          [contract.holderFirstName, contract.holderLastName].filter(Boolean).join(' ') ||
          contract.businessName,
        address: contract.address,
        phone: contract.phone,
        personalNumber: contract.holderPersonalNumber,
        businessNumber: contract.businessNumber,
        meterNumber: contract.meterNumber,
      },
      row.level,
    ),
    category: contract.category as ContractDetails['category'],
    region: contract.region,
    branch: contract.branch,
    zone: contract.zone,
    connectedOn: contract.connectedOn,
    closedOn: contract.closedOn,
    phases: contract.phases,
    powerConnectedKw: contract.powerConnectedKw,
    powerContractedKw: contract.powerContractedKw,
    tariffGroup: contract.tariffGroup,
    meterRemote: contract.meterRemote,
  }
}

export type PresentReading = { register: string; value: string; readAt: Date }

/** The newest reading of each register of a contract that the customer may see in detail. */
export async function listPresentReadings(customer: Who, contractId: number): Promise<PresentReading[]> {
  return database()
    .selectDistinctOn([readings.register], {
      register: readings.register,
      value: readings.value,
      readAt: readings.readAt,
    })
    .from(readings)
    .where(
      and(
        eq(readings.contractId, contractId),
        inArray(
          readings.contractId,
          database()
            .select({ id: contractAccess.contractId })
            .from(contractAccess)
            .where(and(eq(contractAccess.accountId, customer.id), hasAccess)),
        ),
      ),
    )
    .orderBy(asc(readings.register), desc(readings.readAt))
}

/** Who else has the contract, for its holder; empty where the customer is not the holder. */
export async function listPeopleWithAccess(customer: Who, contractId: number) {
  const mine = database()
    .select({ id: contractAccess.contractId })
    .from(contractAccess)
    .innerJoin(accounts, eq(accounts.id, contractAccess.accountId))
    .innerJoin(contracts, eq(contracts.id, contractAccess.contractId))
    .where(
      and(
        eq(contractAccess.accountId, customer.id),
        eq(contracts.id, contractId),
        sql`${accessLevel} = 'holder'`,
      ),
    )
  return database()
    .select({
      accountId: contractAccess.accountId,
      firstName: accounts.firstName,
      lastName: accounts.lastName,
      level: accessLevel,
      decision: contractAccess.holderDecision,
      addedAt: contractAccess.addedAt,
    })
    .from(contractAccess)
    .innerJoin(accounts, eq(accounts.id, contractAccess.accountId))
    .innerJoin(contracts, eq(contracts.id, contractAccess.contractId))
    .where(
      and(
        inArray(contractAccess.contractId, mine),
        ne(contractAccess.accountId, customer.id),
        isNull(contractAccess.removedAt),
      ),
    )
    .orderBy(asc(contractAccess.addedAt))
}
