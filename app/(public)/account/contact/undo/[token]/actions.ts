'use server'
// Takes a change of e-mail or phone back.
import { undoContactForm } from '@/lib/accounts/code-forms.ts'
import { undoContactChange } from '@/lib/accounts/contact.ts'
import { fail, ok } from '@/lib/platform/result.ts'
import { formAction } from '@/lib/request/form-action.ts'

export const undoAction = formAction(undoContactForm, {
  guard: async () => undefined,
  command: async ({ shownFor: { token = '' }, now }) => {
    const result = await undoContactChange(token, now)
    return !result.ok && result.code === 'conflict' ? fail('contactTaken') : ok(undefined)
  },
  // The page says what came of it.
  done: (_, { shownFor: { token = '' } }) => `/account/contact/undo/${encodeURIComponent(token)}`,
})
