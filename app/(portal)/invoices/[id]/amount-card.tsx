// The answer of an invoice: how much, until when, how it stands, and the way to pay it. Paper has its headline.
import { HeroAmount } from '@/components/figures.tsx'
import { PayButtonLink } from '@/components/pay-button-link.tsx'
import { Chip } from '@/components/ui/chip.tsx'
import { supplyOf } from '@/lib/billers/supply.ts'
import type { InvoiceNeighbours } from '@/lib/billing/invoice-neighbours.ts'
import { invoiceStatus } from '@/lib/billing/invoice-status.ts'
import type { Invoice } from '@/lib/billing/schema.ts'
import { sumOf } from '@/lib/billing/statement-rules.ts'
import { formatDay, formatDayInSentence, formatMoney, formatMonthInSentence } from '@/lib/i18n/formats.ts'
import type { Locale } from '@/lib/i18n/locale.ts'
import { translator } from '@/lib/i18n/translator.ts'

type AmountProps = { invoice: Invoice; overdue: InvoiceNeighbours['overdue']; locale: Locale }

export function AmountCard({ invoice, overdue, locale }: AmountProps) {
  const t = translator(locale, 'invoice')
  const { id, due, total, paid, cancelledOn, underWay, ownPayment, biller, contractCode, today } = invoice
  const money = (minor: number) => formatMoney(minor, invoice.currency, locale)
  const state = cancelledOn ? 'cancelled' : due.total === 0 ? 'paid' : invoice.overdue ? 'overdue' : 'unpaid'
  const isOpen = due.total > 0 && !cancelledOn
  const figure = isOpen ? due.total : cancelledOn ? total : Math.max(paid, total)
  const hero = <HeroAmount minor={figure} currency={invoice.currency} locale={locale} />
  const supply = supplyOf(biller.code)
  const pay = `/contracts/${biller.code}/${contractCode}/pay`
  return (
    <div className="card print:hidden">
      <p className="text-muted">{lead(invoice, locale)}</p>
      <p className={underWay && isOpen ? 'sum text-muted' : 'sum'}>{cancelledOn ? <s>{hero}</s> : hero}</p>
      <p>
        <Chip {...invoiceStatus({ ...invoice, state }, today, locale)} />
      </p>
      {!isOpen && !cancelledOn && paid > total && (
        <p>
          {t('of', { amount: money(total), supply })} {t('paidInterest', { amount: money(paid - total) })}
        </p>
      )}
      {isOpen && (due.interest > 0 || paid > 0) && (
        <p>
          {t('of', { amount: money(total), supply })}
          {due.interest > 0 &&
            ` ${t('interest', { amount: money(due.interest), day: formatDay(today, locale) })}`}
          {paid > 0 && ` ${t('paid', { amount: money(paid) })}`}
        </p>
      )}
      <p className="actions">
        {isOpen && !underWay && (
          <PayButtonLink href={`${pay}?invoice=${id}`} icon="pay">
            {t('pay', { amount: money(due.total) })}
          </PayButtonLink>
        )}
        {ownPayment && <a href={`/payments/${ownPayment}/receipt`}>{t('receipt')}</a>}
        <a href={`/invoices/${id}/pdf`}>{t(supply === 'fines' ? 'finePdf' : 'pdf')}</a>
      </p>
      {overdue.length > 0 && (
        <p>
          {t('others', {
            supply,
            count: overdue.length,
            month: formatMonthInSentence(overdue[0]!.period, locale),
            amount: money(sumOf(overdue, 'due')),
          })}{' '}
          {isOpen && !underWay && (
            <>
              {t('together', {
                country: biller.country,
                amount: money(due.total + sumOf(overdue, 'due')),
              })}{' '}
            </>
          )}
          <a href={pay}>{t('choose', { supply })}</a>
        </p>
      )}
    </div>
  )
}

/** What the figure is. */
function lead({ biller, due, dueOn, cancelledOn, today }: Invoice, locale: Locale): string {
  const t = translator(locale, 'invoice')
  const day = formatDayInSentence(dueOn, locale)
  const supply = supplyOf(biller.code)
  if (cancelledOn) return t('cancelled', { supply })
  if (due.total === 0) return t('settled', { supply })
  return dueOn < today ? t('wasDue', { day }) : t('toPay', { day })
}
