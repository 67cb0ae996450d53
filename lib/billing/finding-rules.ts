// What a contract's bills and payments should make its customer look at, each with its one cause. Pure; amounts in minor units.
import type { InterestTerm } from '../ledger/interest-rules.ts'
import { amountDue, type InvoiceBalance } from '../ledger/rules.ts'
import { addMonths, daysBetween, type IsoDate } from '../platform/dates.ts'
import type { Tariff } from '../tariffs/schema.ts'
import {
  type AboveLastYear,
  aboveLastYear,
  billedMonths,
  type Estimated,
  estimated,
  type StillThenJump,
  stillThenJump,
  type WatchedBill,
} from './bill-finding-rules.ts'
import { type LongPeriod, longPeriod } from './long-period-rules.ts'
import { isOverdue, type ReminderTerms } from './reminder-rules.ts'
import { HISTORY_MONTHS } from './statement-rules.ts'

/** An invoice that was not cancelled, what is paid of it, and what is being done about it. */
export type WatchedInvoice = WatchedBill &
  InvoiceBalance & {
    number: string
    dueOn: IsoDate
    principal: number
    tvTax: number
    /** What of its units was used at night. */
    unitsLow: number
    isUnderWay: boolean
    /** The customer has an open request about it: they know. */
    isComplainedOf: boolean
  }

/** A payment of which something pays no invoice: `left`. */
export type StrayPayment = {
  id: number
  paidOn: IsoDate
  amount: number
  left: number
  /** The invoice that it names. */
  invoiceNumber: string | null
}

/** A contract of the customer's, and what is looked at of it: the invoices of its last months and all that are unpaid. */
export type Watched = {
  code: string
  terms: ReminderTerms & { interest: InterestTerm[] }
  /** Its group's. */
  tariffs: Tariff[]
  /** The day it is at the biller. */
  today: IsoDate
  invoices: WatchedInvoice[]
  strays: StrayPayment[]
  /** The customer asked for a payment of it to be moved, and is not answered yet. */
  asksToMove: boolean
}

/** `period`: of the oldest; `count`: so many in all; `later`: of the newest that is paid. */
export type Skipped = { kind: 'skipped'; period: IsoDate; count: number; later: IsoDate }
/**
 * A payment under one contract's code, `from`, of which `left` pays nothing there, and that names an invoice of another one, `to`, or
 * is to the cent what that comes to.
 */
export type WrongSlip = {
  kind: 'wrongSlip'
  by: 'number' | 'amount'
  left: number
  paymentId: number
  amount: number
  paidOn: IsoDate
  from: string
  to: string
  number: string
  period: IsoDate
}

/** `cause`: by which it is put away; the same for as long as it is about the same thing. `invoiceId`: the invoice it is told with. */
export type Finding = { cause: string; invoiceId: number } & (
  | WrongSlip
  | Skipped
  | StillThenJump
  | Estimated
  | LongPeriod
  | AboveLastYear
)
export type FindingKind = Finding['kind']

/** The most important first. */
export const findingKinds = [
  'wrongSlip',
  'skipped',
  'stillThenJump',
  'longPeriod',
  'aboveLastYear',
  'estimated',
] as const satisfies readonly FindingKind[]

/** Of one bill, what is told in place of what: the units of a bill have one cause, and the others are how it looks from elsewhere. */
const INSTEAD_OF: { [Kind in FindingKind]?: readonly FindingKind[] } = {
  stillThenJump: ['estimated', 'longPeriod', 'aboveLastYear'],
  estimated: ['longPeriod', 'aboveLastYear'],
  longPeriod: ['aboveLastYear'],
}

/** Of a contract; `others`: the customer's other contracts with the same biller. The most important first, of its kind the newest. */
export function findingsOf(watched: Watched, others: readonly Watched[]): Finding[] {
  const slips = wrongSlips(watched, others)
  const explained = new Set(slips.map(({ invoiceId }) => invoiceId))
  const debt = skipped(watched, explained)
  const found = [...slips, ...(debt ? [debt] : []), ...ofBills(watched)]
  return found.toSorted(
    (a, b) => findingKinds.indexOf(a.kind) - findingKinds.indexOf(b.kind) || (a.period < b.period ? 1 : -1),
  )
}

