// Reads a contract's last twelve months: its invoices, and the payments it received.

import { and, desc, eq, gte, type SQL, sql } from 'drizzle-orm'
import { accounts } from '../../db/schema/accounts.ts'
import { billers } from '../../db/schema/billers.ts'
import { invoices } from '../../db/schema/billing.ts'
import { contractAccess } from '../../db/schema/contract-access.ts'
import { contracts } from '../../db/schema/contracts.ts'
import { paymentAllocations, payments } from '../../db/schema/ledger.ts'
import { paymentAttempts } from '../../db/schema/payments.ts'
import {
  accessLevel,
  hasCodes,
  holderName,
  inOwnTime,
  invoiceBegins,
  isOwnInvoice,
  paymentBegins,
  seesInvoices,
  titleColumns,
} from '../contracts/access.ts'
import { maskHolder } from '../contracts/rules.ts'
import type { InterestTerm } from '../ledger/interest-rules.ts'
import { balanceColumns, interestOf, joinedTerms } from '../ledger/queries.ts'
import { amountDue, type InvoiceBalance } from '../ledger/rules.ts'
import { database } from '../platform/database.ts'
import { addMonths, dayIn, type IsoDate } from '../platform/dates.ts'
import { consumptionOf } from './consumption.ts'
import { isOverdue, type ReminderTerms } from './reminder-rules.ts'
import type { History, HistoryInvoice, HistoryPayment } from './schema.ts'
import { billingMonths, HISTORY_MONTHS, isUnassigned } from './statement-rules.ts'
import { underWay } from './under-way.ts'

/**
 * Twelve billing months of one of the customer's contracts, ending with its latest invoice, and its payments from
 * their first day on; null where it is not theirs to see. Without an invoice: the payments of twelve months up to now.
 */
export async function getHistory(
  customer: { id: string },
  billerCode: string,
  contractCode: string,
  now: Date,
): Promise<History | null> {
  const rows = await database()
    .select({
      contractId: contracts.id,
      billerCode: billers.code,
      billerName: billers.name,
      contractCode: contracts.code,
      ...titleColumns,
      currency: billers.currency,
      unit: billers.unit,
      country: billers.country,
      level: accessLevel,
      holder: { name: holderName, address: contracts.address },
      terms: { timeZone: billers.timeZone, remindFrom: billers.remindFrom, interest: joinedTerms },
      invoice: { ...historyInvoiceColumns, underWay: underWay(now) },
    })
    .from(contracts)
    .innerJoin(billers, eq(billers.id, contracts.billerId))
    .crossJoinLateral(interestOf(billers.id))
    .innerJoin(
      contractAccess,
      and(eq(contractAccess.contractId, contracts.id), eq(contractAccess.accountId, customer.id)),
    )
    .innerJoin(accounts, eq(accounts.id, contractAccess.accountId))
    .leftJoin(
      invoices,
      and(
        eq(invoices.contractId, contracts.id),
        gte(invoices.period, firstMonth(inOwnTime(invoiceBegins('latest')))),
        isOwnInvoice,
      ),
    )
    .where(and(hasCodes(billerCode, contractCode), seesInvoices))
    .orderBy(desc(invoices.period), desc(invoices.number))
  if (!rows[0] || rows[0].level === 'amounts') return null
  const { contractId, terms, level, holder, invoice: _, ...contract } = rows[0]
  const today = dayIn(terms.timeZone, now)
  const invoiced = rows.flatMap(({ invoice }) => invoice ?? [])
  const history = historyOf(invoiced, terms, today)
  return {
    ...contract,
    level,
    holder: maskHolder(holder, level),
    today,
    ...history,
    payments: await listPayments(contractId, history.from, customer),
  }
}

/**
 * The first of the months that a history needs of the joined contract: with the year before, which its picture sets beside it.
 * `counts`: which of its invoices, `latest`, are seen.
 */
export const firstMonth = (counts: SQL = sql`true`) =>
  sql`((select max(latest.period) from ${invoices} as latest where latest.contract_id = ${contracts.id} and ${counts})
  - make_interval(months => ${2 * HISTORY_MONTHS - 1}))::date`

/** Of the joined invoice. */
export const historyInvoiceColumns = {
  id: invoices.id,
  number: invoices.number,
  period: invoices.period,
  issuedOn: invoices.issuedOn,
  units: invoices.units,
  readingKind: invoices.readingKind,
  total: invoices.total,
  cancelledOn: invoices.cancelledOn,
  ...balanceColumns,
}

