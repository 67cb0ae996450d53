// Reads invoices for the accounts that may see them.
import { and, asc, eq, type SQL, sql } from 'drizzle-orm'
import type { Executor } from '../../db/client.ts'
import { accounts, contractAccess } from '../../db/schema/accounts.ts'
import { invoices } from '../../db/schema/billing.ts'
import { billers, contracts } from '../../db/schema/contracts.ts'
import { paymentAttemptInvoices } from '../../db/schema/payments.ts'
import { accessLevel, hasAccess } from '../contracts/access.ts'
import { database } from '../platform/database.ts'
import { dayIn } from '../platform/dates.ts'
import type { Currency } from '../platform/money.ts'
import { amountDue } from './rules.ts'
import type { UnpaidContract } from './schema.ts'

const hasLiveAttempt = sql<boolean>`exists (select 1 from ${paymentAttemptInvoices}
  where ${paymentAttemptInvoices.invoiceId} = ${invoices.id} and ${paymentAttemptInvoices.live})`

/** Everything amountDue needs, of the joined invoice and biller. */
const balanceColumns = {
  dueOn: invoices.dueOn,
  principal: invoices.principal,
  tvTax: invoices.tvTax,
  cancelledOn: invoices.cancelledOn,
  principalPaid: invoices.principalPaid,
  tvTaxPaid: invoices.tvTaxPaid,
  interestPaid: invoices.interestPaid,
  principalDaysLate: invoices.principalDaysLate,
  interestCountedTo: invoices.interestCountedTo,
  interestPerDayPpm: billers.interestPerDayPpm,
  interestCapPercent: billers.interestCapPercent,
  timeZone: billers.timeZone,
}

/**
 * The customer's unpaid invoices, of one contract (by its id) or of all, grouped by contract; contracts with nothing
 * due are left out. What is due is counted to the day that `now` is in each biller's time zone.
 */
export async function listUnpaidInvoices(
  customer: { id: string },
  contract: number | 'all',
  now: Date,
  db: Executor = database(),
): Promise<UnpaidContract[]> {
  const one: SQL | undefined = contract === 'all' ? undefined : eq(contracts.id, contract)
  const rows = await db
    .select({
      id: invoices.id,
      number: invoices.number,
      period: invoices.period,
      ...balanceColumns,
      hasLiveAttempt,
      contractId: contracts.id,
      contractCode: contracts.code,
      alias: contractAccess.alias,
      level: accessLevel,
      billerCode: billers.code,
      billerName: billers.name,
      currency: sql<Currency>`${billers.currency}`,
    })
    .from(contractAccess)
    .innerJoin(accounts, eq(accounts.id, contractAccess.accountId))
    .innerJoin(contracts, eq(contracts.id, contractAccess.contractId))
    .innerJoin(billers, eq(billers.id, contracts.billerId))
    .innerJoin(invoices, eq(invoices.contractId, contracts.id))
    .where(
      and(
        eq(contractAccess.accountId, customer.id),
        hasAccess,
        one,
        sql`${invoices.unpaid} > 0 and ${invoices.cancelledOn} is null`,
      ),
    )
    .orderBy(
      asc(billers.name),
      asc(contractAccess.addedAt),
      asc(contracts.id),
      asc(invoices.dueOn),
      asc(invoices.number),
    )

  const byContract = new Map<number, UnpaidContract>()
  for (const row of rows) {
    const today = dayIn(row.timeZone, now)
    const due = amountDue({ ...row, cancelled: false }, row, row, today)
    const entry = byContract.get(row.contractId) ?? {
      billerCode: row.billerCode,
      billerName: row.billerName,
      contractCode: row.contractCode,
      alias: row.alias,
      currency: row.currency,
      level: row.level,
      invoices: [],
      total: 0,
    }
    byContract.set(row.contractId, entry)
    const { id, number, period, dueOn } = row
    entry.invoices.push({
      id,
      number,
      period,
      dueOn,
      overdue: dueOn < today,
      ...due,
      hasLiveAttempt: row.hasLiveAttempt,
    })
    entry.total += due.total
  }
  return [...byContract.values()]
}
