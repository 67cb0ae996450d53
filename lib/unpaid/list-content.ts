// What the list of all unpaid invoices says, whatever file it becomes: a row an invoice, and one total a currency.
import { supplyOf } from '../billers/supply.ts'
import { contractTitle } from '../billing/contract-title.ts'
import { standingsOf } from '../billing/home-rules.ts'
import { invoiceStatus } from '../billing/invoice-status.ts'
import type { UnpaidInvoice } from '../billing/schema.ts'
import { groupBy, sumOf } from '../billing/statement-rules.ts'
import { formatInstant } from '../i18n/formats.ts'
import type { Locale } from '../i18n/locale.ts'
import { translator } from '../i18n/translator.ts'
import { PORTAL_ZONE } from '../platform/dates.ts'
import type { Currency } from '../platform/money.ts'

export const parts = ['principal', 'tvTax', 'interest', 'total'] as const
export type Sums = Record<(typeof parts)[number], number>

/** The invoices of a currency. `sums`: of those that nobody is paying at the moment. */
export type ListPart = { currency: Currency; invoices: UnpaidInvoice[]; sums: Sums }

export type UnpaidList = { locale: Locale; at: Date; parts: ListPart[] }

/** `at`: when it was true. */
export function unpaidList(invoices: readonly UnpaidInvoice[], locale: Locale, at: Date): UnpaidList {
  const ofCurrency = groupBy(inOrder(invoices), ({ contract }) => contract.currency)
  return {
    locale,
    at,
    parts: ofCurrency.map(some => {
      const payable = some.filter(({ underWay }) => !underWay)
      const sums = Object.fromEntries(parts.map(part => [part, sumOf(payable, part)])) as Sums
      return { currency: some[0].contract.currency, invoices: some, sums }
    }),
  }
}

/** As the page of them has it: the contracts by how pressing they are, of each the oldest first. */
function inOrder(invoices: readonly UnpaidInvoice[]): UnpaidInvoice[] {
  const contracts = [...new Map(invoices.map(({ contract }) => [contract.id, contract])).values()]
  const ofContract = Map.groupBy(invoices, ({ contract }) => contract.id)
  return standingsOf(contracts, invoices).flatMap(({ contract }) => ofContract.get(contract.id)!)
}

/** What is said of an invoice in words. */
export function saidOf(invoice: UnpaidInvoice, locale: Locale) {
  const { contract, today, overdue } = invoice
  const { billerCode: code, billerName: name, country } = contract
  const status = invoiceStatus({ ...invoice, state: overdue ? 'overdue' : 'unpaid' }, today, locale)
  return {
    company: name,
    title: contractTitle({ ...contract, biller: { code, name, country } }, locale),
    status: status.children,
  }
}

/** The heads of its columns; where all are of one supply or country, in its words. */
export function headsOf({ locale, parts: [first, ...others] }: UnpaidList) {
  const t = translator(locale, 'unpaidList')
  const invoices = [first, ...others].flatMap(part => part?.invoices ?? [])
  const supplies = new Set(invoices.map(({ contract }) => supplyOf(contract.billerCode)))
  const countries = new Set(invoices.map(({ contract }) => contract.country))
  const supply = supplies.size === 1 ? [...supplies][0]! : 'electricity'
  const country = countries.size === 1 ? [...countries][0]! : 'AL'
  return {
    company: t('company'),
    code: t('code', { supply, country }),
    contract: t('contract'),
    month: t('month'),
    number: t('number', { supply }),
    dueOn: t('dueOn'),
    principal: t('principal'),
    tvTax: t('tvTax'),
    interest: t('interest'),
    total: t('total', { country }),
    underWay: t('beingPaid'),
    left: t('left'),
    currency: t('currency'),
    status: t('status'),
  }
}

/** When what it says was true, in words. */
export const asOf = ({ locale, at }: UnpaidList): string =>
  translator(locale, 'unpaidList')('asOf', { at: formatInstant(at, locale, PORTAL_ZONE) })
