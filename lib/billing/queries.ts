// Reads invoices for the accounts that may see them.
import { and, asc, desc, eq, getTableColumns, inArray, sql } from 'drizzle-orm'
import { accounts } from '../../db/schema/accounts.ts'
import { billers } from '../../db/schema/billers.ts'
import { invoiceLines, invoices } from '../../db/schema/billing.ts'
import { cases } from '../../db/schema/cases.ts'
import { contractAccess } from '../../db/schema/contract-access.ts'
import { contracts } from '../../db/schema/contracts.ts'
import { customerReadings } from '../../db/schema/customer-readings.ts'
import { paymentAllocations, payments } from '../../db/schema/ledger.ts'
import { paymentAttempts } from '../../db/schema/payments.ts'
import {
  accessLevel,
  hasAccess,
  holderName,
  inOwnTime,
  invoiceBegins,
  isOwn,
  isOwnInvoice,
  seenInvoiceNumber,
  titleColumns,
} from '../contracts/access.ts'
import { maskHolder } from '../contracts/rules.ts'
import { isOfBiller } from '../contracts/sent-readings.ts'
import { chargesInterest } from '../ledger/interest-rules.ts'
import { balanceColumns, interestOf, joinedTerms } from '../ledger/queries.ts'
import { amountDue } from '../ledger/rules.ts'
import { database } from '../platform/database.ts'
import { dayIn } from '../platform/dates.ts'
import { env } from '../platform/env.ts'
import { type BilledUnits, consumptionMonths } from './consumption.ts'
import { letterheadColumns } from './letterhead.ts'
import { isOverdue } from './reminder-rules.ts'
import type { Debt, Invoice, InvoiceLine, SentReading, UnpaidInvoice } from './schema.ts'
import { selectSeenInvoices } from './seen-invoices.ts'
import { HISTORY_MONTHS } from './statement-rules.ts'
import { underWay, underWayOf, withRest } from './under-way.ts'

/** What an invoice is counted by beside its balance, of the joined biller. */
const terms = {
  interestTerms: joinedTerms,
  remindFrom: billers.remindFrom,
  timeZone: billers.timeZone,
}

/**
 * The customer's unpaid invoices, of some contracts (by their ids) or of all: by biller, contract, due date and number.
 * What is due is counted to the day that `now` is in each biller's time zone.
 */
export async function listUnpaidInvoices(
  customer: { id: string },
  of: number[] | 'all',
  now: Date,
): Promise<UnpaidInvoice[]> {
  const rows = await selectUnpaid(customer, of, now)
  return rows.map(row => unpaidInvoice(row, now))
}

/**
 * The same of all contracts, to be counted for other days too. `payday`: the day of the month on which the customer pays, where
 * they named one.
 */
export async function listDebts(
  customer: { id: string },
  now: Date,
): Promise<{ debts: Debt[]; payday: number | null }> {
  const rows = await selectUnpaid(customer, 'all', now)
  const debts = rows.map(row => {
    const { dueOn, principal, tvTax, interestTerms: terms } = row
    const { principalPaid, tvTaxPaid, interestPaid, interestMillionths, interestCountedTo } = row
    const balance = { principalPaid, tvTaxPaid, interestPaid, interestMillionths, interestCountedTo }
    const counted = { billed: { dueOn, principal, tvTax, cancelled: false }, balance, terms }
    return { ...unpaidInvoice(row, now), counted, place: row.place }
  })
  return { debts, payday: rows[0]?.payday ?? null }
}

/**
 * Of the joined contract. As they are put in order, PostgreSQL reads the contract before them: else, as it expects less than one of each, it
 * looks the contract up once an invoice.
 */
const unpaidOfContract = () =>
  database()
    .select()
    .from(invoices)
    .where(
      and(
        eq(invoices.contractId, contracts.id),
        sql`${invoices.unpaid} > 0 and ${invoices.cancelledOn} is null`,
      ),
    )
    .orderBy(asc(invoices.dueOn), asc(invoices.number))
    .as('invoices')

