'use server'
// Sets the new password; the token is checked again, and used up.
import { notFound, redirect } from 'next/navigation'
import { resetPassword } from '@/lib/accounts/passwords.ts'
import { resetPasswordInput } from '@/lib/accounts/schema.ts'
import { areTexts, type FormState, invalid, parseForm } from '@/lib/platform/action.ts'
import { clock } from '@/lib/platform/clock.ts'
import { signInDevice } from '@/lib/request/device.ts'

export async function resetPasswordAction(token: string, _: FormState, form: FormData): Promise<FormState> {
  if (!areTexts(token)) notFound()
  const input = parseForm(resetPasswordInput, form)
  if (!input.ok) return input.state
  const result = await resetPassword(token, input.value.newPassword, await signInDevice(), clock.now())
  if (!result.ok) {
    // Its page says that the link is no longer valid, and how to get another.
    if (result.code === 'gone') redirect(`/reset-password/${encodeURIComponent(token)}`)
    if (result.code === 'linkUsed') return invalid(form, { formError: result.code })
    return invalid(form, { fieldErrors: { newPassword: result.code } })
  }
  redirect('/sign-in?reset')
}
