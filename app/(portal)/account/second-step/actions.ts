'use server'
// Sets the second step up, makes new recovery codes, turns it off.
import { landingPage } from '@/lib/accounts/sign-in.ts'
import { tryCode } from '@/lib/auth/code-tries.ts'
import { askPassword, confirmPassword } from '@/lib/auth/confirm.ts'
import {
  changeTwoFactorForm,
  codesKeptForm,
  finishTwoFactorForm,
  removePasskeyForm,
  setUpTwoFactorForm,
} from '@/lib/auth/forms.ts'
import { requireCustomer } from '@/lib/auth/guards.ts'
import { removePasskey } from '@/lib/auth/passkeys.ts'
import { recoveryCodesCookie } from '@/lib/auth/sealed-cookie.ts'
import type { Customer } from '@/lib/auth/sessions.ts'
import {
  beginTwoFactor,
  confirmTwoFactor,
  renewRecoveryCodes,
  turnOffTwoFactor,
} from '@/lib/auth/two-factor.ts'
import { fail, ok } from '@/lib/platform/result.ts'
import { formAction } from '@/lib/request/form-action.ts'

const PAGE = '/account/second-step'

/** Makes a key for the app, after the password. */
export const beginAction = formAction(setUpTwoFactorForm, {
  guard: requireCustomer,
  confirm: ({ who, input, now }) => confirmPassword(who, input.currentPassword, now),
  command: async ({ who, input: { invitationCode }, now }) => {
    const result = await tryCode(who, invitationCode, now, () => beginTwoFactor(who, now, invitationCode))
    if (result.ok || result.code === 'isOn') return ok(undefined)
    return result.code === 'wait' ? result : fail(result.code)
  },
  done: () => PAGE,
})

/** Takes the app's first code, and shows the recovery codes. */
export const confirmAction = formAction(finishTwoFactorForm, {
  guard: requireCustomer,
  command: async ({ who, input: { code }, now }) => {
    const result = await tryCode(who, code, now, () => confirmTwoFactor(who, code, now))
    // Its page begins anew.
    if (result.ok) return result
    if (result.code === 'gone') return ok([])
    return result.code === 'wait' ? result : fail(result.code)
  },
  done: showCodes,
})

/** The recovery codes are written down: they are shown no more. */
export const codesKeptAction = formAction(codesKeptForm, {
  guard: requireCustomer,
  command: async () => ok(undefined),
  done: async (_, { who }) => {
    await recoveryCodesCookie.forget()
    return who.isStaff ? landingPage(who) : PAGE
  },
})

/** New recovery codes, or none of it any more: after the password and a code. */
export const changeAction = formAction(changeTwoFactorForm, {
  guard: requireCustomer,
  confirm: ({ who, input, now }) => askPassword(who, input.currentPassword, now),
  command: async ({ who, input: { intent, code }, now }) => {
    if (intent === 'renew') return tryCode(who, code, now, () => renewRecoveryCodes(who, code, now))
    return tryCode(who, code, now, () => turnOffTwoFactor(who, code, now))
  },
  done: (codes, of) => (codes.length > 0 ? showCodes(codes, of) : `${PAGE}?off`),
})

export const removePasskeyAction = formAction(removePasskeyForm, {
  guard: requireCustomer,
  confirm: ({ who, input, now }) => confirmPassword(who, input.currentPassword, now),
  command: ({ who, input: { passkey }, now }) => removePasskey(who, passkey, now),
  done: () => `${PAGE}?removed`,
})

async function showCodes(codes: string[], { who }: { who: Customer }): Promise<string> {
  if (codes.length > 0)
    await recoveryCodesCookie.remember(JSON.stringify({ sessionId: who.sessionId, codes }))
  return PAGE
}
