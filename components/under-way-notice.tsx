// What says that invoices are being paid, and leads to the payments that are the reader's own.
import type { UnderWay } from '@/lib/billing/schema.ts'
import type { Locale } from '@/lib/i18n/locale.ts'
import { translator } from '@/lib/i18n/translator.ts'
import { Notice } from './ui/notice.tsx'

/** For unpaid invoices: a line for each payment that is under way. Nothing where none is. */
export function UnderWayNotice({
  unpaid,
  locale,
}: {
  unpaid: { underWay: UnderWay | null }[]
  locale: Locale
}) {
  const t = translator(locale, 'underWay')
  const counts = new Map<string | null, number>()
  for (const { underWay } of unpaid) {
    if (underWay) counts.set(underWay.attemptId, (counts.get(underWay.attemptId) ?? 0) + 1)
  }
  if (counts.size === 0) return null
  return (
    <Notice tone="wait">
      {[...counts].map(([attemptId, count]) => (
        <p key={attemptId}>
          <b>{t(attemptId ? 'own' : 'other', { count })}</b> {t('wait')}{' '}
          {attemptId && (
            <>
              <a href={`/payments/${attemptId}`}>{t('open')}</a>.
            </>
          )}
        </p>
      ))}
    </Notice>
  )
}
