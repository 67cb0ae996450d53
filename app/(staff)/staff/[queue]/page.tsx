// A queue: the cases that staff have to decide, and those that are decided.

import { notFound } from 'next/navigation'
import { PageShell } from '@/components/page-shell.tsx'
import { Card } from '@/components/ui/card.tsx'
import { Done } from '@/components/ui/notice.tsx'
import { Table } from '@/components/ui/table.tsx'
import { requireStaff } from '@/lib/auth/guards.ts'
import { kindsIn } from '@/lib/cases/kinds.ts'
import { listCases } from '@/lib/cases/queries.ts'
import { casePath, decidedAs, parseId } from '@/lib/cases/schema.ts'
import { formatInstant } from '@/lib/i18n/formats.ts'
import { clock } from '@/lib/platform/clock.ts'
import { getLocale, getTranslations } from '@/lib/request/locale.ts'
import type { PageProps } from '@/lib/request/page-props.ts'

export default async function QueuePage({
  params,
  searchParams,
}: PageProps<'queue', 'done' | 'show' | 'after'>) {
  const staff = await requireStaff()
  const { queue } = await params
  const kinds = kindsIn(queue)
  if (kinds.length === 0) notFound()
  const { done, show, after } = await searchParams
  const part = show === 'decided' ? 'decided' : 'open'
  const address = { open: `/staff/${queue}`, decided: `/staff/${queue}?show=decided` } as const
  const { cases, next } = await listCases(staff, queue, part, parseId(after), clock.now())
  const t = await getTranslations('cases')
  const ofKind = await getTranslations('kinds')
  const locale = await getLocale()
  const ofQueue = `queues.${queue as 'registrations'}` as const
  const saved = kinds
    .flatMap(kind => decidedAs.map(state => ({ kind, state })))
    .find(({ kind, state }) => done === `${kind}-${state}`)
  return (
    <PageShell title={t(`${ofQueue}.title`)} lead={t(`${ofQueue}.lead`)} wide>
      {saved && <Done>{ofKind(`${saved.kind}.done.${saved.state}`)}</Done>}
      <nav aria-label={t('parts.label')} className="flex gap-6">
        {(['open', 'decided'] as const).map(each => (
          <a key={each} href={address[each]} aria-current={each === part ? 'page' : undefined}>
            {t(`parts.${each}`)}
          </a>
        ))}
      </nav>
      {cases.length === 0 ? (
        <p>{part === 'open' ? t(`${ofQueue}.empty`) : t('noneDecided')}</p>
      ) : (
        <Card>
          <Table
            caption={t(`parts.${part}`)}
            columns={(['name', 'kind', 'about', 'received', 'state'] as const).map(key => ({
              key,
              label: t(`columns.${key}`),
            }))}
            rows={cases.map(one => ({
              id: one.id,
              cells: {
                name: <a href={casePath(queue, one.id)}>{one.title}</a>,
                kind: ofKind(`${one.kind}.name`),
                about: `${one.biller} ${one.about}`,
                received: formatInstant(one.createdAt, locale, 'Europe/Belgrade'),
                state: t(`states.${one.state}`),
              },
            }))}
          />
        </Card>
      )}
      {(after || next) && (
        <p className="flex flex-wrap gap-6">
          {after && <a href={address[part]}>{t('first')}</a>}
          {next && (
            <a href={`/staff/${queue}?${new URLSearchParams({ show: part, after: next })}`}>
              {t('following')}
            </a>
          )}
        </p>
      )}
    </PageShell>
  )
}
