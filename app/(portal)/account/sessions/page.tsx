// Where the account is signed in, and the way to end it.
import { PageShell } from '@/components/page-shell.tsx'
import { Button } from '@/components/ui/button.tsx'
import { Card } from '@/components/ui/card.tsx'
import { Notice } from '@/components/ui/notice.tsx'
import { deviceName } from '@/lib/accounts/devices.ts'
import { listSessions } from '@/lib/accounts/queries.ts'
import { requireCustomer } from '@/lib/auth/guards.ts'
import { formatInstant } from '@/lib/i18n/formats.ts'
import { clock } from '@/lib/platform/clock.ts'
import { getLocale, getTranslations } from '@/lib/request/locale.ts'
import { endSessionsAction } from './actions.ts'

export default async function SessionsPage({ searchParams }: { searchParams: Promise<{ done?: string }> }) {
  const customer = await requireCustomer()
  const sessions = await listSessions(customer, clock.now())
  const t = await getTranslations('sessions')
  const locale = await getLocale()
  const instant = (at: Date) => formatInstant(at, locale, 'Europe/Belgrade')
  return (
    <PageShell title={t('title')} lead={t('lead')} back={{ href: '/account', label: t('back') }}>
      {(await searchParams).done !== undefined && (
        <Notice tone="good" live>
          {t('done')}
        </Notice>
      )}
      <ul className="space-y-4">
        {sessions.map(session => {
          const device = deviceName(session.userAgent) || t('unknownDevice')
          return (
            <li key={session.id}>
              <Card>
                <h2>{device}</h2>
                {session.id === customer.sessionId && <p className="font-bold text-good">{t('this')}</p>}
                <p className="text-muted">{t('since', { at: instant(session.createdAt) })}</p>
                <p className="text-muted">{t('lastUsed', { at: instant(session.lastUsedAt) })}</p>
                {session.address && (
                  <p className="text-muted">{t('address', { address: session.address })}</p>
                )}
                {session.id !== customer.sessionId && (
                  <form action={endSessionsAction} className="mt-3">
                    <input type="hidden" name="session" value={session.id} />
                    <Button look="danger" name="intent" value="one" aria-label={t('endOne', { device })}>
                      {t('end')}
                    </Button>
                  </form>
                )}
              </Card>
            </li>
          )
        })}
      </ul>
      {sessions.length > 1 && (
        <form action={endSessionsAction}>
          <Button look="danger" name="intent" value="others">
            {t('endOthers')}
          </Button>
        </form>
      )}
    </PageShell>
  )
}
