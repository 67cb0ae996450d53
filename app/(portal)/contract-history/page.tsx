// A contract's months, twelve or those asked for: what was used and billed, its invoices, and what was paid.

import { notFound } from 'next/navigation'
import { HistoryPicture } from '@/components/consumption-picture.tsx'
import { ContractTabs } from '@/components/contract-tabs.tsx'
import { InvoiceTable } from '@/components/history-invoices.tsx'
import { ReceivedTable } from '@/components/history-payments.tsx'
import { PageShell } from '@/components/page-shell.tsx'
import { Static } from '@/components/static.tsx'
import { ThresholdNotice } from '@/components/threshold-notice.tsx'
import { Card } from '@/components/ui/card.tsx'
import { Icon } from '@/components/ui/icon.tsx'
import { Done } from '@/components/ui/notice.tsx'
import { requireCustomer } from '@/lib/auth/guards.ts'
import { supplyOf } from '@/lib/billers/supply.ts'
import { consumptionNews, isStale } from '@/lib/billing/consumption.ts'
import { consumptionSentence, yearSentence } from '@/lib/billing/consumption-words.ts'
import { getFindings } from '@/lib/billing/finding-queries.ts'
import { getHistory } from '@/lib/billing/history-queries.ts'
import { historyPath, readMonths, statementPath } from '@/lib/billing/history-rules.ts'
import { monthsInSentence } from '@/lib/billing/history-words.ts'
import type { History } from '@/lib/billing/schema.ts'
import { atStart, formatDay, formatUnits } from '@/lib/i18n/formats.ts'
import type { Locale } from '@/lib/i18n/locale.ts'
import { translator } from '@/lib/i18n/translator.ts'
import { clock } from '@/lib/platform/clock.ts'
import { getLocale } from '@/lib/request/locale.ts'
import { type ContractPageProps, contractOf } from '../contracts/address.ts'
import { FindingDone, Findings, HiddenFindings } from './findings.tsx'
import { Months, MonthsSummary } from './months.tsx'

/** Pixels: of the two, both fit beside their table on a phone's second screen. */
const CHART = 130

export default async function HistoryPage({
  searchParams,
}: ContractPageProps<'proved' | 'from' | 'to' | 'note'>) {
  const customer = await requireCustomer()
  const { biller, code } = await contractOf(searchParams)
  const query = await searchParams
  const asked = readMonths(query)
  const history = await getHistory(customer, biller, code, clock.now(), asked.months)
  if (!history) notFound()
  const { shown, dismissed, threshold } = await getFindings(customer, biller, code, clock.now())
  const locale = await getLocale()
  const t = translator(locale, 'history')
  const { consumption, billed, billerCode, billerName: name, country } = history
  const supply = supplyOf(billerCode)
  const found = {
    contract: { ...history, biller: billerCode, code },
    page: `/contracts/${biller}/${code}/history`,
  }
  const words = { history, asked, locale }
  return (
    <PageShell
      {...answerOf(history, locale)}
      above={
        <ContractTabs
          contract={{ ...history, biller: { code: billerCode, name, country }, code }}
          current="history"
          locale={locale}
        />
      }
      wide
    >
      {query.proved !== undefined && <Done>{t('proved')}</Done>}
      <FindingDone note={query.note} />
      <MonthsSummary {...words} />
      <Printed history={history} locale={locale} />
      {threshold && <ThresholdNotice threshold={threshold} currency={history.currency} locale={locale} />}
      <Findings findings={shown} {...found} />
      {consumption || (billed && supply !== 'fines') ? (
        <Card
          labelledBy="consumption"
          title={consumption ? t('consumption') : t('amount')}
          action={<WhyChanged history={history} locale={locale} />}
        >
          <Static as="div" className="stack">
            <HistoryPicture {...history} height={CHART} locale={locale} />
          </Static>
          <Months {...words} />
        </Card>
      ) : (
        <Months {...words} />
      )}
      <Card
        labelledBy="invoices"
        title={t(supply === 'fines' ? 'fines' : 'invoices')}
        action={<CsvLink history={history} locale={locale} />}
      >
        <Static as="div" className="stack">
          {history.months.length > 0 ? (
            <InvoiceTable history={history} locale={locale} />
          ) : (
            <p>{history.span ? t('missing') : t('noInvoices', { biller: history.billerName })}</p>
          )}
        </Static>
      </Card>
      <Payments history={history} locale={locale} />
      <Statements history={history} locale={locale} />
      <HiddenFindings findings={dismissed} {...found} />
    </PageShell>
  )
}

