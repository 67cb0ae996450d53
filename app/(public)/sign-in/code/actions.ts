'use server'
// Checks the code of the app, or a recovery code, and begins the session.
import { redirect } from 'next/navigation'
import { codeInput } from '@/lib/accounts/schema.ts'
import { landingPage, signInWithCode } from '@/lib/accounts/sign-in.ts'
import { signInDevice } from '@/lib/auth/device-cookie.ts'
import { enterSession } from '@/lib/auth/enter.ts'
import { recoveryCodeInput } from '@/lib/auth/schema.ts'
import { signInCookie } from '@/lib/auth/sealed-cookie.ts'
import { type FormState, invalid, parseForm } from '@/lib/platform/action.ts'
import { clock } from '@/lib/platform/clock.ts'

export async function signInCodeAction(_: FormState, form: FormData): Promise<FormState> {
  const input = parseForm(codeInput, form)
  return input.ok ? enter(form, input.value.code, { code: 'appCodeWrong' }) : input.state
}

export async function signInRecoveryAction(_: FormState, form: FormData): Promise<FormState> {
  const input = parseForm(recoveryCodeInput, form)
  return input.ok ? enter(form, input.value.recoveryCode, { recoveryCode: 'recoveryCodeWrong' }) : input.state
}

/** `wrong`: what the form says of a code that is not right. */
async function enter(form: FormData, code: string, wrong: Record<string, string>): Promise<FormState> {
  const waiting = await signInCookie.read()
  if (!waiting) redirect('/sign-in?expired')
  const result = await signInWithCode(waiting, code, await signInDevice(), clock.now())
  if (!result.ok) {
    if (result.code === 'wrong') return invalid(form, { fieldErrors: wrong })
    if (result.code === 'wait') {
      return invalid(form, { formError: 'wait', errorValues: { minutes: Math.ceil(result.seconds / 60) } })
    }
    if (result.code === 'secondStepUnreadable') return invalid(form, { formError: result.code })
    await signInCookie.forget()
    redirect('/sign-in?expired')
  }
  await signInCookie.forget()
  await enterSession(result.value.sessionId)
  redirect(landingPage(result.value))
}
