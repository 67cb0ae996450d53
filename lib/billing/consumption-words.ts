// What a year of consumption says, in words.
import { formatList, formatMonthInSentence, formatPercent, formatUnits } from '../i18n/formats.ts'
import type { Locale } from '../i18n/locale.ts'
import { translator } from '../i18n/translator.ts'
import { addMonths, type IsoDate } from '../platform/dates.ts'
import { type ConsumptionMonth, type ConsumptionNews, consumptionNews } from './consumption.ts'

/**
 * What is said of the newest month, as a text of `consumption` with its values: `in October, <b>45% more</b> than in September`.
 * Months of a year ago and more are told with their year.
 */
export function newsWords({ period, before, percent }: ConsumptionNews, today: IsoDate, locale: Locale) {
  const t = translator(locale, 'consumption')
  const isOld = addMonths(period, 12) <= today
  const nameOf = (day: IsoDate) => {
    const month = t('months', { month: day.slice(5, 7) })
    return isOld ? t('ofYear', { month, year: day.slice(0, 4) }) : month
  }
  const values = {
    month: nameOf(period),
    before: nameOf(before),
    percent: formatPercent(Math.abs(percent ?? 0), locale),
  }
  const key = percent === null ? 'alone' : percent > 0 ? 'more' : percent < 0 ? 'less' : 'same'
  return { key, values } as const
}

/** `313 kWh in October, 45% more than in September`; null where there is nothing to be said of the last month. */
export function consumptionSentence(
  months: readonly ConsumptionMonth[],
  unit: string,
  today: IsoDate,
  locale: Locale,
): string | null {
  const news = consumptionNews(months)
  if (!news) return null
  const { key, values } = newsWords(news, today, locale)
  const words = translator(locale, 'consumption').markup(key, { ...values, b: chunks => chunks })
  return `${formatUnits(news.units, unit, locale)} ${words}`
}

/** The whole picture, for who does not see it. */
export function consumptionLabel(months: readonly ConsumptionMonth[], unit: string, locale: Locale): string {
  const t = translator(locale, 'consumptionYear')
  const known = months.filter(month => month.units !== null)
  const most = known.toSorted((one, other) => other.units - one.units)[0]
  const last = known.at(-1)
  const said = ({ period, units }: { period: IsoDate; units: number }) => ({
    units: formatUnits(units, unit, locale),
    month: formatMonthInSentence(period, locale),
  })
  const listed = (kind: ConsumptionMonth['kind']) => {
    const of = months
      .filter(month => month.kind === kind)
      .map(({ period }) => formatMonthInSentence(period, locale))
    return (
      of.length > 0 &&
      t(kind === 'missing' ? 'missingMonths' : 'estimatedMonths', { months: formatList(of, locale) })
    )
  }
  return [
    t('year'),
    most && t('highest', said(most)),
    last && t('last', said(last)),
    listed('missing'),
    listed('estimated'),
  ]
    .filter(Boolean)
    .join(' ')
}
