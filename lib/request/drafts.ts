// The form that this browser still has to send: kept when it could not be done, found by the page that shows it anew.
import { currentCustomer } from '../auth/guards.ts'
import { draftCookie } from '../auth/sealed-cookie.ts'
import { type Draft, findDraft, keepDraft } from '../forms/drafts.ts'
import type { Form } from '../forms/form.ts'
import { openShown, type ShownFor } from '../forms/shown.ts'
import { limits } from '../platform/limits.ts'
import { countTry } from '../platform/rate-limits.ts'
import { requestDevice } from './device.ts'

/** The form that a route handler was sent; an empty one where it is none. */
export const sentForm = (request: Request): Promise<FormData> =>
  request.formData().catch(() => new FormData())

/** Keeps what was typed into a form of ours for the page that it is of; of too many nothing is kept. */
export async function leaveDraft(sent: FormData, { unsent }: { unsent: boolean }): Promise<void> {
  const shown = openShown(sent)
  if (!shown) return
  const { address } = await requestDevice()
  if ((await countTry(limits.drafts(), { address })) > 0) return
  await draftCookie.remember(await keepDraft(shown, sent, unsent))
}

/** The draft of this form, shown for the same thing to the same account. */
export async function findOwnDraft(form: Form, shownFor: ShownFor): Promise<Draft | undefined> {
  const id = await draftCookie.read()
  const draft = id ? await findDraft(id) : undefined
  if (draft?.name !== form.name || !sameFor(draft.for, shownFor)) return undefined
  if (draft.account !== null && draft.account !== (await currentCustomer())?.id) return undefined
  return draft
}

const sameFor = (a: ShownFor, b: ShownFor): boolean =>
  Object.keys({ ...a, ...b }).every(name => a[name] === b[name])

/** After the form was done; another one's draft stays, as where somebody had to sign in first. */
export async function forgetDraft(form: Form, shownFor: ShownFor): Promise<void> {
  if (await findOwnDraft(form, shownFor)) await draftCookie.forget()
}
