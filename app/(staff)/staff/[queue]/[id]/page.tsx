// A case, of whatever kind: what its form says, its documents, its history, and what may be done.

import { DocumentList } from '@/components/document-list.tsx'
import { fieldTexts } from '@/components/form.tsx'
import { PageShell } from '@/components/page-shell.tsx'
import { Card } from '@/components/ui/card.tsx'
import { Facts } from '@/components/ui/facts.tsx'
import { refuseStaff, requireStaff } from '@/lib/auth/guards.ts'
import { getCase } from '@/lib/cases/queries.ts'
import { parseId } from '@/lib/cases/schema.ts'
import { formatInstant } from '@/lib/i18n/formats.ts'
import { clock } from '@/lib/platform/clock.ts'
import { getLocale, getTranslations } from '@/lib/request/locale.ts'
import type { PageProps } from '@/lib/request/page-props.ts'
import { MoveForm } from './form.tsx'
import { sayOf } from './words.ts'

export default async function CasePage({ params }: PageProps<'queue' | 'id'>) {
  const staff = await requireStaff()
  const { queue, id: typed } = await params
  const id = parseId(typed)
  const one = id && (await getCase(staff, queue, id, clock.now()))
  if (!one) return refuseStaff(staff, id && `case:${id}`)
  const t = await getTranslations('cases')
  const ofKind = await getTranslations('kinds')
  const locale = await getLocale()
  const say = await sayOf(one.kind)
  const text = await fieldTexts(one.form)
  const said = one.said.map(({ field, value }) => ({
    label: text(field, 'label') ?? field,
    value: field === 'biller' ? one.biller : (value ?? t('none')),
  }))
  const found = one.facts.map(({ label, value }) => ({
    label: ofKind(`${one.kind}.facts.${label}` as 'dispute.facts.holder'),
    value: typeof value === 'string' ? value : say(value),
  }))
  return (
    <PageShell
      title={ofKind(`${one.kind}.heading`, { title: one.title })}
      back={{ href: `/staff/${one.queue}`, label: t('back') }}
    >
      <Card labelledBy="details" title={t('details')}>
        <Facts facts={[{ label: t('columns.state'), value: t(`states.${one.state}`) }, ...said, ...found]} />
      </Card>
      <Card labelledBy="documents" title={t('documents')}>
        <DocumentList documents={one.documents} forStaff />
      </Card>
      <Card labelledBy="history" title={t('history')}>
        <ol className="space-y-3">
          {one.history.map(({ move, side, name, note, at }) => (
            <li key={at}>
              {t(`events.${move}`)}
              <span className="block text-sm text-muted">
                {[
                  side === 'staff' ? name : t('owner'),
                  formatInstant(new Date(at), locale, 'Europe/Belgrade'),
                ].join(' · ')}
              </span>
              {note && <p className="wrap-anywhere">{note}</p>}
            </li>
          ))}
        </ol>
      </Card>
      <MoveForm one={one} />
    </PageShell>
  )
}
