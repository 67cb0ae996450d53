// What was booked of a payment: one receipt a capture, with what each contract has of it.
import { Card } from '@/components/ui/card.tsx'
import { Table } from '@/components/ui/table.tsx'
import { formatDay, formatMoney } from '@/lib/i18n/formats.ts'
import type { AttemptCourse } from '@/lib/payment-desk/schema.ts'
import { getLocale, getTranslations } from '@/lib/request/locale.ts'

/** Nothing where nothing was booked. */
export async function Receipts({ course: { payments, currency } }: { course: AttemptCourse }) {
  if (payments.length === 0) return null
  const t = await getTranslations('paymentDesk')
  const words = await getTranslations('words')
  const locale = await getLocale()
  const money = (minor: number) => formatMoney(minor, currency, locale)
  return (
    <Card labelledBy="receipts" title={t('receipts')}>
      <Table
        caption={t('receipts')}
        columns={[
          { key: 'reference', label: t('columns.payment') },
          { key: 'contract', label: words('contract') },
          { key: 'transaction', label: t('transaction') },
          { key: 'paidOn', label: t('paidOn') },
          { key: 'amount', label: words('amount'), amount: true },
          { key: 'over', label: t('parts.unused'), amount: true },
        ]}
        rows={payments.map(one => ({
          id: String(one.id),
          cells: {
            reference: <span className="code">{one.reference}</span>,
            contract: <span className="code">{one.contractCode}</span>,
            transaction: <span className="code">{one.transactionId}</span>,
            paidOn: (
              <>
                {formatDay(one.paidOn, locale)}
                {one.reversedOn && (
                  <small> {t('reversedOn', { day: formatDay(one.reversedOn, locale) })}</small>
                )}
              </>
            ),
            amount: money(one.amount),
            over: money(one.reversedOn ? 0 : one.amount - one.allocated - one.refunded),
          },
        }))}
      />
    </Card>
  )
}
