'use server'
// Asks for the password and a code, then stores the passkey that the browser has made.
import { tryCode } from '@/lib/auth/code-tries.ts'
import { askPassword } from '@/lib/auth/confirm.ts'
import { addPasskeyForm, allowPasskeyForm } from '@/lib/auth/forms.ts'
import { requireCustomer } from '@/lib/auth/guards.ts'
import { addPasskey, allowPasskey, type Challenge } from '@/lib/auth/passkeys.ts'
import { passkeyCookie } from '@/lib/auth/sealed-cookie.ts'
import { fail } from '@/lib/platform/result.ts'
import { formAction } from '@/lib/request/form-action.ts'

const PAGE = '/account/second-step/passkey'

export const allowPasskeyAction = formAction(allowPasskeyForm, {
  guard: requireCustomer,
  confirm: ({ who, input, now }) => askPassword(who, input.currentPassword, now),
  command: ({ who, input: { code }, now }) => tryCode(who, code, now, () => allowPasskey(who, code, now)),
  done: async allowed => {
    await passkeyCookie.remember(JSON.stringify(allowed))
    return PAGE
  },
})

export const addPasskeyAction = formAction(addPasskeyForm, {
  guard: requireCustomer,
  // The form is shown only in a session that a code was typed in for it, and says which; it is taken for as long as its challenge.
  command: async ({ who, shownFor: { session, ...asked }, input, now }) =>
    session === who.sessionId
      ? addPasskey(who, asked as Challenge, input, now)
      : fail('passkeyRefused' as const),
  done: async () => {
    await passkeyCookie.forget()
    return '/account/second-step?added'
  },
  outdated: ['passkeyRefused'],
})
