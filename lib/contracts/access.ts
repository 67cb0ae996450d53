// What an account may see of a contract, and of which time, as SQL: who is the holder follows from present data.

import { and, type Column, eq, type SQL, sql } from 'drizzle-orm'
import type { PgSelectBase, SelectedFields } from 'drizzle-orm/pg-core'
import type { Executor, Transaction } from '../../db/client.ts'
import { accountBusinesses, accounts } from '../../db/schema/accounts.ts'
import { billers } from '../../db/schema/billers.ts'
import { invoices } from '../../db/schema/billing.ts'
import { contractAccess } from '../../db/schema/contract-access.ts'
import { contracts } from '../../db/schema/contracts.ts'
import { type AccessLevel, MASK, type PaperProof, RESTORE_HOURS } from './rules.ts'

export type { AccessLevel }

/** The joined account has names and personal number of the joined contract's holder. They have leaked: it proves nothing yet. */
export const hasHoldersName = sql<boolean>`(${contracts.holderPersonalNumber} = ${accounts.personalNumber}
  and ${contracts.holderNameFolded} = ${accounts.nameFolded})`

/** The joined account's verified phone is the one the biller has for the joined contract; both are stored in E.164. */
export const hasHoldersPhone = sql<boolean>`(${contracts.phone} = ${accounts.phone})`

/** The joined account is the person who holds the joined contract. For queries over accounts, contracts ⟕ contract_access. */
export const isHolder = sql<boolean>`(${hasHoldersName} and (${hasHoldersPhone} or ${contractAccess.recognisedAt} is not null))`

/** The contract is a business's that staff of its biller confirmed to be the joined account's. */
const ofOwnBusiness = sql`(${contracts.businessNumber} is not null and exists (select from ${accountBusinesses}
  where ${accountBusinesses.accountId} = ${accounts.id} and ${accountBusinesses.number} = ${contracts.businessNumber}
    and ${accountBusinesses.billerId} = ${contracts.billerId}))`

/** The same as a column: it is the account's as a business's, and not as a person's. */
export const ofBusiness = sql<boolean>`coalesce(${ofOwnBusiness}, false)`

/**
 * The joined account is the joined contract's holder, whoever recognised it or did not: by the phone that the biller has, or by a
 * business. Only the biller's record, or staff who confirm businesses, can change that.
 */
export const isHolderAnyway = sql<boolean>`coalesce(${hasHoldersName} and ${hasHoldersPhone} or ${ofOwnBusiness}, false)`

/**
 * What a holder allowed has ended, by the day that they set or because they moved out. By the clock of the database, so that no
 * query can forget it, and no worker be late for it (lib/contracts/ended-access.ts writes it down).
 */
export const isOver = sql<boolean>`coalesce(${contractAccess.endsAt} <= now()
  or ${contractAccess.handoverOn} is not null and ${contractAccess.handoverAt} <= now(), false)`

/**
 * The level of the joined account on the joined contract. For queries over accounts ⨝ contract_access ⨝ contracts;
 * pair it with `hasAccess`, and what has a day of its own with `inOwnTime`. The `level` of whoever moved out as the holder is masked,
 * for when the name in the biller's record is the next holder's.
 */
export const accessLevel = sql<AccessLevel>`case
  when ${isHolder} or ${ofOwnBusiness} then 'holder'
  when ${hasHoldersName} and coalesce(${contractAccess.holderDecision}, 'approved') = 'approved' then 'masked'
  when ${isOver} then 'amounts'
  else ${contractAccess.level} end`

/** The joined account moved out of the joined contract, and the day is over. */
export const hasMovedOut = sql<boolean>`coalesce(${contractAccess.untilOn} is not null and ${contractAccess.handoverAt} <= now(), false)`

/**
 * The joined account itself held the joined contract when it named the day on which it moves out. A later account with that person's
 * number has the bounds alone (lib/contracts/refusals.ts): it has proved nothing.
 */
export const heldUntilDay = sql<boolean>`(${contractAccess.untilOn} is not null and ${contractAccess.level} = 'masked')`

/** The joined account is the holder, and the contract has not been handed over: who decides about others. */
export const holdsNow = sql<boolean>`(${accessLevel} = 'holder' and not ${hasMovedOut})`

/**
 * The day after which the time of the joined access begins: that on which the holder before moved out; null: it has no beginning.
 * Until a day to come is over, others lose nothing by it, but for whom the biller's record names already.
 */
export const ownTimeAfter = sql<string | null>`case
  when ${contractAccess.handoverOn} is not null and (${contractAccess.handoverAt} <= now() or ${accessLevel} = 'holder')
  then ${contractAccess.handoverOn} else ${contractAccess.fromOn} end`

