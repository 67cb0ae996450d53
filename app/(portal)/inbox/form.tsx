'use client'
// Choosing messages: the boxes, what is done with the chosen ones, and what the answer says.
import { ErrorSummary } from '@/components/error-summary.tsx'
import { Buttons, type FormButton } from '@/components/form-parts.tsx'
import { SendAgain } from '@/components/send-again.tsx'
import { type FormAction, type FormTexts, type ShownForm, useForm } from '@/components/use-form.ts'
import { SHOWN_FIELD } from '@/lib/forms/state.ts'
import { type NoticeRow, NoticeRows } from './rows.tsx'

/** `until`: when the page was made. */
type InboxFormProps = ShownForm & {
  action: FormAction
  until: string
  rows: NoticeRow[]
  buttons: FormButton[]
  texts: FormTexts
}

export function InboxForm({ action, id, shown, initial, until, rows, buttons, texts }: InboxFormProps) {
  const { state, pending, sendAgain, props } = useForm(action, initial, texts, id)
  const errors = state.errors.map(({ field, text }) => ({ field, text }))
  return (
    <form {...props} data-scripted className="stack">
      <ErrorSummary title={texts.title} errors={errors} round={state.round}>
        <SendAgain send={sendAgain} label={texts.again} />
      </ErrorSummary>
      <input type="hidden" name={SHOWN_FIELD} value={shown} readOnly />
      <input type="hidden" name="until" value={until} readOnly />
      <input type="hidden" name="intent" value={buttons[0]!.intent} readOnly />
      <Buttons buttons={buttons} pending={pending} />
      <div className="card">
        <NoticeRows rows={rows} chosen={state.values.notices ?? []} />
      </div>
    </form>
  )
}
