// What the month comes to, part by part, and beside it what the reader's own bills came to.
import { Button } from '@/components/ui/button.tsx'
import { Card } from '@/components/ui/card.tsx'
import { Facts } from '@/components/ui/facts.tsx'
import type { ownBills } from '@/lib/estimator/rules.ts'
import type { Estimate } from '@/lib/estimator/schema.ts'
import { formatMoney, formatMonthInSentence, formatUnits } from '@/lib/i18n/formats.ts'
import { translator } from '@/lib/i18n/translator.ts'
import type { Reading } from './choice-card.tsx'

type ResultProps = { result: Estimate; bills: ReturnType<typeof ownBills> | null } & Reading

export function Result({ result, bills, locale, currency }: ResultProps) {
  const t = translator(locale, 'estimator')
  const money = (minor: number) => formatMoney(minor, currency, locale)
  const facts = [
    {
      label: t('energy', { kwh: formatUnits(Math.round(result.kwh * 10) / 10, 'kWh', locale) }),
      value: money(result.energy),
    },
    result.standing > 0 && { label: t('standingWithVat'), value: money(result.standing) },
    result.tvTax > 0 && { label: t('tvTax'), value: money(result.tvTax) },
    { label: t('total'), value: money(result.total) },
  ].filter(fact => fact !== false)
  return (
    <div className="columns two-columns">
      <div>
        <Card labelledBy="month" title={t('result')}>
          <Facts facts={facts} sum />
        </Card>
      </div>
      <div>{bills && <OwnBills bills={bills} locale={locale} currency={currency} />}</div>
    </div>
  )
}

function OwnBills({
  bills: { average, yearAgo },
  locale,
  currency,
}: Omit<ResultProps, 'result'> & { bills: ReturnType<typeof ownBills> }) {
  const t = translator(locale, 'estimator')
  const value = (total: number, kwh: number | null) => (
    <>
      <b>{formatMoney(total, currency, locale)}</b>
      {kwh !== null && <small>{formatUnits(kwh, 'kWh', locale)}</small>}
    </>
  )
  const facts = [
    average && {
      label: t('average', { count: average.months }),
      value: value(average.total, average.kwh),
    },
    yearAgo && {
      label: t('yearAgo', { month: formatMonthInSentence(yearAgo.period, locale) }),
      value: value(yearAgo.total, yearAgo.units),
    },
  ].filter(fact => fact !== undefined && fact !== false)
  return (
    <Card labelledBy="own-bills" title={t('ownBills')}>
      {facts.length > 0 ? <Facts facts={facts} columns={1} /> : <p>{t('noBills')}</p>}
    </Card>
  )
}

/** What stays in sight: the sum and the button. */
export function Total({ result, locale, currency }: { result: Estimate | null } & Reading) {
  const t = translator(locale, 'estimator')
  return (
    <div className="paybar">
      <p>
        <small id="about" data-live="about">
          {result && t('about', { kwh: formatUnits(Math.round(result.kwh), 'kWh', locale) })}
        </small>
        <output aria-labelledby="about" data-live="total">
          {result && formatMoney(result.total, currency, locale)}
        </output>
      </p>
      <Button icon="calc">{t('calculate')}</Button>
    </div>
  )
}