/** Whether `day` is after the one and by the other; null: it has no such bound. */
export const isWithin = (day: SQL, after: SQL, until: SQL): SQL<boolean> =>
  sql`((${day} > ${after}) is not false and (${day} <= ${until}) is not false)`

/**
 * Whether `day` is in the time of the joined access: after its beginning, and for whoever moved out by the day on which they did. What
 * an invoice is for is of the day on which it begins, so the one that spans the day is theirs.
 */
export const inOwnTime = (day: SQL): SQL<boolean> =>
  isWithin(day, ownTimeAfter, sql`${contractAccess.untilOn}`)

/** Somebody moved out of the joined contract before the time of the joined access: what they do after it is no business of the next. */
export const movedOutBefore = (
  accountId: SQL | Column,
): SQL<boolean> => sql`exists (select from contract_access gone
  where gone.account_id = ${accountId} and gone.contract_id = ${contracts.id} and gone.until_on <= ${ownTimeAfter})`

/** The day on which what an invoice is for begins; `table`: the one that it is read from, by its name in the query. */
export const invoiceBegins = (table = 'invoices'): SQL =>
  sql.raw(`coalesce(${table}.period_from, ${table}.period)`)

/** A payment belongs to the first invoice that it pays, and where it pays none to its day. */
export const paymentBegins = (table = 'payments'): SQL =>
  sql.raw(`coalesce((select min(coalesce(paid.period_from, paid.period)) from payment_allocations pays
    join invoices paid on paid.id = pays.invoice_id where pays.payment_id = ${table}.id), ${table}.paid_on)`)

/** The day of an instant at the joined biller's place. */
export const dayAt = (instant: SQL | Column): SQL => sql`(${instant} at time zone ${billers.timeZone})::date`

/** The day it is there. */
export const todayAt = (now: Date): SQL => dayAt(sql`${now.toISOString()}::timestamptz`)

/** An instant, where its day is in the time of the joined access; else null. */
export const whenInOwnTime = (instant: SQL | Column): SQL =>
  sql`case when ${inOwnTime(dayAt(instant))} then ${instant} end`

/** The joined invoice is in the time of the joined access. */
export const isOwnInvoice = inOwnTime(invoiceBegins())

/** The joined contract is the joined account's own, as far as names and numbers tell, whatever of it they see yet. */
export const isOwn = sql<boolean>`(${accessLevel} = 'holder' or ${hasHoldersName} is true)`

/** A contract's joined biller, as pages tell of it. */
export const billerColumns = {
  code: billers.code,
  name: billers.name,
  currency: billers.currency,
  timeZone: billers.timeZone,
  unit: billers.unit,
  country: billers.country,
}

/** What a contract is supplied with, and where: personal to nobody. */
export const supplyColumns = {
  region: contracts.region,
  branch: contracts.branch,
  zone: contracts.zone,
  connectedOn: contracts.connectedOn,
  closedOn: contracts.closedOn,
  phases: contracts.phases,
  powerConnectedKw: contracts.powerConnectedKw,
  powerContractedKw: contracts.powerContractedKw,
  tariffGroup: contracts.tariffGroup,
  meterRemote: contracts.meterRemote,
}

/** What the joined account calls the joined contract by: lib/billing/contract-title.ts. */
export const titleColumns = {
  alias: contractAccess.alias,
  category: contracts.category,
  address: sql<string | null>`case when ${accessLevel} = 'holder' then ${contracts.address} end`,
}

/** The joined contract's holder: the firm, else the person; null: the biller knows neither. */
export const holderName = sql<string | null>`coalesce(${contracts.businessName},
  nullif(concat_ws(' ', ${contracts.holderFirstName}, ${contracts.holderLastName}), ''))`

/** False where the holder refused this account, or the account took the contract off its list. */
export const hasAccess = sql<boolean>`(${contractAccess.holderDecision} is distinct from 'refused' and ${contractAccess.removedAt} is null)`

/**
 * Ids of all contracts that the account has or had, for what is few and lies together in an index of its own: with `= any (…)` it is asked
 * once a statement, and not once a contract.
 */
export const contractIdsOf = (accountId: string): SQL =>
  sql`array(select own.contract_id from ${contractAccess} own where own.account_id = ${accountId})`

/** The account took the contract off its list a short while ago, and its holder has not refused it. */
export const canRestore = (now: Date): SQL =>
  sql`${contractAccess.removedAt} > ${now.toISOString()}::timestamptz - make_interval(hours => ${RESTORE_HOURS})
    and ${contractAccess.holderDecision} is distinct from 'refused'`

