// The list of all unpaid invoices that a job makes: how far it is, then the file.
import { notFound } from 'next/navigation'
import { PageShell } from '@/components/page-shell.tsx'
import { ButtonLink } from '@/components/ui/button.tsx'
import { Card } from '@/components/ui/card.tsx'
import { Notice } from '@/components/ui/notice.tsx'
import { Watch } from '@/components/watch.tsx'
import { requireCustomer } from '@/lib/auth/guards.ts'
import { formatInstant } from '@/lib/i18n/formats.ts'
import { clock } from '@/lib/platform/clock.ts'
import { PORTAL_ZONE } from '@/lib/platform/dates.ts'
import { limits } from '@/lib/platform/limits.ts'
import { getLocale, getTranslations } from '@/lib/request/locale.ts'
import type { PageProps } from '@/lib/request/page-props.ts'
import { getList } from '@/lib/unpaid/lists.ts'
import { askPath, listPath, parseListId } from '@/lib/unpaid/schema.ts'

const RELOAD_SECONDS = 3

export default async function UnpaidListPage({ params, searchParams }: PageProps<'id', 'limited'>) {
  const customer = await requireCustomer()
  const id = parseListId((await params).id)
  const list = id && (await getList(customer, id, clock.now()))
  if (!id || !list) notFound()
  const { state, format, written, invoices } = list
  const t = await getTranslations('unpaidList')
  const locale = await getLocale()
  const again = (
    <a href={askPath(format, true)} className="more">
      {t('again')}
    </a>
  )
  const limited = (await searchParams).limited !== undefined && (
    <Notice tone="wait">
      <p>{t('limited', { most: limits.unpaidLists().points })}</p>
    </Notice>
  )
  if (state === 'failed') {
    return (
      <PageShell title={t('failed')} back={{ href: '/invoices/unpaid', label: t('back') }}>
        {limited}
        <Card>
          <div className="stack">
            <p>{t('failedText', { format })}</p>
            <p className="actions">
              {format === 'pdf' && <ButtonLink href={askPath('csv')}>{t('asCsv')}</ButtonLink>}
              {again}
            </p>
          </div>
        </Card>
      </PageShell>
    )
  }
  if (state === 'ready') {
    const at = (when: Date) => formatInstant(when, locale, PORTAL_ZONE)
    return (
      <PageShell title={t('ready')} back={{ href: '/invoices/unpaid', label: t('back') }}>
        {limited}
        <Card>
          <div className="stack">
            <p>{t('readyText', { invoices, at: at(list.readyAt!), until: at(list.until) })}</p>
            <p className="actions">
              <ButtonLink href={`${listPath(id)}/file`} icon="down">
                {t('download', { format })}
              </ButtonLink>
              {again}
            </p>
          </div>
        </Card>
      </PageShell>
    )
  }
  return (
    <PageShell title={t('making')} back={{ href: '/invoices/unpaid', label: t('back') }}>
      <Watch seconds={RELOAD_SECONDS} mark={`${state} ${written}`} />
      <noscript>
        <meta httpEquiv="refresh" content={String(2 * RELOAD_SECONDS)} />
      </noscript>
      <Card>
        <div className="stack">
          <div role="status">
            <p id="written">{t('written', { written, invoices })}</p>
            <progress aria-labelledby="written" value={written} max={Math.max(invoices, 1)} />
          </div>
          {state === 'silent' ? (
            <Notice tone="wait">
              <p>{t('silent')}</p>
              <p>{again}</p>
            </Notice>
          ) : (
            <p className="text-muted">{t('wait')}</p>
          )}
        </div>
      </Card>
    </PageShell>
  )
}
