// What a page or a document is opened for, in figures.
import { formatAmount, moneyPattern } from '@/lib/i18n/formats.ts'
import type { Locale } from '@/lib/i18n/locale.ts'
import type { Row } from '@/lib/i18n/words.ts'
import type { Currency } from '@/lib/platform/money.ts'
import { Bilingual } from './bilingual.tsx'

/** In a `.sum`: the figure large, its currency small beside it. `minor`: in minor units. */
export function HeroAmount({
  minor,
  currency,
  locale,
}: {
  minor: number
  currency: Currency
  locale: Locale
}) {
  const { prefix, suffix } = moneyPattern(currency, locale)
  return (
    <>
      {prefix && <small>{prefix}</small>}
      {formatAmount(minor, currency, locale)}
      {suffix && <small>{suffix}</small>}
    </>
  )
}

type FiguresProps = { rows: Row[]; className: string; plain: string; strong?: string }

/** Each amount, day and number below its name. `plain`, `strong`: how large a figure is, and one that the reader looks for. */
export function Figures({ rows, className, plain, strong = `${plain} font-bold` }: FiguresProps) {
  return (
    <dl className={className}>
      {rows.map(row => (
        <div key={row.label.text} className="figure">
          <dt className="text-sm text-muted">
            <Bilingual words={row.label} />
          </dt>
          <dd className={`wrap-anywhere ${row.strong ? strong : plain}`}>
            <Bilingual words={row.value} />
          </dd>
        </div>
      ))}
    </dl>
  )
}

/** What is owed and until when, or what was paid. */
export const Headline = ({ rows }: { rows: Row[] }) => (
  <Figures
    rows={rows}
    className="grid gap-x-10 gap-y-3 rounded-lg bg-raised px-4 py-3 sm:auto-cols-fr sm:grid-flow-col print:auto-cols-fr print:grid-flow-col"
    plain="text-lg"
    strong="text-xl font-bold"
  />
)
