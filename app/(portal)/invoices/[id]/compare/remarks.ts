// What must be known of two bills before they are compared, in words.
import type { NamedBill, Remark } from '@/lib/billing/difference-rules.ts'
import { billName } from '@/lib/billing/difference-words.ts'
import { formatDayInSentence, formatMonthInSentence, formatNumber } from '@/lib/i18n/formats.ts'
import type { Locale } from '@/lib/i18n/locale.ts'
import { translator } from '@/lib/i18n/translator.ts'

type Both = Record<'before' | 'now', NamedBill> & { country: string }

export function remarkWords(remark: Remark, both: Both, locale: Locale): string {
  const t = translator(locale, 'compare')
  const { country } = both
  const number = (value: string) => formatNumber(value, locale)
  if (remark.about === 'monthsBetween') return t('remarks.monthsBetween', { months: remark.months })
  if (remark.about === 'readingsApart')
    return t('remarks.readingsApart', { ended: number(remark.ended), began: number(remark.began), country })
  const month = billName(both[remark.which], locale, formatMonthInSentence)
  return remark.about === 'cancelled' || remark.about === 'corrected'
    ? t(`remarks.${remark.about}`, { month, day: formatDayInSentence(remark.on, locale) })
    : t(`remarks.${remark.about}`, { month, country })
}
