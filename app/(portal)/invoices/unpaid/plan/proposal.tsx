// Which invoices to pay with an amount, why these, and the way to pay them.
import { PayButtonLink } from '@/components/pay-button-link.tsx'
import { Card } from '@/components/ui/card.tsx'
import { Chip } from '@/components/ui/chip.tsx'
import { Table } from '@/components/ui/table.tsx'
import type { BillerCode } from '@/lib/billers/contract-codes.ts'
import { invoiceStatus } from '@/lib/billing/invoice-status.ts'
import { groupBy, sumOf } from '@/lib/billing/statement-rules.ts'
import { MASK } from '@/lib/contracts/rules.ts'
import { formatMoney, formatMonth, formatNearDay } from '@/lib/i18n/formats.ts'
import type { Locale } from '@/lib/i18n/locale.ts'
import { translator } from '@/lib/i18n/translator.ts'
import { chargesInterest } from '@/lib/ledger/interest-rules.ts'
import { addDays } from '@/lib/platform/dates.ts'
import { nextStart } from '@/lib/unpaid/clock-rules.ts'
import { oldestFirst, type Plan, planFor } from '@/lib/unpaid/plan-rules.ts'
import { titlesOf, unpaidPath } from '../view.ts'
import type { Planned, View } from './view.ts'

/** So many rows stand on the page; all are in its sums. */
export const MOST_ROWS = 50

/** `paidHere`: the billers that have a bank here. */
type Props = { view: View; cash: number; paidHere: ReadonlySet<BillerCode>; locale: Locale }

export function Proposal({ view, cash, paidHere, locale }: Props) {
  const { debts, currency } = view
  const t = translator(locale, 'unpaidPlan')
  const plan = planFor(debts, cash)
  const money = (minor: number) => formatMoney(minor, currency, locale)
  if (plan.chosen.length === 0) {
    return (
      <Card labelledBy="proposal" title={t('tooLittle')}>
        <p>{t('smallest', { amount: money(Math.min(...debts.map(({ total }) => total))) })}</p>
      </Card>
    )
  }
  const isAll = plan.chosen.length === debts.length
  const chosen = new Set(plan.chosen)
  const rest = debts.filter(debt => !chosen.has(debt))
  return (
    <Card labelledBy="proposal" title={isAll ? t('enough') : t('payThese', { count: plan.chosen.length })}>
      <div className="stack">
        <Why view={view} cash={cash} plan={plan} locale={locale} />
        <Invoices caption={t('now')} debts={plan.chosen} view={view} locale={locale} />
        <Ways chosen={plan.chosen} view={view} paidHere={paidHere} locale={locale} />
        {rest.length > 0 && <Invoices caption={t('rest')} debts={rest} view={view} locale={locale} />}
        <p className="text-sm text-muted">{t('counter')}</p>
      </div>
    </Card>
  )
}

/** What waiting costs then, what is left over, and what the oldest first would come to. */
function Why({ view, cash, plan, locale }: Omit<Props, 'paidHere'> & { plan: Plan<Planned> }) {
  const { debts, currency, perDay } = view
  const t = translator(locale, 'unpaidPlan')
  const money = (minor: number) => formatMoney(minor, currency, locale)
  const byAge = oldestFirst(debts, cash)
  const said = [
    perDay === 0 && plan.chosen.length < debts.length && whyByAge(view, locale),
    plan.saves > 0 && t('after', { after: money(perDay - plan.saves), before: money(perDay) }),
    plan.sum < cash && t('left', { amount: money(cash - plan.sum) }),
    byAge.saves < plan.saves &&
      t('oldest', { count: byAge.chosen.length, amount: money(perDay - byAge.saves) }),
    plan.most > plan.saves && t('perhaps', { amount: money(plan.most - plan.saves) }),
  ]
  return <p>{said.filter(Boolean).join(' ')}</p>
}

