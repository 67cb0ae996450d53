// The parts of a difference as a table whose last line is all of it, how each is counted, and the interest that is none of them.
import { Facts } from '@/components/ui/facts.tsx'
import { Table } from '@/components/ui/table.tsx'
import type { Difference, NamedBill } from '@/lib/billing/difference-rules.ts'
import {
  type BillsOf,
  billName,
  formatSignedAmount,
  partChange,
  partFormula,
  partName,
} from '@/lib/billing/difference-words.ts'
import {
  currencySign,
  formatAmount,
  formatList,
  formatMoney,
  formatMonthInSentence,
} from '@/lib/i18n/formats.ts'
import type { Locale } from '@/lib/i18n/locale.ts'
import { translator } from '@/lib/i18n/translator.ts'
import type { Currency } from '@/lib/platform/money.ts'

type PartsProps = { difference: Difference; of: BillsOf; locale: Locale }

export function Parts({ difference, of, locale }: PartsProps) {
  const t = translator(locale, 'compare')
  const { before, now, amount, parts } = difference
  const change = (minor: number) =>
    minor === 0 ? (
      <span className="text-muted">{formatAmount(0, of.currency, locale)}</span>
    ) : (
      <b>{formatSignedAmount(minor, of.currency, locale)}</b>
    )
  const changed = parts.filter(part => part.amount !== 0)
  return (
    <>
      <Table
        caption={t('parts.caption')}
        columns={[
          { key: 'what', label: t('parts.what') },
          {
            key: 'change',
            label: t('parts.change', {
              before: billName(before, locale),
              now: billName(now, locale, formatMonthInSentence),
            }),
            place: 'sub',
          },
          {
            key: 'amount',
            label: t('parts.amount', { currency: currencySign(of.currency, locale) }),
            amount: true,
          },
        ]}
        rows={parts.map((part, index) => ({
          id: String(index),
          cells: {
            what: partName(part, of, locale),
            change: partChange(part, of, locale),
            amount: change(part.amount),
          },
        }))}
        footer={{
          id: 'all',
          cells: {
            what: t('parts.total'),
            change: t('parts.change', {
              before: formatAmount(before.total, of.currency, locale),
              now: formatAmount(now.total, of.currency, locale),
            }),
            amount: change(amount),
          },
        }}
      />
      {changed.length > 0 && (
        <details className="print:hidden">
          <summary className="more">{translator(locale, 'compare')('how.title')}</summary>
          <Facts
            sum
            facts={[
              ...changed.map(part => ({
                label: partFormula(part, difference, of, locale),
                value: formatSignedAmount(part.amount, of.currency, locale),
              })),
              { label: t('parts.total'), value: formatSignedAmount(amount, of.currency, locale) },
            ]}
          />
        </details>
      )}
    </>
  )
}

type InterestProps = {
  bills: (NamedBill & { interest: number })[]
  currency: Currency
  locale: Locale
}

/** Nothing where none runs. */
export function Interest({ bills, currency, locale }: InterestProps) {
  const t = translator(locale, 'compare')
  const late = bills.filter(({ interest }) => interest > 0)
  if (late.length === 0) return null
  const list = late.map(({ interest, ...bill }) =>
    t('interestOf', {
      month: billName(bill, locale, formatMonthInSentence),
      amount: formatMoney(interest, currency, locale),
    }),
  )
  return <p className="text-sm text-muted">{t('interest', { list: formatList(list, locale) })}</p>
}
