// The receipt of a payment, to read and to print.
import { notFound } from 'next/navigation'
import { getLocale, getTranslations } from 'next-intl/server'
import { PageShell } from '@/components/page-shell.tsx'
import { ButtonLink } from '@/components/ui/button.tsx'
import { Card } from '@/components/ui/card.tsx'
import { Facts } from '@/components/ui/facts.tsx'
import { Notice } from '@/components/ui/notice.tsx'
import { Table } from '@/components/ui/table.tsx'
import { requireCustomer } from '@/lib/auth/guards.ts'
import { formatDay, formatInstant, formatMoney, formatMonth } from '@/lib/i18n/formats.ts'
import type { Locale } from '@/lib/i18n/locale.ts'
import { getReceipt } from '@/lib/payments/queries.ts'
import { parsePaymentId, type Receipt } from '@/lib/payments/schema.ts'

type Props = {
  params: Promise<{ id: string }>
  searchParams: Promise<Record<string, string | string[] | undefined>>
}

export default async function ReceiptPage({ params, searchParams }: Props) {
  const customer = await requireCustomer()
  const id = parsePaymentId((await params).id)
  const { number } = await searchParams
  const receipt = id && (await getReceipt(customer, id, typeof number === 'string' ? number : undefined))
  if (!receipt) notFound()
  const t = await getTranslations('receipt')
  const printed = await getTranslations('receiptDocument')
  const locale = (await getLocale()) as Locale
  const { biller, contract } = receipt
  const contacts = [biller.contactPhone, biller.contactEmail].filter(Boolean).join(' · ')
  return (
    <PageShell
      title={printed('title', { number: receipt.number })}
      lead={contacts ? `${biller.name} · ${contacts}` : biller.name}
      back={{ href: `/payments/${id}`, label: t('back') }}
      wide
    >
      {receipt.reversedOn && (
        <Notice tone="bad">{printed('reversed', { day: formatDay(receipt.reversedOn, locale) })}</Notice>
      )}
      <Card>
        <Facts
          facts={[
            { label: printed('paidAt'), value: formatInstant(receipt.paidAt, locale, biller.timeZone) },
            { label: t('countedTo'), value: formatDay(receipt.paidOn, locale) },
            { label: printed('method'), value: printed('card') },
            { label: printed('contractCode', { country: biller.country }), value: contract.code },
            { label: printed('holder'), value: contract.holderName },
            { label: printed('transaction'), value: receipt.transactionId },
            {
              label: printed('amount'),
              value: <strong>{formatMoney(receipt.amount, biller.currency, locale)}</strong>,
            },
          ]}
        />
      </Card>
      {receipt.lines.length > 0 && (
        <Card labelledBy="lines">
          <h2 id="lines" className="mb-2">
            {printed('lines')}
          </h2>
          <Lines receipt={receipt} />
        </Card>
      )}
      {receipt.surplus > 0 && !receipt.reversedOn && (
        <Notice tone="wait">
          {t('surplus', { amount: formatMoney(receipt.surplus, biller.currency, locale) })}
        </Notice>
      )}
      <p>
        <ButtonLink
          href={`/payments/${id}/receipt.pdf${typeof number === 'string' ? `?number=${receipt.number}` : ''}`}
        >
          {t('pdf')}
        </ButtonLink>
      </p>
    </PageShell>
  )
}

async function Lines({ receipt }: { receipt: Receipt }) {
  const t = await getTranslations('receipt')
  const printed = await getTranslations('receiptDocument')
  const locale = (await getLocale()) as Locale
  const money = (minor: number) => formatMoney(minor, receipt.biller.currency, locale)
  return (
    <Table
      caption={printed('lines')}
      columns={[
        { key: 'invoice', label: printed('invoice') },
        { key: 'month', label: printed('month') },
        { key: 'principal', label: printed('principal'), numeric: true },
        { key: 'tvTax', label: printed('tvTax'), numeric: true },
        { key: 'interest', label: printed('interest'), numeric: true },
        { key: 'total', label: printed('lineTotal'), numeric: true },
      ]}
      rows={receipt.lines.map(line => ({
        id: line.invoiceNumber,
        cells: {
          invoice: line.invoiceNumber,
          month: formatMonth(line.period, locale),
          principal: money(line.principal),
          tvTax: money(line.tvTax),
          interest: money(line.interest),
          total: money(line.total),
        },
      }))}
      footer={{ id: 'all', cells: { invoice: t('all'), total: money(receipt.amount - receipt.surplus) } }}
    />
  )
}
