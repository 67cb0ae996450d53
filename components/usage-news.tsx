// What a year of consumption answers first: `in October, 45% more than in September`.
import type { ConsumptionNews } from '@/lib/billing/consumption.ts'
import { newsWords } from '@/lib/billing/consumption-words.ts'
import type { Locale } from '@/lib/i18n/locale.ts'
import { translator } from '@/lib/i18n/translator.ts'
import type { IsoDate } from '@/lib/platform/dates.ts'

/** Without the units themselves, which stand before it. */
export function UsageNews({
  news,
  today,
  locale,
}: {
  news: ConsumptionNews
  today: IsoDate
  locale: Locale
}) {
  const { key, values } = newsWords(news, today, locale)
  return translator(locale, 'consumption').rich(key, { ...values, b: chunks => <b>{chunks}</b> })
}
