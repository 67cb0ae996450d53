// The answer to a request: one form, so that whatever is pressed nothing written gets lost, without a script too.
import { Form } from '@/components/form.tsx'
import { SelectField } from '@/components/form-field.tsx'
import { Button } from '@/components/ui/button.tsx'
import { Card } from '@/components/ui/card.tsx'
import { moveForm } from '@/lib/cases/forms.ts'
import type { ShownCase } from '@/lib/cases/queries.ts'
import type { CaseMove } from '@/lib/cases/rules.ts'
import { casePath } from '@/lib/cases/schema.ts'
import { templates } from '@/lib/cases/templates.ts'
import { formatInstant } from '@/lib/i18n/formats.ts'
import { getLocale, getTranslations } from '@/lib/request/locale.ts'
import { moveAction } from './actions.ts'

/** The first that is open is amber: what can be made good goes before what cannot, and what staff write for staff is last. */
const BUTTONS = ['take', 'ask', 'reply', 'reject', 'accept', 'reopen', 'note'] as const satisfies CaseMove[]

export async function ReplyForm({
  one,
  done,
  tooLarge,
}: {
  one: ShownCase
  done: string
  tooLarge: boolean
}) {
  const { id, queue, open, history, colleagues } = one
  const t = await getTranslations('cases')
  const locale = await getLocale()
  const last = history.at(-1)!
  const handsOver = open.includes('handOver') && colleagues.length > 0
  return (
    <Card labelledBy="decide" title={t('reply.title')}>
      {/* Whoever was slower than somebody else reads here what happened meanwhile. */}
      <p>
        <small>
          {t('reply.last', {
            step: t(`events.${last.move}`),
            who: last.side === 'staff' ? (last.name ?? '') : t('customer'),
            at: formatInstant(new Date(last.at), locale, one.timeZone),
          })}
        </small>
      </p>
      <Form
        key={done}
        form={moveForm}
        action={moveAction}
        shownFor={{ case: id, seen: String(one.events) }}
        labels={{ note: t('reply.note', { language: one.language }) }}
        hints={{ note: t('reply.hint') }}
        without={handsOver ? ['chosen', 'confirmed'] : ['chosen', 'confirmed', 'handTo']}
        drawn={['handTo']}
        tooLarge={tooLarge}
        buttons={BUTTONS.filter(move => open.includes(move)).map((move, index) => ({
          label: t(`requestMoves.${move}`),
          intent: move,
          look: index === 0 ? 'primary' : 'secondary',
        }))}
        above={<Template of={casePath(queue, id)} />}
        below={<Elsewhere one={one} handsOver={handsOver} />}
      />
    </Card>
  )
}

/** A ready-made text, chosen before anything is written or added: files do not come along. `of`: the case's path. */
async function Template({ of }: { of: string }) {
  const t = await getTranslations('cases')
  return (
    <div className="field">
      <label htmlFor="template">{t('reply.template')}</label>
      <select id="template" name="template" className="input" defaultValue={templates[0]}>
        {templates.map(name => (
          <option key={name} value={name}>
            {t(`templates.${name}.name`)}
          </option>
        ))}
      </select>
      <button
        type="submit"
        formAction={`${of}/template`}
        formMethod="post"
        formEncType="application/x-www-form-urlencoded"
        formNoValidate
        className="more"
      >
        {t('reply.insert')}
      </button>
    </div>
  )
}

/** Who else may have it: nobody, or a colleague. */
async function Elsewhere({ one: { open, colleagues }, handsOver }: { one: ShownCase; handsOver: boolean }) {
  const t = await getTranslations('cases')
  return (
    <>
      {handsOver && (
        <details>
          <summary className="more">{t('reply.handOver')}</summary>
          <SelectField
            name="handTo"
            label={t('reply.colleague')}
            hint={t('reply.kept')}
            options={[
              { value: '', label: t('reply.choose') },
              ...colleagues.map(({ id, name }) => ({ value: id, label: name })),
            ]}
          />
          <p className="actions">
            <Button look="secondary" name="intent" value="handOver">
              {t('requestMoves.handOver')}
            </Button>
          </p>
        </details>
      )}
      {open.includes('release') && (
        <p className="actions">
          <Button look="link" name="intent" value="release">
            {t('requestMoves.release')}
          </Button>
        </p>
      )}
    </>
  )
}
