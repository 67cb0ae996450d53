// What a form begins with when a page shows it.
import { cache } from 'react'
import { currentCustomer } from '../auth/guards.ts'
import type { Fields, Form } from '../forms/form.ts'
import { type ShownFor, sealShown } from '../forms/shown.ts'
import { type FormState, idle, MAIN_FORM } from '../forms/state.ts'
import { findOwnDraft } from './drafts.ts'
import { getTranslations } from './locale.ts'

/** Once a request. */
const pageForms = cache(() => ({ hasMain: false }))

/** `id`: of the page's first form. `shown`: for its hidden field. `initial`: with what was typed into it before, where it was not done. */
export async function showForm<F extends Fields>(
  form: Form<F>,
  shownFor: ShownFor = {},
): Promise<{ id: string | undefined; shown: string; initial: FormState }> {
  const page = pageForms()
  const id = page.hasMain ? undefined : MAIN_FORM
  page.hasMain = true
  const customer = await currentCustomer()
  const shown = sealShown(form, customer?.id ?? null, shownFor)
  const draft = await findOwnDraft(form, shownFor)
  if (!draft) return { id, shown, initial: idle }
  const t = await getTranslations('errors')
  const errors = draft.unsent ? [{ code: 'sendAgain', text: t('sendAgain') }] : []
  return { id, shown, initial: { ...idle, errors, values: draft.values } }
}
