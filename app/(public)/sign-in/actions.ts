'use server'
// Checks identifier and password and begins a session, or sends on to the code.
import { redirect } from 'next/navigation'
import { signInInput } from '@/lib/accounts/schema.ts'
import { pageAfterSignIn, signInWithPassword } from '@/lib/accounts/sign-in.ts'
import { enterSession } from '@/lib/auth/enter.ts'
import { registrationCookie, signInCookie } from '@/lib/auth/sealed-cookie.ts'
import { type FormState, invalid, parseForm } from '@/lib/platform/action.ts'
import { clock } from '@/lib/platform/clock.ts'
import { withWayBack } from '@/lib/platform/paths.ts'
import { signInDevice } from '@/lib/request/device.ts'

export async function signInAction(_: FormState, form: FormData): Promise<FormState> {
  const input = parseForm(signInInput, form)
  if (!input.ok) {
    // A password too long to be anybody's is a wrong one; the form tells no more than that.
    return input.state.fieldErrors.password === 'passwordRule'
      ? invalid(form, { formError: 'wrongSignIn' })
      : input.state
  }
  const { identifier, password, to } = input.value
  const result = await signInWithPassword(identifier, password, await signInDevice(), clock.now())
  if (!result.ok) {
    if (result.code === 'wrong') return invalid(form, { formError: 'wrongSignIn' })
    return invalid(form, { formError: 'wait', errorValues: { minutes: Math.ceil(result.seconds / 60) } })
  }
  if ('waiting' in result.value) {
    await signInCookie.remember(result.value.waiting)
    redirect(withWayBack('/sign-in/code', to))
  }
  if ('registration' in result.value) {
    await registrationCookie.remember(result.value.registration)
    redirect('/register/verify')
  }
  await enterSession(result.value.sessionId)
  redirect(pageAfterSignIn(result.value, to))
}
