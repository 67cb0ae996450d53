// What an invoice's page tells beside the invoice: the year of its contract, the month before, and what else is overdue.
import { and, desc, sql } from 'drizzle-orm'
import { billers } from '../../db/schema/billers.ts'
import { invoices } from '../../db/schema/billing.ts'
import { contracts } from '../../db/schema/contracts.ts'
import { hasCodes, inOwnTime, invoiceBegins } from '../contracts/access.ts'
import { balanceColumns, joinedTerms } from '../ledger/queries.ts'
import { amountDue } from '../ledger/rules.ts'
import { addMonths, type IsoDate } from '../platform/dates.ts'
import { tariffsJson } from '../tariffs/queries.ts'
import type { Tariff } from '../tariffs/schema.ts'
import { type BilledUnits, consumptionOf } from './consumption.ts'
import { type Difference, differenceOf } from './difference-rules.ts'
import { invoiceLinesJson } from './queries.ts'
import { isOverdue } from './reminder-rules.ts'
import type { Consumption, Invoice, InvoiceLine } from './schema.ts'
import { selectSeenInvoices } from './seen-invoices.ts'
import { HISTORY_MONTHS } from './statement-rules.ts'
import { underWay } from './under-way.ts'

export type InvoiceNeighbours = {
  /** Null where there is nothing to draw. */
  consumption: Consumption | null
  /** From the month before, and the id of its invoice; null where this month or that one has no invoice to compare, or several. */
  why: (Difference & { to: number }) | null
  /** Others of the contract that are overdue and can be paid, the oldest first; `due`: today, interest included. */
  overdue: { id: number; period: IsoDate; due: number }[]
}

/** For an invoice that the customer may see (getInvoice). */
export async function getInvoiceNeighbours(
  customer: { id: string },
  invoice: Invoice,
  now: Date,
): Promise<InvoiceNeighbours> {
  const month = addMonths(invoice.period, -1)
  const since = addMonths(invoice.period, 1 - 2 * HISTORY_MONTHS)
  const rows = await selectSeenInvoices(
    customer,
    {
      remindFrom: billers.remindFrom,
      terms: joinedTerms,
      // With the first row alone: it is the same in all of them.
      billed: sql<
        BilledUnits[] | null
      >`case when row_number() over (order by ${invoices.period} desc, ${invoices.number} desc) = 1
        then ${billedBetween(since, invoice.period)} end`,
      id: invoices.id,
      period: invoices.period,
      periodFrom: invoices.periodFrom,
      periodTo: invoices.periodTo,
      units: invoices.units,
      readingKind: invoices.readingKind,
      cancelledOn: invoices.cancelledOn,
      total: invoices.total,
      ...balanceColumns,
      underWay: underWay(now),
      lines: sql<
        InvoiceLine[]
      >`case when ${invoices.period} = ${month} then ${invoiceLinesJson} else '[]' end`,
      tariffs: sql<
        Tariff[] | null
      >`case when ${invoices.period} = ${month} then ${tariffsJson(contracts.billerId, contracts.tariffGroup)} end`,
    },
    // Found in `invoices_of_contract`: of the contract's other invoices no page is read.
    and(
      hasCodes(invoice.biller.code, invoice.contractCode),
      sql`${invoices.id} = any(array(select near.id from ${invoices} near where near.contract_id = (select contract_id from ${invoices} where id = ${invoice.id})
        and (near.period in (${month}, ${invoice.period}) or near.unpaid > 0 and near.cancelled_on is null)))`,
    ),
  ).orderBy(desc(invoices.period), desc(invoices.number))
  const standing = rows.filter(({ cancelledOn }) => cancelledOn === null)
  const ofMonth = (period: IsoDate) => {
    const [one, ...others] = standing.filter(row => row.period === period)
    return others.length === 0 ? one : undefined
  }
  const before = ofMonth(invoice.period)?.id === invoice.id && ofMonth(month)
  const overdue = standing
    .map(row => ({
      ...row,
      due: amountDue({ ...row, cancelled: false }, row, row.terms, invoice.today).total,
    }))
    .filter(
      row => row.id !== invoice.id && !row.underWay && isOverdue(row.dueOn, row.due, row, invoice.today),
    )
  return {
    consumption: invoice.period > invoice.today ? null : consumptionOf(rows[0]?.billed ?? [], invoice.period),
    why: before ? { ...differenceOf(before, invoice, before.tariffs ?? []), to: before.id } : null,
    overdue: overdue.map(({ id, period, due }) => ({ id, period, due })).reverse(),
  }
}

/** What the joined contract was billed for in these months: `invoices_of_contract` has all of it. */
const billedBetween = (from: IsoDate, to: IsoDate) => sql`(select coalesce(json_agg(json_build_object(
    'period', billed.period, 'units', billed.units::text, 'readingKind', billed.reading_kind, 'cancelledOn', billed.cancelled_on,
    'periodFrom', billed.period_from, 'periodTo', billed.period_to)), '[]')
  from ${invoices} as billed where billed.contract_id = ${contracts.id} and billed.period between ${from} and ${to}
    and ${inOwnTime(invoiceBegins('billed'))})`
