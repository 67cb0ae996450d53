// Payments of the reader's own whose end is not known yet, each with the way to it.

import type { UnpaidInvoice } from '@/lib/billing/schema.ts'
import { formatInstant, formatMoney } from '@/lib/i18n/formats.ts'
import type { Locale } from '@/lib/i18n/locale.ts'
import { translator } from '@/lib/i18n/translator.ts'
import type { HomeAttempt } from '@/lib/payments/home-attempts.ts'
import { linkTo } from './link-to.tsx'
import { contractsNamed } from './paid-contracts.ts'
import { Notice } from './ui/notice.tsx'
import { restOf } from './under-way-notice.tsx'

/** So many are told each for itself. */
const TOLD = 2

/** `only`: the reader's only contract, which needs no name. `unpaid`: what each leaves of these is said with it. */
export function InDoubt({
  inDoubt,
  only,
  unpaid = [],
  locale,
}: {
  inDoubt: readonly HomeAttempt[]
  only?: number
  unpaid?: readonly UnpaidInvoice[]
  locale: Locale
}) {
  const t = translator(locale, 'home')
  const isNamed = ({ contracts }: HomeAttempt) => contracts.some(({ id }) => id !== only)
  return (
    <>
      {inDoubt.slice(0, TOLD).map(attempt => (
        <Notice key={attempt.id} tone="wait" live>
          <p>
            {t.rich(
              !isNamed(attempt) ? 'inDoubt' : attempt.contracts.length > 1 ? 'inDoubtSeveral' : 'inDoubtFor',
              {
                amount: formatMoney(attempt.amount, attempt.currency, locale),
                contract: contractsNamed(attempt, locale),
                at: formatInstant(attempt.at, locale, attempt.timeZone),
                b: chunks => <b>{chunks}</b>,
                link: linkTo(`/payments/${attempt.id}`),
              },
            )}{' '}
            {restOf(
              unpaid.filter(({ underWay }) => underWay?.attemptId === attempt.id),
              attempt.currency,
              locale,
            )}
          </p>
        </Notice>
      ))}
      {inDoubt.length > TOLD && (
        <p>
          <a href="/account/payments">{t('moreInDoubt')}</a>
        </p>
      )}
    </>
  )
}
