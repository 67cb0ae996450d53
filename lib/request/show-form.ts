// What a form begins with when a page shows it.
import { currentCustomer } from '../auth/guards.ts'
import { forgetDraftSoon, type Typed } from '../forms/drafts.ts'
import type { Field, Fields, Form } from '../forms/form.ts'
import { readFields, type Wrong } from '../forms/sent.ts'
import { type ShownFor, sealShown } from '../forms/shown.ts'
import { type FormFiles, type FormState, idle, KEPT_FILES_FIELD, MAIN_FORM } from '../forms/state.ts'
import { env } from '../platform/env.ts'
import { findOwnDrafts } from './drafts.ts'
import { formErrors } from './form-errors.ts'

/**
 * `without`: fields that are not asked for. `tooLarge`: it was sent with files so large that none of it was read
 * (lib/http/refusals.ts). `beside`: of a form that is not the page's first to type into, a name of its own there: which of a
 * page's forms is ready first is chance. `kept`: files that it has from before.
 */
type How = { without?: string[]; tooLarge?: boolean; beside?: string; kept?: FormFiles['kept'] }

/**
 * `id`: of the page's first form that something is typed into. `prefix`: of the ids of its fields. `shown`: for its hidden field.
 * `initial`: with what was typed into it before, where it was not done.
 */
export async function showForm<F extends Fields>(
  form: Form<F>,
  shownFor: ShownFor = {},
  { without = [], tooLarge = false, beside, kept = [] }: How = {},
): Promise<{ id: string | undefined; prefix: string; shown: string; initial: FormState }> {
  const isMain = beside === undefined && isTypedInto(form, without)
  const ids = { id: isMain ? MAIN_FORM : undefined, prefix: beside === undefined ? '' : `${beside}-` }
  const customer = await currentCustomer()
  const shown = sealShown(form, customer?.id ?? null, shownFor, without)
  const initial = await begin(form, shownFor, without, tooLarge)
  return { ...ids, shown, initial: kept.length > 0 ? { ...initial, files: { kept } } : initial }
}

const isTypedInto = ({ fields }: Form, without: string[]): boolean =>
  Object.entries(fields).some(
    ([name, { kind }]) => !without.includes(name) && !['hidden', 'button'].includes(kind),
  )

async function begin(
  form: Form,
  shownFor: ShownFor,
  without: string[],
  tooLarge: boolean,
): Promise<FormState> {
  const [draft] = await findOwnDrafts(form, shownFor)
  // One that waits is older than what could not be read.
  if (tooLarge && !draft?.isHere) {
    const [field, { megabytes }] = filesOf(form)
    const values = { megabytes: megabytes(), files: env().DOCUMENTS_PER_FORM }
    const wrong = { field, error: 'documentsTooLarge', values }
    return { ...idle, errors: await formErrors(form, [wrong]) }
  }
  if (!draft) return idle
  if (!draft.waits) await forgetDraftSoon(draft.id)
  const wrong = [
    ...(draft.unsent ? [{ error: 'sendAgain' }] : []),
    ...missing(form, draft),
    ...refused(form, draft, without),
  ]
  return { ...idle, errors: await formErrors(form, wrong), values: draft.values }
}

type FilesField = Extract<Field, { kind: 'files' }>

const filesOf = ({ fields }: Form): [string, FilesField] =>
  Object.entries(fields).find((one): one is [string, FilesField] => one[1].kind === 'files')!

/** What has to be given again, said once a kind. */
function missing({ fields }: Form, { left }: Typed): Wrong[] {
  const codes = left.flatMap(name => {
    const field = fields[name]
    if (name === KEPT_FILES_FIELD || field?.kind === 'files') return ['filesAgain']
    if (!field?.secret) return []
    return [field.type === 'password' ? 'passwordsAgain' : 'codesAgain']
  })
  return [...new Set(codes)].map(error => ({ error }))
}

/** What was said beside its fields, as they are now. */
function refused(form: Form, { refused, values, left }: Typed, without: string[]): Wrong[] {
  if (!refused) return []
  const read = readFields(form, { typed: new Map(Object.entries(values)), content: '' }, without)
  return read.ok ? [] : read.wrong.filter(({ field }) => !left.includes(field!))
}
