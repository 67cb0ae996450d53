// What a year of consumption says, in words.
import { formatList, formatMonthInSentence, formatPercent, formatUnits } from '../i18n/formats.ts'
import type { Locale } from '../i18n/locale.ts'
import { translator } from '../i18n/translator.ts'
import { addMonths, type IsoDate } from '../platform/dates.ts'
import { type ConsumptionNews, consumptionNews, MOST_PERCENT } from './consumption.ts'
import type { Consumption, ConsumptionMonth } from './schema.ts'

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

/** The whole picture, for who does not see it; `print` says its units, or money. */
export function consumptionLabel(
  { by, months }: Pick<Consumption, 'by' | 'months'>,
  what: 'units' | 'money',
  print: (units: number) => string,
  locale: Locale,
): string {
  const t = translator(locale, 'consumptionYear')
  const known = months.filter(month => month.units !== null)
  const most = known.toSorted((one, other) => other.units - one.units)[0]
  const last = known.at(-1)
  const nameOf = ({ period }: { period: IsoDate }) =>
    by === 'year' ? period.slice(0, 4) : formatMonthInSentence(period, locale)
  const said = (month: { period: IsoDate; units: number }) => ({
    units: print(month.units),
    month: nameOf(month),
  })
  const listed = (
    key: 'missingMonths' | 'estimatedMonths' | 'correctedMonths' | 'parts',
    isListed: (month: ConsumptionMonth) => boolean,
  ) => {
    const of = months.filter(isListed).map(nameOf)
    return of.length > 0 && t(key, { months: formatList(of, locale) })
  }
  return [
    t(by === 'year' ? 'years' : 'year', { what, count: months.length }),
    most && t('highest', said(most)),
    last && t('last', said(last)),
    listed('missingMonths', ({ kind }) => kind === 'missing'),
    listed('estimatedMonths', ({ kind }) => kind === 'estimated'),
    listed('correctedMonths', ({ isCorrected }) => isCorrected === true),
    listed('parts', ({ isPart }) => isPart === true),
  ]
    .filter(Boolean)
    .join(' ')
}

/** How much more or less than a year before, of months that were all billed then as well; null: not to be said. */
export function yearSentence({ by, months, before }: Consumption, locale: Locale): string | null {
  const isKnown = before.every(({ units }) => units !== null) && months.every(({ units }) => units !== null)
  const sum = (of: readonly ConsumptionMonth[]) => of.reduce((all, { units }) => all + units!, 0)
  if (by === 'year' || !isKnown || sum(before) <= 0 || sum(months) < 0) return null
  const percent = Math.round((sum(months) / sum(before) - 1) * 100)
  if (percent > MOST_PERCENT) return null
  const key = percent > 0 ? 'moreThanBefore' : percent < 0 ? 'lessThanBefore' : 'sameAsBefore'
  return translator(locale, 'consumptionYear')(key, { percent: formatPercent(Math.abs(percent), locale) })
}
