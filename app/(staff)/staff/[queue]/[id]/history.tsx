// The steps of a case: what was done and written, by whom, when.

import { StepDocuments } from '@/components/document-list.tsx'
import { Icon, type IconName } from '@/components/ui/icon.tsx'
import type { ShownCase } from '@/lib/cases/queries.ts'
import { isOfRequests } from '@/lib/cases/queue.ts'
import { insideMoves } from '@/lib/cases/rules.ts'
import { formatInstant } from '@/lib/i18n/formats.ts'
import { PORTAL_ZONE } from '@/lib/platform/dates.ts'
import { getLocale, getTranslations } from '@/lib/request/locale.ts'

const ICONS: Record<ShownCase['history'][number]['move'], IconName> = {
  file: 'request',
  take: 'search',
  ask: 'help',
  answer: 'mail',
  accept: 'check',
  reject: 'no',
  reopen: 'back',
  release: 'back',
  handOver: 'person',
  reply: 'mail',
  note: 'pen',
  write: 'mail',
  amend: 'pen',
  withdraw: 'back',
  revoke: 'no',
}

const isInside = (move: string) => insideMoves.some(inside => inside === move)

/** The latest first, with who else reads it. */
export async function History({ one }: { one: ShownCase }) {
  const t = await getTranslations('cases')
  const locale = await getLocale()
  const ofRequests = isOfRequests(one.queue)
  return (
    <ol className="timeline">
      {one.history.toReversed().map(({ number, move, side, name, note, at }) => (
        <li key={number}>
          <Icon name={ICONS[move]} />
          <b>{t(`events.${move}`)}</b>
          <small>
            {[
              side === 'staff' ? name : t(side === 'portal' ? 'portal' : ofRequests ? 'customer' : 'owner'),
              formatInstant(new Date(at), locale, PORTAL_ZONE),
              ofRequests && side === 'staff' && t(isInside(move) ? 'forStaff' : 'forCustomer'),
            ]
              .filter(Boolean)
              .join(' · ')}
          </small>
          {note && <p className="wrap-anywhere">{note}</p>}
          {ofRequests && <StepDocuments documents={one.documents.filter(({ event }) => event === number)} />}
        </li>
      ))}
    </ol>
  )
}
