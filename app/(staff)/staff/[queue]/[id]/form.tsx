// What staff may do with a case: a button a move, what is chosen with it, and a note to the owner.
import { Form } from '@/components/form.tsx'
import { Card } from '@/components/ui/card.tsx'
import { Notice } from '@/components/ui/notice.tsx'
import { moveForm } from '@/lib/cases/forms.ts'
import { textsOf } from '@/lib/cases/kinds.ts'
import type { ShownCase } from '@/lib/cases/queries.ts'
import { isOfRequests } from '@/lib/cases/queue.ts'
import { type CaseMove, isDecided } from '@/lib/cases/rules.ts'
import { getTranslations } from '@/lib/request/locale.ts'
import { moveAction } from './actions.ts'
import { ReplyForm } from './reply.tsx'
import { sayOf } from './words.ts'

/** The amber button, which Enter presses too, is the first of those open: what can be made good afterwards goes before what cannot. */
const SAFEST_FIRST: CaseMove[] = ['take', 'ask', 'reject', 'reopen', 'accept', 'revoke']
/** Where nothing differs from the record there is nothing to ask. */
const ACCEPT_FIRST: CaseMove[] = ['accept', 'take', 'ask', 'reject', 'reopen', 'revoke']

/**
 * `done`: what the address says was done, so that what was written then is not there any more. `tooLarge`: it came with files so
 * large that none of it was read.
 */
export async function MoveForm({ one, done, tooLarge }: { one: ShownCase; done: string; tooLarge: boolean }) {
  const { id, kind, state, open, choices = [] } = one
  const t = await getTranslations('cases')
  // Who decided at the same moment as somebody else, and was too late, reads it here: their form is gone.
  if (isDecided(state) && open.length === 0) return <Notice live>{t('closed')}</Notice>
  if (isOfRequests(one.queue)) return <ReplyForm one={one} done={done} tooLarge={tooLarge} />
  const ofKind = await getTranslations('kinds')
  const say = await sayOf(kind)
  const decides = open.includes('accept')
  const title = one.choices && ofKind(`${textsOf(kind)}.choices.title` as 'dispute.choices.title')
  const chosen = choices.map(({ value, label, details }) => ({
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
  }))
  return (
    <Card labelledBy="decide" title={t('decide')}>
      <div className="stack">
        {!decides && !isDecided(state) && <Notice>{t(one.filedByThem ? 'another' : 'supervisor')}</Notice>}
        {title && (
          <>
            {choices.length === 0 && <h3>{title}</h3>}
            <p>
              {ofKind(
                `${textsOf(kind)}.choices.${choices.length > 0 ? 'hint' : 'none'}` as 'dispute.choices.hint',
              )}
            </p>
          </>
        )}
        {open.length > 0 && (
          <Form
            form={moveForm}
            action={moveAction}
            shownFor={{ case: id, seen: String(one.events) }}
            labels={{ chosen: title, ...(!one.isRead && { note: t('inside.label') }) }}
            hints={one.isRead ? {} : { note: t('inside.hint') }}
            options={{
              chosen,
              confirmed: choices.map(({ value, confirm }) => ({ value, label: say(confirm) })),
            }}
            without={
              open.every(move => move === 'take')
                ? ['note', 'documents', 'chosen', 'confirmed', 'handTo']
                : ['documents', 'handTo']
            }
            buttons={(one.isClear ? ACCEPT_FIRST : SAFEST_FIRST)
              .filter(move => open.includes(move))
              .map((move, index) => ({
                label: t(`moves.${move as 'take'}`),
                intent: move,
                look:
                  move === 'revoke' || (move === 'accept' && choices.length > 0)
                    ? 'danger'
                    : index === 0
                      ? 'primary'
                      : 'secondary',
              }))}
          />
        )}
      </div>
    </Card>
  )
}
