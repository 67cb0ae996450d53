// Twelve months of a contract: its invoices with what was used, and what was paid.

import { notFound } from 'next/navigation'
import { PageShell } from '@/components/page-shell.tsx'
import { Card } from '@/components/ui/card.tsx'
import { Done } from '@/components/ui/notice.tsx'
import { Table } from '@/components/ui/table.tsx'
import { requireCustomer } from '@/lib/auth/guards.ts'
import { getHistory } from '@/lib/billing/history-queries.ts'
import type { History, HistoryInvoice, HistoryPayment } from '@/lib/billing/schema.ts'
import { formatDay, formatList, formatMoney, formatMonth, formatUnits } from '@/lib/i18n/formats.ts'
import { clock } from '@/lib/platform/clock.ts'
import type { Currency } from '@/lib/platform/money.ts'
import { getLocale, getTranslations } from '@/lib/request/locale.ts'
import { type ContractPageProps, contractOf } from '../contracts/address.ts'

export default async function HistoryPage({ searchParams }: ContractPageProps<'proved'>) {
  const customer = await requireCustomer()
  const { biller, code } = await contractOf(searchParams)
  const history = await getHistory(customer, biller, code, clock.now())
  if (!history) notFound()
  const t = await getTranslations('history')
  const locale = await getLocale()
  const path = `/contracts/${history.billerCode}/${history.contractCode}`
  return (
    <PageShell
      title={t('title')}
      lead={`${history.billerName} · ${history.alias ?? history.contractCode}`}
      back={{ href: '/contracts', label: t('back') }}
      wide
    >
      {(await searchParams).proved !== undefined && <Done>{t('proved')}</Done>}
      <p className="flex flex-wrap gap-x-5 print:hidden [&_a]:inline-flex [&_a]:min-h-11 [&_a]:items-center">
        <a href={`${path}/pay`}>{t('pay')}</a>
        <a href={`${path}/info`}>{t('info')}</a>
        {/* On a phone they stand far below twelve invoices. */}
        <a href="#payments">{t('payments')}</a>
      </p>
      <Card labelledBy="invoices" title={t('invoices')}>
        {history.months.length > 0 ? (
          <Invoices history={history} />
        ) : (
          <p>{t('noInvoices', { biller: history.billerName })}</p>
        )}
      </Card>
      <Card labelledBy="payments" title={t('payments')}>
        <p className="mb-2 text-muted">{t('paymentsSince', { day: formatDay(history.from, locale) })}</p>
        {history.payments.length > 0 ? <Payments history={history} /> : <p>{t('noPayments')}</p>}
      </Card>
    </PageShell>
  )
}

async function Invoices({ history }: { history: History }) {
  const t = await getTranslations('history')
  const locale = await getLocale()
  const row = (period: string, invoice?: HistoryInvoice) => ({
    id: invoice ? String(invoice.id) : period,
    cells: {
      month: formatMonth(period, locale),
      number: invoice ? (
        <InvoiceNumber invoice={invoice} state={t(`states.${invoice.state}`)} />
      ) : (
        t('missing')
      ),
      ...(invoice && {
        issuedOn: formatDay(invoice.issuedOn, locale),
        dueOn: formatDay(invoice.dueOn, locale),
        units: invoice.units === null ? '–' : formatUnits(invoice.units, history.unit, locale),
        amount: formatMoney(invoice.total, history.currency, locale),
        details: (
          <a href={`/invoices/${invoice.id}`} aria-label={t('openNumber', { number: invoice.number })}>
            {t('open')}
          </a>
        ),
      }),
    },
  })
  return (
    <Table
      caption={t('invoices')}
      columns={[
        { key: 'month', label: t('month') },
        { key: 'number', label: t('number') },
        { key: 'issuedOn', label: t('issuedOn') },
        { key: 'dueOn', label: t('dueOn') },
        { key: 'units', label: t('units'), amount: true },
        { key: 'amount', label: t('amount'), amount: true },
        { key: 'details', label: t('details') },
      ]}
      rows={history.months.flatMap(({ period, invoices }) =>
        invoices.length > 0 ? invoices.map(invoice => row(period, invoice)) : [row(period)],
      )}
    />
  )
}

const STATE = { paid: 'text-good', unpaid: 'text-wait', overdue: 'text-bad', cancelled: 'text-muted' }

function InvoiceNumber({ invoice, state }: { invoice: HistoryInvoice; state: string }) {
  return (
    <span>
      {invoice.number}
      <span className={`block text-sm ${STATE[invoice.state]}`}>{state}</span>
    </span>
  )
}

async function Payments({ history }: { history: History }) {
  const t = await getTranslations('history')
  const locale = await getLocale()
  return (
    <Table
      caption={t('payments')}
      columns={[
        { key: 'paidOn', label: t('paidOn') },
        { key: 'amount', label: t('amount'), amount: true },
        { key: 'method', label: t('method') },
        { key: 'source', label: t('source') },
        { key: 'note', label: t('note') },
      ]}
      rows={history.payments.map(payment => ({
        id: String(payment.id),
        cells: {
          paidOn: formatDay(payment.paidOn, locale),
          amount: formatMoney(payment.amount, history.currency, locale),
          method: t(`methods.${payment.method}`),
          source: payment.source ?? t('portal'),
          note: <PaymentNote payment={payment} currency={history.currency} />,
        },
      }))}
    />
  )
}

async function PaymentNote({ payment, currency }: { payment: HistoryPayment; currency: Currency }) {
  const t = await getTranslations('history')
  const locale = await getLocale()
  const { reversedOn, unassigned, invoiceNumber, pays, surplus, attemptId } = payment
  return (
    <span className="[&>span]:block">
      {reversedOn && <span>{t('reversed', { day: formatDay(reversedOn, locale) })}</span>}
      {invoiceNumber && !reversedOn && (
        <span>{t(unassigned ? 'unassigned' : 'forInvoice', { number: invoiceNumber })}</span>
      )}
      {pays.length > 0 && <span>{t('pays', { count: pays.length, numbers: formatList(pays, locale) })}</span>}
      {surplus > 0 && <span>{t('surplus', { amount: formatMoney(surplus, currency, locale) })}</span>}
      {attemptId && (
        <span>
          <a href={`/payments/${attemptId}`}>{t('receipt')}</a>
        </span>
      )}
    </span>
  )
}
