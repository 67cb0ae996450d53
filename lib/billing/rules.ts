// Late interest, and what a payment pays. Pure; amounts in minor units of one currency.
import { daysBetween, type IsoDate } from '../platform/dates.ts'
import { millionthsOf } from '../platform/money.ts'

/** A biller's terms: interest per day in millionths of the unpaid principal, and its cap in percent of the principal. */
export type InterestTerms = { interestPerDayPpm: number; interestCapPercent: number }

export type BilledInvoice = {
  id: number
  number: string
  dueOn: IsoDate
  principal: number
  tvTax: number
  cancelled: boolean
}

/** What is paid of an invoice, and how long its principal stood unpaid. */
export type InvoiceBalance = {
  principalPaid: number
  tvTaxPaid: number
  interestPaid: number
  /** Unpaid principal × days late, up to `interestCountedTo`. */
  principalDaysLate: number
  interestCountedTo: IsoDate | null
}

export type ReceivedPayment = {
  id: number
  reference: string
  paidOn: IsoDate
  amount: number
  reversed: boolean
  /** The invoices it names; none: the contract's oldest first. */
  invoiceNumbers: string[]
}

export type Allocation = {
  paymentId: number
  invoiceId: number
  interest: number
  principal: number
  tvTax: number
}

export type AmountDue = { principal: number; tvTax: number; interest: number; total: number }

export const nothingPaid = (): InvoiceBalance => ({
  principalPaid: 0,
  tvTaxPaid: 0,
  interestPaid: 0,
  principalDaysLate: 0,
  interestCountedTo: null,
})

/** Unpaid principal × days late up to the day `on`. */
function principalDaysLateOn(
  invoice: Pick<BilledInvoice, 'dueOn' | 'principal'>,
  balance: InvoiceBalance,
  on: IsoDate,
): number {
  const from = balance.interestCountedTo ?? invoice.dueOn
  const days = Math.max(0, daysBetween(from, on))
  return balance.principalDaysLate + (invoice.principal - balance.principalPaid) * days
}

/**
 * What is due of an invoice on the day `on`. Interest: simple, by the day from the due date, on the principal
 * (VAT included, TV tax not) still unpaid, rounded half up once, never above its cap.
 * Source: bills of OSHEE paid in 2023, reproduced to the cent in the tests.
 */
export function amountDue(
  invoice: Pick<BilledInvoice, 'dueOn' | 'principal' | 'tvTax' | 'cancelled'>,
  balance: InvoiceBalance,
  terms: InterestTerms,
  on: IsoDate,
): AmountDue {
  if (invoice.cancelled) return { principal: 0, tvTax: 0, interest: 0, total: 0 }
  const accrued = Math.min(
    millionthsOf(principalDaysLateOn(invoice, balance, on), terms.interestPerDayPpm),
    millionthsOf(invoice.principal, terms.interestCapPercent * 10_000),
  )
  const principal = invoice.principal - balance.principalPaid
  const tvTax = invoice.tvTax - balance.tvTaxPaid
  const interest = Math.max(0, accrued - balance.interestPaid)
  return { principal, tvTax, interest, total: principal + tvTax + interest }
}

const byDueDate = (a: BilledInvoice, b: BilledInvoice) =>
  compare(a.dueOn, b.dueOn) || compare(a.number, b.number)

const byDay = (a: ReceivedPayment, b: ReceivedPayment) =>
  compare(a.paidOn, b.paidOn) || compare(a.reference, b.reference)

const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0)

/**
 * Replays a contract's payments by (day, reference), so that the order in which they became known changes nothing.
 * Each pays the invoices it names, or all by due date and number; within an invoice interest to that day, then
 * principal, then TV tax. A reversed payment pays nothing. What is left of a payment is its surplus: its amount less
 * its allocations. Balances come back for every invoice given.
 */
export function allocatePayments(
  invoices: readonly BilledInvoice[],
  payments: readonly ReceivedPayment[],
  terms: InterestTerms,
): { allocations: Allocation[]; balances: Map<number, InvoiceBalance> } {
  const ordered = [...invoices].sort(byDueDate)
  const balances = new Map(ordered.map(invoice => [invoice.id, nothingPaid()]))
  const allocations: Allocation[] = []
  for (const payment of [...payments].filter(payment => !payment.reversed).sort(byDay)) {
    let left = payment.amount
    for (const invoice of ordered) {
      if (left === 0) break
      if (payment.invoiceNumbers.length > 0 && !payment.invoiceNumbers.includes(invoice.number)) continue
      const balance = balances.get(invoice.id)!
      const due = amountDue(invoice, balance, terms, payment.paidOn)
      if (due.total === 0) continue
      const interest = Math.min(left, due.interest)
      const principal = Math.min(left - interest, due.principal)
      const tvTax = Math.min(left - interest - principal, due.tvTax)
      balance.principalDaysLate = principalDaysLateOn(invoice, balance, payment.paidOn)
      if (payment.paidOn > (balance.interestCountedTo ?? invoice.dueOn))
        balance.interestCountedTo = payment.paidOn
      balance.interestPaid += interest
      balance.principalPaid += principal
      balance.tvTaxPaid += tvTax
      left -= interest + principal + tvTax
      allocations.push({ paymentId: payment.id, invoiceId: invoice.id, interest, principal, tvTax })
    }
  }
  return { allocations, balances }
}
