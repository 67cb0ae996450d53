'use server'
// Sends the code of a new address or number, and takes it.
import { notFound, redirect } from 'next/navigation'
import { applyContactChange, type ContactKind, requestContactChange } from '@/lib/accounts/contact.ts'
import { requestVerification } from '@/lib/accounts/email-verification.ts'
import { codeInput, emailChangeInput, phoneChangeInput } from '@/lib/accounts/schema.ts'
import { wrongNumbersForCode } from '@/lib/accounts/wrong-numbers.ts'
import { codePassed, codeRefused, countCode } from '@/lib/auth/code-form.ts'
import { confirmPassword } from '@/lib/auth/confirm.ts'
import { requireCustomer } from '@/lib/auth/guards.ts'
import { type FormState, invalid, mustWait, parseForm } from '@/lib/platform/action.ts'
import { clock } from '@/lib/platform/clock.ts'
import { env } from '@/lib/platform/env.ts'
import { countTry } from '@/lib/platform/rate-limits.ts'

export async function requestChangeAction(
  kind: ContactKind,
  _: FormState,
  form: FormData,
): Promise<FormState> {
  const customer = await requireCustomer()
  // Bound to the form, and so forgeable.
  if (kind !== 'email' && kind !== 'phone') notFound()
  const input =
    kind === 'email'
      ? parseForm(emailChangeInput, form)
      : parseForm(phoneChangeInput, form, [], wrongNumbersForCode)
  if (!input.ok) return input.state
  const now = clock.now()
  const refused = await confirmPassword(customer, input.value.currentPassword, now)
  if (refused?.error === 'wait') {
    return invalid(form, { formError: 'wait', errorValues: { minutes: refused.minutes } })
  }
  if (refused) return invalid(form, { fieldErrors: { currentPassword: refused.error } })
  const limit = { name: 'contact-codes', points: env().LIMIT_CODE_SENDS_PER_HOUR, seconds: 3600 }
  const seconds = await countTry(limit, customer.id)
  if (seconds > 0) return mustWait(form, seconds)
  const typed = 'email' in input.value ? input.value.email : input.value.phone
  const { secondCode } = input.value
  const tooMany = await countCode(form, customer, secondCode)
  if (tooMany) return tooMany
  const result = await requestContactChange(customer, kind, typed, secondCode, now)
  if (!result.ok) {
    if ('seconds' in result) return mustWait(form, result.seconds, result.code)
    return result.code === 'phoneForm' || result.code === 'phoneCountry' || result.code === 'unchanged'
      ? invalid(form, { fieldErrors: { [kind]: result.code } })
      : codeRefused(form, customer, result.code)
  }
  if (secondCode) await codePassed(customer)
  redirect('/account/contact')
}

/** Sends the link that verifies the address of the account once more. */
export async function resendVerificationAction(_: FormState, form: FormData): Promise<FormState> {
  const customer = await requireCustomer()
  const result = await requestVerification(customer, clock.now())
  if (!result.ok && 'seconds' in result) return mustWait(form, result.seconds)
  redirect('/account/contact?sent')
}

export async function applyChangeAction(kind: ContactKind, _: FormState, form: FormData): Promise<FormState> {
  const customer = await requireCustomer()
  // Bound to the form, and so forgeable.
  if (kind !== 'email' && kind !== 'phone') notFound()
  const input = parseForm(codeInput, form)
  if (!input.ok) return input.state
  const result = await applyContactChange(customer, kind, input.value.code, clock.now())
  if (!result.ok) {
    return invalid(
      form,
      result.code === 'conflict' ? { formError: 'contactTaken' } : { fieldErrors: { code: result.code } },
    )
  }
  redirect(`/account?done=${kind}`)
}
