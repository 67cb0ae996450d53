// What the reader of an invoice must know before anything else: it is cancelled, being paid, or corrected.
import { Bilingual } from '@/components/bilingual.tsx'
import { Notice } from '@/components/ui/notice.tsx'
import type { InvoiceNotice } from '@/lib/billing/invoice-content.ts'
import { getTranslations } from '@/lib/request/locale.ts'

const TONES = { cancelled: 'bad', underWay: 'wait', corrected: 'plain' } as const

/** `attemptId`: the reader's own payment that is under way. */
export async function Notices({
  notices,
  attemptId,
}: {
  notices: InvoiceNotice[]
  attemptId?: string | null
}) {
  const t = await getTranslations('invoice')
  return notices.map(({ about, words }) => (
    <Notice key={about} tone={TONES[about]}>
      <p>
        <Bilingual words={words} />
      </p>
      {about === 'underWay' && attemptId && (
        <p className="print:hidden">
          <a href={`/payments/${attemptId}`}>{t('ownPayment')}</a>
        </p>
      )}
    </Notice>
  ))
}
