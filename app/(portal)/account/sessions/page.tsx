// Where the account is signed in, by device, and the way to end it.

import { Form } from '@/components/form.tsx'
import { PageShell } from '@/components/page-shell.tsx'
import { Card } from '@/components/ui/card.tsx'
import { Chip } from '@/components/ui/chip.tsx'
import { Done } from '@/components/ui/notice.tsx'
import { Rows } from '@/components/ui/rows.tsx'
import { deviceName } from '@/lib/accounts/devices.ts'
import { listSessions } from '@/lib/accounts/queries.ts'
import { endSessionsForm } from '@/lib/auth/forms.ts'
import { requireCustomer } from '@/lib/auth/guards.ts'
import { formatInstant } from '@/lib/i18n/formats.ts'
import { clock } from '@/lib/platform/clock.ts'
import { PORTAL_ZONE } from '@/lib/platform/dates.ts'
import { getLocale, getTranslations } from '@/lib/request/locale.ts'
import type { PageProps } from '@/lib/request/page-props.ts'
import { endSessionsAction } from './actions.ts'

/** Of a device so many sign-ins are shown at once: the others open below them. */
const SHOWN = 3

type Session = Awaited<ReturnType<typeof listSessions>>[number]

export default async function SessionsPage({ searchParams }: PageProps<never, 'done'>) {
  const customer = await requireCustomer()
  const sessions = await listSessions(customer, clock.now())
  const t = await getTranslations('sessions')
  // This one's device stands first, and it first there.
  const sorted = [...sessions].sort(
    (one, other) => Number(other.id === customer.sessionId) - Number(one.id === customer.sessionId),
  )
  const devices = Map.groupBy(sorted, ({ userAgent }) => deviceName(userAgent) || t('unknownDevice'))
  return (
    <PageShell title={t('title')} lead={t('lead')} back={{ href: '/account', label: t('back') }}>
      {(await searchParams).done !== undefined && <Done>{t('done')}</Done>}
      {sessions.length > 1 && (
        <Form
          form={endSessionsForm}
          action={endSessionsAction}
          buttons={[{ label: t('endOthers'), look: 'danger' }]}
        />
      )}
      {[...devices].map(([device, own], index) => (
        <Device
          key={device}
          id={`device-${index}`}
          device={device}
          sessions={own}
          current={customer.sessionId}
        />
      ))}
    </PageShell>
  )
}

type DeviceProps = { id: string; device: string; sessions: Session[]; current: string }

async function Device({ id, device, sessions, current }: DeviceProps) {
  const t = await getTranslations('sessions')
  const more = sessions.slice(SHOWN)
  const part = { device, current }
  return (
    <Card labelledBy={id} title={device} action={<small>{t('signIns', { count: sessions.length })}</small>}>
      <SessionRows sessions={sessions.slice(0, SHOWN)} {...part} />
      {more.length > 0 && (
        <details>
          <summary className="more">{t('more', { count: more.length })}</summary>
          <SessionRows sessions={more} {...part} />
        </details>
      )}
    </Card>
  )
}

async function SessionRows({ sessions, device, current }: Omit<DeviceProps, 'id'>) {
  const t = await getTranslations('sessions')
  const locale = await getLocale()
  const instant = (at: Date) => formatInstant(at, locale, PORTAL_ZONE)
  return (
    <Rows
      rows={sessions.map(({ id, createdAt, lastUsedAt, address }) => {
        const usedAt = instant(lastUsedAt)
        return {
          id,
          icon: 'device',
          title: id === current ? t('this') : t('lastUsed', { at: usedAt }),
          note: [t('since', { at: instant(createdAt) }), address && t('address', { address })]
            .filter(Boolean)
            .join(' · '),
          end:
            id === current ? (
              <Chip tone="good">{t('now')}</Chip>
            ) : (
              <Form
                form={endSessionsForm}
                action={endSessionsAction}
                shownFor={{ session: id }}
                buttons={[{ label: t('end'), says: t('endOne', { device, at: usedAt }), look: 'link' }]}
              />
            ),
        }
      })}
    />
  )
}
