// How near a month's use is to its limit, in a sentence: the same on pages, in e-mails and in SMS.
import { formatMonthInSentence, formatNumber, formatPrice, moneyPattern } from '../i18n/formats.ts'
import type { Locale } from '../i18n/locale.ts'
import { translator } from '../i18n/translator.ts'
import type { Currency } from '../platform/money.ts'
import type { Threshold } from './schema.ts'
import { roughly } from './threshold-rules.ts'

export function thresholdSentence(threshold: Threshold, currency: Currency, locale: Locale): string {
  const { kind, used, limit, extra, month, daysLeft, isAbove, isTwoRate } = threshold
  const { prefix, suffix } = moneyPattern(currency, locale)
  return translator(locale, 'threshold')(`${isAbove ? 'over' : 'near'}.${kind}`, {
    used: formatNumber(used, locale),
    limit: formatNumber(limit, locale),
    from: formatNumber(limit + 1, locale),
    month: formatMonthInSentence(month, locale),
    daysLeft,
    extra: `${prefix}${formatNumber(roughly(extra) / 100, locale, 0, 2)}${suffix}`,
    before: formatPrice(threshold.unitPrice, currency, locale),
    after: formatPrice(threshold.unitPriceAbove, currency, locale),
    rates: isTwoRate ? 'two' : 'one',
  })
}
