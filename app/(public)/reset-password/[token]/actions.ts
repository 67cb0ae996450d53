'use server'
// Sets the new password; the token is checked again, and used up.
import { resetPasswordForm } from '@/lib/accounts/code-forms.ts'
import { resetPassword } from '@/lib/accounts/passwords.ts'
import { resetForCookie } from '@/lib/auth/sealed-cookie.ts'
import { ok } from '@/lib/platform/result.ts'
import { signInDevice } from '@/lib/request/device.ts'
import { formAction } from '@/lib/request/form-action.ts'

export const resetPasswordAction = formAction(resetPasswordForm, {
  guard: signInDevice,
  command: async ({ who, input, shownFor: { token = '' }, now }) => {
    const result = await resetPassword(token, input.newPassword, who, now)
    if (result.ok) return ok('/sign-in?reset')
    // Its page says that the link is no longer valid, and how to get another.
    return result.code === 'gone'
      ? ok(`/reset-password/${encodeURIComponent(token)}`)
      : { ok: false, code: result.code }
  },
  done: async page => {
    await resetForCookie.forget()
    return page
  },
})
