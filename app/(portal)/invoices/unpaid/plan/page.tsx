// What waiting costs, which invoices to pay first with what there is, and instalments: of one contract, or of all together.
import { notFound, redirect } from 'next/navigation'
import { ContractTabs } from '@/components/contract-tabs.tsx'
import { ErrorSummary } from '@/components/error-summary.tsx'
import { PageShell } from '@/components/page-shell.tsx'
import { ClearSky } from '@/components/sky.tsx'
import { Button } from '@/components/ui/button.tsx'
import { Card } from '@/components/ui/card.tsx'
import { UnderWayNotice } from '@/components/under-way-notice.tsx'
import { requireCustomer } from '@/lib/auth/guards.ts'
import { listDebts } from '@/lib/billing/queries.ts'
import { formatAmount, formatMoney, formatNearDay } from '@/lib/i18n/formats.ts'
import type { Locale } from '@/lib/i18n/locale.ts'
import { translator } from '@/lib/i18n/translator.ts'
import { billersPaidHere } from '@/lib/payments/queries.ts'
import { clock } from '@/lib/platform/clock.ts'
import { getLocale } from '@/lib/request/locale.ts'
import type { PageProps } from '@/lib/request/page-props.ts'
import { nextStart } from '@/lib/unpaid/clock-rules.ts'
import { planPath } from '@/lib/unpaid/schema.ts'
import { titledOf, titlesOf } from '../view.ts'
import { Clock } from './clock.tsx'
import { Instalments } from './instalments.tsx'
import { Proposal } from './proposal.tsx'
import { contractAsked, type Query, queryOf, type View, viewOf } from './view.ts'

export default async function PlanPage({ searchParams }: PageProps<never, Query>) {
  const customer = await requireCustomer()
  const { debts, payday } = await listDebts(customer, clock.now())
  const asked = await searchParams
  const named = contractAsked(asked)
  if (named === null) notFound()
  const view = viewOf(debts, payday, asked)
  const locale = await getLocale()
  const t = translator(locale, 'unpaidPlan')
  if (!view) {
    // Its own page says what there is of it, where it is the reader's.
    if (named) redirect(`/contracts/${named.biller}/${named.code}/pay`)
    // All that there is is being paid, as the list says.
    if (debts.length > 0) redirect('/invoices/unpaid')
    const clear = translator(locale, 'unpaidInvoices')
    return (
      <PageShell
        title={clear('empty')}
        sky={<ClearSky title={clear('empty')} text={clear('emptyText')} home={clear('home')} />}
      >
        {null}
      </PageShell>
    )
  }
  const { contract } = view
  const paidHere = await billersPaidHere(view.debts.map(debt => debt.contract.billerCode))
  return (
    <PageShell
      title={t('title')}
      above={
        contract && (
          <ContractTabs contract={{ ...titledOf(contract), level: contract.level }} locale={locale} />
        )
      }
      back={contract ? undefined : { href: '/invoices/unpaid', label: t('back') }}
      lead={<Lead view={view} locale={locale} />}
    >
      <UnderWayNotice unpaid={debts} titleOf={titlesOf(debts, locale)} locale={locale} />
      <Cash view={view} locale={locale} />
      {view.cash !== undefined && (
        <Proposal view={view} cash={view.cash} paidHere={paidHere} locale={locale} />
      )}
      <Clock view={view} locale={locale} />
      <Instalments view={view} locale={locale} />
    </PageShell>
  )
}

const bold = (chunks: React.ReactNode) => <b>{chunks}</b>

/** What there is to pay, what a day of waiting costs, and from when on it costs more. */
function Lead({ view, locale }: { view: View; locale: Locale }) {
  const { debts, currency, total, perDay, today, others, contract } = view
  const t = translator(locale, 'unpaidPlan')
  const money = (minor: number) => formatMoney(minor, currency, locale)
  const next = nextStart(debts, today)
  return (
    <>
      <p className="lead">
        {t.rich('lead', { count: debts.length, amount: money(total), b: bold })}{' '}
        {perDay > 0 && <>{t.rich('perDay', { amount: money(perDay), b: bold })} </>}
        {next &&
          next.perDay > perDay &&
          t.rich('later', {
            day: formatNearDay(next.on, today, locale),
            amount: money(next.perDay),
            b: bold,
          })}
      </p>
      {(others.length > 0 || contract) && (
        <p className="actions">
          {others.map(other => (
            <a key={other.currency} href={`${planPath}?currency=${other.currency}`}>
              {t('otherCurrency', {
                currency: other.currency,
                amount: formatMoney(other.total, other.currency, locale),
              })}
            </a>
          ))}
          {contract && <a href={planPath}>{t('allContracts')}</a>}
        </p>
      )}
    </>
  )
}

/** Asks for the amount; what cannot be read as one comes back as it was typed. */
function Cash({ view, locale }: { view: View; locale: Locale }) {
  const { currency, typed, cash } = view
  const t = translator(locale, 'unpaidPlan')
  const isWrong = typed !== undefined && cash === undefined
  const error = t('cashWrong', { example: formatAmount(500_000, currency, locale) })
  const { cash: _, ...kept } = queryOf(view)
  return (
    <>
      <ErrorSummary
        title={translator(locale, 'errors')('title')}
        errors={isWrong ? [{ field: 'cash', text: error }] : []}
        round={0}
      />
      <Card labelledBy="how-much" title={t('cash')}>
        <form action={planPath} method="get" className={isWrong ? 'field invalid' : 'field'}>
          {Object.entries(kept).map(([name, value]) => (
            <input key={name} type="hidden" name={name} value={value} />
          ))}
          <label htmlFor="cash">{t('amountIn', { currency })}</label>
          {isWrong && (
            <p id="cash-error" className="error">
              {error}
            </p>
          )}
          <div className="find">
            <input
              id="cash"
              name="cash"
              className="input"
              inputMode="decimal"
              autoComplete="off"
              maxLength={30}
              required
              defaultValue={typed}
              aria-invalid={isWrong ? true : undefined}
              aria-describedby={isWrong ? 'cash-error' : undefined}
            />
            <Button look={cash === undefined ? 'primary' : 'secondary'}>{t('calculate')}</Button>
          </div>
        </form>
      </Card>
    </>
  )
}
