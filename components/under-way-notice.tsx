// What says that invoices are being paid, and leads to the payments that are the reader's own.
import type { UnderWay } from '@/lib/billing/schema.ts'
import type { Locale } from '@/lib/i18n/locale.ts'
import { translator } from '@/lib/i18n/translator.ts'
import { getTranslations } from '@/lib/request/locale.ts'
import { Notice } from './ui/notice.tsx'

/**
 * For a contract's unpaid invoices: a line for each payment that is under way, and where nothing is left to pay meanwhile,
 * that paying must wait. Nothing where none is under way.
 */
export async function UnderWayNotice({ unpaid }: { unpaid: { underWay: UnderWay | null }[] }) {
  const t = await getTranslations('underWay')
  const counts = new Map<string | null, number>()
  for (const { underWay } of unpaid) {
    if (underWay) counts.set(underWay.attemptId, (counts.get(underWay.attemptId) ?? 0) + 1)
  }
  if (counts.size === 0) return null
  return (
    <Notice tone="wait">
      {[...counts].map(([attemptId, count]) => (
        <p key={attemptId}>
          {attemptId ? (
            <a href={`/payments/${attemptId}`}>{t('ownCount', { count })}</a>
          ) : (
            t('otherCount', { count })
          )}
        </p>
      ))}
      {unpaid.every(({ underWay }) => underWay) && <p>{t('wait')}</p>}
    </Notice>
  )
}

/** What is said beside an invoice that another payment has: nobody may pay it twice. */
export function underWayWords({ attemptId }: UnderWay, locale: Locale): { text: string; href?: string } {
  const t = translator(locale, 'underWay')
  return attemptId ? { text: t('own'), href: `/payments/${attemptId}` } : { text: t('other') }
}
