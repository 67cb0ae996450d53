// What an invoice states in the statement of a year. Pure; amounts in minor units.
import type { InterestTerm } from '../ledger/interest-rules.ts'
import { amountDue, type BilledInvoice, type InvoiceBalance } from '../ledger/rules.ts'
import type { IsoDate } from '../platform/dates.ts'
import type { InvoiceLine, StatedInvoice } from './schema.ts'
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