const selectUnpaid = (customer: { id: string }, of: number[] | 'all', now: Date) =>
  database()
    .select({
      id: invoices.id,
      number: seenInvoiceNumber,
      period: invoices.period,
      issuedOn: invoices.issuedOn,
      units: sql<string | null>`case when ${accessLevel} <> 'amounts' then ${invoices.units} end`,
      ...balanceColumns,
      ...terms,
      underWay: underWayOf(customer.id, now),
      payday: accounts.statementDay,
      place: sql<number>`(row_number() over (order by ${invoices.dueOn}, ${invoices.number} collate "C"))::int`,
      contract: {
        id: contracts.id,
        billerCode: billers.code,
        billerName: billers.name,
        country: billers.country,
        code: contracts.code,
        ...titleColumns,
        currency: billers.currency,
        level: accessLevel,
        isOwn,
      },
    })
    .from(contractAccess)
    .innerJoin(accounts, eq(accounts.id, contractAccess.accountId))
    .innerJoin(contracts, eq(contracts.id, contractAccess.contractId))
    .innerJoin(billers, eq(billers.id, contracts.billerId))
    .crossJoinLateral(interestOf(billers.id))
    .crossJoinLateral(unpaidOfContract())
    .where(
      and(
        eq(contractAccess.accountId, customer.id),
        hasAccess,
        of === 'all' ? undefined : inArray(contracts.id, of),
        isOwnInvoice,
      ),
    )
    .orderBy(
      asc(billers.id),
      desc(contractAccess.addedAt),
      asc(contracts.code),
      asc(invoices.dueOn),
      asc(invoices.number),
    )

function unpaidInvoice(row: Awaited<ReturnType<typeof selectUnpaid>>[number], now: Date): UnpaidInvoice {
  const { id, number, period, issuedOn, units, dueOn, contract } = row
  const today = dayIn(row.timeZone, now)
  const due = amountDue({ ...row, cancelled: false }, row, row.interestTerms, today)
  const overdue = isOverdue(dueOn, due.total, row, today)
  const underWay = withRest(row.underWay, due.total)
  return { id, number, period, issuedOn, units, dueOn, overdue, ...due, underWay, today, contract }
}

/** The lines of the joined invoice. */
export const invoiceLinesJson = sql<InvoiceLine[]>`(select coalesce(json_agg(json_build_object(
    'code', ${invoiceLines.code}, 'quantity', ${invoiceLines.quantity}::text, 'unitPrice', ${invoiceLines.unitPrice}::text,
    'amount', ${invoiceLines.amount}, 'vatPercent', ${invoiceLines.vatPercent}::text) order by ${invoiceLines.position}), '[]')
  from ${invoiceLines} where ${invoiceLines.invoiceId} = ${invoices.id})`

/** What the contract was billed for in the year that ends with the invoice's month. */
const billedInYear = sql<BilledUnits[]>`(select coalesce(json_agg(json_build_object('period', billed.period,
    'units', billed.units::text, 'readingKind', billed.reading_kind, 'cancelledOn', billed.cancelled_on)), '[]')
  from ${invoices} as billed where billed.contract_id = ${invoices.contractId}
    and billed.period between ${invoices.period} - make_interval(months => ${HISTORY_MONTHS - 1}) and ${invoices.period}
    and ${inOwnTime(invoiceBegins('billed'))})`

/** The newest payment of the joined account's own that pays something of the joined invoice. */
const ownPayment = sql<string | null>`(select ${payments.attemptId} from ${paymentAllocations}
  join ${payments} on ${payments.id} = ${paymentAllocations.paymentId}
  join ${paymentAttempts} on ${paymentAttempts.id} = ${payments.attemptId}
  where ${paymentAllocations.invoiceId} = ${invoices.id} and ${paymentAttempts.accountId} = ${accounts.id}
  order by ${payments.id} desc limit 1)`

