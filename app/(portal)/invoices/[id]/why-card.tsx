// Why the amount is what it is: this month beside the one before, the steps between them, and the way to compare any other.
import { Card } from '@/components/ui/card.tsx'
import { Facts } from '@/components/ui/facts.tsx'
import { differenceSentences, formatSignedAmount, partName } from '@/lib/billing/difference-words.ts'
import type { InvoiceNeighbours } from '@/lib/billing/invoice-neighbours.ts'
import type { Invoice } from '@/lib/billing/schema.ts'
import { comparePath } from '@/lib/billing/schema.ts'
import { formatAmount, formatMoney, formatMonth } from '@/lib/i18n/formats.ts'
import type { Locale } from '@/lib/i18n/locale.ts'
import { translator } from '@/lib/i18n/translator.ts'

type WhyProps = { why: NonNullable<InvoiceNeighbours['why']>; invoice: Invoice; locale: Locale }

export function WhyCard({ why, invoice, locale }: WhyProps) {
  const { before, now, parts } = why
  const { currency } = invoice
  return (
    <div className="print:hidden">
      <Card labelledBy="why" title={translator(locale, 'why')('title')}>
        <p>{differenceSentences(why, invoice, locale).join(' ')}</p>
        <Facts
          columns={1}
          sum
          facts={[
            {
              label: formatMonth(before.period, locale),
              value: formatAmount(before.total, currency, locale),
            },
            ...parts
              .filter(({ amount }) => amount !== 0)
              .map(part => ({
                label: partName(part, invoice, locale),
                value: formatSignedAmount(part.amount, currency, locale),
              })),
            { label: formatMonth(now.period, locale), value: formatMoney(now.total, currency, locale) },
          ]}
        />
        <p className="actions">
          <a href={comparePath(invoice.id, why.to)}>{translator(locale, 'compare')('link')}</a>
        </p>
      </Card>
    </div>
  )
}
