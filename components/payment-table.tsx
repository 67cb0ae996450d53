// The customer's own payments as a table, each with the way to its page and receipt.
import { formatDay, formatMoney } from '@/lib/i18n/formats.ts'
import type { Locale } from '@/lib/i18n/locale.ts'
import { translator } from '@/lib/i18n/translator.ts'
import type { OwnAttempt } from '@/lib/payments/schema.ts'
import type { Currency } from '@/lib/platform/money.ts'
import { Chip } from './ui/chip.tsx'
import { Table } from './ui/table.tsx'

const TONE = {
  unknown: 'wait',
  captured: 'good',
  reversed: 'bad',
  declined: 'plain',
  cancelled: 'plain',
  expired: 'plain',
  voided: 'plain',
} as const

type Shown = OwnAttempt & { currency: Currency; billerName: string; contractCode: string }

export function PaymentTable({ payments, locale }: { payments: Shown[]; locale: Locale }) {
  const t = translator(locale, 'ownPayments')
  return (
    <Table
      caption={t('title')}
      columns={[
        { key: 'day', label: t('day') },
        { key: 'contract', label: t('contract') },
        { key: 'amount', label: t('amount'), amount: true },
        { key: 'state', label: t('state') },
        { key: 'open', label: t('receipt'), hiddenLabel: true },
      ]}
      rows={payments.map(payment => ({
        id: payment.id,
        cells: {
          day: formatDay(payment.startedOn, locale),
          contract: (
            <>
              {payment.billerName} {payment.contractCode}
            </>
          ),
          amount: formatMoney(payment.amount, payment.currency, locale),
          state: <Chip tone={TONE[payment.ending]}>{t(`states.${payment.ending}`)}</Chip>,
          open: (
            <a href={`/payments/${payment.id}`}>
              {t(payment.ending === 'captured' || payment.ending === 'reversed' ? 'receipt' : 'open')}
              <span className="sr-only"> {payment.number}</span>
            </a>
          ),
        },
      }))}
    />
  )
}
