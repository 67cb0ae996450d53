// The picture of a year's consumption with its key, for the pages that tell of it at length; one a page.
import type { ConsumptionMonth } from '@/lib/billing/consumption.ts'
import { consumptionLabel } from '@/lib/billing/consumption-words.ts'
import { formatNumber, formatShortMonth } from '@/lib/i18n/formats.ts'
import type { Locale } from '@/lib/i18n/locale.ts'
import { translator } from '@/lib/i18n/translator.ts'
import { YearChart } from './year-chart.tsx'

const HATCH = { fill: 'url(#hatch)', stroke: 'var(--bar)' }
const LAST_HATCH = { fill: 'url(#hatch-last)', stroke: 'var(--wait)' }

type PictureProps = {
  months: readonly ConsumptionMonth[]
  before: readonly ConsumptionMonth[]
  unit: string
  height: number
  locale: Locale
}

/** `before`: the same months a year earlier. The key tells what is there alone. */
export function ConsumptionPicture({ months, before, unit, height, locale }: PictureProps) {
  const t = translator(locale, 'consumptionYear')
  const kinds = new Set(months.map(({ kind }) => kind))
  const isWhole = before.every(({ units }) => units !== null)
  return (
    <>
      <YearChart
        months={months}
        before={before}
        height={height}
        words={{
          label: consumptionLabel(months, unit, locale),
          month: period => formatShortMonth(period, locale),
          units: units => formatNumber(units, locale),
        }}
      />
      <ul className="key">
        {kinds.has('read') && (
          <Sign label={t('read')}>
            <rect fill="var(--bar)" width="14" height="14" rx="2" />
          </Sign>
        )}
        {kinds.has('estimated') && (
          <Sign label={t('estimatedKey')}>
            <rect
              {...(months.slice(0, -1).some(({ kind }) => kind === 'estimated') ? HATCH : LAST_HATCH)}
              x="1"
              y="1"
              width="12"
              height="12"
              rx="2"
            />
          </Sign>
        )}
        {kinds.has('missing') && (
          <Sign label={t('missing')}>
            <rect
              fill="none"
              stroke="var(--field)"
              strokeDasharray="3 3"
              x="1"
              y="1"
              width="12"
              height="12"
              rx="2"
            />
          </Sign>
        )}
        {before.some(({ units }) => units !== null) && (
          <Sign label={t(isWhole ? 'before' : 'beforePart')} width={22}>
            <g stroke="var(--accent)" strokeWidth="2" fill="var(--surface)">
              <path d="M0 7h22" />
              <circle cx="11" cy="7" r="3" />
            </g>
          </Sign>
        )}
      </ul>
    </>
  )
}

const Sign = ({
  label,
  width = 14,
  children,
}: {
  label: string
  width?: number
  children: React.ReactNode
}) => (
  <li>
    <svg width={width} height="14" aria-hidden="true">
      {children}
    </svg>
    {label}
  </li>
)
