// A finding in one sentence.
import type { Country } from '../../db/enums.ts'
import {
  formatDayInSentence,
  formatMoney,
  formatMonthInSentence,
  formatPercent,
  formatUnits,
} from '../i18n/formats.ts'
import type { Locale } from '../i18n/locale.ts'
import { translator } from '../i18n/translator.ts'
import type { Currency } from '../platform/money.ts'
import type { Finding } from './finding-rules.ts'

/** How the contract's biller counts. */
export type CountedBy = { unit: string; currency: Currency; country: Country }

export function findingWords(
  finding: Finding,
  { unit, currency, country }: CountedBy,
  locale: Locale,
): string {
  const t = translator(locale, 'findings')
  const month = formatMonthInSentence(finding.period, locale)
  const units = (value: number) => formatUnits(value, unit, locale)
  switch (finding.kind) {
    case 'wrongSlip':
      return t('wrongSlip', { ...slipValues(finding, currency, locale), month })
    case 'skipped':
      return t('skipped', {
        count: finding.count,
        month,
        later: formatMonthInSentence(finding.later, locale),
      })
    case 'stillThenJump':
      return t('stillThenJump', { months: finding.months, units: units(finding.units), month })
    case 'estimated':
      return t('estimated', { bills: finding.bills, month, country })
    case 'longPeriod':
      return t('longPeriod', {
        month,
        days: finding.days,
        usualDays: finding.usualDays,
        usual: units(finding.usual),
        limit: units(finding.limit),
        extra: formatMoney(finding.extra, currency, locale),
      })
    case 'aboveLastYear': {
      const { before, perDay, perDayBefore } = finding
      const daily = (value: number) => units(Number(value.toFixed(1)))
      return t('aboveLastYear', {
        month,
        before: formatMonthInSentence(before, locale),
        perDay: daily(perDay),
        perDayBefore: daily(perDayBefore),
        percent: formatPercent(Math.round((perDay / perDayBefore - 1) * 100), locale),
      })
    }
  }
}

type Slip = Extract<Finding, { kind: 'wrongSlip' }>

const slipValues = ({ by, amount, left, paidOn, from, to }: Slip, currency: Currency, locale: Locale) => ({
  by,
  part: left < amount ? ('yes' as const) : ('no' as const),
  amount: formatMoney(amount, currency, locale),
  left: formatMoney(left, currency, locale),
  day: formatDayInSentence(paidOn, locale),
  from,
  to,
})

/** What a request to move a payment says of it. */
export const moveNote = (slip: Slip, currency: Currency, locale: Locale): string =>
  translator(locale, 'findings')('moveNote', {
    ...slipValues(slip, currency, locale),
    number: slip.number,
    month: formatMonthInSentence(slip.period, locale),
  })