/** The contract of these codes, whatever an address or a form names. For queries over contracts ⨝ billers. */
export const hasCodes = (biller: string, code: string): SQL =>
  sql`${billers.code} = ${biller} and ${contracts.code} = ${code}`

/** The account has the contract of these codes. For queries over contract_access ⨝ contracts ⨝ billers. */
export const hasContract = (accountId: string, biller: string, code: string): SQL =>
  and(eq(contractAccess.accountId, accountId), hasAccess, hasCodes(biller, code))!

/**
 * Locks a contract, so that it is not handed over meanwhile ('share'), or to hand it over. What decides who holds it is to be read after
 * that, by a statement of its own: one that waited still sees what was before.
 */
export async function lockContract(
  tx: Transaction,
  contractId: number,
  strength: 'share' | 'no key update' = 'share',
): Promise<void> {
  await tx.select({ id: contracts.id }).from(contracts).where(eq(contracts.id, contractId)).for(strength)
}

/** The row itself that says that an account has, or had, a contract. */
export const isAccess = (accountId: string, contractId: number): SQL =>
  and(eq(contractAccess.accountId, accountId), eq(contractAccess.contractId, contractId))!

/** Whether the account may open invoices and the history: everyone with access but those at level amounts. */
export const seesInvoices = and(hasAccess, sql`${accessLevel} <> 'amounts'`)!

/** The number of the joined invoice as the joined account sees it, here or on its own receipts. */
export const seenInvoiceNumber: SQL<string> = sql`case when ${accessLevel} <> 'amounts' and ${isOwnInvoice} then ${invoices.number} else ${sql.raw(`'${MASK}'`)} end`

/**
 * Which proof from the paper bill would open more of the joined contract to the joined account; null: none. Meter and reading
 * open the invoices, and make the holder of whoever has the holder's names and number; number and total open the invoices.
 * Whom the holder limited proves nothing. For queries over billers besides.
 */
export const openProof = sql<PaperProof | null>`case
  when ${contractAccess.holderDecision} in ('limited', 'refused') or ${contractAccess.endsAt} <= now() or ${contractAccess.untilOn} is not null then null
  when ${billers.paperProof} = 'meter' and ${contracts.meterNumber} is not null
    and (${accessLevel} = 'amounts' or ${accessLevel} = 'masked' and ${hasHoldersName}) then 'meter'
  when ${billers.paperProof} = 'number' and ${accessLevel} = 'amounts' then 'number' end`

/** The account has, or had, a contract of these billers. For queries over accounts. */
export const isCustomerOf = (billerIds: number[]): SQL =>
  sql`exists (select from contract_access a join contracts c on c.id = a.contract_id
    where a.account_id = ${accounts.id} and c.biller_id = any (${sql.param(billerIds)}::smallint[]))`

/**
 * Nobody works on their own: the contract is, and was, on no list of the account's, and neither its person, by number or phone, nor a
 * business of theirs holds it. For queries over contracts: who they are is asked once a statement.
 */
export const isOthersContract = (accountId: string): SQL => sql`(
  (${contracts.holderPersonalNumber} = (select self.personal_number from accounts self where self.id = ${accountId})) is not true
  and (${contracts.phone} = (select self.phone from accounts self where self.id = ${accountId})) is not true
  and ${contracts.id} not in (select own.contract_id from contract_access own where own.account_id = ${accountId})
  and not exists (select from ${accountBusinesses} own where own.account_id = ${accountId}
    and own.number = ${contracts.businessNumber} and own.biller_id = ${contracts.billerId}))`

/** Whether it is not. */
export async function isOwnContract(db: Executor, accountId: string, contractId: number): Promise<boolean> {
  const [others] = await db
    .select({ id: contracts.id })
    .from(contracts)
    .where(and(eq(contracts.id, contractId), isOthersContract(accountId)))
  return others === undefined
}

type Joined<Columns extends SelectedFields> = PgSelectBase<
  'contract_access',
  Columns,
  'partial',
  Record<'contract_access' | 'accounts' | 'contracts' | 'billers', 'not-null'>,
  true
>

/** These columns of the contracts that accounts have, with account, contract and biller joined. */
export const selectAccess = <Columns extends SelectedFields>(db: Executor, columns: Columns) =>
  db
    .select(columns as SelectedFields)
    .from(contractAccess)
    .innerJoin(accounts, eq(accounts.id, contractAccess.accountId))
    .innerJoin(contracts, eq(contracts.id, contractAccess.contractId))
    .innerJoin(billers, eq(billers.id, contracts.billerId))
    // The compiler does not follow columns that it does not know through three joins.
    .$dynamic() as unknown as Joined<Columns>
