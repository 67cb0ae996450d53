// What is due of a contract, to choose from and to pay.
import { randomUUID } from 'node:crypto'
import { notFound } from 'next/navigation'
import { getLocale, getTranslations } from 'next-intl/server'
import { PageShell } from '@/components/page-shell.tsx'
import { Card } from '@/components/ui/card.tsx'
import { Notice } from '@/components/ui/notice.tsx'
import { Table } from '@/components/ui/table.tsx'
import { requireCustomer } from '@/lib/auth/guards.ts'
import { formatDay, formatMoney, formatMonth, moneyPattern } from '@/lib/i18n/formats.ts'
import type { Locale } from '@/lib/i18n/locale.ts'
import { texts } from '@/lib/i18n/texts.ts'
import { gatewayInUse } from '@/lib/payments/gateways/registry.ts'
import { getPayableContract } from '@/lib/payments/queries.ts'
import type { PayableContract, PayableInvoice } from '@/lib/payments/schema.ts'
import { clock } from '@/lib/platform/clock.ts'
import { ProveContract } from '../prove.tsx'
import { payAction } from './actions.ts'
import { InvoiceBox, PayForm } from './form.tsx'

export default async function PayPage({ params }: { params: Promise<{ biller: string; code: string }> }) {
  const customer = await requireCustomer()
  const { biller, code } = await params
  const contract = await getPayableContract(customer, biller, code, clock.now())
  if (!contract) notFound()
  const t = await getTranslations('pay')
  const path = `/contracts/${biller}/${code}`
  const opens = contract.level !== 'amounts'
  return (
    <PageShell
      title={t('title')}
      lead={`${contract.billerName} · ${contract.alias ? `${contract.alias} (${contract.contractCode})` : contract.contractCode}`}
      back={{ href: '/contracts', label: t('back') }}
      wide
    >
      {opens && (
        <p className="flex flex-wrap gap-x-5 print:hidden">
          <a href={`${path}/history`}>{t('history')}</a>
          <a href={`${path}/info`}>{t('info')}</a>
        </p>
      )}
      {contract.invoices.length === 0 ? (
        <Notice tone="good">
          <p>{t('nothingDue')}</p>
        </Notice>
      ) : (
        <Invoices contract={contract} />
      )}
      {!opens && <ProveContract biller={biller} code={code} />}
    </PageShell>
  )
}

async function Invoices({ contract }: { contract: PayableContract }) {
  const t = await getTranslations('pay')
  const locale = (await getLocale()) as Locale
  const payable = contract.invoices.filter(invoice => !invoice.underWay)
  const table = <InvoiceTable contract={contract} />
  if (payable.length === 0) {
    return (
      <>
        <Notice tone="wait" live>
          {t('allUnderWay')}
        </Notice>
        <Card>{table}</Card>
      </>
    )
  }
  if (!gatewayInUse()) {
    return (
      <>
        <Notice>{t('errors.unavailable')}</Notice>
        <Card>{table}</Card>
      </>
    )
  }
  const errors = await getTranslations('errors')
  return (
    <PayForm
      action={payAction.bind(null, contract.billerCode, contract.contractCode)}
      totals={Object.fromEntries(payable.map(invoice => [invoice.id, invoice.total]))}
      idempotencyKey={randomUUID()}
      pattern={moneyPattern(contract.currency, locale)}
      labels={{
        ...texts(t, ['chosenTotal', 'payButton', 'totalButton', 'toBank']),
        errorTitle: errors('title'),
      }}
      errorTexts={{
        nothingChosen: t('errors.nothingChosen'),
        unavailable: t('errors.unavailable'),
        formUsed: t('errors.formUsed'),
        underWay: t('errors.underWay'),
        alreadyPaid: t('errors.alreadyPaid'),
        amountChanged: t('errors.amountChanged'),
      }}
    >
      <Card>{table}</Card>
    </PayForm>
  )
}

async function InvoiceTable({ contract }: { contract: PayableContract }) {
  const t = await getTranslations('pay')
  const locale = (await getLocale()) as Locale
  const { invoices, currency } = contract
  const money = (minor: number) => formatMoney(minor, currency, locale)
  const sum = (part: 'principal' | 'tvTax' | 'interest' | 'total') =>
    money(invoices.reduce((total, invoice) => total + invoice[part], 0))
  const month = (invoice: PayableInvoice) => {
    const name = formatMonth(invoice.period, locale)
    return contract.level === 'amounts' ? name : <a href={`/invoices/${invoice.id}`}>{name}</a>
  }
  return (
    <Table
      caption={t('tableOf', { contract: contract.contractCode })}
      columns={[
        { key: 'number', label: t('number') },
        { key: 'month', label: t('month') },
        { key: 'dueOn', label: t('dueOn') },
        { key: 'principal', label: t('principal'), numeric: true },
        { key: 'tvTax', label: t('tvTax'), numeric: true },
        { key: 'interest', label: t('interest'), numeric: true },
        { key: 'total', label: t('total'), numeric: true },
      ]}
      rows={invoices.map(invoice => ({
        id: String(invoice.id),
        cells: {
          number: invoice.underWay ? (
            <UnderWay number={invoice.number} paymentId={invoice.underWay.paymentId} />
          ) : (
            <InvoiceBox id={invoice.id} label={invoice.number} />
          ),
          month: month(invoice),
          dueOn: (
            <span>
              {formatDay(invoice.dueOn, locale)}
              {invoice.overdue && <span className="block text-sm text-bad">{t('overdue')}</span>}
            </span>
          ),
          principal: money(invoice.principal),
          tvTax: money(invoice.tvTax),
          interest: money(invoice.interest),
          total: money(invoice.total),
        },
      }))}
      footer={{
        id: 'all',
        cells: {
          number: t('all'),
          principal: sum('principal'),
          tvTax: sum('tvTax'),
          interest: sum('interest'),
          total: sum('total'),
        },
      }}
    />
  )
}

/** An invoice that another payment has: nobody may pay it twice. */
async function UnderWay({ number, paymentId }: { number: string; paymentId: string | null }) {
  const t = await getTranslations('pay')
  return (
    <span>
      {number}
      <span className="block text-sm text-wait">
        {paymentId ? <a href={`/payments/${paymentId}`}>{t('ownUnderWay')}</a> : t('otherUnderWay')}
      </span>
    </span>
  )
}
