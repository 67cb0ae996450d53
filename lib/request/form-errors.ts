// The texts of what is wrong with a form, in the reader's language.
import type { Form } from '../forms/form.ts'
import type { Wrong } from '../forms/sent.ts'
import type { FormError } from '../forms/state.ts'
import { formatInstant } from '../i18n/formats.ts'
import { PORTAL_ZONE } from '../platform/dates.ts'
import { getAnyTexts, getLocale } from './locale.ts'

/** A form's own texts, `<name>.errors.<code>`, go before those that all share. */
export async function formErrors({ name }: Pick<Form, 'name'>, wrong: Wrong[]): Promise<FormError[]> {
  if (wrong.length === 0) return []
  const own = await getAnyTexts(name)
  const shared = await getAnyTexts('errors')
  const locale = await getLocale()
  return wrong.map(({ field, error, values: given }) => {
    // An instant, as it was kept with the form's answer.
    const until = given?.until && formatInstant(new Date(given.until), locale, PORTAL_ZONE)
    const values = until ? { ...given, until } : given
    const text = own.has(`errors.${error}`) ? own(`errors.${error}`, values) : shared(error, values)
    return { field, code: error, text }
  })
}
