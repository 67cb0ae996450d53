// Above a payment that is tried again: that the first try was declined, and why.
import type { Locale } from '@/lib/i18n/locale.ts'
import { translator } from '@/lib/i18n/translator.ts'
import { declineReason } from '@/lib/payments/rules.ts'
import type { Attempt } from '@/lib/payments/schema.ts'
import { Notice } from './ui/notice.tsx'

/** Nothing of one that ended otherwise. */
export function DeclinedBefore({
  attempt: { state, declineCode },
  locale,
}: {
  attempt: Pick<Attempt, 'state' | 'declineCode'>
  locale: Locale
}) {
  if (state !== 'declined') return null
  const t = translator(locale, 'payment')
  return (
    <Notice tone="bad">
      <b>{t('states.declined.title')}.</b> {t(`declined.${declineReason(declineCode)}`)}
    </Notice>
  )
}
