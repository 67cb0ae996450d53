// A case, of whatever kind: what its form says beside the record, its documents, its history, and what may be done.

import type { ReactNode } from 'react'
import { CaseChip } from '@/components/case-chip.tsx'
import { DocumentList } from '@/components/document-list.tsx'
import { fieldTexts } from '@/components/form.tsx'
import { PageShell } from '@/components/page-shell.tsx'
import { Card } from '@/components/ui/card.tsx'
import { Chip } from '@/components/ui/chip.tsx'
import { Facts } from '@/components/ui/facts.tsx'
import { Icon, type IconName } from '@/components/ui/icon.tsx'
import { Table } from '@/components/ui/table.tsx'
import { refuseStaff, requireStaff } from '@/lib/auth/guards.ts'
import { queuePath } from '@/lib/cases/chosen.ts'
import { textsOf } from '@/lib/cases/kinds.ts'
import { getCase, type ShownCase } from '@/lib/cases/queries.ts'
import { parseId, shownNumber } from '@/lib/cases/schema.ts'
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
  const at = formatInstant(one.createdAt, await getLocale(), 'Europe/Belgrade')
  return (
    <PageShell
      title={ofKind(`${textsOf(one.kind)}.heading`, {
        title: one.title,
        number: shownNumber(one),
        name: ofKind(`${one.kind}.name`, { country: one.country }),
      })}
      back={{ href: queuePath(one.queue, 'open'), label: t('back') }}
      lead={
        <>
          <CaseChip state={one.state}>{t(`states.${one.state}`)}</CaseChip> {t('received', { at })} ·{' '}
          {t('columns.number')} <b className="code">{shownNumber(one)}</b>
        </>
      }
      wide
    >
      <div className="columns">
        <div>
          <Comparison one={one} />
          <Details one={one} />
          {one.documents.length > 0 && (
            <Card labelledBy="documents" title={t('documents')}>
              <DocumentList documents={one.documents} forStaff />
            </Card>
          )}
          <Card labelledBy="history" title={t('history')}>
            <History one={one} />
          </Card>
        </div>
        <MoveForm one={one} />
      </div>
    </PageShell>
  )
}

/** What differs is marked by a word. */
async function Comparison({ one: { kind, country, compared } }: { one: ShownCase }) {
  const t = await getTranslations('cases')
  const ofKind = await getTranslations('kinds')
  const say = await sayOf(kind)
  // On a phone the two stand below each other.
  const side = (of: 'claimed' | 'recorded', value: ReactNode) => (
    <>
      <span className="text-muted sm:hidden">{t(`compare.${of}`)}: </span>
      {value}
    </>
  )
  return (
    <Card labelledBy="compared" title={t('compare.title')}>
      <Table
        caption={t('compare.title')}
        columns={[
          { key: 'what', label: t('compare.what'), hiddenLabel: true },
          { key: 'claimed', label: t('compare.claimed'), place: 'sub' },
          { key: 'recorded', label: t('compare.recorded'), place: 'sub' },
          { key: 'match', label: t('compare.match'), hiddenLabel: true, amount: true },
        ]}
        rows={compared.map(({ label, claimed, recorded, agrees }) => ({
          id: label,
          cells: {
            what: ofKind(`${textsOf(kind)}.compared.${label}` as 'request.compared.meter', { country }),
            claimed: side('claimed', claimed),
            recorded: side('recorded', typeof recorded === 'string' ? recorded : say(recorded)),
            match: <Match agrees={agrees} />,
          },
        }))}
      />
      <small>{t('compare.seen')}</small>
    </Card>
  )
}

async function Match({ agrees }: { agrees: boolean | undefined }) {
  const t = await getTranslations('cases')
  if (agrees === undefined) return <small>{t('compare.unknown')}</small>
  return <Chip tone={agrees ? 'good' : 'bad'}>{t(agrees ? 'compare.agrees' : 'compare.differs')}</Chip>
}

async function Details({ one }: { one: ShownCase }) {
  const t = await getTranslations('cases')
  const ofKind = await getTranslations('kinds')
  const say = await sayOf(one.kind)
  const text = await fieldTexts(one.form)
  const said = one.said.map(({ field, value }) => ({
    label: text(field, 'label') ?? field,
    value: field === 'biller' ? one.biller : (value ?? t('none')),
  }))
  const found = one.facts.map(({ label, value }) => ({
    label: ofKind(`${textsOf(one.kind)}.facts.${label}` as 'business.facts.account'),
    value: typeof value === 'string' ? value : say(value),
  }))
  return (
    <Card labelledBy="details" title={t('details')}>
      <Facts columns={1} facts={[...said, ...found]} />
    </Card>
  )
}

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
}

/** The latest first. */
async function History({ one }: { one: ShownCase }) {
  const t = await getTranslations('cases')
  const locale = await getLocale()
  return (
    <ol className="timeline">
      {one.history.toReversed().map(({ move, side, name, note, at }) => (
        <li key={at}>
          <Icon name={ICONS[move]} />
          <b>{t(`events.${move}`)}</b>
          <small>
            {[
              side === 'staff' ? name : t('owner'),
              formatInstant(new Date(at), locale, 'Europe/Belgrade'),
            ].join(' · ')}
          </small>
          {note && <p className="wrap-anywhere">{note}</p>}
        </li>
      ))}
    </ol>
  )
}
