'use server'
// Checks the code of the app, or a recovery code, and begins the session that the page was shown for.
import { recoveryCodeForm, signInCodeForm, signInPasskeyForm } from '@/lib/accounts/code-forms.ts'
import { pageAfterSignIn, type SignedIn, signInWithCode, signInWithPasskey } from '@/lib/accounts/sign-in.ts'
import { enterSession } from '@/lib/auth/enter.ts'
import type { Challenge } from '@/lib/auth/passkeys.ts'
import { signInCookie } from '@/lib/auth/sealed-cookie.ts'
import { withWayBack } from '@/lib/platform/paths.ts'
import { fail, ok } from '@/lib/platform/result.ts'
import { signInDevice } from '@/lib/request/device.ts'
import { formAction } from '@/lib/request/form-action.ts'

export const signInCodeAction = formAction(signInCodeForm, {
  guard: signInDevice,
  command: ({ who, input: { code }, shownFor, now }) =>
    check(signInWithCode(shownFor.waiting!, code, who, now), 'appCodeWrong' as const),
  done: enter,
})

export const signInRecoveryAction = formAction(recoveryCodeForm, {
  guard: signInDevice,
  command: ({ who, input: { recoveryCode }, shownFor, now }) =>
    check(signInWithCode(shownFor.waiting!, recoveryCode, who, now), 'recoveryCodeWrong' as const),
  done: enter,
})

export const signInPasskeyAction = formAction(signInPasskeyForm, {
  guard: signInDevice,
  command: ({ who, input: { response }, shownFor: { waiting, ...asked }, now }) =>
    check(signInWithPasskey(waiting!, asked as Challenge, response, who, now), 'passkeyRefused' as const),
  done: enter,
  outdated: ['passkeyRefused'],
})

/** The value is null where the password was right too long ago. */
async function check<Wrong extends string>(passing: ReturnType<typeof signInWithCode>, wrong: Wrong) {
  const result = await passing
  if (result.ok) return ok<SignedIn | null>(result.value)
  if (result.code === 'gone') return ok<SignedIn | null>(null)
  if (result.code === 'wrong') return fail(wrong)
  return result.code === 'wait' ? result : fail(result.code)
}

async function enter(
  signedIn: SignedIn | null,
  { input: { to } }: { input: { to: string } },
): Promise<string> {
  await signInCookie.forget()
  if (!signedIn) return withWayBack('/sign-in?expired', to)
  await enterSession(signedIn.sessionId)
  return pageAfterSignIn(signedIn, to)
}
