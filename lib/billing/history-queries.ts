// Reads a stretch of a contract's months: its invoices, and the payments it received.

import { and, desc, eq, gte, lte, type SQL, sql } from 'drizzle-orm'
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
  seesInvoices,
  titleColumns,
  todayAt,
} from '../contracts/access.ts'
import { databaseOfContract } from '../contracts/replica-access.ts'
import { maskHolder } from '../contracts/rules.ts'
import { givenBack } from '../ledger/given-back.ts'
import type { InterestTerm } from '../ledger/interest-rules.ts'
import { balanceColumns, interestOf, joinedTerms } from '../ledger/queries.ts'
import { amountDue, type InvoiceBalance } from '../ledger/rules.ts'
import { database } from '../platform/database.ts'
import { addMonths, dayIn, type IsoDate } from '../platform/dates.ts'
import { type BilledMoney, billedOf, consumptionOf } from './consumption.ts'
import { billingMonths, lastDayOf, lastOf, monthCount, rangeIn } from './history-rules.ts'
import { isOverdue, type ReminderTerms } from './reminder-rules.ts'
import type { History, HistoryInvoice, HistoryPayment, InvoicedMonths, MonthRange } from './schema.ts'
import { HISTORY_MONTHS, isUnassigned } from './statement-rules.ts'
import { type StoredUnderWay, underWay, withRest } from './under-way.ts'

/**
 * The billing months asked for of one of the customer's contracts, twelve that end with its latest month that has come by default, and its payments from
 * their first day to their last, where they are not the latest; null where it is not theirs to see. Without an invoice: the payments
 * of twelve months up to now.
 */
export async function getHistory(
  customer: { id: string },
  billerCode: string,
  contractCode: string,
  now: Date,
  asked: Partial<MonthRange> = {},
): Promise<History | null> {
  const db = await databaseOfContract(customer, billerCode, contractCode)
  const rows = await db
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
      span: spanColumns,
      // With the first row alone: it is the same in all of them.
      before: sql<
        BilledMoney[] | null
      >`case when row_number() over (order by ${invoices.period} desc, ${invoices.number} desc) = 1
        then ${yearBefore(now, asked)} end`,
      invoice: {
        ...historyInvoiceColumns,
        // Of what is paid, nobody asks.
        underWay: sql<StoredUnderWay | null>`case when ${invoices.unpaid} > 0 then ${underWay(now)} end`,
      },
    })
    .from(contracts)
    .innerJoin(billers, eq(billers.id, contracts.billerId))
    .crossJoinLateral(interestOf(billers.id))
    .innerJoin(
      contractAccess,
      and(eq(contractAccess.contractId, contracts.id), eq(contractAccess.accountId, customer.id)),
    )
    .innerJoin(accounts, eq(accounts.id, contractAccess.accountId))
    .crossJoinLateral(spanOf(now, inOwnTime(invoiceBegins('seen'))))
    .leftJoin(invoices, and(eq(invoices.contractId, contracts.id), inMonths(now, asked, 0), isOwnInvoice))
    .where(and(hasCodes(billerCode, contractCode), seesInvoices))
    .orderBy(desc(invoices.period), desc(invoices.number))
  if (!rows[0] || rows[0].level === 'amounts') return null
  const { contractId, terms, level, holder, span, before, invoice: _, ...contract } = rows[0]
  const today = dayIn(terms.timeZone, now)
  const invoiced = rows.flatMap(({ invoice }) => invoice ?? [])
  const history = historyOf(invoiced, terms, today, readSpan(span), asked, before ?? [])
  return {
    ...contract,
    level,
    holder: maskHolder(holder, level),
    today,
    ...history,
    years: span.years,
    payments: await listPayments(contractId, history, customer, db),
  }
}

/**
 * The joined contract's months and years with invoices, for a lateral join after its biller: read once, where a sub-select is read once an
 * invoice. `counts`: which of its invoices, `seen`, are.
 */
export const spanOf = (now: Date, counts: SQL = sql`true`): SQL =>
  sql`(select min(seen.period)::text as first, max(seen.period)::text as last,
      max(seen.period) filter (where seen.period <= ${todayAt(now)})::text as latest,
      coalesce(array_agg(distinct extract(year from seen.period)::int order by extract(year from seen.period)::int desc)
        filter (where seen.cancelled_on is null), '{}') as years
    from ${invoices} as seen where seen.contract_id = ${contracts.id} and ${counts}) span`

