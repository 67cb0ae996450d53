// The form to choose two bills of the contract: it only asks, so that what is compared has an address.
import { SelectField } from '@/components/form-field.tsx'
import { Button } from '@/components/ui/button.tsx'
import { Card } from '@/components/ui/card.tsx'
import type { Comparison } from '@/lib/billing/compare-queries.ts'
import { billName } from '@/lib/billing/difference-words.ts'
import { comparePath } from '@/lib/billing/schema.ts'
import { formatAmount } from '@/lib/i18n/formats.ts'
import type { Locale } from '@/lib/i18n/locale.ts'
import { translator } from '@/lib/i18n/translator.ts'
import type { Currency } from '@/lib/platform/money.ts'

type ChooseProps = { all: Comparison['all']; id: number; to: number; currency: Currency; locale: Locale }

export function Choose({ all, id, to, currency, locale }: ChooseProps) {
  const t = translator(locale, 'compare')
  const options = all.map(one => {
    const isOnly = all.filter(({ period }) => period === one.period).length === 1
    return {
      value: String(one.id),
      label: t('choose.option', {
        month: billName(isOnly ? { period: one.period } : one, locale),
        amount: formatAmount(one.total, currency, locale),
      }),
    }
  })
  return (
    <div className="print:hidden">
      <Card labelledBy="choose" title={t('choose.title')}>
        <form action={comparePath(id)} className="stack">
          <div className="half">
            <SelectField
              name="invoice"
              label={t('choose.invoice')}
              defaultValue={String(id)}
              options={options}
            />
            <SelectField name="to" label={t('choose.to')} defaultValue={String(to)} options={options} />
          </div>
          <p className="actions">
            <Button look="secondary">{t('choose.submit')}</Button>
          </p>
        </form>
      </Card>
    </div>
  )
}
