// What is unpaid of all contracts, by biller and contract.
import { PageShell } from '@/components/page-shell.tsx'
import { ButtonLink } from '@/components/ui/button.tsx'
import { Card } from '@/components/ui/card.tsx'
import { Chip } from '@/components/ui/chip.tsx'
import { Notice } from '@/components/ui/notice.tsx'
import { Table } from '@/components/ui/table.tsx'
import { UnderWayNotice } from '@/components/under-way-notice.tsx'
import { requireCustomer } from '@/lib/auth/guards.ts'
import { invoiceStatus } from '@/lib/billing/invoice-status.ts'
import { listUnpaidInvoices } from '@/lib/billing/queries.ts'
import type { UnpaidInvoice } from '@/lib/billing/schema.ts'
import { groupBy, sumOf } from '@/lib/billing/statement-rules.ts'
import { formatDay, formatList, formatMoney, formatMonth } from '@/lib/i18n/formats.ts'
import { clock } from '@/lib/platform/clock.ts'
import { getLocale, getTranslations } from '@/lib/request/locale.ts'

export default async function UnpaidInvoicesPage() {
  const customer = await requireCustomer()
  const invoices = await listUnpaidInvoices(customer, 'all', clock.now())
  const t = await getTranslations('unpaidInvoices')
  const locale = await getLocale()
  const billers = groupBy(invoices, ({ contract }) => contract.billerCode)
  const sums = groupBy(invoices, ({ contract }) => contract.currency).map(some =>
    formatMoney(sumOf(some, 'total'), some[0].contract.currency, locale),
  )
  return (
    <PageShell
      title={t('title')}
      lead={
        sums.length > 0 && (
          <p className="text-xl text-ink">{t('sum', { amounts: formatList(sums, locale) })}</p>
        )
      }
      back={{ href: '/contracts', label: t('back') }}
      wide
    >
      {billers.length === 0 && <Notice tone="good">{t('empty')}</Notice>}
      {billers.map(some => (
        <section
          key={some[0].contract.billerCode}
          aria-labelledby={some[0].contract.billerCode}
          className="space-y-4"
        >
          <h2 id={some[0].contract.billerCode}>{some[0].contract.billerName}</h2>
          {groupBy(some, ({ contract }) => contract.id).map(ofContract => (
            <UnpaidOfContract key={ofContract[0].contract.id} invoices={ofContract} />
          ))}
        </section>
      ))}
    </PageShell>
  )
}

const standing = ({ overdue, ...invoice }: UnpaidInvoice) =>
  ({ ...invoice, state: overdue ? 'overdue' : 'unpaid' }) as const

const PARTS = ['principal', 'tvTax', 'interest', 'total'] as const

async function UnpaidOfContract({ invoices }: { invoices: [UnpaidInvoice, ...UnpaidInvoice[]] }) {
  const t = await getTranslations('unpaidInvoices')
  const locale = await getLocale()
  const { contract } = invoices[0]
  const money = (minor: number) => formatMoney(minor, contract.currency, locale)
  const heading = `contract-${contract.id}`
  const opens = contract.level !== 'amounts'
  const amounts = (amountOf: (part: (typeof PARTS)[number]) => number) =>
    Object.fromEntries(PARTS.map(part => [part, money(amountOf(part))]))
  return (
    <Card labelledBy={heading}>
      <div className="mb-4 flex flex-wrap items-center justify-between gap-x-6 gap-y-3">
        <div className="min-w-0">
          <h3 id={heading}>{contract.alias ? `${contract.alias} (${contract.code})` : contract.code}</h3>
          <p className="whitespace-nowrap text-2xl font-bold">{money(sumOf(invoices, 'total'))}</p>
        </div>
        {invoices.some(({ underWay }) => !underWay) && (
          <ButtonLink
            href={`/contracts/${contract.billerCode}/${contract.code}/pay`}
            aria-label={t('payFor', { contract: contract.code })}
          >
            {t('pay')}
          </ButtonLink>
        )}
      </div>
      <div className="mb-4 empty:hidden">
        <UnderWayNotice unpaid={invoices} />
      </div>
      <Table
        caption={t('tableOf', { contract: contract.code })}
        columns={[
          // Where the numbers are not to be seen, the months head the rows.
          ...(opens ? [{ key: 'number', label: t('number') }] : []),
          { key: 'month', label: t('month') },
          { key: 'dueOn', label: t('dueOn') },
          ...PARTS.map(key => ({ key, label: t(key, { country: contract.country }), amount: true })),
        ]}
        rows={invoices.map(invoice => ({
          id: String(invoice.id),
          cells: {
            number: <a href={`/invoices/${invoice.id}`}>{invoice.number}</a>,
            month: formatMonth(invoice.period, locale),
            dueOn: (
              <span>
                {formatDay(invoice.dueOn, locale)}{' '}
                <Chip {...invoiceStatus(standing(invoice), invoice.today, locale)} />
              </span>
            ),
            ...amounts(part => invoice[part]),
            total: <strong>{money(invoice.total)}</strong>,
          },
        }))}
        footer={{
          id: 'all',
          cells: { [opens ? 'number' : 'month']: t('all'), ...amounts(part => sumOf(invoices, part)) },
        }}
      />
    </Card>
  )
}