/** Its columns. */
export const spanColumns = {
  first: sql<IsoDate | null>`span.first`,
  last: sql<IsoDate | null>`span.last`,
  latest: sql<IsoDate | null>`span.latest`,
  years: sql<number[]>`span.years`,
}

export const readSpan = ({
  first,
  last,
  latest,
}: Record<'first' | 'last' | 'latest', IsoDate | null>): InvoicedMonths | null =>
  first && last ? { from: first, to: last, latest } : null

/** The joined invoice is of the months asked for, or of the `before` months before them: a year, which their picture sets beside them. */
export function inMonths(
  now: Date,
  { from, to }: Partial<MonthRange> = {},
  before: number = HISTORY_MONTHS,
): SQL {
  const begins = beginOf(now, { from, to }, before)
  return and(sql`${invoices.period} >= ${begins}`, to ? lte(invoices.period, to) : undefined)!
}

function beginOf(now: Date, { from, to }: Partial<MonthRange>, before: number): SQL {
  const first = from ?? (to && addMonths(to, 1 - HISTORY_MONTHS))
  return first
    ? sql`${addMonths(first, -before)}::date`
    : sql`coalesce(span.latest::date, ${todayAt(now)}) - make_interval(months => ${HISTORY_MONTHS - 1 + before})`
}

/** What the joined contract was billed for in the year before the months asked for: `invoices_of_contract` has all of it. */
const yearBefore = (now: Date, asked: Partial<MonthRange>) => sql`(select coalesce(json_agg(json_build_object(
    'period', earlier.period, 'units', earlier.units::text, 'readingKind', earlier.reading_kind, 'cancelledOn', earlier.cancelled_on,
    'periodFrom', earlier.period_from, 'periodTo', earlier.period_to, 'isCorrected', earlier.corrected_at is not null,
    'total', earlier.principal + earlier.tv_tax)), '[]')
  from ${invoices} as earlier where earlier.contract_id = ${contracts.id} and ${inOwnTime(invoiceBegins('earlier'))}
    and earlier.period >= ${beginOf(now, asked, HISTORY_MONTHS)} and earlier.period < ${beginOf(now, asked, 0)})`

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
  isCorrected: sql<boolean>`${invoices.correctedAt} is not null`,
  periodFrom: invoices.periodFrom,
  periodTo: invoices.periodTo,
  ...balanceColumns,
}

/**
 * Billing months made of a contract's invoices, the latest first: those asked for, as far as they lie in the `span` of its invoices, and
 * the twelve up to its latest by default. Of months to come, those with an invoice alone. `before`: what their picture sets beside them, where
 * it is not among the invoices.
 */
export function historyOf(
  invoiced: Counted[],
  terms: Terms,
  today: IsoDate,
  span: InvoicedMonths | null,
  asked: Partial<MonthRange> = {},
  before: readonly BilledMoney[] = [],
): Pick<History, 'consumption' | 'billed' | 'months' | 'from' | 'until' | 'chosen' | 'span'> {
  const isChosen = asked.from !== undefined || asked.to !== undefined
  const last = span ? lastOf(span) : today
  const begun = span?.latest ?? addMonths(today, 0)
  const range =
    span && isChosen ? rangeIn(span, asked) : { from: addMonths(begun, 1 - HISTORY_MONTHS), to: last }
  const byMonth = Map.groupBy(invoiced, ({ period }) => period)
  const months = (span ? billingMonths(range) : [])
    .filter(period => (span?.latest && period <= span.latest) || byMonth.has(period))
    .map(period => ({
      period,
      invoices: (byMonth.get(period) ?? []).map(invoice => asRow(invoice, terms, today)),
    }))
  // What is yet to come is missing in no picture.
  const upTo = span?.latest && span.latest < range.to ? span.latest : range.to
  const count = span?.latest ? monthCount({ from: range.from, to: upTo }) : 0
  const pictured = [count > 0 ? upTo : undefined, count] as const
  return {
    consumption: consumptionOf([...before, ...invoiced], ...pictured),
    billed: billedOf([...before, ...invoiced], ...pictured),
    months,
    from: range.from,
    until: range.to < last ? lastDayOf(range.to) : null,
    chosen: isChosen ? range : null,
    span,
  }
}

