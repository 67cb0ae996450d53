// Home: every contract with its latest invoice, what is due and until when, and the way to pay.

import { Day } from '@/components/day.tsx'
import { linkTo } from '@/components/link-to.tsx'
import { PageShell } from '@/components/page-shell.tsx'
import { ButtonLink } from '@/components/ui/button.tsx'
import { Card } from '@/components/ui/card.tsx'
import { Notice } from '@/components/ui/notice.tsx'
import { UnderWayNotice } from '@/components/under-way-notice.tsx'
import { requireCustomer } from '@/lib/auth/guards.ts'
import { listUnpaidInvoices } from '@/lib/billing/queries.ts'
import { deadlineOf } from '@/lib/billing/reminder-rules.ts'
import type { UnpaidInvoice } from '@/lib/billing/schema.ts'
import { type ContractSummary, listContracts, listRefusedContracts } from '@/lib/contracts/queries.ts'
import { formatMoney, formatMonth } from '@/lib/i18n/formats.ts'
import { clock } from '@/lib/platform/clock.ts'
import { dayIn } from '@/lib/platform/dates.ts'
import { getLocale, getTranslations } from '@/lib/request/locale.ts'

/** With more contracts than this, the way to find one stands before them, too. */
const MANY = 10

export default async function ContractsPage() {
  const customer = await requireCustomer()
  const t = await getTranslations('contracts')
  const [contracts, unpaid, refused] = await Promise.all([
    listContracts(customer),
    listUnpaidInvoices(customer, 'all', clock.now()),
    listRefusedContracts(customer),
  ])
  const billers = new Map(contracts.map(contract => [contract.biller.code, contract.biller.name]))
  return (
    <PageShell title={t('title')} lead={t('greeting', { name: customer.firstName })} wide>
      {contracts.length > MANY && <Actions count={contracts.length} />}
      {[...billers].map(([biller, name]) => (
        <section key={biller} aria-labelledby={`biller-${biller}`} className="space-y-4">
          <h2 id={`biller-${biller}`}>{name}</h2>
          <ul className="grid gap-4 md:grid-cols-2">
            {contracts
              .filter(contract => contract.biller.code === biller)
              .map(contract => (
                <li key={contract.id} className="min-w-0">
                  <ContractCard
                    contract={contract}
                    unpaid={unpaid.filter(invoice => invoice.contract.id === contract.id)}
                  />
                </li>
              ))}
          </ul>
        </section>
      ))}
      {contracts.length === 0 && refused.length === 0 && <Notice>{t('empty')}</Notice>}
      {refused.length > 0 && <Notice>{t.rich('refused', { link: linkTo('/contracts/manage') })}</Notice>}
      <Actions count={contracts.length} />
    </PageShell>
  )
}

async function Actions({ count }: { count: number }) {
  const t = await getTranslations('contracts')
  return (
    <p className="flex flex-wrap gap-3">
      <ButtonLink href="/contracts/add" look={count === 0 ? 'primary' : 'secondary'}>
        {t('add')}
      </ButtonLink>
      {count > 0 && (
        <ButtonLink href="/contracts/manage" look="secondary">
          {t('manage')}
        </ButtonLink>
      )}
    </p>
  )
}

async function ContractCard({ contract, unpaid }: { contract: ContractSummary; unpaid: UnpaidInvoice[] }) {
  const t = await getTranslations('contracts')
  const path = `/contracts/${contract.biller.code}/${contract.code}`
  const locale = await getLocale()
  const money = (minor: number) => formatMoney(minor, contract.biller.currency, locale)
  const due = unpaid.reduce((sum, invoice) => sum + invoice.total, 0)
  const payable = unpaid.filter(invoice => !invoice.underWay)
  const deadline = deadlineOf(unpaid, dayIn(contract.biller.timeZone, clock.now()))
  // What is being paid alarms nobody.
  const alarms = payable.some(invoice => invoice.overdue)
  const name = contract.alias ?? contract.code
  const latest = contract.latestInvoice
  return (
    <Card labelledBy={`contract-${contract.id}`}>
      <h3 id={`contract-${contract.id}`}>{name}</h3>
      {contract.alias && <p className="text-sm text-muted">{contract.code}</p>}
      {contract.closedOn && <p className="text-sm text-muted">{t('closed')}</p>}
      <div
        className={`mt-3 border-l-4 pl-4 ${alarms ? 'border-bad' : due > 0 ? 'border-sun' : 'border-good'}`}
      >
        <p className="text-sm text-muted">{t('due')}</p>
        <p className="whitespace-nowrap text-3xl font-bold">{money(due)}</p>
        {deadline && (
          <p className={alarms ? 'font-bold text-bad' : 'text-muted'}>
            {deadline.overdue > 0
              ? t.rich('overdue', { count: deadline.overdue, day: () => <Day on={deadline.day} /> })
              : t.rich('until', { day: () => <Day on={deadline.day} /> })}
          </p>
        )}
        {due === 0 && <p className="text-good">{t('nothingDue')}</p>}
      </div>
      <div className="mt-3 empty:hidden">
        <UnderWayNotice unpaid={unpaid} />
      </div>
      {latest && (
        <p className="mt-3 flex flex-wrap gap-x-4">
          <a href={`/invoices/${latest.id}`}>
            {t.rich('latest', { month: () => formatMonth(latest.period, locale) })}
          </a>
          <span className="whitespace-nowrap">{money(latest.total)}</span>
        </p>
      )}
      <div className="mt-4 flex flex-wrap items-center gap-x-5 gap-y-3 [&_a]:inline-flex [&_a]:min-h-11 [&_a]:items-center">
        {payable.length > 0 && (
          <ButtonLink href={`${path}/pay`} aria-label={t('payFor', { contract: name })}>
            {t('pay')}
          </ButtonLink>
        )}
        {contract.level !== 'amounts' && (
          <>
            <a href={`${path}/history`} aria-label={t('historyOf', { contract: name })}>
              {t('history')}
            </a>
            <a href={`${path}/info`} aria-label={t('infoOf', { contract: name })}>
              {t('info')}
            </a>
          </>
        )}
        {contract.level === 'masked' && <a href={`${path}/info`}>{t('masked')}</a>}
        {contract.level === 'amounts' && <a href={`${path}/pay`}>{t('amountsOnly')}</a>}
      </div>
    </Card>
  )
}
