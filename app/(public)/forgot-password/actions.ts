'use server'
// Begins a reset, always with the same answer; and takes the code of an SMS, in the browser that asked for it.
import { forgotPasswordForm, resetCodeForm } from '@/lib/accounts/code-forms.ts'
import { identifierKey } from '@/lib/accounts/identify.ts'
import { checkResetCode, requestPasswordReset } from '@/lib/accounts/passwords.ts'
import { isSmsBudgetSpent } from '@/lib/accounts/sms-limits.ts'
import { resetCookie, resetForCookie } from '@/lib/auth/sealed-cookie.ts'
import { fail } from '@/lib/platform/result.ts'
import { ownDevice } from '@/lib/request/device.ts'
import { formAction } from '@/lib/request/form-action.ts'

export const requestResetAction = formAction(forgotPasswordForm, {
  guard: ownDevice,
  command: ({ who, input }) => requestPasswordReset(input.identifier, who),
  done: async (resetId, { input }) => {
    await resetCookie.remember(resetId)
    await resetForCookie.remember(input.identifier)
    // Of the whole portal, and so nothing about this account.
    if (await isSmsBudgetSpent()) return '/forgot-password?sent&noSms'
    // What was typed, not what was found: a number's code comes by SMS.
    return identifierKey(input.identifier).column === 'phone'
      ? '/forgot-password?sent=sms'
      : '/forgot-password?sent'
  },
})

export const checkCodeAction = formAction(resetCodeForm, {
  guard: async () => undefined,
  // Five tries each, and few of an account: to count them by address would let strangers there use up each other's.
  command: async ({ input, shownFor, now }) =>
    shownFor.reset ? checkResetCode(shownFor.reset, input.code, now) : fail('codeWrong'),
  done: token => `/reset-password/${token}`,
})
