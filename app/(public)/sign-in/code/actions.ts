'use server'
// Checks the code of the app, or a recovery code, and begins the session.
import { redirect } from 'next/navigation'
import { signInCodeInput } from '@/lib/accounts/schema.ts'
import { pageAfterSignIn, signInWithCode } from '@/lib/accounts/sign-in.ts'
import { enterSession } from '@/lib/auth/enter.ts'
import { recoveryCodeInput } from '@/lib/auth/schema.ts'
import { signInCookie } from '@/lib/auth/sealed-cookie.ts'
import { type FormState, invalid, parseForm } from '@/lib/platform/action.ts'
import { clock } from '@/lib/platform/clock.ts'
import { withWayBack } from '@/lib/platform/paths.ts'
import { signInDevice } from '@/lib/request/device.ts'

export async function signInCodeAction(_: FormState, form: FormData): Promise<FormState> {
  const input = parseForm(signInCodeInput, form)
  if (!input.ok) return input.state
  return enter(form, input.value.code, input.value.to, { code: 'appCodeWrong' })
}

export async function signInRecoveryAction(_: FormState, form: FormData): Promise<FormState> {
  const input = parseForm(recoveryCodeInput, form)
  if (!input.ok) return input.state
  return enter(form, input.value.recoveryCode, input.value.to, { recoveryCode: 'recoveryCodeWrong' })
}

/** `to`: where to go then. `wrong`: what the form says of a code that is not right. */
async function enter(
  form: FormData,
  code: string,
  to: string,
  wrong: Record<string, string>,
): Promise<FormState> {
  const waiting = await signInCookie.read()
  if (!waiting) redirect(withWayBack('/sign-in?expired', to))
  const result = await signInWithCode(waiting, code, await signInDevice(), clock.now())
  if (!result.ok) {
    if (result.code === 'wrong') return invalid(form, { fieldErrors: wrong })
    if (result.code === 'wait') {
      return invalid(form, { formError: 'wait', errorValues: { minutes: Math.ceil(result.seconds / 60) } })
    }
    if (result.code === 'secondStepUnreadable') return invalid(form, { formError: result.code })
    await signInCookie.forget()
    redirect(withWayBack('/sign-in?expired', to))
  }
  await signInCookie.forget()
  await enterSession(result.value.sessionId)
  redirect(pageAfterSignIn(result.value, to))
}
