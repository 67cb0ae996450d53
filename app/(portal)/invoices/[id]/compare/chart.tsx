// Two bills as bars on one scale: what they share in one colour, what the one is more in amber, with its figure below.
import { Card } from '@/components/ui/card.tsx'
import type { Difference } from '@/lib/billing/difference-rules.ts'
import { type BillsOf, billName } from '@/lib/billing/difference-words.ts'
import { currencySign, formatAmount, formatMoney } from '@/lib/i18n/formats.ts'
import type { Locale } from '@/lib/i18n/locale.ts'
import { translator } from '@/lib/i18n/translator.ts'

type ChartProps = { difference: Difference; of: BillsOf; locale: Locale }

const BAR = { height: 26, rx: 3 }
/** Where the two bars, and the words above them, begin. */
const FIRST = { text: 14, bar: 22 }
const SECOND = { text: 78, bar: 86 }

const percent = (share: number) => `${Math.round(share * 1000) / 10}%`

export function BillsChart({ difference: { before, now, amount }, of, locale }: ChartProps) {
  const t = translator(locale, 'compare')
  const most = Math.max(before.total, now.total, 1)
  const [first, second] = [before.total / most, now.total / most]
  const shared = Math.min(first, second)
  const money = (minor: number) => formatMoney(minor, of.currency, locale)
  const figure = (minor: number) => formatAmount(minor, of.currency, locale)
  const way = amount > 0 ? 'more' : amount < 0 ? 'less' : 'same'
  const words = t(`difference.${way}`, { amount: figure(Math.abs(amount)) })
  const label = t('chart', {
    before: billName(before, locale),
    amountBefore: money(before.total),
    now: billName(now, locale),
    amount: money(now.total),
    difference: words,
  })
  return (
    <Card labelledBy="bills" title={t('bills', { currency: currencySign(of.currency, locale) })}>
      <svg className="chart" height="138" role="img" aria-label={label}>
        <g fontSize="14" fill="var(--ink)">
          <text y={FIRST.text}>{billName(before, locale)}</text>
          <text x="100%" y={FIRST.text} textAnchor="end" fontWeight="700">
            {figure(before.total)}
          </text>
          <text y={SECOND.text}>{billName(now, locale)}</text>
          <text x="100%" y={SECOND.text} textAnchor="end" fontWeight="700">
            {figure(now.total)}
          </text>
          <text x="100%" y="131" textAnchor="end" fontWeight="700">
            {words}
          </text>
        </g>
        <g fill="var(--bar)">
          <rect {...BAR} y={FIRST.bar} width={percent(shared)} />
          <rect {...BAR} y={SECOND.bar} width={percent(shared)} />
        </g>
        {amount !== 0 && (
          <rect
            {...BAR}
            x={percent(shared)}
            y={amount > 0 ? SECOND.bar : FIRST.bar}
            width={percent(Math.max(first, second) - shared)}
            fill="var(--sun)"
            stroke="var(--wait)"
          />
        )}
      </svg>
    </Card>
  )
}
