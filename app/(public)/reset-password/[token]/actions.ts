'use server'
// Sets the new password; the token is checked again, and used up.
import { notFound, redirect } from 'next/navigation'
import { resetPassword } from '@/lib/accounts/passwords.ts'
import { resetPasswordInput } from '@/lib/accounts/schema.ts'
import { areTexts, type FormState, invalid, parseForm } from '@/lib/platform/action.ts'
import { clock } from '@/lib/platform/clock.ts'

export async function resetPasswordAction(token: string, _: FormState, form: FormData): Promise<FormState> {
  if (!areTexts(token)) notFound()
  const input = parseForm(resetPasswordInput, form)
  if (!input.ok) return input.state
  const result = await resetPassword(token, input.value.newPassword, clock.now())
  if (!result.ok) {
    return invalid(
      form,
      result.code === 'gone' ? { formError: 'gone' } : { fieldErrors: { newPassword: result.code } },
    )
  }
  redirect('/sign-in?reset')
}
