'use server'
// Takes a registration and sends the code.
import { registerForm } from '@/lib/accounts/forms.ts'
import { register } from '@/lib/accounts/registration.ts'
import { registrationCookie } from '@/lib/auth/sealed-cookie.ts'
import { limits } from '@/lib/platform/limits.ts'
import { requestDevice } from '@/lib/request/device.ts'
import { formAction } from '@/lib/request/form-action.ts'
import { getLocale } from '@/lib/request/locale.ts'

export const registerAction = formAction(registerForm, {
  guard: requestDevice,
  limit: async ({ who: { address } }) => [[limits.registrations(), { address }]],
  command: async ({ input, now }) => register(input, await getLocale(), now),
  done: async id => {
    await registrationCookie.remember(id)
    return '/register/verify'
  },
})
