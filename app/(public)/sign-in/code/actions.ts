'use server'
// Checks the code of the app, or a recovery code, and begins the session that the page was shown for.
import { recoveryCodeForm, signInCodeForm } from '@/lib/accounts/code-forms.ts'
import { pageAfterSignIn, type SignedIn, signInWithCode } from '@/lib/accounts/sign-in.ts'
import { enterSession } from '@/lib/auth/enter.ts'
import { signInCookie } from '@/lib/auth/sealed-cookie.ts'
import type { Device } from '@/lib/auth/sessions.ts'
import { withWayBack } from '@/lib/platform/paths.ts'
import { fail, ok } from '@/lib/platform/result.ts'
import { signInDevice } from '@/lib/request/device.ts'
import { formAction } from '@/lib/request/form-action.ts'

export const signInCodeAction = formAction(signInCodeForm, {
  guard: signInDevice,
  command: ({ who, input: { code, to }, shownFor, now }) =>
    check(shownFor.waiting!, code, to, who, now, 'appCodeWrong' as const),
  done: enter,
})

export const signInRecoveryAction = formAction(recoveryCodeForm, {
  guard: signInDevice,
  command: ({ who, input: { recoveryCode, to }, shownFor, now }) =>
    check(shownFor.waiting!, recoveryCode, to, who, now, 'recoveryCodeWrong' as const),
  done: enter,
})

/** Where too long ago the password was right, there is no `signedIn`. */
type Outcome = { to: string; signedIn?: SignedIn }

async function check<Wrong extends string>(
  waiting: string,
  code: string,
  to: string,
  device: Device,
  now: Date,
  wrong: Wrong,
) {
  const result = await signInWithCode(waiting, code, device, now)
  if (result.ok) return ok<Outcome>({ to, signedIn: result.value })
  if (result.code === 'gone') return ok<Outcome>({ to })
  if (result.code === 'wrong') return fail(wrong)
  return result.code === 'wait' ? result : fail(result.code)
}

async function enter({ to, signedIn }: Outcome): Promise<string> {
  await signInCookie.forget()
  if (!signedIn) return withWayBack('/sign-in?expired', to)
  await enterSession(signedIn.sessionId)
  return pageAfterSignIn(signedIn, to)
}
