// The sum of invoices as it is printed: one amount a currency, never added to each other.
import { formatList, formatMoney } from '../i18n/formats.ts'
import type { Locale } from '../i18n/locale.ts'
import type { UnpaidInvoice } from './schema.ts'
import { groupBy, sumOf } from './statement-rules.ts'

export const amountsOf = (invoices: readonly UnpaidInvoice[], locale: Locale): string =>
  formatList(
    groupBy(invoices, ({ contract }) => contract.currency).map(some =>
      formatMoney(sumOf(some, 'total'), some[0].contract.currency, locale),
    ),
    locale,
  )
