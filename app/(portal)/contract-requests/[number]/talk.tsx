// The conversation and every step of a request, the latest first; what staff wrote for staff is not among them.
import type { ReactNode } from 'react'
import { StepDocuments } from '@/components/document-list.tsx'
import { Card } from '@/components/ui/card.tsx'
import { Icon, type IconName } from '@/components/ui/icon.tsx'
import { changedWords } from '@/lib/cases/answer-words.ts'
import type { ShownRequest } from '@/lib/cases/request-queries.ts'
import { formatInstant } from '@/lib/i18n/formats.ts'
import type { Locale } from '@/lib/i18n/locale.ts'
import { translator } from '@/lib/i18n/translator.ts'

type Step = ShownRequest['history'][number]

const ICONS: Record<Exclude<Step['move'], 'note' | 'handOver' | 'revoke'>, IconName> = {
  file: 'request',
  take: 'person',
  ask: 'help',
  answer: 'mail',
  accept: 'check',
  reject: 'no',
  reopen: 'back',
  release: 'wait',
  reply: 'mail',
  write: 'mail',
  amend: 'pen',
  withdraw: 'back',
}

/** `children`: below it, where one writes on. */
export function Talk({ one, locale, children }: { one: ShownRequest; locale: Locale; children?: ReactNode }) {
  const t = translator(locale, 'requests')
  return (
    <Card labelledBy="talk" title={t('talk')}>
      <ol className="timeline">
        {one.history
          .map((step, index) => (
            <TalkStep
              key={step.number}
              one={one}
              step={step}
              before={one.history.slice(0, index).findLast(({ answers }) => answers)}
              locale={locale}
            />
          ))
          .reverse()}
      </ol>
      {children}
    </Card>
  )
}

/** `before`: the step that said what this one may have changed. */
function TalkStep({
  one,
  step,
  before,
  locale,
}: {
  one: ShownRequest
  step: Step
  before: Step | undefined
  locale: Locale
}) {
  const t = translator(locale, 'requests')
  const { number, move, side, by, note, at, documents, answers } = step
  const { isOwn, biller } = one
  // Who is not its owner is told what happened, not that they did it.
  const title = isOwn ? t(`steps.${move as 'file'}`, { biller: biller.name }) : ofStaff(move, locale)
  const who =
    side === 'staff'
      ? [biller.name, by].filter(Boolean).join(', ')
      : isOwn
        ? t('you')
        : translator(locale, 'cases')('owner')
  const words = move === 'file' ? answers?.note : note
  const changed = before?.answers && answers ? changedWords(before.answers, answers, one, locale) : []
  return (
    <li>
      <Icon name={ICONS[move as 'file']} />
      <b>{title}</b>
      <small>
        {[
          who,
          formatInstant(new Date(at), locale, biller.timeZone),
          // Its owner has them by name.
          !isOwn && documents > 0 && t('documents', { count: documents }),
        ]
          .filter(Boolean)
          .join(' · ')}
      </small>
      {changed.map(one => (
        <p key={one} className="wrap-anywhere">
          {one}
        </p>
      ))}
      {words && <p className="whitespace-pre-line wrap-anywhere">{words}</p>}
      <StepDocuments documents={one.documents.filter(({ event }) => event === number)} />
    </li>
  )
}

const ofStaff = (move: Step['move'], locale: Locale) => translator(locale, 'cases')(`events.${move}`)
