// A queue: the cases that staff have to decide, and those that are decided; of a kind, a state, a biller.

import { notFound } from 'next/navigation'
import { CaseChip } from '@/components/case-chip.tsx'
import { PageShell } from '@/components/page-shell.tsx'
import { Card } from '@/components/ui/card.tsx'
import { Done } from '@/components/ui/notice.tsx'
import { Table } from '@/components/ui/table.tsx'
import { requireStaff } from '@/lib/auth/guards.ts'
import { queuePath, readChosen } from '@/lib/cases/chosen.ts'
import { kindsIn, textsOf } from '@/lib/cases/kinds.ts'
import { listCases } from '@/lib/cases/queries.ts'
import { casePath, decidedAs, parseId, shownNumber } from '@/lib/cases/schema.ts'
import { formatDay } from '@/lib/i18n/formats.ts'
import { clock } from '@/lib/platform/clock.ts'
import { dayIn } from '@/lib/platform/dates.ts'
import { getLocale, getTranslations } from '@/lib/request/locale.ts'
import type { PageProps } from '@/lib/request/page-props.ts'
import { Filter } from './filter.tsx'

type Cases = Awaited<ReturnType<typeof listCases>>['cases']

export default async function QueuePage({
  params,
  searchParams,
}: PageProps<'queue', 'done' | 'show' | 'kind' | 'state' | 'biller' | 'after'>) {
  const staff = await requireStaff()
  const { queue } = await params
  const kinds = kindsIn(queue)
  if (kinds.length === 0) notFound()
  const { done, after, ...typed } = await searchParams
  const { part, chosen } = readChosen(queue, typed)
  const follows = parseId(after)
  const { cases, next } = await listCases(staff, queue, part, follows, clock.now(), chosen)
  const t = await getTranslations('cases')
  const ofKind = await getTranslations('kinds')
  const ofQueue = `queues.${queue as 'registrations'}` as const
  const saved = kinds
    .flatMap(kind => decidedAs.map(state => ({ kind, state })))
    .find(({ kind, state }) => done === `${kind}-${state}`)
  const isFiltered = Object.values(chosen).some(Boolean)
  const nothing = part === 'open' ? t(`${ofQueue}.empty`) : t('noneDecided')
  return (
    <PageShell title={t(`${ofQueue}.title`)} lead={t(`${ofQueue}.lead`)} wide>
      {saved && <Done>{ofKind(`${textsOf(saved.kind)}.done.${saved.state}`)}</Done>}
      <Card>
        <nav aria-label={t('parts.label')} className="actions">
          {(['open', 'decided'] as const).map(each => (
            <a key={each} href={queuePath(queue, each)} aria-current={each === part ? 'page' : undefined}>
              {t(`parts.${each}`)}
            </a>
          ))}
        </nav>
        <Filter queue={queue} part={part} chosen={chosen} isOpen={isFiltered} staff={staff} />
        {cases.length === 0 ? (
          <p>{isFiltered ? t('filter.none') : nothing}</p>
        ) : (
          <CaseTable queue={queue} caption={t(`parts.${part}`)} cases={cases} />
        )}
        {(follows || next) && (
          <p className="actions">
            {follows && <a href={queuePath(queue, part, chosen)}>{t('first')}</a>}
            {next && <a href={queuePath(queue, part, chosen, next)}>{t('following')}</a>}
          </p>
        )}
      </Card>
    </PageShell>
  )
}

async function CaseTable({ queue, caption, cases }: { queue: string; caption: string; cases: Cases }) {
  const t = await getTranslations('cases')
  const ofKind = await getTranslations('kinds')
  const locale = await getLocale()
  return (
    <Table
      caption={caption}
      columns={[
        { key: 'name', label: t('columns.name') },
        { key: 'kind', label: t('columns.kind'), place: 'sub' },
        { key: 'number', label: t('columns.number'), place: 'sub' },
        { key: 'about', label: t('columns.about'), place: 'tablet' },
        { key: 'takenBy', label: t('columns.takenBy'), place: 'desktop' },
        { key: 'state', label: t('columns.state'), place: 'status' },
        { key: 'received', label: t('columns.received'), amount: true },
      ]}
      rows={cases.map(one => ({
        id: one.id,
        cells: {
          name: <a href={casePath(queue, one.id)}>{one.title}</a>,
          kind: ofKind(`${one.kind}.name`, { country: one.country }),
          number: <span className="code">{shownNumber(one)}</span>,
          about: (
            <>
              {one.biller} <span className="code">{one.about}</span>
            </>
          ),
          takenBy: one.takenBy ?? '–',
          state: <CaseChip state={one.state}>{t(`states.${one.state}`)}</CaseChip>,
          received: formatDay(dayIn('Europe/Belgrade', one.createdAt), locale),
        },
      }))}
    />
  )
}
