// A form of lib/forms with its texts: label and hint of a field are its form's (`<name>.fields.<field>`), else those that
// all forms share (`fields.<field>`).
import { Fragment, type ReactNode } from 'react'
import type { Field, Fields, Form as FormOf } from '@/lib/forms/form.ts'
import type { ShownFor } from '@/lib/forms/shown.ts'
import type { FormFiles } from '@/lib/forms/state.ts'
import { getAnyTexts, getTranslations } from '@/lib/request/locale.ts'
import { showForm } from '@/lib/request/show-form.ts'
import { documentTexts } from './document-field.ts'
import type { Choice } from './form-field.tsx'
import { type FieldGroup, type FieldSpec, FormFields } from './form-fields.tsx'
import type { FormButton, FormLinks } from './form-parts.tsx'
import type { FormAction, FormTexts } from './use-form.ts'

/**
 * `shownFor`: what the form acts on, sealed into it. `values`: what its fields begin with, and the hidden ones hold.
 * `options`: of selects, picks and boxes whose choices are data. `labels`, `hints`: in place of a field's own. `kept`: files that it has
 * from before. `pictures`: below a field's hint,
 * by the value that its hint is of. `without`: fields that are not asked for. `beside`: of each but the page's
 * first form to type into, a name of its own. `buttons`: the first is the main one; `intent` where there are several. `tooLarge`: it came with files so
 * large that none of it was read. `calm`: that it cannot be done is no alarm. `focus`: the field to stand at when
 * it appears. `above`: the fields. `children`: below them. `below`: below the buttons; `drawn`: fields that either draws.
 */
export async function Form<F extends Fields>({
  form,
  action,
  shownFor,
  values = {},
  options = {},
  labels = {},
  hints = {},
  kept,
  pictures = {},
  without = [],
  beside,
  buttons,
  links,
  tooLarge,
  calm,
  focus,
  drawn = [],
  above,
  below,
  children,
}: {
  form: FormOf<F>
  action: FormAction
  shownFor?: ShownFor
  values?: { [N in keyof F]?: string }
  options?: { [N in keyof F]?: Choice[] }
  labels?: { [N in keyof F]?: ReactNode }
  hints?: { [N in keyof F]?: string }
  kept?: FormFiles['kept']
  pictures?: { [N in keyof F]?: Record<string, ReactNode> }
  without?: (keyof F)[]
  beside?: string
  buttons?: FormButton[]
  links?: FormLinks
  tooLarge?: boolean
  calm?: boolean
  focus?: keyof F
  drawn?: (keyof F)[]
  above?: ReactNode
  below?: ReactNode
  children?: ReactNode
}) {
  const text = await fieldTexts(form)
  const choices = (name: string, of: readonly string[]): Choice[] =>
    of.map(value => ({ value, label: text(name, `options.${value}`) ?? value }))
  const asked = Object.entries<Field>(form.fields).filter(
    ([name, { kind }]) => kind !== 'button' && ![...without, ...drawn].includes(name),
  )
  const specs = asked.map(([name, declared]): FieldSpec => {
    const none = { megabytes: undefined, passing: undefined, keptFrom: undefined }
    const { read, options: fixed, megabytes, passing, keptFrom, ...field } = { ...none, ...declared }
    const given = options[name] ?? (fixed && choices(name, fixed))
    const choose = field.kind === 'select' ? text(name, 'choose') : undefined
    const hintOf = ({ value }: Choice): [string, ReactNode] => [
      value,
      <Fragment key={value}>
        {text(name, `hints.${value}`) ?? text(name, 'hints.other')}
        {pictures[name]?.[value]}
      </Fragment>,
    ]
    return {
      ...field,
      name,
      autoFocus: name === focus || undefined,
      label: labels[name] ?? text(name, 'label') ?? '',
      hint: hints[name] ?? text(name, 'hint'),
      more: field.kind === 'picks' ? text(name, 'more') : undefined,
      hints: field.hintsBy ? Object.fromEntries((options[field.hintsBy] ?? []).map(hintOf)) : undefined,
      value: values[name],
      options: given && choose ? [{ value: '', label: choose }, ...given] : given,
    }
  })
  const begun = await showForm(form, shownFor, { without: without.map(String), tooLarge, beside, kept })
  const files = asked.map(([, field]) => field).find(field => field.kind === 'files')
  const hasPasswords = specs.some(({ type }) => type === 'password')
  const own = await getAnyTexts(form.name)
  const groups = Object.entries(form.groups ?? {}).map(
    ([group, rows]): FieldGroup => ({
      legend: own(`groups.${group}`),
      rows: rows.map(row => [row].flat().map(String)),
    }),
  )
  return (
    <FormFields
      {...begun}
      action={action}
      specs={specs}
      groups={groups}
      buttons={buttons ?? [{ label: own('submit') }]}
      links={links}
      reveal={hasPasswords ? (await getTranslations('form'))('reveal') : undefined}
      files={files && (await documentTexts(files))}
      texts={await formTexts()}
      calm={calm}
      above={above}
      below={below}
    >
      {children}
    </FormFields>
  )
}

/** What is said of a form's fields: `label`, `hint`. */
export async function fieldTexts({ name: form }: Pick<FormOf, 'name'>) {
  const own = await getAnyTexts(form)
  const shared = await getAnyTexts('fields')
  return (name: string, part: string): string | undefined => {
    if (own.has(`fields.${name}.${part}`)) return own(`fields.${name}.${part}`)
    return shared.has(`${name}.${part}`) ? shared(`${name}.${part}`) : undefined
  }
}

/** What every form in the browser may have to say. */
export async function formTexts(): Promise<FormTexts> {
  const t = await getTranslations('form')
  const errors = await getTranslations('errors')
  const busy = await getTranslations('busy')
  const uploads = await getTranslations('tooManyUploads')
  return {
    title: errors('title'),
    line: t('line'),
    failed: t('failed'),
    busy: busy('form'),
    uploads: uploads.raw('form'),
    again: t('again'),
  }
}