/** Twelve billing months, made of a contract's invoices, the latest first; `from`: their first day. */
export function historyOf(
  invoiced: Counted[],
  terms: Terms,
  today: IsoDate,
): Pick<History, 'consumption' | 'months' | 'from'> {
  const last = invoiced[0]?.period
  const months = (last ? billingMonths(last) : []).map(period => ({
    period,
    invoices: invoiced
      .filter(invoice => invoice.period === period)
      .map(invoice => asRow(invoice, terms, today)),
  }))
  const from = months.at(-1)?.period ?? addMonths(today, 1 - HISTORY_MONTHS)
  return { consumption: consumptionOf(invoiced, last), months, from }
}

type Terms = ReminderTerms & { interest: InterestTerm[] }
type Counted = Omit<HistoryInvoice, 'state' | 'due'> &
  InvoiceBalance & { principal: number; tvTax: number; cancelledOn: IsoDate | null }

/** An invoice as a list shows it. */
export function asRow(invoice: Counted, terms: Terms, today: IsoDate): HistoryInvoice {
  const { id, number, period, issuedOn, dueOn, units, readingKind, total, cancelledOn, underWay } = invoice
  const due = amountDue({ ...invoice, cancelled: cancelledOn !== null }, invoice, terms.interest, today).total
  const unpaid = isOverdue(dueOn, due, terms, today) ? 'overdue' : 'unpaid'
  const state = cancelledOn ? 'cancelled' : due > 0 ? unpaid : 'paid'
  return { id, number, period, issuedOn, dueOn, units, readingKind, total, state, due, underWay }
}

/**
 * A contract's payments since the day `from`, latest first. Of a `customer` those of their own time, of which those that they made
 * lead to their receipts. The caller has checked that its reader may see them.
 */
export async function listPayments(
  contractId: number,
  from: string,
  customer?: { id: string },
): Promise<HistoryPayment[]> {
  const seen = (begins: SQL): SQL => (customer ? inOwnTime(begins) : sql`true`)
  const rows = await database()
    .select({
      id: payments.id,
      paidOn: payments.paidOn,
      amount: payments.amount,
      allocated: payments.allocated,
      method: payments.method,
      source: sql<string | null>`case when ${payments.attemptId} is null then ${payments.source} end`,
      byLink: sql<boolean>`exists (select from payment_attempts linked
        where linked.id = ${payments.attemptId} and linked.pay_link_id is not null)`,
      invoiceNumber: payments.invoiceNumber,
      reversedOn: payments.reversedOn,
      pays: sql<HistoryPayment['pays']>`(select coalesce(
          json_agg(json_build_object('number', paid.number, 'period', paid.period) order by paid.due_on, paid.number), '[]')
        from ${paymentAllocations} join ${invoices} paid on paid.id = ${paymentAllocations.invoiceId}
        where ${paymentAllocations.paymentId} = ${payments.id} and ${seen(invoiceBegins('paid'))})`,
      invoiceId: invoices.id,
      attemptId: paymentAttempts.id,
    })
    .from(payments)
    .leftJoin(
      invoices,
      and(
        eq(invoices.billerId, payments.billerId),
        eq(invoices.number, payments.invoiceNumber),
        eq(invoices.contractId, payments.contractId),
      ),
    )
    .leftJoin(
      paymentAttempts,
      and(
        eq(paymentAttempts.id, payments.attemptId),
        customer ? eq(paymentAttempts.accountId, customer.id) : sql`false`,
      ),
    )
    .innerJoin(contracts, eq(contracts.id, payments.contractId))
    .leftJoin(accounts, customer ? eq(accounts.id, customer.id) : sql`false`)
    .leftJoin(
      contractAccess,
      and(eq(contractAccess.accountId, accounts.id), eq(contractAccess.contractId, contracts.id)),
    )
    .where(and(eq(payments.contractId, contractId), gte(payments.paidOn, from), seen(paymentBegins())))
    .orderBy(desc(payments.paidOn), desc(payments.reference))
  return rows.map(({ allocated, invoiceId, ...payment }) => {
    const unassigned = isUnassigned({ ...payment, invoiceId })
    return {
      ...payment,
      unassigned,
      surplus: payment.reversedOn || unassigned ? 0 : payment.amount - allocated,
    }
  })
}
