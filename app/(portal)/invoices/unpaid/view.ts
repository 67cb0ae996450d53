// What the page of all that is unpaid is about: which contracts stand on it, and what its address says.
import type { BillerCode } from '@/lib/billers/contract-codes.ts'
import { distinctTitles, type Titled } from '@/lib/billing/contract-title.ts'
import { parseInvoiceId, type UnpaidInvoice } from '@/lib/billing/schema.ts'
import type { Locale } from '@/lib/i18n/locale.ts'

export const unpaidPath = '/invoices/unpaid'

/** Where an amount is typed that pays a part of what is unpaid at a company. */
export const partPathOf = (biller: BillerCode) => `${unpaidPath}?part&biller=${biller}`

/** The ids in an address, by commas; none where one of them cannot be one. */
export function invoicesIn(text: string): number[] {
  const ids = text.split(',').map(parseInvoiceId)
  return ids.every(id => id !== undefined) ? ids : []
}

/** What the bank has is not owed. */
export const isPayable = ({ underWay }: Pick<UnpaidInvoice, 'underWay'>) => !underWay

/** What each of their contracts is called, told from the others. */
export function titlesOf(invoices: readonly { contract: UnpaidInvoice['contract'] }[], locale: Locale) {
  const contracts = new Map(invoices.map(({ contract }) => [contract.id, contract]))
  const titleOf = distinctTitles([...contracts.values()].map(titledOf), locale)
  return (contract: UnpaidInvoice['contract']): string => titleOf(titledOf(contract))
}

export const titledOf = (contract: UnpaidInvoice['contract']): Titled => ({
  ...contract,
  biller: { code: contract.billerCode, name: contract.billerName, country: contract.country },
})
