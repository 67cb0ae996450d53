// A queue: the cases that staff have to decide, and those that are decided; of a kind, a state, a biller, or looked for by number.

import { notFound } from 'next/navigation'
import { Form } from '@/components/form.tsx'
import { PageShell } from '@/components/page-shell.tsx'
import { Card } from '@/components/ui/card.tsx'
import { Icon } from '@/components/ui/icon.tsx'
import { Done } from '@/components/ui/notice.tsx'
import { requireStaff } from '@/lib/auth/guards.ts'
import { type Part, queueFilePath, queuePath, readChosen } from '@/lib/cases/chosen.ts'
import { searchForm } from '@/lib/cases/forms.ts'
import { kindsIn, textsOf } from '@/lib/cases/kinds.ts'
import {
  type Chosen,
  COUNTED,
  EXPORTED,
  isOfRequests,
  listCases,
  type QueueSummary,
  searchCases,
  summariseQueue,
} from '@/lib/cases/queue.ts'
import { casePath, decidedAs, parseId, shownNumber } from '@/lib/cases/schema.ts'
import { readSearch } from '@/lib/cases/search.ts'
import { clock } from '@/lib/platform/clock.ts'
import { getTranslations } from '@/lib/request/locale.ts'
import type { PageProps } from '@/lib/request/page-props.ts'
import { searchRequestsAction } from './actions.ts'
import { Filter } from './filter.tsx'
import { CaseTable } from './table.tsx'
import { Tiles } from './tiles.tsx'

type Query = 'done' | 'show' | 'kind' | 'state' | 'biller' | 'after' | 'type' | 'due' | 'mine' | 'search'

export default async function QueuePage({ params, searchParams }: PageProps<'queue', Query>) {
  const staff = await requireStaff()
  const { queue } = await params
  const kinds = kindsIn(queue)
  if (kinds.length === 0) notFound()
  const { done, after, search: asked, ...typed } = await searchParams
  const { part, chosen } = readChosen(queue, typed)
  const ofRequests = isOfRequests(queue)
  const search = ofRequests && typeof asked === 'string' ? readSearch(asked) : undefined
  const follows = parseId(after)
  const now = clock.now()
  const { cases, next } = search
    ? { cases: await searchCases(staff, queue, search, now), next: undefined }
    : await listCases(staff, queue, part, follows, now, chosen)
  const summary = ofRequests ? await summariseQueue(staff, queue, now) : undefined
  const t = await getTranslations('cases')
  const ofKind = await getTranslations('kinds')
  const ofQueue = `queues.${queue as 'registrations'}` as const
  const saved = kinds
    .flatMap(kind => decidedAs.map(state => ({ kind, state })))
    .find(({ kind, state }) => done === `${kind}-${state}`)
  // Whoever decided one goes on with the most pressing that nobody has.
  const following = cases.find(({ state }) => state === 'pending')
  const isFiltered = Object.values(chosen).some(Boolean)
  const nothing = part === 'open' ? t(`${ofQueue}.empty`) : t('noneDecided')
  const none = search ? t('search.none') : isFiltered ? t('filter.none') : nothing
  return (
    <PageShell title={t(`${ofQueue}.title`)} lead={t(`${ofQueue}.lead`)} wide>
      {saved && (
        <Done>
          <p>{ofKind(`${textsOf(saved.kind)}.done.${saved.state}`)}</p>
          {following && (
            <p>
              <a href={casePath(queue, following.id)}>
                {t('nextCase', {
                  name: ofKind(`${following.kind}.name`, { country: following.country }),
                  number: shownNumber(following),
                })}
              </a>
            </p>
          )}
        </Done>
      )}
      {summary && <Tiles queue={queue} summary={summary} />}
      <Card>
        {ofRequests && <Search search={search} />}
        {search ? (
          <p className="actions">
            <span>{t('search.found', { count: cases.length })}</span>
            <a href={queuePath(queue, 'open')}>{t('search.all')}</a>
          </p>
        ) : (
          <>
            <Parts queue={queue} part={part} chosen={chosen} summary={summary} />
            <Filter
              queue={queue}
              part={part}
              chosen={chosen}
              isOpen={[chosen.kind, chosen.state, chosen.biller].some(Boolean)}
              staff={staff}
            />
          </>
        )}
        {cases.length === 0 ? (
          <p>{none}</p>
        ) : (
          <CaseTable queue={queue} caption={t(search ? 'search.title' : `parts.${part}`)} cases={cases} />
        )}
        {(follows || next || (!search && cases.length > 0)) && (
          <p className="actions">
            {follows && <a href={queuePath(queue, part, chosen)}>{t('first')}</a>}
            {next && <a href={queuePath(queue, part, chosen, next)}>{t('following')}</a>}
            {!search && cases.length > 0 && (
              <a className="more" href={queueFilePath(queue, part, chosen)}>
                <Icon name="down" />
                {t('csv.link', { count: EXPORTED })}
              </a>
            )}
          </p>
        )}
      </Card>
    </PageShell>
  )
}

async function Search({ search }: { search: string | undefined }) {
  const t = await getTranslations('cases')
  const find = await getTranslations('findCustomer')
  return (
    // biome-ignore lint/a11y/useSemanticElements: old phones do not know the search element
    <div role="search" className="md:w-1/2">
      <Form
        form={searchForm}
        action={searchRequestsAction}
        values={{ search }}
        buttons={[{ label: t('search.submit'), look: 'secondary' }]}
        links={{ searchForm: [{ href: '/staff/customers', label: find('title') }] }}
      />
    </div>
  )
}

type PartsProps = { queue: string; part: Part; chosen: Chosen; summary: QueueSummary | undefined }

/** What is open, with how many; of each type; what is closed. */
async function Parts({ queue, part, chosen, summary }: PartsProps) {
  const t = await getTranslations('cases')
  const ofStaff = await getTranslations('staff')
  const figure = (count: number | undefined) => {
    if (count === undefined) return ''
    return ` ${count > COUNTED ? ofStaff('more', { count: COUNTED }) : count}`
  }
  const isAll = part === 'open' && !Object.values(chosen).some(Boolean)
  return (
    <nav aria-label={t('parts.label')} className="actions">
      <a href={queuePath(queue, 'open')} aria-current={isAll ? 'page' : undefined}>
        {t('parts.open')}
        {figure(summary?.all)}
      </a>
      {summary?.types.map(({ type, count }) => (
        <a
          key={type}
          href={queuePath(queue, 'open', { type })}
          aria-current={part === 'open' && chosen.type === type ? 'page' : undefined}
        >
          {t(`types.${type}`)}
          {figure(count)}
        </a>
      ))}
      <a href={queuePath(queue, 'decided')} aria-current={part === 'decided' ? 'page' : undefined}>
        {t('parts.decided')}
      </a>
    </nav>
  )
}
