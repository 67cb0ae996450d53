// What says that invoices are being paid, and leads to the payments that are the reader's own.
import { heldOf } from '@/lib/billing/home-rules.ts'
import type { UnpaidInvoice } from '@/lib/billing/schema.ts'
import { groupBy, sumOf } from '@/lib/billing/statement-rules.ts'
import { formatDayInSentence, formatList, formatMoney } from '@/lib/i18n/formats.ts'
import type { Locale } from '@/lib/i18n/locale.ts'
import { translator } from '@/lib/i18n/translator.ts'
import type { Currency } from '@/lib/platform/money.ts'
import { Notice } from './ui/notice.tsx'

/** Contracts are told by name up to so many. */
const NAMED = 3

/**
 * For unpaid invoices: a line for each payment that is under way; nothing where none is. `titleOf`: what a contract is called, where they
 * are of several.
 */
export function UnderWayNotice({
  unpaid,
  currency,
  titleOf,
  locale,
}: {
  unpaid: readonly (Pick<UnpaidInvoice, 'underWay' | 'dueOn' | 'overdue'> & {
    contract?: UnpaidInvoice['contract']
  })[]
  /** Of invoices that do not say their contract. */
  currency?: Currency
  titleOf?: (contract: UnpaidInvoice['contract']) => string
  locale: Locale
}) {
  const t = translator(locale, 'underWay')
  const waiting = unpaid.flatMap(invoice =>
    invoice.underWay ? [{ ...invoice, attemptId: invoice.underWay.attemptId }] : [],
  )
  if (waiting.length === 0) return null
  return (
    <Notice tone="wait">
      {groupBy(waiting, ({ attemptId }) => attemptId).map(some => {
        const [{ attemptId }] = some
        const titles = new Set(some.flatMap(({ contract }) => (titleOf && contract ? titleOf(contract) : [])))
        const named = titles.size > 0 && titles.size <= NAMED ? 'yes' : 'no'
        const values = { count: some.length, named, contracts: formatList([...titles], locale) }
        return (
          <p key={attemptId}>
            <b>{t(attemptId ? 'own' : 'other', values)}</b> {t('wait')}{' '}
            {attemptId && (
              <>
                <a href={`/payments/${attemptId}`}>{t('open')}</a>.
              </>
            )}{' '}
            {restOf(some, some[0].contract?.currency ?? currency!, locale)}
          </p>
        )
      })}
    </Notice>
  )
}

/** What of invoices is left to pay after a part of them that is being paid, and until when; null: nothing. */
export function restOf(
  invoices: readonly Pick<UnpaidInvoice, 'underWay' | 'dueOn' | 'overdue'>[],
  currency: Currency,
  locale: Locale,
): string | null {
  const held = heldOf(invoices)
  const [first] = held.toSorted((a, b) => (a.dueOn < b.dueOn ? -1 : 1))
  if (!first) return null
  return translator(locale, 'underWay')('rest', {
    amount: formatMoney(sumOf(held, 'rest'), currency, locale),
    late: first.overdue ? 'yes' : 'no',
    day: formatDayInSentence(first.dueOn, locale),
  })
}
