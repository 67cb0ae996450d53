// Paying a part: an amount is typed, and what it pays of which invoice is shown before anything is charged.
import type { ReactNode } from 'react'
import { ErrorSummary } from '@/components/error-summary.tsx'
import { Form } from '@/components/form.tsx'
import { FieldNotes } from '@/components/form-field.tsx'
import { stoppedText } from '@/components/maintenance.tsx'
import { PageShell } from '@/components/page-shell.tsx'
import { Button } from '@/components/ui/button.tsx'
import { Card } from '@/components/ui/card.tsx'
import { Notice } from '@/components/ui/notice.tsx'
import { Table } from '@/components/ui/table.tsx'
import type { BillerCode } from '@/lib/billers/contract-codes.ts'
import type { UnpaidInvoice } from '@/lib/billing/schema.ts'
import { sumOf } from '@/lib/billing/statement-rules.ts'
import type { ShownFor } from '@/lib/forms/shown.ts'
import { formatMoney, formatMonth } from '@/lib/i18n/formats.ts'
import type { Locale } from '@/lib/i18n/locale.ts'
import { translator } from '@/lib/i18n/translator.ts'
import { payPartForm } from '@/lib/payments/forms.ts'
import { isPaymentOffered } from '@/lib/payments/queries.ts'
import { writeTotals } from '@/lib/payments/schema.ts'
import { mayPay, partOf } from '@/lib/payments/sharing-rules.ts'
import { clock } from '@/lib/platform/clock.ts'
import { readCash } from '@/lib/unpaid/schema.ts'
import { payPartAction } from './actions.ts'

/** `place`: by due date and number. `title`: of its contract, where there are several. */
type PartInvoice = Pick<
  UnpaidInvoice,
  'id' | 'period' | 'dueOn' | 'interest' | 'principal' | 'tvTax' | 'total'
> & {
  place: number
  title?: string
}

type Props = {
  /** Of the page, what its address says besides, and the page that it is a part of. */
  path: string
  kept: Record<string, string>
  back: string
  /** The biller, with the code of the contract where it is one alone. */
  shownFor: ShownFor
  biller: Pick<UnpaidInvoice['contract'], 'country' | 'currency'> & { code: BillerCode; name: string }
  typed: unknown
  /** Somebody pays some of it by a link. */
  isBeingPaid: boolean
  /** What can be paid. */
  invoices: readonly PartInvoice[]
  locale: Locale
  children: ReactNode
}

export async function PayPart(props: Props) {
  const { invoices, biller, typed, back, isBeingPaid, locale, children } = props
  const t = translator(locale, 'payPart')
  const total = sumOf(invoices, 'total')
  const amount = readCash(typed)
  const isRight = amount !== undefined && mayPay(amount, total, true)
  const isOffered = total > 0 && (await isPaymentOffered(biller.code))
  return (
    <PageShell title={t('title')} lead={t('lead')} back={{ href: back, label: t('back') }}>
      {children}
      {isBeingPaid && <Notice tone="wait">{translator(locale, 'pay')('byLink')}</Notice>}
      {isOffered ? (
        <>
          <Amount {...props} total={total} isWrong={Boolean(typed) && !isRight} isCounted={isRight} />
          {isRight && <Preview {...props} amount={amount} />}
        </>
      ) : (
        <Notice>{translator(locale, 'pay')(total > 0 ? 'errors.unavailable' : 'nothingDue')}</Notice>
      )}
    </PageShell>
  )
}

/** What cannot be read as an amount, or is too much, comes back as it was typed. */
function Amount({
  path,
  kept,
  typed,
  biller: { currency },
  total,
  isWrong,
  isCounted,
  locale,
}: Props & { total: number; isWrong: boolean; isCounted: boolean }) {
  const t = translator(locale, 'payPart')
  const most = formatMoney(total, currency, locale)
  const error = isWrong ? t('outOfRange', { amount: most }) : undefined
  return (
    <>
      <ErrorSummary
        title={translator(locale, 'errors')('title')}
        errors={error ? [{ field: 'amount', text: error }] : []}
        round={0}
      />
      <Card labelledBy="how-much" title={t('howMuch')}>
        <form action={path} method="get" className={error ? 'field invalid' : 'field'}>
          <input type="hidden" name="part" value="" />
          {Object.entries(kept).map(([name, value]) => (
            <input key={name} type="hidden" name={name} value={value} />
          ))}
          <label htmlFor="amount">{translator(locale, 'unpaidPlan')('amountIn', { currency })}</label>
          <FieldNotes name="amount" hint={t('ofAll', { amount: most })} error={error} />
          <div className="find">
            <input
              id="amount"
              name="amount"
              className="input"
              inputMode="decimal"
              autoComplete="off"
              maxLength={30}
              required
              defaultValue={typeof typed === 'string' ? typed : undefined}
              aria-invalid={error ? true : undefined}
              aria-describedby={error ? 'amount-hint amount-error' : 'amount-hint'}
            />
            <Button look={isCounted ? 'secondary' : 'primary'}>
              {translator(locale, 'unpaidPlan')('calculate')}
            </Button>
          </div>
        </form>
      </Card>
    </>
  )
}

/** What of the amount each invoice gets, and the way to pay just that. */
function Preview({ invoices, biller, shownFor, isBeingPaid, amount, locale }: Props & { amount: number }) {
  const t = translator(locale, 'payPart')
  const money = (minor: number) => formatMoney(minor, biller.currency, locale)
  const due = new Map(invoices.map(invoice => [invoice.id, invoice.total]))
  const paid = partOf(
    invoices.map(invoice => ({ ...invoice, number: String(invoice.place).padStart(9, '0') })),
    amount,
  )
  const left = sumOf(invoices, 'total') - amount
  const stopped = stoppedText(clock.now(), locale)
  return (
    <Card labelledBy="pays" title={t('pays', { amount: money(amount) })}>
      <div className="stack">
        <Table
          caption={t('pays', { amount: money(amount) })}
          columns={[
            { key: 'month', label: t('invoice') },
            { key: 'due', label: t('due'), amount: true, place: 'tablet' },
            { key: 'rest', label: t('rest'), place: 'sub' },
            { key: 'paid', label: t('paid'), amount: true },
          ]}
          rows={paid.map(({ id, period, title, total }) => {
            const rest = due.get(id)! - total
            return {
              id: String(id),
              cells: {
                month: (
                  <>
                    {formatMonth(period, locale)}
                    {title && <small className="block">{title}</small>}
                  </>
                ),
                due: money(due.get(id)!),
                rest: rest > 0 ? t('leaves', { amount: money(rest) }) : t('inFull'),
                paid: <b>{money(total)}</b>,
              },
            }
          })}
        />
        <p>{left > 0 ? t('left', { amount: money(left) }) : t('nothingLeft')}</p>
        <Form
          form={payPartForm}
          action={payPartAction}
          shownFor={{
            ...shownFor,
            totals: writeTotals(paid.map(({ id }) => ({ id, total: due.get(id)! }))),
            amount: String(amount),
            // Whoever sends it has read so.
            ...(isBeingPaid && { beingPaid: 'told' }),
          }}
          buttons={stopped ? [] : [{ label: t('pay', { amount: money(amount) }), intent: 'pay' }]}
          below={
            stopped ? (
              <p>{stopped}</p>
            ) : (
              <p className="text-sm text-muted">
                {translator(locale, 'pay')('card', { country: biller.country })}
              </p>
            )
          }
        />
      </div>
    </Card>
  )
}
