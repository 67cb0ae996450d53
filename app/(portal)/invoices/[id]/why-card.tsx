// Why the amount is what it is: this month beside the one before, and the steps between them where they are known to the cent.
import { Card } from '@/components/ui/card.tsx'
import { Facts } from '@/components/ui/facts.tsx'
import { lineName } from '@/lib/billing/invoice-content.ts'
import type { Invoice } from '@/lib/billing/schema.ts'
import type { WhyAmount, WhyStep } from '@/lib/billing/why-amount.ts'
import {
  formatAmount,
  formatMoney,
  formatMonth,
  formatMonthName,
  formatNumber,
  formatPercent,
  formatPrice,
  formatUnits,
  unitSign,
} from '@/lib/i18n/formats.ts'
import type { Locale } from '@/lib/i18n/locale.ts'
import { translator } from '@/lib/i18n/translator.ts'

type WhyProps = { why: WhyAmount; invoice: Invoice; locale: Locale }

export function WhyCard({ why, invoice, locale }: WhyProps) {
  const t = translator(locale, 'why')
  const { now, before, price, steps } = why
  const { unit } = invoice.biller
  const units = (value: number) => formatUnits(value, unit, locale)
  const more = now.units - before.units
  const month = (of: WhyAmount['now']) => formatMonth(of.period, locale)
  const money = (minor: number) => formatMoney(minor, invoice.currency, locale)
  const rows = steps
    ? [
        { label: month(before), value: formatAmount(before.total, invoice.currency, locale) },
        ...steps.map(step => ({
          label: stepName(step, invoice, locale),
          value: formatAmount(step.amount, invoice.currency, locale),
        })),
        { label: month(now), value: money(now.total) },
      ]
    : [before, now].map(one => ({ label: month(one), value: `${units(one.units)} · ${money(one.total)}` }))
  return (
    <div className="print:hidden">
      <Card labelledBy="why" title={t('title')}>
        <p>
          {t.rich(more > 0 ? 'more' : more < 0 ? 'less' : 'same', {
            difference: units(Math.abs(more)),
            month: formatMonthName(before.period, locale),
            now: formatNumber(now.units, locale),
            before: formatNumber(before.units, locale),
            b: chunks => <b>{chunks}</b>,
          })}
          {price && ` ${priceWords(price, invoice, locale)}`}
        </p>
        <Facts facts={rows} columns={1} sum={steps !== null} />
      </Card>
    </div>
  )
}

function priceWords(price: NonNullable<WhyAmount['price']>, invoice: Invoice, locale: Locale): string {
  const t = translator(locale, 'why')
  const shown = (of: string) => formatPrice(of, invoice.currency, locale)
  const sign = unitSign(invoice.biller.unit)
  return Number(price.now) === Number(price.before)
    ? t('priceSame', { unit: sign })
    : t('priceChanged', { unit: sign, before: shown(price.before), now: shown(price.now) })
}

function stepName(step: WhyStep, invoice: Invoice, locale: Locale): string {
  const t = translator(locale, 'why')
  if (step.about === 'line') return lineName(step.code, invoice, locale)
  if (step.about === 'tvTax') return t('tvTax')
  if (step.about === 'vat')
    return step.percent ? t('vatOf', { percent: formatPercent(Number(step.percent), locale) }) : t('vat')
  return t(step.units > 0 ? 'unitsMore' : 'unitsLess', {
    units: formatUnits(Math.abs(step.units), invoice.biller.unit, locale),
    price: formatPrice(step.price, invoice.currency, locale),
  })
}
