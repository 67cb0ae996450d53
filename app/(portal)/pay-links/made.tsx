// A link just made: its address, which is kept nowhere and shown this once, and ways to send it.

import { CopyButton } from '@/components/copy-button.tsx'
import { Card } from '@/components/ui/card.tsx'
import { payLinkCookie } from '@/lib/auth/sealed-cookie.ts'
import { env } from '@/lib/platform/env.ts'
import { getTranslations } from '@/lib/request/locale.ts'

/** Nothing where another was made since, or too long ago, or in another session. */
export async function Made({ id, sessionId }: { id: string; sessionId: string }) {
  const kept = await payLinkCookie.read()
  const link = kept && (JSON.parse(kept) as { id: string; sessionId: string; token: string })
  if (!link || link.id !== id || link.sessionId !== sessionId) return null
  const t = await getTranslations('payLinks')
  const address = `${env().APP_URL}/pay/${link.token}`
  const message = encodeURIComponent(t('message', { link: address }))
  return (
    <Card labelledBy="made" title={t('made')}>
      <div className="stack">
        <p>{t('madeText')}</p>
        <p>
          <label htmlFor="address" className="sr-only">
            {t('address')}
          </label>
          <input id="address" className="input code" readOnly value={address} />
        </p>
        <p className="actions">
          <CopyButton of="address" label={t('copy')} done={t('copied')} />
          <a href={`sms:?&body=${message}`}>{t('sms')}</a>
          <a href={`mailto:?subject=${encodeURIComponent(t('subject'))}&body=${message}`}>{t('email')}</a>
          <a href={`https://wa.me/?text=${message}`} rel="noreferrer">
            {t('whatsApp')}
          </a>
        </p>
      </div>
    </Card>
  )
}
