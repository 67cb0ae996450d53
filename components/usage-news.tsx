// What a year of consumption answers first: `in October, 45% more than in September`.
import type { ConsumptionNews } from '@/lib/billing/consumption.ts'
import type { Locale } from '@/lib/i18n/locale.ts'
import { translator } from '@/lib/i18n/translator.ts'
import { addMonths, type IsoDate } from '@/lib/platform/dates.ts'

/** Without the units themselves, which stand before it. Months of a year ago and more are told with their year. */
export function UsageNews({
  news: { period, before, percent },
  today,
  locale,
}: {
  news: ConsumptionNews
  today: IsoDate
  locale: Locale
}) {
  const t = translator(locale, 'consumption')
  const isOld = addMonths(period, 12) <= today
  const nameOf = (day: IsoDate) => {
    const month = t('months', { month: day.slice(5, 7) })
    return isOld ? t('ofYear', { month, year: day.slice(0, 4) }) : month
  }
  if (percent === null) return t('alone', { month: nameOf(period) })
  return t.rich(percent > 0 ? 'more' : percent < 0 ? 'less' : 'same', {
    month: nameOf(period),
    before: nameOf(before),
    percent: Math.abs(percent),
    b: chunks => <b>{chunks}</b>,
  })
}
