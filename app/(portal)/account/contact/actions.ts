'use server'
// Sends the code of a new address or number, and takes it.
import {
  applyContactChange,
  type ContactKind,
  getPendingContactChange,
  requestContactChange,
} from '@/lib/accounts/contact.ts'
import { requestVerification } from '@/lib/accounts/email-verification.ts'
import {
  contactCodeForm,
  emailChangeForm,
  phoneChangeForm,
  resendVerificationForm,
} from '@/lib/accounts/forms.ts'
import { tryCode } from '@/lib/auth/code-tries.ts'
import { confirmPassword } from '@/lib/auth/confirm.ts'
import { requireCustomer } from '@/lib/auth/guards.ts'
import type { Customer } from '@/lib/auth/sessions.ts'
import { type Limit, limits } from '@/lib/platform/limits.ts'
import { fail, ok } from '@/lib/platform/result.ts'
import { formAction } from '@/lib/request/form-action.ts'

type At = { who: Customer; input: { currentPassword?: string }; now: Date }

const asked = {
  guard: requireCustomer,
  confirm: ({ who, input, now }: At) => confirmPassword(who, input.currentPassword, now),
  limit: async ({ who }: At): Promise<[Limit, string][]> => [
    [limits.contactCodes(), who.id],
    [limits.contactCodesDay(), who.id],
  ],
}

/** Not by a fragment: browsers that follow one, as without scripts they do, leave the focus to it and not to what was wrong. */
const atCode = (kind: ContactKind) => () => `/account/contact?change=${kind}&code`

export const changeEmailAction = formAction(emailChangeForm, {
  ...asked,
  command: ({ who, input: { email, secondCode }, now }) =>
    tryCode(who, secondCode, now, () => requestContactChange(who, 'email', email, secondCode, now)),
  done: atCode('email'),
})

export const changePhoneAction = formAction(phoneChangeForm, {
  ...asked,
  command: ({ who, input: { phone, secondCode }, now }) =>
    tryCode(who, secondCode, now, () => requestContactChange(who, 'phone', phone, secondCode, now)),
  done: atCode('phone'),
})

/** Sends the link that verifies the address of the account once more. */
export const resendVerificationAction = formAction(resendVerificationForm, {
  guard: requireCustomer,
  command: async ({ who, now }) => {
    const sent = await requestVerification(who, now)
    return sent.ok || sent.code === 'verified' ? ok(undefined) : sent
  },
  done: () => '/account/contact?sent',
})

export const applyChangeAction = formAction(contactCodeForm, {
  guard: requireCustomer,
  command: async ({ who, input, shownFor, now }) => {
    const kind = shownFor.kind === 'email' ? 'email' : 'phone'
    const pending = await getPendingContactChange(who, kind, now)
    if (pending && pending.newValue !== shownFor.newValue) return fail('codeForOther')
    const result = await applyContactChange(who, kind, input.code, now)
    if (result.ok) return result
    return fail(result.code === 'conflict' ? 'contactTaken' : result.code)
  },
  done: (_, { shownFor }) => `/account?done=${shownFor.kind}`,
})
