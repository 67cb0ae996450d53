// Reads a contract's last twelve months: its invoices, and the payments it received.

import { and, desc, eq, gte, sql } from 'drizzle-orm'
import { accounts } from '../../db/schema/accounts.ts'
import { billers } from '../../db/schema/billers.ts'
import { invoices } from '../../db/schema/billing.ts'
import { contractAccess } from '../../db/schema/contract-access.ts'
import { contracts } from '../../db/schema/contracts.ts'
import { paymentAllocations, payments } from '../../db/schema/ledger.ts'
import { paymentAttempts } from '../../db/schema/payments.ts'
import { hasCodes, seesInvoices } from '../contracts/access.ts'
import { database } from '../platform/database.ts'
import { addMonths, dayIn } from '../platform/dates.ts'
import { isOverdue } from './reminder-rules.ts'
import type { History, HistoryInvoice, HistoryPayment } from './schema.ts'
import { billingMonths, HISTORY_MONTHS, isUnassigned } from './statement-rules.ts'

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
  const firstMonth = sql`((select max(latest.period) from ${invoices} as latest where latest.contract_id = ${contracts.id})
    - make_interval(months => ${HISTORY_MONTHS - 1}))::date`
  const rows = await database()
    .select({
      contractId: contracts.id,
      billerCode: billers.code,
      billerName: billers.name,
      contractCode: contracts.code,
      alias: contractAccess.alias,
      currency: billers.currency,
      unit: billers.unit,
      country: billers.country,
      timeZone: billers.timeZone,
      remindFrom: billers.remindFrom,
      invoice: {
        id: invoices.id,
        number: invoices.number,
        period: invoices.period,
        issuedOn: invoices.issuedOn,
        dueOn: invoices.dueOn,
        units: invoices.units,
        total: invoices.total,
        cancelledOn: invoices.cancelledOn,
        unpaid: invoices.unpaid,
      },
    })
    .from(contracts)
    .innerJoin(billers, eq(billers.id, contracts.billerId))
    .innerJoin(
      contractAccess,
      and(eq(contractAccess.contractId, contracts.id), eq(contractAccess.accountId, customer.id)),
    )
    .innerJoin(accounts, eq(accounts.id, contractAccess.accountId))
    .leftJoin(invoices, and(eq(invoices.contractId, contracts.id), gte(invoices.period, firstMonth)))
    .where(and(hasCodes(billerCode, contractCode), seesInvoices))
    .orderBy(desc(invoices.period), desc(invoices.number))
  if (!rows[0]) return null
  const { contractId, timeZone, remindFrom, invoice: _, ...contract } = rows[0]
  const today = dayIn(timeZone, now)
  const found = rows.flatMap(({ invoice }): HistoryInvoice[] => {
    if (!invoice) return []
    const { cancelledOn, unpaid, ...rest } = invoice
    const due = isOverdue(rest.dueOn, unpaid, { remindFrom }, today) ? 'overdue' : 'unpaid'
    return [{ ...rest, state: cancelledOn ? 'cancelled' : unpaid > 0 ? due : 'paid' }]
  })
  const months = (found[0] ? billingMonths(found[0].period) : []).map(period => ({
    period,
    invoices: found.filter(invoice => invoice.period === period),
  }))
  const from = months.at(-1)?.period ?? addMonths(today, 1 - HISTORY_MONTHS)
  return { ...contract, months, from, payments: await listPayments(customer, contractId, from) }
}

/** A contract's payments since the day `from`, latest first. The caller has checked that the customer may see them. */
async function listPayments(
  customer: { id: string },
  contractId: number,
  from: string,
): Promise<HistoryPayment[]> {
  const rows = await database()
    .select({
      id: payments.id,
      paidOn: payments.paidOn,
      amount: payments.amount,
      allocated: payments.allocated,
      method: payments.method,
      source: sql<string | null>`case when ${payments.attemptId} is null then ${payments.source} end`,
      invoiceNumber: payments.invoiceNumber,
      reversedOn: payments.reversedOn,
      pays: sql<string[]>`case when ${payments.invoiceNumber} is null then array(
        select paid.number from ${paymentAllocations} join ${invoices} paid on paid.id = ${paymentAllocations.invoiceId}
        where ${paymentAllocations.paymentId} = ${payments.id} order by paid.due_on, paid.number) else '{}' end`,
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
      and(eq(paymentAttempts.id, payments.attemptId), eq(paymentAttempts.accountId, customer.id)),
    )
    .where(and(eq(payments.contractId, contractId), gte(payments.paidOn, from)))
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
