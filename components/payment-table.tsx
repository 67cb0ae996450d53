// The customer's own payments as a table, each leading to its page and receipt.
import { isCalledByCode } from '@/lib/billing/contract-title.ts'
import { paidMonths } from '@/lib/billing/paid-months.ts'
import { formatInstant, formatMoney } from '@/lib/i18n/formats.ts'
import type { Locale } from '@/lib/i18n/locale.ts'
import { translator } from '@/lib/i18n/translator.ts'
import type { Attempt, OwnAttempt } from '@/lib/payments/schema.ts'
import { contractsNamed } from './paid-contracts.ts'
import { Chip } from './ui/chip.tsx'
import { Table } from './ui/table.tsx'

/** What ended without money is neutral: nothing is wrong, and nothing was paid. */
const NO_MONEY = { tone: 'plain', icon: 'no' } as const
const LOOK = {
  unknown: { tone: 'wait' },
  captured: { tone: 'good' },
  reversed: { tone: 'bad' },
  declined: NO_MONEY,
  cancelled: NO_MONEY,
  expired: NO_MONEY,
  voided: NO_MONEY,
} as const

type Shown = OwnAttempt & Pick<Attempt, 'currency' | 'billerCode' | 'billerName' | 'country' | 'contracts'>

export function PaymentTable({ payments, locale }: { payments: Shown[]; locale: Locale }) {
  const t = translator(locale, 'ownPayments')
  return (
    <Table
      caption={t('title')}
      columns={[
        { key: 'months', label: t('months') },
        { key: 'day', label: t('day'), place: 'sub' },
        { key: 'contract', label: t('contract'), place: 'sub' },
        { key: 'amount', label: t('amount'), amount: true },
        { key: 'state', label: t('state'), place: 'status' },
      ]}
      rows={payments.map(payment => ({
        id: payment.id,
        cells: {
          months: (
            <a href={`/payments/${payment.id}`}>
              {paidMonths(payment.periods, locale)} <small className="code block">{payment.number}</small>
            </a>
          ),
          day: (
            <span className="sm:whitespace-nowrap">
              {formatInstant(payment.createdAt, locale, payment.timeZone)}
            </span>
          ),
          contract: (
            <>
              {payment.billerName}
              {' · '}
              {payment.contracts.length === 1 && isCalledByCode(payment.contracts[0]!) ? (
                <span className="code">{payment.contracts[0]!.code}</span>
              ) : (
                contractsNamed(payment, locale)
              )}
            </>
          ),
          amount: formatMoney(payment.amount, payment.currency, locale),
          state: <Chip {...LOOK[payment.ending]}>{t(`states.${payment.ending}`)}</Chip>,
        },
      }))}
    />
  )
}
