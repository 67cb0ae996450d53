// What a year of consumption says, in words.
import { formatList, formatMonth, formatMonthName, formatPercent, formatUnits } from '../i18n/formats.ts'
import type { Locale } from '../i18n/locale.ts'
import { translator } from '../i18n/translator.ts'
import { addMonths, type IsoDate } from '../platform/dates.ts'
import { type ConsumptionMonth, consumptionNews } from './consumption.ts'

/**
 * `313 kWh in October, 45% more than in September`; with its year where that is not the one in which `today` lies. Null where there is nothing
 * to be said of the last month.
 */
export function consumptionSentence(
  months: readonly ConsumptionMonth[],
  unit: string,
  today: IsoDate,
  locale: Locale,
): string | null {
  const news = consumptionNews(months)
  if (!news) return null
  const t = translator(locale, 'consumptionYear')
  const isRecent = news.period > addMonths(today, -11)
  const said = {
    units: formatUnits(news.units, unit, locale),
    month: isRecent ? formatMonthName(news.period, locale) : formatMonth(news.period, locale),
  }
  if (news.percent === null) return t('alone', said)
  const before = formatMonthName(news.before, locale)
  if (news.percent === 0) return t('same', { ...said, before })
  const percent = formatPercent(Math.abs(news.percent), locale)
  return t(news.percent > 0 ? 'more' : 'less', { ...said, before, percent })
}

/** The whole picture, for who does not see it. */
export function consumptionLabel(months: readonly ConsumptionMonth[], unit: string, locale: Locale): string {
  const t = translator(locale, 'consumptionYear')
  const known = months.filter(month => month.units !== null)
  const most = known.toSorted((one, other) => other.units - one.units)[0]
  const last = known.at(-1)
  const said = ({ period, units }: { period: IsoDate; units: number }) => ({
    units: formatUnits(units, unit, locale),
    month: formatMonth(period, locale),
  })
  const listed = (kind: ConsumptionMonth['kind']) => {
    const of = months.filter(month => month.kind === kind).map(({ period }) => formatMonth(period, locale))
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