/** What the bills of the last twelve months tell by their units. */
function ofBills({ invoices: all, tariffs, today }: Watched): Finding[] {
  // One for months to come is a slip of its biller's, and hides nothing.
  const invoices = all.filter(({ period }) => period <= today)
  const newest = invoices.toSorted(byMonth).at(-1)
  if (!newest) return []
  const months = billedMonths(invoices)
  return invoices
    .filter(
      ({ period, isComplainedOf }) => period > addMonths(newest.period, -HISTORY_MONTHS) && !isComplainedOf,
    )
    .flatMap(bill => {
      const told = [
        stillThenJump(bill, months),
        bill === newest ? estimated(bill, months, today) : null,
        longPeriod(bill, tariffs),
        aboveLastYear(bill, months),
      ].filter(finding => finding !== null)
      const covered = new Set(told.flatMap(({ kind }) => INSTEAD_OF[kind] ?? []))
      return told
        .filter(({ kind }) => !covered.has(kind))
        .map(finding => ({ ...finding, cause: String(bill.id), invoiceId: bill.id }))
    })
}

const byMonth = (a: WatchedInvoice, b: WatchedInvoice) =>
  `${a.period} ${a.number}` < `${b.period} ${b.number}` ? -1 : 1

const dueOf = (invoice: WatchedInvoice, { terms }: Watched, on: IsoDate) =>
  amountDue({ ...invoice, cancelled: false }, invoice, terms.interest, on)

const isPaid = ({ principal, tvTax, principalPaid, tvTaxPaid }: WatchedInvoice) =>
  principal + tvTax > 0 && principal === principalPaid && tvTax === tvTaxPaid

/** Overdue, while one that was due later is paid. Put away by the newest of them: paying one of several does not bring the rest back. */
function skipped(watched: Watched, explained: ReadonlySet<number>): (Skipped & Finding) | null {
  const { invoices, terms, today } = watched
  const paid = invoices.filter(isPaid).toSorted(byDue).at(-1)
  if (!paid) return null
  const all = invoices
    .filter(({ id, isUnderWay, isComplainedOf }) => !isUnderWay && !isComplainedOf && !explained.has(id))
    .filter(({ dueOn }) => dueOn < paid.dueOn)
    .filter(invoice => isOverdue(invoice.dueOn, dueOf(invoice, watched, today).total, terms, today))
    .toSorted(byDue)
  const [oldest] = all
  if (!oldest) return null
  return {
    kind: 'skipped',
    cause: String(all.at(-1)!.id),
    invoiceId: oldest.id,
    period: oldest.period,
    count: all.length,
    later: paid.period,
  }
}

const byDue = (a: WatchedInvoice, b: WatchedInvoice) =>
  `${a.dueOn} ${a.number}` < `${b.dueOn} ${b.number}` ? -1 : 1

/**
 * Payments that nothing under their contract's code needs, and that an unpaid invoice of another contract fits: by its number, else to
 * the cent. A payment fits one invoice, the one due first; an invoice is fitted by one payment, the first. Told with both contracts.
 */
function wrongSlips(watched: Watched, others: readonly Watched[]): (WrongSlip & Finding)[] {
  const all = [watched, ...others]
  const payments = all
    .filter(({ asksToMove }) => !asksToMove)
    .flatMap(from => from.strays.map(payment => ({ from, payment })))
    .toSorted((a, b) => daysBetween(b.payment.paidOn, a.payment.paidOn) || a.payment.id - b.payment.id)
  const unpaid = all
    .flatMap(to => to.invoices.map(invoice => ({ to, invoice })))
    .filter(({ invoice }) => !invoice.isUnderWay && !isPaid(invoice))
    .toSorted((a, b) => byDue(a.invoice, b.invoice))
  const fitted = new Set<number>()
  return payments.flatMap(({ from, payment }) => {
    const fit = unpaid.find(
      ({ to, invoice }) => to !== from && !fitted.has(invoice.id) && fitOf(payment, invoice, to),
    )
    if (!fit) return []
    fitted.add(fit.invoice.id)
    if (from !== watched && fit.to !== watched) return []
    const { id, number, period } = fit.invoice
    return {
      kind: 'wrongSlip' as const,
      cause: String(payment.id),
      invoiceId: id,
      paymentId: payment.id,
      amount: payment.amount,
      left: payment.left,
      by: fitOf(payment, fit.invoice, fit.to)!,
      paidOn: payment.paidOn,
      from: from.code,
      to: fit.to.code,
      number,
      period,
    }
  })
}

/** People pay what the bill says, or what is due of it on the day they pay. */
function fitOf(payment: StrayPayment, invoice: WatchedInvoice, watched: Watched): WrongSlip['by'] | null {
  if (payment.invoiceNumber === invoice.number) return 'number'
  if (payment.paidOn < invoice.issuedOn) return null
  const { principal, tvTax, total } = dueOf(invoice, watched, payment.paidOn)
  return [principal + tvTax, total].includes(payment.left) ? 'amount' : null
}
