// What an invoice states in the statement of a year. Pure; amounts in minor units.
import type { InterestTerm } from '../ledger/interest-rules.ts'
import { amountDue, type BilledInvoice, type InvoiceBalance } from '../ledger/rules.ts'
import type { IsoDate } from '../platform/dates.ts'
import type { EarlierYears, InvoiceLine, StatedInvoice } from './schema.ts'
import { splitPrincipal } from './statement-rules.ts'

type Stated = Omit<StatedInvoice, 'net' | 'vat' | 'paid' | 'interest' | 'left'> & { lines: InvoiceLine[] }

/**
 * How it stood at the end of the day `on`: `total` + `interest` − `paid` = `left`. What was issued later was not owed yet: its `left` is
 * null.
 */
export function stoodOn(
  { lines, ...invoice }: Stated,
  balance: BilledInvoice & InvoiceBalance,
  terms: readonly InterestTerm[],
  on: IsoDate,
): StatedInvoice {
  const due = amountDue(balance, balance, terms, on)
  const { net, vat } = splitPrincipal(lines, invoice.principal) ?? { net: null, vat: null }
  return {
    ...invoice,
    net,
    vat,
    paid: balance.principalPaid + balance.tvTaxPaid + balance.interestPaid,
    interest: balance.interestPaid + due.interest,
    left: invoice.issuedOn > on ? null : due.total,
  }
}

/** What a year did to the invoices of earlier ones: each as it stood when the year began, and at its end. */
export function earlierYears(
  invoices: readonly { before: StatedInvoice; after: StatedInvoice }[],
): EarlierYears {
  const owed = invoices.filter(({ after }) => after.left !== null)
  const sum = (of: (invoice: (typeof owed)[number]) => number) =>
    owed.reduce((all, invoice) => all + of(invoice), 0)
  return {
    before: sum(({ before }) => before.left ?? 0),
    issued: sum(({ before }) => (before.left === null ? before.total + before.interest - before.paid : 0)),
    interest: sum(({ before, after }) => after.interest - before.interest),
    paid: sum(({ before, after }) => after.paid - before.paid),
    left: sum(({ after }) => after.left ?? 0),
  }
}

type Sums = Record<'total' | 'tvTax' | 'paid' | 'interest' | 'left', number> & {
  units: number
  /** Null where one of them is not known. */
  net: number | null
  vat: number | null
}

export function statementSums(invoices: readonly StatedInvoice[]): Sums {
  const sum = (of: (invoice: StatedInvoice) => number) =>
    invoices.reduce((all, invoice) => all + of(invoice), 0)
  const isSplit = invoices.every(({ net }) => net !== null)
  return {
    units: sum(({ units }) => Number(units ?? 0)),
    net: isSplit ? sum(({ net }) => net!) : null,
    vat: isSplit ? sum(({ vat }) => vat!) : null,
    tvTax: sum(({ tvTax }) => tvTax),
    total: sum(({ total }) => total),
    paid: sum(({ paid }) => paid),
    interest: sum(({ interest }) => interest),
    left: sum(({ left }) => left ?? 0),
  }
}