type Props = { history: History; locale: Locale }

/** What is asked of it first: of the latest months the last one's units, of others their sum. */
function answerOf(history: History, locale: Locale) {
  const t = translator(locale, 'history')
  const { consumption, chosen, unit, today, billerCode, months } = history
  if (!chosen || months.length === 0)
    return {
      title:
        (consumption && consumptionSentence(consumption.months, unit, today, locale)) ??
        t('contractTitle', { supply: supplyOf(billerCode) }),
      lead: consumption && isStale(consumption.months.at(-1)!.period, today) && t('noneSince'),
    }
  const named = monthsInSentence(chosen, locale)
  if (!consumption) return { title: atStart(named) }
  const units = consumption.months.reduce((sum, month) => sum + (month.units ?? 0), 0)
  return {
    title: translator(locale, 'historyMonths')('title', {
      months: named,
      units: formatUnits(units, unit, locale),
    }),
    lead: yearSentence(consumption, locale),
  }
}

/** The way from what the heading tells to its reasons: between the two invoices that it compares. */
function WhyChanged({ history: { consumption, chosen, months }, locale }: Props) {
  const percent = !chosen && consumption ? consumptionNews(consumption.months)?.percent : null
  if (!percent) return null
  const [latest, before] = months.slice(0, 2).map(({ invoices }) => {
    const [one, ...others] = invoices.filter(({ state }) => state !== 'cancelled')
    return others.length === 0 ? one : undefined
  })
  if (!latest || !before) return null
  return (
    <a className="more" href={`/invoices/${latest.id}/compare?to=${before.id}`}>
      {translator(locale, 'historyMonths')(percent > 0 ? 'whyMore' : 'whyLess')}
    </a>
  )
}

function CsvLink({ history: { billerCode, contractCode, chosen, months, payments }, locale }: Props) {
  if (months.length === 0 && payments.length === 0) return null
  return (
    <a className="more" href={historyPath({ biller: billerCode, code: contractCode }, chosen, 'csv')}>
      <Icon name="down" />
      {translator(locale, 'historyFile')('link')}
    </a>
  )
}

function Payments({ history, locale }: Props) {
  const t = translator(locale, 'history')
  const { from, until, payments } = history
  const days = { from: formatDay(from, locale), to: until && formatDay(until, locale) }
  return (
    <section aria-labelledby="payments" className="card">
      <details className="fold">
        <summary>
          <h2 id="payments">{t('payments')}</h2>
        </summary>
        <p className="my-2 text-muted">
          {days.to
            ? translator(locale, 'historyMonths')('paymentsBetween', { from: days.from, to: days.to })
            : t('paymentsSince', { day: days.from })}
        </p>
        <Static as="div" className="stack">
          {payments.length > 0 ? (
            <ReceivedTable history={history} locale={locale} />
          ) : (
            <p>{t('noPayments')}</p>
          )}
        </Static>
      </details>
    </section>
  )
}

function Statements({ history: { billerCode, contractCode, years }, locale }: Props) {
  if (years.length === 0) return null
  const t = translator(locale, 'yearStatement')
  return (
    <section aria-labelledby="statements" className="card print:hidden">
      <h2 id="statements">{t('heading')}</h2>
      <p>{t('about')}</p>
      <p className="actions">
        {years.map(year => (
          <a key={year} href={statementPath({ biller: billerCode, code: contractCode }, year)}>
            <span className="sr-only">{t('heading')}</span> {year}
          </a>
        ))}
      </p>
    </section>
  )
}

/** On paper the page says whose it is, and of which day. */
function Printed({ history, locale }: Props) {
  const { holder, billerName: biller, contractCode: code } = history
  const printed = translator(locale, 'history')('printed', { day: formatDay(history.today, locale) })
  return (
    <p className="hidden print:block">
      {[holder.name, holder.address, `${biller} ${code}`, printed].filter(Boolean).join(' · ')}
    </p>
  )
}
