// The currencies that NestPay's banks take here, by their numbers (ISO 4217). Both have two decimals there.
import type { Currency } from '../../platform/money.ts'

export const currencyNumbers: Record<Currency, string> = { EUR: '978', ALL: '008' }

/** The currency of a number; one that is not ours stays a number. */
export const currencyOf = (number: string | undefined): string | undefined =>
  Object.entries(currencyNumbers).find(([, known]) => known === number)?.[0] ?? (number || undefined)
