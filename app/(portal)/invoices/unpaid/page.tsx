// What is unpaid of all contracts, by biller and contract, each with its way to pay.
import { PageShell } from '@/components/page-shell.tsx'
import { ClearSky } from '@/components/sky.tsx'
import { ButtonLink } from '@/components/ui/button.tsx'
import { Card } from '@/components/ui/card.tsx'
import { Chip } from '@/components/ui/chip.tsx'
import { Table } from '@/components/ui/table.tsx'
import { UnderWayNotice } from '@/components/under-way-notice.tsx'
import { requireCustomer } from '@/lib/auth/guards.ts'
import { contractTitle } from '@/lib/billing/contract-title.ts'
import { invoiceStatus } from '@/lib/billing/invoice-status.ts'
import { listUnpaidInvoices } from '@/lib/billing/queries.ts'
import type { UnpaidInvoice } from '@/lib/billing/schema.ts'
import { groupBy, sumOf } from '@/lib/billing/statement-rules.ts'
import { formatAmount, formatDay, formatList, formatMoney, formatMonth } from '@/lib/i18n/formats.ts'
import { clock } from '@/lib/platform/clock.ts'
import { getLocale, getTranslations } from '@/lib/request/locale.ts'

export default async function UnpaidInvoicesPage() {
  const customer = await requireCustomer()
  const invoices = await listUnpaidInvoices(customer, 'all', clock.now())
  const t = await getTranslations('unpaidInvoices')
  const locale = await getLocale()
  if (invoices.length === 0) {
    return (
      <PageShell
        title={t('empty')}
        sky={<ClearSky title={t('empty')} text={t('emptyText')} home={t('home')} />}
      >
        {null}
      </PageShell>
    )
  }
  const billers = groupBy(invoices, ({ contract }) => contract.billerCode)
  // Currencies are never added to each other, and what the bank has is not owed.
  const sums = groupBy(invoices.filter(isPayable), ({ contract }) => contract.currency).map(some =>
    formatMoney(sumOf(some, 'total'), some[0].contract.currency, locale),
  )
  return (
    <PageShell
      title={t('title')}
      lead={sums.length > 0 && <p className="lead">{t('sum', { amounts: formatList(sums, locale) })}</p>}
      wide
    >
      <UnderWayNotice unpaid={invoices} locale={locale} />
      {billers.map((some, index) => (
        <section
          key={some[0].contract.billerCode}
          aria-labelledby={some[0].contract.billerCode}
          className="stack"
        >
          <h2 id={some[0].contract.billerCode}>{some[0].contract.billerName}</h2>
          {groupBy(some, ({ contract }) => contract.id).map((ofContract, position) => (
            <UnpaidOfContract
              key={ofContract[0].contract.id}
              invoices={ofContract}
              isFirst={index + position === 0}
            />
          ))}
        </section>
      ))}
    </PageShell>
  )
}

const isPayable = ({ underWay }: UnpaidInvoice) => !underWay

/** `isFirst`: its button is the page's amber one. */
async function UnpaidOfContract({
  invoices,
  isFirst,
}: {
  invoices: [UnpaidInvoice, ...UnpaidInvoice[]]
  isFirst: boolean
}) {
  const t = await getTranslations('unpaidInvoices')
  const locale = await getLocale()
  const { contract } = invoices[0]
  const heading = `contract-${contract.id}`
  const payable = invoices.filter(isPayable)
  const sum = formatMoney(sumOf(payable, 'total'), contract.currency, locale)
  return (
    <Card labelledBy={heading}>
      <div className="card-head">
        <h3 id={heading} className="min-w-0 wrap-anywhere">
          {contractTitle(
            { ...contract, biller: { name: contract.billerName, country: contract.country } },
            locale,
          )}{' '}
          <small className="code font-normal">{contract.code}</small>
        </h3>
        {payable.length > 0 && (
          <ButtonLink
            href={`/contracts/${contract.billerCode}/${contract.code}/pay`}
            aria-label={t('payFor', { amount: sum, contract: contract.code })}
            icon="pay"
            look={isFirst ? 'primary' : 'secondary'}
          >
            {t('pay', { amount: sum })}
          </ButtonLink>
        )}
      </div>
      <InvoiceList invoices={invoices} />
    </Card>
  )
}

async function InvoiceList({ invoices }: { invoices: [UnpaidInvoice, ...UnpaidInvoice[]] }) {
  const t = await getTranslations('unpaidInvoices')
  const locale = await getLocale()
  const { contract } = invoices[0]
  const { currency, country } = contract
  const opens = contract.level !== 'amounts'
  const parts = (['principal', 'tvTax', 'interest'] as const).filter(
    part => part !== 'tvTax' || invoices.some(({ tvTax }) => tvTax > 0),
  )
  return (
    <Table
      caption={t('tableOf', { contract: contract.code })}
      columns={[
        { key: 'month', label: t('month') },
        ...(opens ? [{ key: 'number', label: t('number'), place: 'desktop' as const }] : []),
        { key: 'dueOn', label: t('dueOn'), place: 'sub' },
        ...parts.map(key => ({ key, label: t(key), amount: true, place: 'tablet' as const })),
        { key: 'total', label: t('total', { country }), amount: true },
        { key: 'status', label: t('status'), hiddenLabel: true, place: 'status' },
      ]}
      rows={invoices.map(invoice => {
        const month = formatMonth(invoice.period, locale)
        const total = formatMoney(invoice.total, currency, locale)
        const state = invoice.overdue ? 'overdue' : 'unpaid'
        return {
          id: String(invoice.id),
          cells: {
            month: opens ? <a href={`/invoices/${invoice.id}`}>{month}</a> : month,
            number: invoice.number,
            dueOn: formatDay(invoice.dueOn, locale),
            ...Object.fromEntries(parts.map(part => [part, formatAmount(invoice[part], currency, locale)])),
            total: isPayable(invoice) ? <b>{total}</b> : <span className="text-muted">{total}</span>,
            status: <Chip {...invoiceStatus({ ...invoice, state }, invoice.today, locale)} />,
          },
        }
      })}
    />
  )
}
