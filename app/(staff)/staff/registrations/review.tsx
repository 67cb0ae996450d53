// What the pages of a dispute and of a business share: documents, how far it is, and the form that decides.
import type { ReactNode } from 'react'
import { ActionForm, type FormAction, type FormFieldSpec } from '@/components/action-form.tsx'
import { DocumentList } from '@/components/document-list.tsx'
import { Card } from '@/components/ui/card.tsx'
import { Facts } from '@/components/ui/facts.tsx'
import { Notice } from '@/components/ui/notice.tsx'
import type { Staff } from '@/lib/auth/staff.ts'
import { isDecided, mayMove, openMoves, type ReviewState } from '@/lib/cases/rules.ts'
import type { ReviewKind } from '@/lib/cases/schema.ts'
import type { ShownDocument } from '@/lib/files/queries.ts'
import { formatInstant } from '@/lib/i18n/formats.ts'
import { texts } from '@/lib/i18n/texts.ts'
import { getLocale, getTranslations } from '@/lib/request/locale.ts'

export type Progress = {
  state: ReviewState
  createdAt: Date
  takenBy: string | null
  decidedBy: string | null
  decisionNote: string | null
}

export async function ProgressCard({ progress }: { progress: Progress }) {
  const t = await getTranslations('staffRegistrations')
  const locale = await getLocale()
  const { state, createdAt, takenBy, decidedBy, decisionNote } = progress
  return (
    <Card labelledBy="progress">
      <h2 id="progress" className="mb-2">
        {t('request')}
      </h2>
      <Facts
        facts={[
          { label: t('state'), value: t(`states.${state}`) },
          { label: t('received'), value: formatInstant(createdAt, locale, 'Europe/Belgrade') },
          ...(takenBy ? [{ label: t('takenBy'), value: takenBy }] : []),
          ...(decidedBy ? [{ label: t('decidedBy'), value: decidedBy }] : []),
          ...(decisionNote ? [{ label: t('decision'), value: decisionNote }] : []),
        ]}
      />
    </Card>
  )
}

export async function DocumentsCard({ documents }: { documents: ShownDocument[] }) {
  const t = await getTranslations('staffRegistrations')
  return (
    <Card labelledBy="documents">
      <h2 id="documents" className="mb-2">
        {t('documents')}
      </h2>
      <DocumentList documents={documents} forStaff />
    </Card>
  )
}

/** `boxes`: what is chosen before it is granted; `choice`: what is said above them. */
export async function ReviewForm({
  staff,
  kind,
  state,
  action,
  boxes = [],
  choice,
}: {
  staff: Staff
  kind: ReviewKind
  state: ReviewState
  action: FormAction
  boxes?: FormFieldSpec[]
  choice?: ReactNode
}) {
  if (isDecided(state)) return null
  const t = await getTranslations('staffRegistrations')
  const errors = await getTranslations('errors')
  const decides = mayMove(kind, 'grant', staff.role)
  const moves = openMoves(kind, state, staff.role)
  const note: FormFieldSpec = {
    kind: 'textarea',
    name: 'note',
    label: t('answer'),
    hint: t('answerHint'),
    maxLength: 1000,
  }
  return (
    <Card labelledBy="decide">
      <h2 id="decide" className="mb-3">
        {t('decide')}
      </h2>
      <div className="space-y-4">
        {decides ? choice : <Notice>{t('supervisor')}</Notice>}
        {moves.length > 0 && (
          <ActionForm
            action={action}
            errorTitle={errors('title')}
            errorTexts={texts(errors, [
              'tooLong',
              'noteRequired',
              'moved',
              'chooseAccount',
              'confirmClosing',
              'underWay',
              'staffAccount',
            ])}
            fields={decides ? [...boxes, note] : []}
            buttons={moves.map((move, index) => ({
              label: t(`moves.${move}`),
              intent: move,
              look: move === 'refuse' ? 'danger' : index === 0 ? 'primary' : 'secondary',
            }))}
          />
        )}
      </div>
    </Card>
  )
}
