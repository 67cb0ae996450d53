'use server'
// Checks identifier and password and begins a session, or sends on to the code.
import { signInForm } from '@/lib/accounts/forms.ts'
import { pageAfterSignIn, signInWithPassword } from '@/lib/accounts/sign-in.ts'
import { enterSession } from '@/lib/auth/enter.ts'
import { registrationCookie, signInCookie } from '@/lib/auth/sealed-cookie.ts'
import { withWayBack } from '@/lib/platform/paths.ts'
import { fail } from '@/lib/platform/result.ts'
import { signInDevice } from '@/lib/request/device.ts'
import { formAction } from '@/lib/request/form-action.ts'

export const signInAction = formAction(signInForm, {
  guard: signInDevice,
  command: async ({ who, input: { identifier, password }, now }) => {
    const result = await signInWithPassword(identifier, password, who, now)
    return !result.ok && result.code === 'wrong' ? fail('wrongSignIn') : result
  },
  done: async (value, { input: { to } }) => {
    if ('waiting' in value) {
      await signInCookie.remember(value.waiting)
      return withWayBack('/sign-in/code', to)
    }
    if ('registration' in value) {
      await registrationCookie.remember(value.registration)
      return '/register/verify'
    }
    await enterSession(value.sessionId)
    return pageAfterSignIn(value, to)
  },
})
