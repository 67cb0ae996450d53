'use client'
// Choosing invoices: the boxes, the live total of the chosen ones, and what the answer says.
import { useEffect, useRef, useState } from 'react'
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
import { InvoiceTable, type InvoiceTableProps } from './invoice-table.tsx'

/**
 * `totals`: minor units by invoice that can be paid. `most`: so many of them go into one payment. `again`: those checked at first,
 * where not the first of all. `note`: what waiting costs, and how one pays.
 */
export function PayForm({
  action,
  id,
  shown,
  initial,
  table,
  totals,
  most,
  again,
  pattern,
  language,
  note,
  labels,
  texts,
}: ShownForm & {
  action: FormAction
  table: HandedOver<InvoiceTableProps>
  totals: Record<string, number>
  most: number
  again?: string[]
  pattern: MoneyPattern
  language: string
  note: string
  labels: Record<'chosen' | 'payButton' | 'countAgain', string>
  texts: FormTexts
}) {
  const { state, pending, sendAgain, props } = useForm(action, initial, texts, id)
  const ids = Object.keys(totals)
  const rows = take(table)
  const { invoices } = state.values
  const atFirst = again ?? ids.slice(0, most)
  const kept = state.round === 0 && !invoices ? atFirst : ids.filter(id => invoices?.includes(id))
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
      <FieldNotes name="invoices" error={state.errors.find(({ field }) => field === 'invoices')?.text} />
      <KeptMarkup
        as="div"
        className="card"
        markup={rows && markupOf(<InvoiceTable table={rows} chosen={kept} />)}
        name="invoices"
      />
      <p className="text-sm text-muted">{note}</p>
      <div className="paybar">
        <Total totals={totals} kept={kept} pattern={pattern} labels={labels} language={language} />
        <Button icon="pay" name="intent" value="pay" aria-disabled={pending}>
          {labels.payButton}
        </Button>
      </div>
    </form>
  )
}

/**
 * How many are chosen, and their total: from the server at first, then following the boxes. Without a script a button counts them
 * anew; it stands in place of their number once the boxes are others than those counted (app/globals.css).
 */
function Total({
  totals,
  kept,
  pattern,
  labels,
  language,
}: {
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
      <small id="chosen">{fillText(labels.chosen, { count: chosen.length }, language)}</small>
      <noscript>
        <button type="submit" className="more" name="intent" value="total">
          {labels.countAgain}
        </button>
      </noscript>
      <output ref={output} aria-labelledby="chosen" name="total">
        {printMinor(total, pattern)}
      </output>
    </p>
  )
}
