// The cases of a queue: of requests by kind and legal deadline, of others by name and when they came.
import type { ReactNode } from 'react'
import { CaseChip } from '@/components/case-chip.tsx'
import { Chip } from '@/components/ui/chip.tsx'
import { type Column, Table } from '@/components/ui/table.tsx'
import { deadlineShort, publicState } from '@/lib/cases/deadline-words.ts'
import { isOfRequests, type ListedCase } from '@/lib/cases/queue.ts'
import { isDecided } from '@/lib/cases/rules.ts'
import { casePath, shownNumber } from '@/lib/cases/schema.ts'
import { formatDay } from '@/lib/i18n/formats.ts'
import type { Locale } from '@/lib/i18n/locale.ts'
import { dayIn, PORTAL_ZONE } from '@/lib/platform/dates.ts'
import { getLocale, getTranslations } from '@/lib/request/locale.ts'

type Props = { queue: string; caption: string; cases: ListedCase[] }

export async function CaseTable({ queue, caption, cases }: Props) {
  const ofRequests = isOfRequests(queue)
  const t = await getTranslations('cases')
  const ofKind = await getTranslations('kinds')
  const locale = await getLocale()
  const columns: (Column | false)[] = [
    !ofRequests && { key: 'name', label: t('columns.name') },
    { key: 'kind', label: t('columns.kind'), place: ofRequests ? undefined : 'sub' },
    { key: 'number', label: t('columns.number'), place: ofRequests ? 'tablet' : 'sub' },
    ofRequests && { key: 'client', label: t('columns.client'), place: 'sub' },
    !ofRequests && { key: 'about', label: t('columns.about'), place: 'tablet' },
    { key: 'takenBy', label: t('columns.takenBy'), place: 'desktop' },
    { key: 'state', label: t('columns.state'), place: 'status' },
    { key: 'when', label: t(ofRequests ? 'columns.due' : 'columns.received'), amount: true },
  ]
  const rows = await Promise.all(
    cases.map(async one => {
      const kind = ofKind(`${one.kind}.name`, { country: one.country })
      const received = formatDay(dayIn(PORTAL_ZONE, one.createdAt), locale)
      const link = (text: string) => (
        <a href={casePath(queue, one.id)} className="inline-block first-letter:uppercase">
          {text}
        </a>
      )
      const cells: Record<string, ReactNode> = {
        name: link(one.title),
        kind: ofRequests ? link(kind) : kind,
        client: one.title,
        number: (
          <>
            <span className="code">{shownNumber(one)}</span>
            {ofRequests && <small> {one.biller}</small>}
          </>
        ),
        about: (
          <>
            {one.biller} <span className="code">{one.about}</span>
          </>
        ),
        takenBy: one.takenBy ?? '–',
        state: await stateOf(one),
        when: ofRequests ? dueWords(one, locale) : received,
      }
      return { id: one.id, cells }
    }),
  )
  return <Table caption={caption} columns={columns.filter(column => column !== false)} rows={rows} />
}

async function stateOf(one: ListedCase): Promise<ReactNode> {
  const t = await getTranslations('cases')
  if (publicState(one) === 'late')
    return <Chip tone="bad">{(await getTranslations('requests'))('states.late')}</Chip>
  if (one.answered) return <CaseChip state="pending">{t('answered')}</CaseChip>
  const word = isOfRequests(one.queue) && isDecided(one.state) ? 'requestStates' : 'states'
  return <CaseChip state={one.state}>{t(`${word}.${one.state as 'accepted'}`)}</CaseChip>
}

/** What its owner reads of it. */
function dueWords(one: ListedCase, locale: Locale): ReactNode {
  const words = deadlineShort({ ...one, biller: one }, locale)
  return one.deadline && !one.deadline.isStopped ? <b>{words}</b> : words || '–'
}
