// What is said of an invoice of which a part is being paid: the same on every page and in every file.
import { formatMoney } from '../i18n/formats.ts'
import type { Locale } from '../i18n/locale.ts'
import { translator } from '../i18n/translator.ts'
import type { Currency } from '../platform/money.ts'
import type { UnderWay } from './schema.ts'

/** `50.00 is being paid, 320.00 is left`; undefined where no part is. `due`: what is due of it. */
export function partWords(
  underWay: UnderWay | null,
  due: number,
  currency: Currency,
  locale: Locale,
): string | undefined {
  if (!underWay || underWay.rest === 0) return undefined
  return translator(locale, 'underWay')('part', {
    amount: formatMoney(due - underWay.rest, currency, locale),
    rest: formatMoney(underWay.rest, currency, locale),
  })
}
