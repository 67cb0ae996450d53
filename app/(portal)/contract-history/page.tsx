// Twelve months of a contract: what was used, its invoices, and what was paid.

import { notFound } from 'next/navigation'
import { ConsumptionPicture } from '@/components/consumption-picture.tsx'
import { ContractTabs } from '@/components/contract-tabs.tsx'
import { InvoiceTable } from '@/components/history-invoices.tsx'
import { ReceivedTable } from '@/components/history-payments.tsx'
import { PageShell } from '@/components/page-shell.tsx'
import { Card } from '@/components/ui/card.tsx'
import { Done } from '@/components/ui/notice.tsx'
import { requireCustomer } from '@/lib/auth/guards.ts'
import { supplyOf } from '@/lib/billers/supply.ts'
import { isStale } from '@/lib/billing/consumption.ts'
import { consumptionSentence } from '@/lib/billing/consumption-words.ts'
import { getHistory } from '@/lib/billing/history-queries.ts'
import type { History } from '@/lib/billing/schema.ts'
import { formatDay, unitSign } from '@/lib/i18n/formats.ts'
import { clock } from '@/lib/platform/clock.ts'
import { getLocale, getTranslations } from '@/lib/request/locale.ts'
import { type ContractPageProps, contractOf } from '../contracts/address.ts'

export default async function HistoryPage({ searchParams }: ContractPageProps<'proved'>) {
  const customer = await requireCustomer()
  const { biller, code } = await contractOf(searchParams)
  const history = await getHistory(customer, biller, code, clock.now())
  if (!history) notFound()
  const t = await getTranslations('history')
  const locale = await getLocale()
  const { consumption, unit, today, billerCode, billerName: name, country } = history
  const supply = supplyOf(billerCode)
  const answer = consumption && consumptionSentence(consumption.months, unit, today, locale)
  return (
    <PageShell
      title={answer ?? t('contractTitle', { supply })}
      lead={consumption && isStale(consumption.months.at(-1)!.period, today) && t('noneSince')}
      above={
        <ContractTabs
          contract={{ ...history, biller: { code: billerCode, name, country }, code }}
          current="history"
          locale={locale}
        />
      }
      wide
    >
      {(await searchParams).proved !== undefined && <Done>{t('proved')}</Done>}
      <Printed history={history} />
      {consumption && (
        <Card labelledBy="consumption" title={`${t('consumption')}, ${unitSign(unit)}`}>
          <ConsumptionPicture {...consumption} unit={unit} height={130} locale={locale} />
        </Card>
      )}
      <Card labelledBy="invoices" title={t(supply === 'fines' ? 'fines' : 'invoices')}>
        {history.months.length > 0 ? (
          <InvoiceTable history={history} locale={locale} />
        ) : (
          <p>{t('noInvoices', { biller: history.billerName })}</p>
        )}
      </Card>
      <section aria-labelledby="payments" className="card">
        <details className="fold">
          <summary>
            <h2 id="payments">{t('payments')}</h2>
          </summary>
          <p className="my-2 text-muted">{t('paymentsSince', { day: formatDay(history.from, locale) })}</p>
          {history.payments.length > 0 ? (
            <ReceivedTable history={history} locale={locale} />
          ) : (
            <p>{t('noPayments')}</p>
          )}
        </details>
      </section>
    </PageShell>
  )
}

/** On paper the page says whose it is, and of which day. */
async function Printed({ history }: { history: History }) {
  const t = await getTranslations('history')
  const { holder, billerName: biller, contractCode: code } = history
  const day = formatDay(history.today, await getLocale())
  return (
    <p className="hidden print:block">
      {[holder.name, holder.address, `${biller} ${code}`, t('printed', { day })].filter(Boolean).join(' · ')}
    </p>
  )
}
