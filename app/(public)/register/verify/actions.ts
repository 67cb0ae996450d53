'use server'
// Checks the code, and sends another: of the registration that the page was shown for.
import { resendCodeForm, verifyForm } from '@/lib/accounts/code-forms.ts'
import { resendCode, verifyRegistration } from '@/lib/accounts/registration.ts'
import { enterSession } from '@/lib/auth/enter.ts'
import { registrationCookie } from '@/lib/auth/sealed-cookie.ts'
import { signInDevice } from '@/lib/request/device.ts'
import { formAction } from '@/lib/request/form-action.ts'

export const verifyAction = formAction(verifyForm, {
  guard: signInDevice,
  command: ({ who, input, shownFor, now }) =>
    verifyRegistration(shownFor.registration!, input.code, who, now),
  done: async (sessionId, { shownFor }) => {
    // Somebody else may be registering in this browser by now.
    if ((await registrationCookie.read()) === shownFor.registration) await registrationCookie.forget()
    await enterSession(sessionId)
    return '/contracts'
  },
})

export const resendAction = formAction(resendCodeForm, {
  guard: async () => undefined,
  command: ({ input: { phone }, shownFor, now }) => resendCode(shownFor.registration!, phone, now),
  done: () => '/register/verify?sent',
})
