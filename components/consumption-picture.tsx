// The picture of a stretch of consumption with its key, for the pages that tell of it at length, and the same in money.
import type { ReactNode } from 'react'
import type { ConsumptionMonth } from '@/lib/billing/consumption.ts'
import { consumptionLabel } from '@/lib/billing/consumption-words.ts'
import type { Consumption } from '@/lib/billing/schema.ts'
import {
  currencySign,
  formatAmount,
  formatMoney,
  formatNumber,
  formatShortMonth,
  formatUnits,
  unitSign,
} from '@/lib/i18n/formats.ts'
import type { Locale } from '@/lib/i18n/locale.ts'
import { translator } from '@/lib/i18n/translator.ts'
import type { Currency } from '@/lib/platform/money.ts'
import { YearChart } from './year-chart.tsx'

type Shown = { height: number; locale: Locale }
type PictureProps = Shown & { consumption: Consumption; unit: string }

export function ConsumptionPicture({ consumption, unit, height, locale }: PictureProps) {
  return (
    <>
      <Chart
        name="units"
        of={consumption}
        print={units => formatUnits(units, unit, locale)}
        figure={units => formatNumber(units, locale)}
        {...{ height, locale }}
      />
      <Key of={[consumption]} unit={unit} locale={locale} />
    </>
  )
}

type HistoryProps = Shown & {
  consumption: Consumption | null
  billed: Consumption | null
  unit: string
  currency: Currency
}

/** Units and money, one above the other, with one key, which names the units where bars are months; money is folded away on a phone where there are units. */
export function HistoryPicture({ consumption, billed, unit, currency, height, locale }: HistoryProps) {
  const t = translator(locale, 'consumptionYear')
  const of = [consumption, billed].filter(one => one !== null)
  const by = of[0]?.by ?? 'month'
  const money = billed && (
    <Chart
      name="money"
      of={billed}
      print={minor => formatMoney(minor, currency, locale)}
      figure={minor => formatAmount(minor, currency, locale)}
      {...{ height, locale }}
    />
  )
  const moneyTitle = t('each', { by, unit: currencySign(currency, locale) })
  return (
    <>
      {consumption && (
        <>
          {by === 'year' && <h3 className="text-sm">{t('each', { by, unit: unitSign(unit) })}</h3>}
          <Chart
            name="units"
            of={consumption}
            print={units => formatUnits(units, unit, locale)}
            figure={units => formatNumber(units, locale)}
            {...{ height, locale }}
          />
        </>
      )}
      {consumption && money ? (
        <details className="fold">
          <summary>
            <h3 className="text-sm">{moneyTitle}</h3>
          </summary>
          {money}
        </details>
      ) : (
        money && (
          <>
            <h3 className="text-sm">{moneyTitle}</h3>
            {money}
          </>
        )
      )}
      <Key of={of} unit={consumption ? unit : undefined} locale={locale} />
    </>
  )
}

type ChartProps = Shown & {
  name: 'units' | 'money'
  of: Consumption
  /** In a sentence, and above a bar. */
  print: (units: number) => string
  figure: (units: number) => string
}

const MONTHS_OF_A_YEAR = 12

function Chart({ name, of, print, figure, height, locale }: ChartProps) {
  const isLong = of.months.length > MONTHS_OF_A_YEAR
  const yearOf = (period: string, digits: number) => period.slice(4 - digits, 4)
  // Where months come again, each first one says its year.
  const isYear = (period: string) => of.by === 'year' || (isLong && period.slice(5, 7) === '01')
  return (
    <YearChart
      name={name}
      months={of.months}
      before={of.before}
      height={height}
      words={{
        label: consumptionLabel(of, name, print, locale),
        month: period => (isYear(period) ? yearOf(period, 4) : formatShortMonth(period, locale)),
        // A year takes the room of two letters.
        letter: period =>
          isYear(period)
            ? yearOf(period, 2)
            : isLong && period.slice(5, 7) === '02'
              ? ''
              : formatShortMonth(period, locale).slice(0, 1),
        units: figure,
      }}
    />
  )
}

/** Tells what is there alone. `unit`: of a meter that is read. */
function Key({ of, unit, locale }: { of: Consumption[]; unit?: string; locale: Locale }) {
  const t = translator(locale, 'consumptionYear')
  const months = of.flatMap(one => one.months)
  const before = of.flatMap(one => one.before)
  const by = of[0]?.by ?? 'month'
  const has = (isThere: (month: ConsumptionMonth) => boolean) => months.some(isThere)
  const isWhole = before.every(({ units }) => units !== null)
  const beforeKey = by === 'year' ? 'beforeYears' : isWhole ? 'before' : 'beforePart'
  return (
    <ul className="key">
      {(unit || by === 'year') && has(({ kind, isPart }) => kind === 'read' && !isPart) && (
        <Sign label={by === 'year' ? t('wholeYear') : t('read', { unit: unitSign(unit!) })}>
          <rect fill="var(--bar)" width="14" height="14" rx="2" />
        </Sign>
      )}
      {has(({ kind }) => kind === 'estimated') && (
        <Sign label={t('estimatedKey')}>
          <rect {...BOX} fill="none" stroke="var(--bar)" strokeWidth="1.5" />
          <path d="M1 9l8-8M5 13l8-8" stroke="var(--bar)" strokeWidth="2" />
        </Sign>
      )}
      {has(({ isPart }) => isPart === true) && (
        <Sign label={t(by === 'year' ? 'partYear' : 'partMonth')}>
          <rect {...BOX} fill="var(--surface)" stroke="var(--bar)" strokeWidth="1.5" />
        </Sign>
      )}
      {has(({ isCorrected }) => isCorrected === true) && (
        <Sign label={t('correctedKey')}>
          <path d="M7 2l5 5-5 5-5-5z" fill="var(--surface)" stroke="var(--ink)" strokeWidth="1.5" />
        </Sign>
      )}
      {has(({ kind }) => kind === 'missing') && (
        <Sign label={t('missing')}>
          <rect {...BOX} fill="none" stroke="var(--field)" strokeDasharray="3 3" />
        </Sign>
      )}
      {before.some(({ units }) => units !== null) && (
        <Sign label={t(beforeKey)} width={22}>
          <g stroke="var(--accent)" strokeWidth="2" fill="var(--surface)">
            <path d="M0 7h22" />
            <circle cx="11" cy="7" r="3" />
          </g>
        </Sign>
      )}
    </ul>
  )
}

const BOX = { x: '1', y: '1', width: '12', height: '12', rx: '2' }

const Sign = ({ label, width = 14, children }: { label: string; width?: number; children: ReactNode }) => (
  <li>
    <svg width={width} height="14" aria-hidden="true">
      {children}
    </svg>
    {label}
  </li>
)
