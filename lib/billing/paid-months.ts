// Which months a payment is for, in words.
import { formatList, formatMonth, formatMonthInSentence } from '../i18n/formats.ts'
import type { Locale } from '../i18n/locale.ts'
import { translator } from '../i18n/translator.ts'
import type { IsoDate } from '../platform/dates.ts'

const MOST_NAMED = 3

/** `Shkurt 2024 dhe mars 2024`; of more months, how many invoices. `periods`: their first days, in order. */
export const paidMonths = (periods: readonly IsoDate[], locale: Locale): string =>
  periods.length > MOST_NAMED
    ? translator(locale, 'history')('all', { count: periods.length })
    : formatList(
        periods.map((period, index) => (index === 0 ? formatMonth : formatMonthInSentence)(period, locale)),
        locale,
      )
