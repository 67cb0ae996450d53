// What waiting costs: all of it today, on the next payday and in a month, and each invoice by itself.
import { linkTo } from '@/components/link-to.tsx'
import { Card } from '@/components/ui/card.tsx'
import { Facts } from '@/components/ui/facts.tsx'
import { Table } from '@/components/ui/table.tsx'
import { formatAmount, formatList, formatMoney, formatMonth, formatNearDay } from '@/lib/i18n/formats.ts'
import type { Locale } from '@/lib/i18n/locale.ts'
import { translator } from '@/lib/i18n/translator.ts'
import { chargesInterest } from '@/lib/ledger/interest-rules.ts'
import type { IsoDate } from '@/lib/platform/dates.ts'
import { clockDays, clockOf, nextPayday } from '@/lib/unpaid/clock-rules.ts'
import { titlesOf } from '../view.ts'
import { MOST_ROWS } from './proposal.tsx'
import type { View } from './view.ts'

type Props = { view: View; locale: Locale }

export function Clock({ view, locale }: Props) {
  const { debts, today, payday } = view
  const t = translator(locale, 'unpaidPlan')
  const days = clockDays(today, payday)
  const { rows, sums, perDay } = clockOf(debts, today, [today, ...days])
  const charged = debts.some(({ counted }) => chargesInterest(counted.terms))
  const stands = sums.at(-1) === sums[0]
  const near = (day: IsoDate) => formatNearDay(day, today, locale)
  const companies = [...new Set(debts.map(({ contract }) => contract.billerName))]
  return (
    <Card labelledBy="clock" title={t('clock')}>
      {!charged ? (
        <p>{t('noInterest', { companies: formatList(companies, locale) })}</p>
      ) : stands ? (
        <p>{t('still', { day: near(days.at(-1)!) })}</p>
      ) : (
        <div className="stack">
          <Sums view={view} days={days} sums={sums} locale={locale} />
          <Each view={view} days={days} clock={{ rows, sums, perDay }} locale={locale} />
          <p className="text-sm text-muted">{t('rule')}</p>
          <p className="text-sm text-muted">
            {t.rich(view.ownPayday ? 'payday' : 'noPayday', {
              day: near(nextPayday(payday, today)),
              link: linkTo('/account/notices'),
            })}
          </p>
        </div>
      )}
    </Card>
  )
}

function Sums({ view, days, sums, locale }: Props & { days: IsoDate[]; sums: number[] }) {
  const { currency, today } = view
  const t = translator(locale, 'unpaidPlan')
  const money = (minor: number) => formatMoney(minor, currency, locale)
  return (
    <Facts
      columns={1}
      facts={[
        { label: t('allToday'), value: money(sums[0]!) },
        ...days.map((day, index) => ({
          label: t('plus', {
            day: formatNearDay(day, today, locale),
            amount: formatAmount(sums[index + 1]! - sums[0]!, currency, locale),
          }),
          value: money(sums[index + 1]!),
        })),
      ]}
    />
  )
}

function Each({
  view,
  days,
  clock,
  locale,
}: Props & { days: IsoDate[]; clock: ReturnType<typeof clockOf<View['debts'][number]>> }) {
  const { currency, today, contracts } = view
  const t = translator(locale, 'unpaidPlan')
  const amount = (minor: number) => formatAmount(minor, currency, locale)
  const titleOf = titlesOf(view.debts, locale)
  const cellsOf = (owed: number[], perDay: number) => ({
    ...Object.fromEntries(days.map((day, index) => [day, amount(owed[index + 1]!)])),
    perDay: (
      <>
        <span className="sm:hidden">{t('aDay', { amount: amount(perDay) })}</span>
        <span className="hidden sm:inline">{amount(perDay)}</span>
      </>
    ),
  })
  const onPhone = (word: string, value: string) => (
    <>
      <span className="sm:hidden">{word} </span>
      {value}
    </>
  )
  const rows = clock.rows.slice(0, MOST_ROWS).map(({ debt, owed, perDay }) => ({
    id: String(debt.id),
    cells: {
      invoice: (
        <>
          {formatMonth(debt.period, locale)}
          {contracts.length > 1 && <small className="block">{titleOf(debt.contract)}</small>}
        </>
      ),
      today: onPhone(t('today'), amount(owed[0]!)),
      ...cellsOf(owed, perDay),
    },
  }))
  return (
    <div>
      <Table
        caption={t('tableOf')}
        columns={[
          { key: 'invoice', label: t('invoice') },
          { key: 'today', label: t('today'), place: 'sub', amount: true },
          ...days.map(day => ({
            key: day,
            label: t('on', { day: formatNearDay(day, today, locale) }),
            place: 'tablet' as const,
            amount: true,
          })),
          { key: 'perDay', label: t('perDayHead'), amount: true },
        ]}
        rows={rows}
        footer={{
          id: 'all',
          cells: {
            invoice: t('total'),
            today: onPhone(t('today'), amount(clock.sums[0]!)),
            ...cellsOf(clock.sums, clock.perDay),
          },
        }}
      />
      {clock.rows.length > MOST_ROWS && (
        <p className="text-sm text-muted">{t('more', { count: clock.rows.length - MOST_ROWS })}</p>
      )}
    </div>
  )
}
