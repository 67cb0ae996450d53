// What a payment is, by its number: to whom, when, and what of it is for which month.
import { Card } from '@/components/ui/card.tsx'
import { Facts } from '@/components/ui/facts.tsx'
import { isCalledByCode } from '@/lib/billing/contract-title.ts'
import { formatInstant, formatMoney, formatMonth } from '@/lib/i18n/formats.ts'
import type { Attempt } from '@/lib/payments/schema.ts'
import { getLocale, getTranslations } from '@/lib/request/locale.ts'
import { titlesOfPaid } from './paid-contracts.ts'

/** `withContract`: which contract it is stands nowhere where a link was sent. */
export async function PaymentDetails({ payment, withContract }: { payment: Attempt; withContract: boolean }) {
  const t = await getTranslations('payment')
  const locale = await getLocale()
  const money = (minor: number) => formatMoney(minor, payment.currency, locale)
  const { contracts } = payment
  const titles = titlesOfPaid(payment, locale)
  const paid = payment.captures.find(({ reversedOn }) => !reversedOn)
  return (
    <Card labelledBy="details" title={t('details')}>
      <Facts
        sum
        facts={[
          { label: t('number'), value: <span className="code">{payment.number}</span> },
          { label: t('biller'), value: payment.billerName },
          ...(withContract
            ? [{ label: t('contracts', { count: contracts.length }), value: <Contracts of={payment} /> }]
            : []),
          { label: t('begunAt'), value: formatInstant(payment.createdAt, locale, payment.timeZone) },
          ...(paid
            ? [{ label: t('paidAt'), value: formatInstant(new Date(paid.paidAt), locale, payment.timeZone) }]
            : []),
          ...(paid && payment.mailedTo ? [{ label: t('mailedTo'), value: payment.mailedTo }] : []),
          ...payment.invoices.map(invoice => ({
            label:
              contracts.length > 1
                ? `${formatMonth(invoice.period, locale)}, ${titles.get(invoice.contractId)}`
                : formatMonth(invoice.period, locale),
            value: money(invoice.total),
          })),
          { label: t('amount'), value: money(payment.amount) },
        ]}
      />
    </Card>
  )
}

/** Each by its name, where it has one, and its code. */
const Contracts = ({ of: { contracts } }: { of: Attempt }) =>
  contracts.map(contract => (
    <span key={contract.id} className="block">
      {!isCalledByCode(contract) && `${contract.alias ?? contract.address} `}
      <span className="code">{contract.code}</span>
    </span>
  ))