type Terms = ReminderTerms & { interest: InterestTerm[] }
type Counted = Omit<HistoryInvoice, 'state' | 'due' | 'underWay'> &
  InvoiceBalance & {
    underWay: StoredUnderWay | null
    principal: number
    tvTax: number
    cancelledOn: IsoDate | null
    periodFrom: IsoDate | null
    periodTo: IsoDate | null
  }

/** An invoice as a list shows it. */
export function asRow(invoice: Counted, terms: Terms, today: IsoDate): HistoryInvoice {
  const { id, number, period, issuedOn, dueOn, units, readingKind, total, isCorrected, cancelledOn } = invoice
  const due = amountDue({ ...invoice, cancelled: cancelledOn !== null }, invoice, terms.interest, today).total
  const unpaid = isOverdue(dueOn, due, terms, today) ? 'overdue' : 'unpaid'
  const state = cancelledOn ? 'cancelled' : due > 0 ? unpaid : 'paid'
  const underWay = withRest(invoice.underWay, due)
  return { id, number, period, issuedOn, dueOn, units, readingKind, total, isCorrected, state, due, underWay }
}

/**
 * A contract's payments from the day `from` to the day `until`, or to today, latest first. Of a `customer` those of their own time, of which those that they made
 * lead to their receipts. The caller has checked that its reader may see them.
 */
export async function listPayments(
  contractId: number,
  { from, until }: Pick<History, 'from' | 'until'>,
  customer?: { id: string },
  // Staff are asked about what has just been paid.
  db = database(),
): Promise<HistoryPayment[]> {
  const seen = (begins: SQL): SQL => (customer ? inOwnTime(begins) : sql`true`)
  // `invoices_of_contract` has all of it: read once, where an invoice is a page of its own.
  const billed = db.$with('billed').as(
    db
      .select({
        id: invoices.id,
        number: invoices.number,
        period: invoices.period,
        dueOn: invoices.dueOn,
        begins: invoiceBegins().as('begins'),
      })
      .from(invoices)
      .where(eq(invoices.contractId, contractId)),
  )
  // A payment that names an invoice pays no other.
  const isNamed = sql`${payments.invoiceNumber} is not null`
  const paysNamed = sql`${payments.allocated} > 0`
  const allocated = sql`${paymentAllocations} join billed paid on paid.id = ${paymentAllocations.invoiceId}
    where ${paymentAllocations.paymentId} = ${payments.id}`
  const begins = sql`coalesce(case when ${isNamed} then case when ${paysNamed} then billed.begins end
    else (select min(paid.begins) from ${allocated}) end, ${payments.paidOn})`
  const rows = await db
    .with(billed)
    .select({
      id: payments.id,
      paidOn: payments.paidOn,
      amount: payments.amount,
      allocated: payments.allocated,
      givenBack: sql<number>`case when ${payments.refunded} > 0 then ${givenBack()} else 0 end`.mapWith(
        Number,
      ),
      method: payments.method,
      source: sql<string | null>`case when ${payments.attemptId} is null then ${payments.source} end`,
      byLink: sql<boolean>`exists (select from payment_attempts linked
        where linked.id = ${payments.attemptId} and linked.pay_link_id is not null)`,
      invoiceNumber: payments.invoiceNumber,
      reversedOn: payments.reversedOn,
      pays: sql<HistoryPayment['pays']>`case when ${isNamed}
        then case when ${paysNamed} and ${seen(sql`billed.begins`)}
          then json_build_array(json_build_object('number', billed.number, 'period', billed.period)) else '[]' end
        else (select coalesce(json_agg(json_build_object('number', paid.number, 'period', paid.period) order by paid.due_on, paid.number), '[]')
          from ${allocated} and ${seen(sql`paid.begins`)}) end`,
      invoiceId: billed.id,
      attemptId: paymentAttempts.id,
    })
    .from(payments)
    .leftJoin(billed, eq(billed.number, payments.invoiceNumber))
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
    .where(
      and(
        eq(payments.contractId, contractId),
        gte(payments.paidOn, from),
        until === null ? undefined : lte(payments.paidOn, until),
        seen(begins),
      ),
    )
    .orderBy(desc(payments.paidOn), desc(payments.reference))
  return rows.map(({ allocated, givenBack, invoiceId, ...payment }) => {
    const unassigned = isUnassigned({ ...payment, invoiceId })
    return {
      ...payment,
      unassigned,
      surplus: payment.reversedOn || unassigned ? 0 : payment.amount - allocated - givenBack,
    }
  })
}
