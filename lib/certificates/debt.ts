// What contracts owe: what a certificate would say of them, and says.
import { and, eq, inArray, isNull, type SQL, sql } from 'drizzle-orm'
import type { Executor } from '../../db/client.ts'
import { accounts } from '../../db/schema/accounts.ts'
import { billers } from '../../db/schema/billers.ts'
import { invoices } from '../../db/schema/billing.ts'
import { contractAccess } from '../../db/schema/contract-access.ts'
import { contracts } from '../../db/schema/contracts.ts'
import { paymentAttemptInvoices, paymentAttempts } from '../../db/schema/payments.ts'
import { isStale } from '../billing/under-way.ts'
import { isOwnInvoice } from '../contracts/access.ts'
import { balanceColumns, interestOf, joinedTerms } from '../ledger/queries.ts'
import { type AmountDue, amountDue } from '../ledger/rules.ts'
import { dayIn } from '../platform/dates.ts'
import { sumDue } from './rules.ts'

export type ContractDebt = {
  id: number
  code: string
  address: string | null
  due: AmountDue
  /** A bank has not said yet what became of a payment. */
  underWay: boolean
}

/** A payment of the joined invoice is under way: one that keeps the holder from paying it keeps them from a certificate, too. */
const isBeingPaid = (accountId: string, now: Date) => sql<boolean>`exists (
  select from ${paymentAttemptInvoices} join ${paymentAttempts} on ${paymentAttempts.id} = ${paymentAttemptInvoices.attemptId}
  where ${paymentAttemptInvoices.invoiceId} = ${invoices.id} and ${paymentAttemptInvoices.live}
    and not ${isStale(now.toISOString(), sql`${accountId}::uuid`)})`

/**
 * Of each contract that `which` (of contracts) names, by code, in one statement: as it is at one moment, counted to the day of `now`.
 * Of the account's own time: what whoever moved out owes is none of whoever moved in.
 */
export async function listDebts(
  db: Executor,
  which: SQL,
  accountId: string,
  now: Date,
): Promise<ContractDebt[]> {
  const rows = await db
    .select({
      id: contracts.id,
      code: contracts.code,
      address: contracts.address,
      timeZone: billers.timeZone,
      terms: joinedTerms,
      invoice: { id: invoices.id, ...balanceColumns, underWay: isBeingPaid(accountId, now) },
    })
    .from(contracts)
    .innerJoin(billers, eq(billers.id, contracts.billerId))
    .crossJoinLateral(interestOf(billers.id))
    .innerJoin(accounts, eq(accounts.id, accountId))
    .leftJoin(
      contractAccess,
      and(eq(contractAccess.accountId, accounts.id), eq(contractAccess.contractId, contracts.id)),
    )
    .leftJoin(
      invoices,
      and(
        eq(invoices.contractId, contracts.id),
        sql`${invoices.unpaid} > 0`,
        isNull(invoices.cancelledOn),
        isOwnInvoice,
      ),
    )
    .where(which)
    .orderBy(contracts.code)
  return [...Map.groupBy(rows, ({ id }) => id).values()].map(of => {
    const [{ id, code, address, timeZone, terms }] = of as [(typeof of)[number]]
    const unpaid = of.flatMap(({ invoice }) => (invoice ? [invoice] : []))
    const today = dayIn(timeZone, now)
    const due = sumDue(unpaid.map(one => amountDue({ ...one, cancelled: false }, one, terms, today)))
    return { id, code, address, due, underWay: unpaid.some(({ underWay }) => underWay) }
  })
}

/** Which contracts a certificate covers: the one that it names, or all of a business's with that biller. */
export const coveredBy = (of: { contractId: number } | { billerId: number; nipt: string }): SQL =>
  'contractId' in of
    ? eq(contracts.id, of.contractId)
    : and(eq(contracts.billerId, of.billerId), eq(contracts.businessNumber, of.nipt))!

/** Holds them until the end of the transaction: what is paid or billed meanwhile waits, so that all of it is of one moment. */
export async function lockContracts(tx: Executor, which: SQL): Promise<number[]> {
  const rows = await tx
    .select({ id: contracts.id })
    .from(contracts)
    .where(which)
    .orderBy(contracts.id)
    .for('no key update')
  return rows.map(({ id }) => id)
}

/** The newest invoice of contracts, by the order in which feeds brought them; 0: none. */
export async function newestInvoice(tx: Executor, contractIds: number[]): Promise<number> {
  const [row] = await tx
    .select({ id: sql<number>`coalesce(max(${invoices.id}), 0)::float8` })
    .from(invoices)
    .where(inArray(invoices.contractId, contractIds))
  return row!.id
}
