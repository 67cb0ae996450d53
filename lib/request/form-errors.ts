// The texts of what is wrong with a form, in the reader's language.
import type { Form } from '../forms/form.ts'
import type { Wrong } from '../forms/sent.ts'
import type { FormError } from '../forms/state.ts'
import { formatInstant } from '../i18n/formats.ts'
import { PORTAL_ZONE } from '../platform/dates.ts'
import { getAnyTexts, getLocale } from './locale.ts'

/**
 * A form's own texts, `<name>.errors.<code>`, go before those that all share. What is wrong with a field that nobody can see, or with a
 * button, is of the form as a whole: there is nothing to lead to.
 */
export async function formErrors(
  { name, fields }: Pick<Form, 'name' | 'fields'>,
  wrong: Wrong[],
): Promise<FormError[]> {
  const canBeSeen = (field: string) => !['hidden', 'button'].includes(fields[field]?.kind ?? '')
  if (wrong.length === 0) return []
  const own = await getAnyTexts(name)
  const shared = await getAnyTexts('errors')
  const locale = await getLocale()
  return wrong.map(({ field, error, values: given }) => {
    // An instant, as it was kept with the form's answer.
    const until = given?.until && formatInstant(new Date(given.until), locale, PORTAL_ZONE)
    const values = until ? { ...given, until } : given
    const text = own.has(`errors.${error}`) ? own(`errors.${error}`, values) : shared(error, values)
    return { field: field && canBeSeen(field) ? field : undefined, code: error, text }
  })
}
