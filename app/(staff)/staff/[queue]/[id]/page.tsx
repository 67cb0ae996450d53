// A case, of whatever kind: what its form says beside the record, its documents, its history, and what may be done.

import { DocumentList } from '@/components/document-list.tsx'
import { fieldTexts } from '@/components/form.tsx'
import { PageShell } from '@/components/page-shell.tsx'
import { Card } from '@/components/ui/card.tsx'
import { Facts } from '@/components/ui/facts.tsx'
import { Done, Notice } from '@/components/ui/notice.tsx'
import { refuseStaff, requireStaff } from '@/lib/auth/guards.ts'
import { queuePath } from '@/lib/cases/chosen.ts'
import { textsOf } from '@/lib/cases/kinds.ts'
import { getCase, type ShownCase } from '@/lib/cases/queries.ts'
import { isOfRequests } from '@/lib/cases/queue.ts'
import { parseId, shownNumber } from '@/lib/cases/schema.ts'
import { isUnmasked } from '@/lib/cases/unmasking.ts'
import { atStart } from '@/lib/i18n/formats.ts'
import { clock } from '@/lib/platform/clock.ts'
import { getTranslations } from '@/lib/request/locale.ts'
import type { PageProps } from '@/lib/request/page-props.ts'
import { Follow } from '../../customers/look.tsx'
import { Comparison } from './comparison.tsx'
import { Lead } from './deadline.tsx'
import { MoveForm } from './form.tsx'
import { History } from './history.tsx'
import { sayOf } from './words.ts'

/** What the page says was done. */
const SAID = ['file', 'take', 'release', 'handOver', 'ask', 'reply', 'note', 'reopen', 'revoke'] as const

export default async function CasePage({
  params,
  searchParams,
}: PageProps<'queue' | 'id', 'done' | 'unmasked' | 'tooLarge'>) {
  const staff = await requireStaff()
  const { queue, id: typed } = await params
  const id = parseId(typed)
  const { done = '', unmasked, tooLarge } = await searchParams
  const now = clock.now()
  const one = id && (await getCase(staff, queue, id, now, isUnmasked(unmasked, staff.id, id, now)))
  if (!one) return refuseStaff(staff, id && `case:${id}`)
  const t = await getTranslations('cases')
  const ofKind = await getTranslations('kinds')
  const made = SAID.find(move => String(done).startsWith(`${move}-`))
  return (
    <PageShell
      title={atStart(
        ofKind(`${textsOf(one.kind)}.heading`, {
          title: one.title,
          number: shownNumber(one),
          name: ofKind(`${one.kind}.name`, { country: one.country }),
        }),
      )}
      back={{ href: queuePath(one.queue, 'open'), label: t('back') }}
      lead={<Lead one={one} />}
      wide
    >
      {made && <Done>{t(`done.${made}`)}</Done>}
      {one.viewers.map(({ name, minutes }) => (
        <Notice key={name}>{t('viewer', { name, minutes })}</Notice>
      ))}
      <div className="columns">
        <div>
          {one.compared.length > 0 && <Comparison one={one} />}
          <Details one={one} />
          {one.documents.length > 0 && (
            <Card labelledBy="documents" title={t('documents')}>
              <DocumentList documents={one.documents} forStaff />
            </Card>
          )}
          <Card labelledBy="history" title={t(isOfRequests(queue) ? 'conversation' : 'history')}>
            <History one={one} />
          </Card>
        </div>
        <MoveForm one={one} done={String(done)} tooLarge={tooLarge !== undefined} />
      </div>
    </PageShell>
  )
}

async function Details({ one }: { one: ShownCase }) {
  const t = await getTranslations('cases')
  const ofKind = await getTranslations('kinds')
  const say = await sayOf(one.kind)
  const ofLook = await getTranslations('look')
  const text = await fieldTexts(one.form)
  const said = one.said.map(({ field, value }) => ({
    label: text(field, 'label') ?? field,
    value: field === 'biller' ? one.biller : (value ?? t('none')),
    prose: field === 'note' && value !== null,
  }))
  const found = one.facts.map(({ label, value, href }) => {
    const text = typeof value === 'string' ? value : say(value)
    return {
      label: ofKind(`${textsOf(one.kind)}.facts.${label}` as 'business.facts.account'),
      value: href ? <a href={href}>{text}</a> : text,
      prose: label === 'note' || label === 'effect',
    }
  })
  return (
    <Card labelledBy="details" title={t('details')}>
      <Facts columns={1} facts={[...said, ...found]} />
      {(one.contractId !== null || one.accountId !== null) && (
        <Follow
          from={{ case: one.id }}
          label={ofLook(one.contractId === null ? 'follow.customer' : 'follow.contract')}
        />
      )}
    </Card>
  )
}
