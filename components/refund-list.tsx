// What is given back of a payment, in words: on its way until the bank or the biller's books say that it is done.
import { Card } from '@/components/ui/card.tsx'
import { formatDay, formatMoney } from '@/lib/i18n/formats.ts'
import type { Payer } from '@/lib/payments/payer.ts'
import type { Attempt } from '@/lib/payments/schema.ts'
import { dayIn } from '@/lib/platform/dates.ts'
import { listRefundsOf } from '@/lib/refunds/queries.ts'
import { getLocale, getTranslations } from '@/lib/request/locale.ts'

type Props = {
  payer: Payer
  payment: Pick<Attempt, 'id' | 'billerName' | 'contactPhone' | 'contactEmail' | 'captures'>
}

/** Nothing where nothing is given back. */
export async function RefundList({ payer, payment }: Props) {
  const refunds = payment.captures.length > 0 ? await listRefundsOf(payer, payment.id) : []
  if (refunds.length === 0) return null
  const t = await getTranslations('payment')
  const locale = await getLocale()
  return (
    <Card labelledBy="refunds" title={t('refunds.title')}>
      {refunds.map(({ number, way, word, at, timeZone, ...refund }) => {
        const amount = formatMoney(refund.amount, refund.currency, locale)
        const done = { amount, day: formatDay(dayIn(timeZone, at), locale) }
        const contact = payment.contactPhone ?? payment.contactEmail
        const ask = { biller: payment.billerName, contact: contact ?? '', known: contact ? 'yes' : 'no' }
        return (
          <p key={number}>
            {word === 'onItsWay'
              ? t('refunds.onItsWay', { amount })
              : word === 'failed'
                ? t('refunds.failed', { amount, number, ...ask })
                : way === 'card'
                  ? t('refunds.card', done)
                  : t('refunds.credit', { ...done, biller: payment.billerName })}
          </p>
        )
      })}
    </Card>
  )
}
