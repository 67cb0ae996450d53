// What is held about the customer and why, a copy of it, their consents, and who did what with their data.

import { Form } from '@/components/form.tsx'
import { linkTo } from '@/components/link-to.tsx'
import { PageShell } from '@/components/page-shell.tsx'
import { Button, ButtonLink } from '@/components/ui/button.tsx'
import { Card } from '@/components/ui/card.tsx'
import { Notice } from '@/components/ui/notice.tsx'
import { copyForm } from '@/lib/accounts/forms.ts'
import { type Customer, requireCustomer } from '@/lib/auth/guards.ts'
import { formatDay, formatInstant } from '@/lib/i18n/formats.ts'
import { parseLogPlace } from '@/lib/own-data/access-log.ts'
import { getOwnData } from '@/lib/own-data/copy.ts'
import { clock } from '@/lib/platform/clock.ts'
import { PORTAL_ZONE } from '@/lib/platform/dates.ts'
import { getLocale, getTranslations } from '@/lib/request/locale.ts'
import type { PageProps } from '@/lib/request/page-props.ts'
import { withoutPassword } from '../without.ts'
import { requestExportAction } from './actions.ts'
import { AccessLog } from './log.tsx'

/** Each with what it is and why it is held. */
const HELD = [
  'account',
  'contracts',
  'billing',
  'payments',
  'security',
  'business',
  'messages',
  'log',
] as const

export default async function OwnDataPage({ searchParams }: PageProps<never, 'before'>) {
  const customer = await requireCustomer()
  const now = clock.now()
  const data = await getOwnData(customer, now)
  const t = await getTranslations('ownData')
  return (
    <PageShell title={t('title')} lead={t('lead')} back={{ href: '/account', label: t('back') }}>
      <AccessLog customer={customer} before={parseLogPlace((await searchParams).before)} />
      <Copy copy={data.copy} customer={customer} />
      <Consents version={data.termsVersion} acceptedAt={data.termsAcceptedAt} />
      <Card labelledBy="held" title={t('held.title')}>
        <div>
          {HELD.map(one => (
            <details key={one} className="border-b border-line">
              <summary className="more">{t(`held.${one}.what`)}</summary>
              <p className="pb-3 text-muted">{t(`held.${one}.why`)}</p>
            </details>
          ))}
        </div>
        <p>{t.rich('held.correct', { link: linkTo('/account') })}</p>
      </Card>
    </PageShell>
  )
}

type Own = Awaited<ReturnType<typeof getOwnData>>

async function Copy({ copy, customer }: { copy: Own['copy']; customer: Customer }) {
  const t = await getTranslations('ownData')
  const locale = await getLocale()
  return (
    <Card labelledBy="copy" title={t('copy.title')}>
      <div className="stack">
        <p>{t('copy.text')}</p>
        {copy?.state === 'making' && (
          <Notice tone="wait" live>
            {t('copy.making')}
          </Notice>
        )}
        {copy?.state === 'ready' && (
          <form action={`/account/data/export/${copy.id}`} method="post" className="stack">
            <Notice tone="good" live>
              {t('copy.ready', { until: formatInstant(copy.until, locale, PORTAL_ZONE) })}
            </Notice>
            <Button>{t('copy.download')}</Button>
          </form>
        )}
        {copy?.state !== 'making' && (
          <Form
            form={copyForm}
            action={requestExportAction}
            without={withoutPassword(customer)}
            buttons={[{ label: copy ? t('copy.askAgain') : t('copy.ask'), look: 'secondary' }]}
          />
        )}
      </div>
    </Card>
  )
}

async function Consents({ version, acceptedAt }: { version: string; acceptedAt: Date }) {
  const t = await getTranslations('ownData')
  const locale = await getLocale()
  return (
    <Card labelledBy="consents" title={t('consents.title')}>
      <div className="stack">
        <p>
          {t('consents.accepted', {
            version: formatDay(version, locale),
            at: formatInstant(acceptedAt, locale, PORTAL_ZONE),
          })}
        </p>
        <p>
          {t.rich('consents.read', {
            terms: linkTo('/terms'),
            privacy: linkTo('/privacy'),
            refunds: linkTo('/refunds'),
          })}
        </p>
        <p>{t('consents.withdraw')}</p>
        <p className="actions">
          <ButtonLink href="/account/data/delete" look="danger">
            {t('consents.delete')}
          </ButtonLink>
        </p>
      </div>
    </Card>
  )
}
