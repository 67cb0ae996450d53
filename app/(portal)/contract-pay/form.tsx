'use client'
// Choosing invoices: the boxes, the live total of the chosen ones, and what the answer says.
import { type MouseEvent, useEffect, useRef, useState } from 'react'
import { ErrorSummary } from '@/components/error-summary.tsx'
import { FieldNotes } from '@/components/form-field.tsx'
import { KeptMarkup } from '@/components/kept-markup.tsx'
import { SendAgain } from '@/components/send-again.tsx'
import { markupOf } from '@/components/static-markup.ts'
import { Button } from '@/components/ui/button.tsx'
import { type FormAction, type FormTexts, type ShownForm, useForm } from '@/components/use-form.ts'
import { SHOWN_FIELD } from '@/lib/forms/state.ts'
import { fillText } from '@/lib/i18n/texts.ts'
import { type HandedOver, take } from '@/lib/platform/handed-over.ts'
import { type MoneyPattern, printMinor } from '@/lib/platform/money.ts'
import { Bills, type ContractBills } from './bills.tsx'

/**
 * `bills`: of one contract, or of several of one biller. `prefix`: tells it from the other forms of the page. `totals`: minor units by
 * invoice that can be paid. `most`: so many of them go into one payment. `again`: those checked at first, where not the first of all.
 * `overdue`: those that a button chooses, and another one pays at once; none where that is all or nothing. `note`: what waiting costs,
 * and how one pays. `stopped`: why nobody can pay now, in place of the button.
 */
export function PayForm({
  action,
  id,
  prefix = '',
  shown,
  initial,
  bills,
  totals,
  most,
  again,
  overdue = [],
  isSecond = false,
  pattern,
  language,
  note,
  stopped,
  labels,
  texts,
}: ShownForm & {
  action: FormAction
  prefix?: string
  bills: HandedOver<ContractBills[]>
  totals: Record<string, number>
  most: number
  again?: string[]
  overdue?: string[]
  isSecond?: boolean
  pattern: MoneyPattern
  language: string
  note: string
  stopped?: string
  labels: PayLabels
  texts: FormTexts
}) {
  const { state, pending, sendAgain, props } = useForm(action, initial, texts, id)
  const ids = Object.keys(totals)
  const contracts = take(bills)
  const { invoices, intent } = state.values
  const atFirst = again ?? ids.slice(0, most)
  // Asked for without a script.
  const isOverdueAlone = intent?.at(-1) === 'overdue'
  const kept = isOverdueAlone
    ? overdue
    : state.round === 0 && !invoices
      ? atFirst
      : ids.filter(id => invoices?.includes(id))
  const errors = state.errors.map(({ field, text }) => ({
    text,
    field: field === 'invoices' ? `invoice-${ids[0]}` : undefined,
  }))
  return (
    <form {...props} data-scripted className="stack">
      <ErrorSummary title={texts.title} errors={errors} round={state.round}>
        <SendAgain send={sendAgain} label={texts.again} />
      </ErrorSummary>
      <input type="hidden" name={SHOWN_FIELD} value={shown} readOnly />
      <input type="hidden" name="intent" value="pay" readOnly />
      <input type="hidden" name="totals" value={ids.map(id => `${id}:${totals[id]}`).join(',')} readOnly />
      <FieldNotes
        name={`${prefix}invoices`}
        error={state.errors.find(({ field }) => field === 'invoices')?.text}
      />
      {overdue.length > 0 && (
        <Overdue ids={overdue} labels={labels} pending={pending} isStopped={stopped !== undefined} />
      )}
      <KeptMarkup
        as="div"
        className="stack"
        markup={contracts && markupOf(<Bills contracts={contracts} chosen={kept} />)}
        name={`${prefix}invoices`}
      />
      <p className="text-sm text-muted">{note}</p>
      <div className={stopped ? 'paybar flex-wrap' : 'paybar'}>
        <Total
          prefix={prefix}
          totals={totals}
          kept={kept}
          pattern={pattern}
          labels={labels}
          language={language}
        />
        {stopped ? (
          <span className="grow basis-64 text-sm md:text-right">{stopped}</span>
        ) : (
          <Button
            icon="pay"
            look={isSecond ? 'secondary' : 'primary'}
            name="intent"
            value="pay"
            aria-disabled={pending}
          >
            {labels.payButton}
          </Button>
        )}
      </div>
    </form>
  )
}

type PayLabels = Record<'chosen' | 'payButton' | 'countAgain', string> &
  Partial<Record<'overdue' | 'payOverdue', string>>

/** Chooses only what is overdue, or pays it at once whatever is chosen. */
function Overdue({
  ids,
  labels,
  pending,
  isStopped,
}: {
  ids: string[]
  labels: PayLabels
  pending: boolean
  isStopped: boolean
}) {
  const choose = (event: MouseEvent<HTMLButtonElement>) => {
    const { form } = event.currentTarget
    event.preventDefault()
    for (const box of form!.querySelectorAll<HTMLInputElement>('[name=invoices]'))
      box.checked = ids.includes(box.value)
    form!.dispatchEvent(new Event('change'))
  }
  return (
    <p className="actions print:hidden">
      <input type="hidden" name="overdue" value={ids.join(',')} readOnly />
      <Button look="link" name="intent" value="overdue" onClick={choose}>
        {labels.overdue}
      </Button>
      {!isStopped && (
        <Button look="link" name="intent" value="payOverdue" aria-disabled={pending}>
          {labels.payOverdue}
        </Button>
      )}
    </p>
  )
}

/**
 * How many are chosen, and their total: from the server at first, then following the boxes. Without a script a button counts them
 * anew; it stands in place of their number once the boxes are others than those counted (app/globals.css).
 */
function Total({
  prefix,
  totals,
  kept,
  pattern,
  labels,
  language,
}: {
  prefix: string
  totals: Record<string, number>
  kept: readonly string[]
  pattern: MoneyPattern
  labels: Record<'chosen' | 'countAgain', string>
  language: string
}) {
  const output = useRef<HTMLOutputElement>(null)
  const [chosen, setChosen] = useState(kept)
  useEffect(() => {
    const { form } = output.current!
    const follow = () => setChosen(new FormData(form!).getAll('invoices').map(String))
    // A browser that goes back restores the boxes without telling.
    follow()
    form!.addEventListener('change', follow)
    return () => form!.removeEventListener('change', follow)
  }, [])
  const total = chosen.reduce((sum, id) => sum + (totals[id] ?? 0), 0)
  return (
    <p>
      <small id={`${prefix}chosen`}>{fillText(labels.chosen, { count: chosen.length }, language)}</small>
      <noscript>
        <button type="submit" className="more" name="intent" value="total">
          {labels.countAgain}
        </button>
      </noscript>
      <output ref={output} aria-labelledby={`${prefix}chosen`} name="total">
        {printMinor(total, pattern)}
      </output>
    </p>
  )
}
