// Where the account is signed in, and the way to end it.

import { Form } from '@/components/form.tsx'
import { PageShell } from '@/components/page-shell.tsx'
import { Card } from '@/components/ui/card.tsx'
import { Done } from '@/components/ui/notice.tsx'
import { deviceName } from '@/lib/accounts/devices.ts'
import { listSessions } from '@/lib/accounts/queries.ts'
import { endSessionsForm } from '@/lib/auth/forms.ts'
import { requireCustomer } from '@/lib/auth/guards.ts'
import { formatInstant } from '@/lib/i18n/formats.ts'
import { clock } from '@/lib/platform/clock.ts'
import { getLocale, getTranslations } from '@/lib/request/locale.ts'
import type { PageProps } from '@/lib/request/page-props.ts'
import { endSessionsAction } from './actions.ts'

export default async function SessionsPage({ searchParams }: PageProps<never, 'done'>) {
  const customer = await requireCustomer()
  const sessions = await listSessions(customer, clock.now())
  const t = await getTranslations('sessions')
  const locale = await getLocale()
  const instant = (at: Date) => formatInstant(at, locale, 'Europe/Belgrade')
  return (
    <PageShell title={t('title')} lead={t('lead')} back={{ href: '/account', label: t('back') }}>
      {(await searchParams).done !== undefined && <Done>{t('done')}</Done>}
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
                  <div className="mt-3">
                    <Form
                      form={endSessionsForm}
                      action={endSessionsAction}
                      shownFor={{ session: session.id }}
                      buttons={[{ label: t('end'), says: t('endOne', { device }), look: 'danger' }]}
                    />
                  </div>
                )}
              </Card>
            </li>
          )
        })}
      </ul>
      {sessions.length > 1 && (
        <Form
          form={endSessionsForm}
          action={endSessionsAction}
          buttons={[{ label: t('endOthers'), look: 'danger' }]}
        />
      )}
    </PageShell>
  )
}
