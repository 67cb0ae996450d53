// How a stretch of months and what was paid in it are called, on the page and in its file.
import { formatDay, formatMoney, formatMonthInSentence } from '../i18n/formats.ts'
import type { Locale } from '../i18n/locale.ts'
import { translator } from '../i18n/translator.ts'
import type { Currency } from '../platform/money.ts'
import { inNormalCase } from '../platform/normal-case.ts'
import type { HistoryPayment, MonthRange } from './schema.ts'

/** `2025`, `mars 2026`, `nëntor 2025 – tetor 2026`. */
export function monthsInSentence({ from, to }: MonthRange, locale: Locale): string {
  const year = from.slice(0, 4)
  if (from === `${year}-01-01` && to === `${year}-12-01`) return year
  if (from === to) return formatMonthInSentence(from, locale)
  const ends = { from: formatMonthInSentence(from, locale), to: formatMonthInSentence(to, locale) }
  return translator(locale, 'history')('range', ends)
}

export const sourceOf = ({ source, byLink }: HistoryPayment, locale: Locale): string =>
  source ? inNormalCase(source) : translator(locale, 'history')(byLink ? 'byLink' : 'portal')

/** Why a payment, or a part of it, pays nothing. */
export function paymentNote(
  { reversedOn, unassigned, invoiceNumber, surplus }: HistoryPayment,
  currency: Currency,
  locale: Locale,
): string | null {
  const t = translator(locale, 'history')
  if (reversedOn) return t('reversed', { day: formatDay(reversedOn, locale) })
  if (unassigned) return t('unassigned', { number: invoiceNumber! })
  return surplus > 0 ? t('surplus', { amount: formatMoney(surplus, currency, locale) }) : null
}
