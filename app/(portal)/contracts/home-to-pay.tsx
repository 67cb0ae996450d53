// In the sky of home: what is to be paid, what of it is late and what can still be paid in time, and the way to pay it.
import { HeroAmount } from '@/components/figures.tsx'
import { linkTo } from '@/components/link-to.tsx'
import { PayButtonLink } from '@/components/pay-button-link.tsx'
import { SunPath } from '@/components/sun-path.tsx'
import { Chip } from '@/components/ui/chip.tsx'
import { amountsOf } from '@/lib/billing/amounts.ts'
import { contractTitle, distinctTitles } from '@/lib/billing/contract-title.ts'
import { deadlinesOf, leadingOf, sumsOf } from '@/lib/billing/home-rules.ts'
import type { UnpaidInvoice } from '@/lib/billing/schema.ts'
import { timeGone } from '@/lib/billing/sun.ts'
import { formatList, formatMoney, formatNearDay } from '@/lib/i18n/formats.ts'
import type { Locale } from '@/lib/i18n/locale.ts'
import { translator } from '@/lib/i18n/translator.ts'
import { daysBetween } from '@/lib/platform/dates.ts'
import { planOf, planPath } from '@/lib/unpaid/schema.ts'
import { type Home, type HomeStanding, pathOf } from './home.ts'

/** Others' debts are told by name up to so many. */
const NAMED = 3

/** What can be paid now of the contracts whose debts lead. */
export function payableOf({ standings, unpaid }: Home): UnpaidInvoice[] {
  const leading = new Set(leadingOf(standings).leading.map(({ contract }) => contract.id))
  return unpaid.filter(({ underWay, contract }) => !underWay && leading.has(contract.id))
}

export function ToPay({ home, payable }: { home: Home; payable: UnpaidInvoice[] }) {
  const { locale, standings } = home
  const t = translator(locale, 'home')
  const { leading, others } = leadingOf(standings)
  const [only] = leading
  const forOthers = standings.some(({ contract }) => contract.isOwn) && !only!.contract.isOwn
  return (
    <>
      <p className="text-muted wrap-anywhere">
        {t(forOthers ? 'toPayForOthers' : 'toPay')}
        {' · '}
        {leading.length === 1
          ? contractTitle(only!.contract, locale)
          : t('owing', { owing: leading.length, all: standings.length })}
      </p>
      <p className="sum">
        {sumsOf(leading).map(({ currency, total }) => (
          <span key={currency} className="block wrap-anywhere">
            <HeroAmount minor={total} currency={currency} locale={locale} />
          </span>
        ))}
      </p>
      <Deadlines payable={payable} locale={locale} />
      <p className="actions">
        <WaysToPay leading={leading} payable={payable} locale={locale} />
        {payable.length > 1 && (
          <a href={leading.length > 1 ? planPath : planOf(addressOf(only!.contract))}>
            {translator(locale, 'unpaidPlan')('link')}
          </a>
        )}
      </p>
      <Others others={others} locale={locale} />
    </>
  )
}

const addressOf = ({ biller, code }: HomeStanding['contract']) => ({ billerCode: biller.code, code })

/** How much is late and since when, how much can be paid in time until when, and how much has more time. */
function Deadlines({ payable, locale }: { payable: UnpaidInvoice[]; locale: Locale }) {
  const t = translator(locale, 'home')
  const { late, next, later } = deadlinesOf(payable)
  const said = (invoices: UnpaidInvoice[]) => ({
    amount: amountsOf(invoices, locale),
    day: formatNearDay(invoices[0]!.dueOn, invoices[0]!.today, locale),
  })
  return (
    <div className="space-y-2">
      {late.length > 0 && (
        <p>
          <Chip tone="bad">{t('late', said(late))}</Chip>
        </p>
      )}
      {next.length > 0 && (
        <p>
          <Chip>{t('until', said(next))}</Chip>
        </p>
      )}
      {later.length > 0 && (
        <p>
          <Chip>{t('later', { amount: amountsOf(later, locale) })}</Chip>
        </p>
      )}
    </div>
  )
}

/** A button where one payment pays it, with its contract's name where there are several; else the choice of the contract. */
function WaysToPay({
  leading,
  payable,
  locale,
}: {
  leading: HomeStanding[]
  payable: UnpaidInvoice[]
  locale: Locale
}) {
  const t = translator(locale, 'home')
  const sums = sumsOf(leading)
  const billersOf = ({ owing }: (typeof sums)[0]) =>
    new Set(owing.map(({ contract }) => contract.biller.code)).size
  if (sums.some(sum => billersOf(sum) > 1)) {
    return (
      <PayButtonLink href="/invoices/unpaid" icon="pay">
        {t('choose')}
      </PayButtonLink>
    )
  }
  const { late } = deadlinesOf(payable)
  return (
    <>
      {sums.map(({ currency, total, owing: [{ contract }, ...more] }, index) => {
        const amount = formatMoney(total, currency, locale)
        return (
          <PayButtonLink
            key={currency}
            href={
              more.length > 0 ? `/invoices/unpaid?biller=${contract.biller.code}` : `${pathOf(contract)}/pay`
            }
            look={index === 0 ? 'primary' : 'secondary'}
            icon={index === 0 ? 'pay' : undefined}
          >
            {sums.length > 1 && more.length === 0
              ? t('payFor', { amount, contract: contractTitle(contract, locale) })
              : t('pay', { amount })}
          </PayButtonLink>
        )
      })}
      {leading.length === 1 &&
        payable.length > 1 &&
        (late.length > 0 && late.length < payable.length ? (
          <a href={`${pathOf(leading[0]!.contract)}/pay?late`}>
            {t('payLate', { amount: amountsOf(late, locale) })}
          </a>
        ) : (
          <a href={`${pathOf(leading[0]!.contract)}/pay`}>{t('choose')}</a>
        ))}
    </>
  )
}

/** What one pays for somebody is in no sum of one's own. */
function Others({ others, locale }: { others: HomeStanding[]; locale: Locale }) {
  if (others.length === 0) return null
  const t = translator(locale, 'home')
  const titleOf = distinctTitles(
    others.map(({ contract }) => contract),
    locale,
  )
  const bills = others.map(
    ({ contract, due }) => `${titleOf(contract)} ${formatMoney(due, contract.biller.currency, locale)}`,
  )
  const link = linkTo('/invoices/unpaid')
  return (
    <p className="wrap-anywhere">
      {others.length > NAMED
        ? t.rich('othersCount', { count: others.length, link })
        : t.rich('others', { bills: formatList(bills, locale), link })}
    </p>
  )
}

export function Path({ invoice, locale }: { invoice: UnpaidInvoice; locale: Locale }) {
  const { issuedOn, dueOn, today } = invoice
  const t = translator(locale, 'home')
  return (
    <div>
      <SunPath
        t={timeGone(issuedOn, dueOn, today)}
        issued={t('issuedOn', { day: formatNearDay(issuedOn, today, locale) })}
        due={t('dueOn', { day: formatNearDay(dueOn, today, locale) })}
        today={t('todayLate', { days: daysBetween(dueOn, today) })}
      />
    </div>
  )
}
