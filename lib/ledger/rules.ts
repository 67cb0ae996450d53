// Late interest, and what a payment pays. Pure; amounts in minor units of one currency.
import { addDays, type IsoDate } from '../platform/dates.ts'
import { roundMillionths } from '../platform/money.ts'
import { accruedInterest, type InterestTerm, termsKnownAt } from './interest-rules.ts'

export type BilledInvoice = {
  id: number
  number: string
  dueOn: IsoDate
  principal: number
  tvTax: number
  cancelled: boolean
}

/** What is paid of an invoice, and the interest that the payments counted. */
export type InvoiceBalance = {
  principalPaid: number
  tvTaxPaid: number
  interestPaid: number
  /** Interest accrued up to `interestCountedTo`, in millionths of a minor unit. */
  interestMillionths: bigint
  interestCountedTo: IsoDate | null
}

export type ReceivedPayment = {
  id: number
  reference: string
  paidOn: IsoDate
  amount: number
  reversed: boolean
  /** Paid here. What was paid elsewhere on the same day goes before it: what of ours is over can be told and given back. */
  isOurs: boolean
  /** In milliseconds since 1970: what was recorded later of interest terms does not count up to its day. */
  receivedAt: number
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

/** A contract's part of captured money. `place`: of the contract among those of its attempt, from 1. */
export type CapturedPart = { contractId: number; place: number; amount: number }

export type AmountDue = { principal: number; tvTax: number; interest: number; total: number }

export const nothingPaid = (): InvoiceBalance => ({
  principalPaid: 0,
  tvTaxPaid: 0,
  interestPaid: 0,
  interestMillionths: 0n,
  interestCountedTo: null,
})

const accruedOn = (
  { dueOn, principal }: Pick<BilledInvoice, 'dueOn' | 'principal'>,
  { principalPaid, interestMillionths, interestCountedTo }: InvoiceBalance,
  terms: readonly InterestTerm[],
  on: IsoDate,
): bigint =>
  accruedInterest(
    interestMillionths,
    principal - principalPaid,
    principal,
    terms,
    interestCountedTo ?? dueOn,
    on,
  )

/**
 * What is due of an invoice on the day `on`. Interest: simple, by the day from the due date, by the terms in force on
 * each day, on the principal (VAT included, TV tax not) still unpaid, rounded half up once, never above its cap.
 * Source: bills of OSHEE paid in 2023, reproduced to the cent in the tests.
 */
export function amountDue(
  invoice: Pick<BilledInvoice, 'dueOn' | 'principal' | 'tvTax' | 'cancelled'>,
  balance: InvoiceBalance,
  terms: readonly InterestTerm[],
  on: IsoDate,
): AmountDue {
  if (invoice.cancelled) return { principal: 0, tvTax: 0, interest: 0, total: 0 }
  const principal = invoice.principal - balance.principalPaid
  const tvTax = invoice.tvTax - balance.tvTaxPaid
  const interest = Math.max(0, roundMillionths(accruedOn(invoice, balance, terms, on)) - balance.interestPaid)
  return { principal, tvTax, interest, total: principal + tvTax + interest }
}

/** The interest that the day after `on` adds, while nothing is paid: by itself, however what there is before is rounded. */
export function interestPerDay(
  invoice: Pick<BilledInvoice, 'dueOn' | 'principal'>,
  balance: InvoiceBalance,
  terms: readonly InterestTerm[],
  on: IsoDate,
): number {
  const grown = accruedOn(invoice, balance, terms, addDays(on, 1)) - accruedOn(invoice, balance, terms, on)
  return grown > 0n ? roundMillionths(grown) : 0
}

/** What `left` pays of what is due: interest, then principal, then TV tax. */
export function paidOf(due: AmountDue, left: number): AmountDue {
  const interest = Math.min(left, due.interest)
  const principal = Math.min(left - interest, due.principal)
  const tvTax = Math.min(left - interest - principal, due.tvTax)
  return { interest, principal, tvTax, total: interest + principal + tvTax }
}

export const byDueDate = (
  a: Pick<BilledInvoice, 'dueOn' | 'number'>,
  b: Pick<BilledInvoice, 'dueOn' | 'number'>,
) => compare(a.dueOn, b.dueOn) || compare(a.number, b.number)

const byDay = (a: ReceivedPayment, b: ReceivedPayment) =>
  compare(a.paidOn, b.paidOn) || Number(a.isOurs) - Number(b.isOurs) || compare(a.reference, b.reference)

const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0)

/**
 * When an invoice's days up to a payment were first counted: as it was received, or before that, as one was that names
 * the invoice and comes later by its day.
 */
const countedAt = (
  invoice: BilledInvoice,
  payment: ReceivedPayment,
  later: readonly ReceivedPayment[],
): number =>
  Math.min(
    payment.receivedAt,
    ...later.filter(other => other.invoiceNumbers.includes(invoice.number)).map(other => other.receivedAt),
  )

/**
 * Replays a contract's payments by (day, elsewhere before here, reference), so that the order in which they became known changes nothing.
 * Each pays the invoices it names, or all by due date and number; within an invoice interest to that day, then
 * principal, then TV tax. A reversed payment pays nothing. What is left of a payment is its surplus: its amount less
 * its allocations. Balances come back for every invoice given. A day that a payment has counted keeps the terms it was
 * counted by, whatever is recorded of them later.
 */
export function allocatePayments(
  invoices: readonly BilledInvoice[],
  payments: readonly ReceivedPayment[],
  terms: readonly InterestTerm[],
): { allocations: Allocation[]; balances: Map<number, InvoiceBalance> } {
  const ordered = [...invoices].sort(byDueDate)
  const balances = new Map(ordered.map(invoice => [invoice.id, nothingPaid()]))
  const allocations: Allocation[] = []
  const counting = payments.filter(payment => !payment.reversed).sort(byDay)
  const recordedLater = counting.some(({ receivedAt }) => terms.some(term => term.recordedAt > receivedAt))
  for (const [place, payment] of counting.entries()) {
    let left = payment.amount
    for (const invoice of ordered) {
      if (left === 0) break
      if (payment.invoiceNumbers.length > 0 && !payment.invoiceNumbers.includes(invoice.number)) continue
      const balance = balances.get(invoice.id)!
      // Interest is paid before principal: where nothing billed is unpaid, no interest is either.
      if (balance.principalPaid === invoice.principal && balance.tvTaxPaid === invoice.tvTax) continue
      const known = recordedLater
        ? termsKnownAt(terms, countedAt(invoice, payment, counting.slice(place + 1)))
        : terms
      const due = amountDue(invoice, balance, known, payment.paidOn)
      if (due.total === 0) continue
      const { interest, principal, tvTax, total } = paidOf(due, left)
      balance.interestMillionths = accruedOn(invoice, balance, known, payment.paidOn)
      if (payment.paidOn > (balance.interestCountedTo ?? invoice.dueOn))
        balance.interestCountedTo = payment.paidOn
      balance.interestPaid += interest
      balance.principalPaid += principal
      balance.tvTaxPaid += tvTax
      left -= total
      allocations.push({ paymentId: payment.id, invoiceId: invoice.id, interest, principal, tvTax })
    }
  }
  return { allocations, balances }
}
