'use server'
// Lets an e-mail address count.
import { verifyEmailForm } from '@/lib/accounts/code-forms.ts'
import { verifyEmail } from '@/lib/accounts/email-verification.ts'
import { fail, ok } from '@/lib/platform/result.ts'
import { formAction } from '@/lib/request/form-action.ts'

export const verifyEmailAction = formAction(verifyEmailForm, {
  guard: async () => undefined,
  command: async ({ shownFor: { token = '' }, now }) => {
    const result = await verifyEmail(token, now)
    return !result.ok && result.code === 'conflict' ? fail('emailTaken') : ok(undefined)
  },
  // The page says what came of it.
  done: (_, { shownFor: { token = '' } }) => `/account/contact/verify/${encodeURIComponent(token)}`,
})