/** Why what is due first comes first, while waiting costs nothing: for good, or until a day. */
function whyByAge({ debts, today }: View, locale: Locale): string | undefined {
  const t = translator(locale, 'unpaidPlan')
  if (!debts.some(({ counted }) => chargesInterest(counted.terms))) return t('free')
  const next = nextStart(debts, today)
  return next && t('freeUntil', { day: formatNearDay(addDays(next.on, -1), today, locale) })
}

function Invoices({
  caption,
  debts,
  view,
  locale,
}: {
  caption: string
  debts: readonly Planned[]
  view: View
  locale: Locale
}) {
  const { currency, contracts, perDay } = view
  const t = translator(locale, 'unpaidPlan')
  const titleOf = titlesOf(view.debts, locale)
  const heading = (debt: Planned) => (
    <>
      {formatMonth(debt.period, locale)}
      {/* Said at a counter. */}
      {debt.number !== MASK && <small className="code block">{debt.number}</small>}
      {contracts.length > 1 && <small className="block">{titleOf(debt.contract)}</small>}
    </>
  )
  return (
    <div>
      <h3>{caption}</h3>
      <Table
        caption={caption}
        columns={[
          { key: 'month', label: t('invoice') },
          ...(perDay > 0 ? [{ key: 'perDay', label: t('perDayHead'), place: 'sub' as const }] : []),
          { key: 'total', label: t('toPay'), amount: true },
          { key: 'status', label: t('status'), hiddenLabel: true, place: 'status' },
        ]}
        rows={debts.slice(0, MOST_ROWS).map(debt => {
          const state = debt.overdue ? 'overdue' : 'unpaid'
          return {
            id: String(debt.id),
            cells: {
              month: heading(debt),
              perDay: <PerDay debt={debt} locale={locale} />,
              total: <b>{formatMoney(debt.total, currency, locale)}</b>,
              status: <Chip {...invoiceStatus({ ...debt, state }, debt.today, locale)} />,
            },
          }
        })}
      />
      {debts.length > MOST_ROWS && (
        <p className="text-sm text-muted">{t('more', { count: debts.length - MOST_ROWS })}</p>
      )}
    </div>
  )
}

/** On a phone, where no head says what it is, what costs nothing yet has its due date in its place. */
function PerDay({ debt, locale }: { debt: Planned; locale: Locale }) {
  const { perDay, contract, dueOn, today } = debt
  const t = translator(locale, 'unpaidPlan')
  const amount = formatMoney(perDay, contract.currency, locale)
  return (
    <>
      <span className="sm:hidden">
        {perDay > 0 || dueOn < today
          ? t('aDay', { amount })
          : t('dueOn', { day: formatNearDay(dueOn, today, locale) })}
      </span>
      <span className="hidden sm:inline">{amount}</span>
    </>
  )
}

/** A payment is of one company: a button each, with its invoices checked already where it leads. */
function Ways({
  chosen,
  view,
  paidHere,
  locale,
}: {
  chosen: readonly Planned[]
  view: View
  paidHere: Props['paidHere']
  locale: Locale
}) {
  if (!chosen.every(({ contract }) => paidHere.has(contract.billerCode))) return null
  const t = translator(locale, 'unpaidInvoices')
  const ofBillers = groupBy(chosen, ({ contract }) => contract.billerCode)
  return (
    <div className="actions">
      {ofBillers.map((debts, index) => {
        const [{ contract }] = debts
        const amount = formatMoney(sumOf(debts, 'total'), view.currency, locale)
        const ids = debts.map(({ id }) => id).join(',')
        const isOne = debts.every(debt => debt.contract.id === contract.id)
        const path = isOne ? `/contracts/${contract.billerCode}/${contract.code}/pay` : unpaidPath
        return (
          <PayButtonLink
            key={contract.billerCode}
            href={`${path}?invoice=${ids}`}
            icon={index === 0 ? 'pay' : undefined}
            look={index === 0 ? 'primary' : 'secondary'}
          >
            {ofBillers.length === 1
              ? t('pay', { amount })
              : t('payFor', { amount, contract: contract.billerName })}
          </PayButtonLink>
        )
      })}
    </div>
  )
}