/** The newest reading that the holder, else somebody else, sent of the time of the joined invoice: after the bill before it, and before its end. */
const sentReading = sql<SentReading | null>`(select json_build_object('readOn', ${customerReadings.readOn}, 'high', ${customerReadings.high}::text,
    'low', ${customerReadings.low}::text)
  from ${customerReadings} where ${customerReadings.contractId} = ${contracts.id} and ${isOfBiller('customer_readings')}
    and ${inOwnTime(sql`${customerReadings.readOn}`)} and ${customerReadings.readOn} <= coalesce(${invoices.periodTo}, ${invoices.issuedOn})
    and not exists (select from ${invoices} as earlier where earlier.contract_id = ${contracts.id} and earlier.cancelled_on is null
      and (earlier.period, earlier.number) < (${invoices.period}, ${invoices.number})
      and coalesce(earlier.period_to, earlier.issued_on) >= ${customerReadings.readOn})
  order by ${customerReadings.byHolder} desc, ${customerReadings.readOn} desc, ${customerReadings.id} desc limit 1)`

/** The number of the joined account's newest open request about the joined invoice. */
const openRequest = sql<string | null>`(select ${cases.number} from ${cases}
  where ${cases.contractId} = ${contracts.id} and ${cases.accountId} = ${accounts.id} and ${cases.queue} = 'requests'
    and ${cases.state} in ('pending', 'taken', 'waiting') and ${cases.answers} ->> 'invoice' = ${invoices.id}::text
  order by ${cases.createdAt} desc limit 1)`

const { billerId, contractId, unpaid, ...invoiceColumns } = getTableColumns(invoices)

/** One of the customer's invoices, as its page and PDF show it; null where it is not theirs to see. */
export async function getInvoice(customer: { id: string }, id: number, now: Date): Promise<Invoice | null> {
  const [row] = await selectSeenInvoices(
    customer,
    {
      ...invoiceColumns,
      ...terms,
      lines: invoiceLinesJson,
      billed: billedInYear,
      underWay: underWay(now),
      ownPayment,
      openRequest,
      sentReading,
      contractCode: contracts.code,
      ...titleColumns,
      tariffGroup: contracts.tariffGroup,
      customerCategory: contracts.customerCategory,
      level: accessLevel,
      currency: billers.currency,
      biller: {
        code: billers.code,
        name: billers.name,
        country: billers.country,
        unit: billers.unit,
        ...letterheadColumns,
      },
      holder: {
        name: holderName,
        address: contracts.address,
        phone: contracts.phone,
        personalNumber: contracts.holderPersonalNumber,
        businessNumber: contracts.businessNumber,
        meterNumber: contracts.meterNumber,
      },
    },
    eq(invoices.id, id),
  )
  if (!row || row.level === 'amounts') return null

  const { interestTerms, remindFrom, timeZone, correctedAt, billed, ...counted } = row
  const { principalPaid, tvTaxPaid, interestPaid, interestMillionths, interestCountedTo, ...invoice } =
    counted
  const today = dayIn(timeZone, now)
  const due = amountDue({ ...row, cancelled: row.cancelledOn !== null }, row, interestTerms, today)
  return {
    ...invoice,
    ...(row.level === 'masked' && { nivf: null, nslf: null, fiscalQr: null }),
    level: row.level,
    holder: maskHolder(row.holder, row.level),
    consumption:
      row.biller.unit === 'none' || row.period > today ? [] : consumptionMonths(billed, row.period),
    correctedOn: correctedAt && dayIn(timeZone, correctedAt),
    paid: principalPaid + tvTaxPaid + interestPaid,
    due,
    underWay: withRest(row.underWay, due.total),
    transfer: env().TRANSFER_DETAILS[row.biller.code] ?? null,
    chargesInterest: chargesInterest(interestTerms),
    overdue: isOverdue(row.dueOn, due.total, row, today),
    today,
  }
}
