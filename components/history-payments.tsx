// The payments that a contract received, whoever made them.
import type { ReactNode } from 'react'
import { Table } from '@/components/ui/table.tsx'
import { supplyOf } from '@/lib/billers/supply.ts'
import { paymentNote, sourceOf } from '@/lib/billing/history-words.ts'
import { paidMonths } from '@/lib/billing/paid-months.ts'
import type { History, HistoryPayment } from '@/lib/billing/schema.ts'
import { formatDay, formatMoney } from '@/lib/i18n/formats.ts'
import type { Locale } from '@/lib/i18n/locale.ts'
import { translator } from '@/lib/i18n/translator.ts'

type TableProps = { history: Pick<History, 'payments' | 'currency' | 'billerCode'>; locale: Locale }

/** A day leads to the receipt where the payment was the customer's own. What is out of the ordinary is said in a line of its own. */
export function ReceivedTable({ history: { payments, currency, billerCode }, locale }: TableProps) {
  const t = translator(locale, 'history')
  const money = (minor: number) => formatMoney(minor, currency, locale)
  const notes = payments.map(payment => paymentNote(payment, currency, locale))
  return (
    <Table
      caption={t('payments')}
      columns={[
        { key: 'paidOn', label: t('paidOn') },
        { key: 'invoice', label: t('invoice', { supply: supplyOf(billerCode) }), place: 'sub' },
        { key: 'method', label: t('method'), place: 'tablet' },
        { key: 'source', label: t('source'), place: 'desktop' },
        { key: 'amount', label: t('amount'), amount: true },
        ...(notes.some(Boolean) ? [{ key: 'note', label: t('note'), place: 'words' } as const] : []),
      ]}
      rows={payments.map((payment, index) => {
        const day = formatDay(payment.paidOn, locale)
        return {
          id: String(payment.id),
          cells: {
            paidOn: payment.attemptId ? <a href={`/payments/${payment.attemptId}`}>{day}</a> : day,
            method: t(`methods.${payment.method}`),
            source: sourceOf(payment, locale),
            invoice: invoicesOf(payment, locale),
            amount: <b>{money(payment.amount)}</b>,
            note: notes[index],
          },
        }
      })}
    />
  )
}

/** Which months it paid; the number where it is one invoice, or one that it names and does not pay. */
function invoicesOf({ pays, invoiceNumber }: HistoryPayment, locale: Locale): ReactNode {
  const number = pays.length === 1 ? pays[0]!.number : pays.length === 0 ? invoiceNumber : null
  return (
    <>
      {paidMonths(
        pays.map(({ period }) => period),
        locale,
      )}{' '}
      {number && <span className="code">{number}</span>}
    </>
  )
}
