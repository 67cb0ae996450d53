// What staff may do with a case: a button a move, what is chosen with it, and a note to the owner.
import { ActionForm, type FormFieldSpec } from '@/components/action-form.tsx'
import { Card } from '@/components/ui/card.tsx'
import { Notice } from '@/components/ui/notice.tsx'
import type { ShownCase } from '@/lib/cases/queries.ts'
import { isDecided } from '@/lib/cases/rules.ts'
import { texts } from '@/lib/i18n/texts.ts'
import { getTranslations } from '@/lib/request/locale.ts'
import { moveAction } from './actions.ts'
import { sayOf } from './words.ts'

export async function MoveForm({ one }: { one: ShownCase }) {
  const { id, queue, kind, state, open, choices } = one
  if (isDecided(state) && open.length === 0) return null
  const t = await getTranslations('cases')
  const ofKind = await getTranslations('kinds')
  const errors = await getTranslations('errors')
  const say = await sayOf(kind)
  const decides = open.includes('accept')
  const boxes = (choices ?? []).flatMap(({ value, label, details, confirm }): FormFieldSpec[] => [
    {
      kind: 'box',
      name: 'chosen',
      value,
      label: (
        <>
          {say(label)}
          {details.map(say).map(detail => (
            <strong key={detail} className="block">
              {detail}
            </strong>
          ))}
        </>
      ),
    },
    {
      kind: 'box',
      name: 'confirmed',
      value,
      follows: `chosen=${value}`,
      onError: 'confirmClosing',
      label: say(confirm),
    },
  ])
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
        {!decides && !isDecided(state) && <Notice>{t('supervisor')}</Notice>}
        {choices && (
          <>
            <h3>{ofKind(`${kind}.choices.title` as 'dispute.choices.title')}</h3>
            <p>
              {ofKind(`${kind}.choices.${choices.length > 0 ? 'hint' : 'none'}` as 'dispute.choices.hint')}
            </p>
          </>
        )}
        {open.length > 0 && (
          <ActionForm
            action={moveAction.bind(null, queue, id)}
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
            buttons={open.map((move, index) => ({
              label: t(`moves.${move as 'take'}`),
              intent: move,
              look: move === 'reject' ? 'danger' : index === 0 ? 'primary' : 'secondary',
            }))}
          />
        )}
      </div>
    </Card>
  )
}
