// Which months the history shows: the years there are as links, and any two months as a form that only asks.
import { ErrorSummary } from '@/components/error-summary.tsx'
import { FormField } from '@/components/form-field.tsx'
import { Button } from '@/components/ui/button.tsx'
import { type AskedMonths, historyPath, lastOf, rangeIn } from '@/lib/billing/history-rules.ts'
import { monthsInSentence } from '@/lib/billing/history-words.ts'
import type { History, InvoicedMonths } from '@/lib/billing/schema.ts'
import type { Locale } from '@/lib/i18n/locale.ts'
import { translator } from '@/lib/i18n/translator.ts'

type MonthsProps = {
  history: Pick<History, 'billerCode' | 'contractCode' | 'chosen' | 'span' | 'months' | 'years'>
  asked: AskedMonths
  locale: Locale
}

/** What is wrong with the months asked for, by its field: one cannot be read, or none of them has an invoice. */
export function monthErrors({
  history,
  asked,
  locale,
}: MonthsProps): { field: 'from' | 'to'; text: string }[] {
  const t = translator(locale, 'historyMonths')
  const { chosen, span, months } = history
  if (chosen && span && months.length === 0)
    return [{ field: 'from', text: t('errors.none', { months: monthsInSentence(span, locale) }) }]
  return (['from', 'to'] as const).flatMap(field => {
    const error = asked.errors[field]
    return error ? [{ field, text: t(`errors.${error}`) }] : []
  })
}

export function MonthsSummary(props: MonthsProps) {
  const errors = monthErrors(props)
  if (errors.length === 0) return null
  return <ErrorSummary title={translator(props.locale, 'errors')('title')} errors={errors} round={0} />
}

/** The months of a year, as far as there are any. */
const yearIn = (span: InvoicedMonths, year: number) =>
  rangeIn(span, { from: `${year}-01-01`, to: `${year}-12-01` })

export function Months(props: MonthsProps) {
  const { history, asked, locale } = props
  const { chosen, span } = history
  if (!span) return null
  const t = translator(locale, 'historyMonths')
  const contract = { biller: history.billerCode, code: history.contractCode }
  const errors = monthErrors(props)
  const [first, last, end] = [span.from, lastOf(span), span.to].map(month => Number(month.slice(0, 4)))
  const years = Array.from({ length: end! - first! + 1 }, (_, place) => first! + place).filter(
    year => year <= last! || history.years.includes(year),
  )
  const ranges = [
    { label: t('latest'), range: null },
    ...years.reverse().map(year => ({ label: String(year), range: yearIn(span, year) })),
    ...(years.length > 1 ? [{ label: t('all'), range: span }] : []),
  ]
  const here = historyPath(contract, chosen)
  const shown = chosen ?? rangeIn(span, {})
  const field = (name: 'from' | 'to') => ({
    name,
    type: 'month',
    short: true,
    label: t(name),
    hint: t('hint'),
    error: errors.find(error => error.field === name)?.text,
    defaultValue: asked.typed[name] || shown[name].slice(0, 7),
  })
  return (
    <details open={chosen !== null || errors.length > 0} className="print:hidden">
      <summary className="more">{t('choose')}</summary>
      <nav aria-label={t('choose')} className="actions">
        {ranges.map(({ label, range }) => {
          const href = historyPath(contract, range)
          return (
            <a key={label} href={href} aria-current={href === here ? 'page' : undefined}>
              {label}
            </a>
          )
        })}
      </nav>
      <form action={historyPath(contract)} method="get" className="stack">
        <div className="half">
          <FormField {...field('from')} />
          <FormField {...field('to')} />
        </div>
        <p className="actions">
          <Button look="secondary">{t('show')}</Button>
        </p>
      </form>
    </details>
  )
}
