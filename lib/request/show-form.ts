// What a form begins with when a page shows it.
import { cache } from 'react'
import { currentCustomer } from '../auth/guards.ts'
import type { Fields, Form } from '../forms/form.ts'
import { type ShownFor, sealShown } from '../forms/shown.ts'
import { type FormState, idle, MAIN_FORM } from '../forms/state.ts'
import { findOwnDraft } from './drafts.ts'
import { getTranslations } from './locale.ts'

/** Once a request. */
const pageForms = cache(() => ({ shown: 0 }))

/** `id`: of the page's first form. `prefix`: of the ids of its fields. `shown`: for its hidden field. `initial`: with what was typed into it before, where it was not done. */
export async function showForm<F extends Fields>(
  form: Form<F>,
  shownFor: ShownFor = {},
  without: string[] = [],
): Promise<{ id: string | undefined; prefix: string; shown: string; initial: FormState }> {
  const page = pageForms()
  page.shown += 1
  const isFirst = page.shown === 1
  const ids = { id: isFirst ? MAIN_FORM : undefined, prefix: isFirst ? '' : `form-${page.shown}-` }
  const customer = await currentCustomer()
  const shown = sealShown(form, customer?.id ?? null, shownFor, without)
  const draft = await findOwnDraft(form, shownFor)
  if (!draft) return { ...ids, shown, initial: idle }
  const t = await getTranslations('errors')
  const errors = draft.unsent ? [{ code: 'sendAgain', text: t('sendAgain') }] : []
  return { ...ids, shown, initial: { ...idle, errors, values: draft.values } }
}
