'use server'
// Changes the password of whoever is signed in and knows it.
import { redirect } from 'next/navigation'
import { changePassword } from '@/lib/accounts/passwords.ts'
import { changePasswordInput } from '@/lib/accounts/schema.ts'
import { codePassed, codeRefused, countCode } from '@/lib/auth/code-form.ts'
import { passwordTries } from '@/lib/auth/confirm.ts'
import { requireCustomer } from '@/lib/auth/guards.ts'
import type { CodeFailure } from '@/lib/auth/two-factor.ts'
import { type FormState, invalid, parseForm } from '@/lib/platform/action.ts'
import { clock } from '@/lib/platform/clock.ts'
import { countTry, forgetTries } from '@/lib/platform/rate-limits.ts'

const FIELD = {
  passwordWrong: 'currentPassword',
  usernameWrong: 'username',
  passwordRule: 'newPassword',
  passwordCommon: 'newPassword',
} as const

export async function changePasswordAction(_: FormState, form: FormData): Promise<FormState> {
  const customer = await requireCustomer()
  const input = parseForm(changePasswordInput, form)
  if (!input.ok) return input.state
  const seconds = await countTry(passwordTries(), customer.id)
  if (seconds > 0)
    return invalid(form, { formError: 'wait', errorValues: { minutes: Math.ceil(seconds / 60) } })
  const { secondCode } = input.value
  const tooMany = await countCode(form, customer, secondCode)
  if (tooMany) return tooMany
  const result = await changePassword(customer, input.value, clock.now())
  if (!result.ok) {
    return result.code in FIELD
      ? invalid(form, { fieldErrors: { [FIELD[result.code as keyof typeof FIELD]]: result.code } })
      : codeRefused(form, customer, result.code as CodeFailure | 'required')
  }
  await forgetTries(passwordTries(), customer.id)
  if (secondCode) await codePassed(customer)
  redirect('/account?done=password')
}
