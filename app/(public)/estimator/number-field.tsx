// A number of the form, with its label, its error and what was typed.
import { FieldNotes } from '@/components/form-field.tsx'
import { type Asked, boundsOfUse, type Mistake } from '@/lib/estimator/address.ts'
import { BOUNDS } from '@/lib/estimator/schema.ts'
import { typedDecimal } from '@/lib/i18n/formats.ts'
import type { Locale } from '@/lib/i18n/locale.ts'
import { translator } from '@/lib/i18n/translator.ts'
import { fieldLabel, mistakeText } from './mistakes.ts'

/** `row`: of which appliance; none: of the whole form. `hint`: below the label. */
export function NumberField({
  name,
  row,
  hint,
  asked,
  locale,
}: {
  name: Mistake['field']
  row?: number
  hint?: string
  asked: Asked
  locale: Locale
}) {
  const t = translator(locale, 'estimator')
  const appliance = row === undefined ? undefined : asked.appliances[row]
  const id = row === undefined ? name : `${name}-${row}`
  const mistake = asked.mistakes.find(mistake => mistake.field === name && mistake.row === row)
  const error = mistake && mistakeText(mistake, locale)
  const bounds = name === 'use' ? boundsOfUse(appliance!.kind) : BOUNDS[name]
  const typed = typedIn(asked, name, row)
  const described = [hint && `${id}-hint`, error && `${id}-error`].filter(Boolean).join(' ')
  return (
    <div className={error ? 'field invalid' : 'field'}>
      <label htmlFor={id}>
        {appliance && <span className="sr-only">{`${t(`kinds.${appliance.kind}`)}: `}</span>}
        {fieldLabel(name, appliance?.kind, locale)}
      </label>
      <FieldNotes name={id} hint={hint} error={error} />
      <input
        id={id}
        name={name}
        className={appliance ? 'input' : 'input short'}
        inputMode={bounds.decimals === 0 ? 'numeric' : 'decimal'}
        autoComplete="off"
        maxLength={20}
        defaultValue={error ? typed : typedDecimal(typed, locale)}
        aria-describedby={described || undefined}
        aria-invalid={error ? true : undefined}
      />
    </div>
  )
}

function typedIn(asked: Asked, name: Mistake['field'], row: number | undefined): string {
  return name === 'day' || name === 'power' ? asked[name] : asked.appliances[row!]![name]
}
