'use server'
// Begins a reset, always with the same answer; and takes the code of an SMS.
import { redirect } from 'next/navigation'
import { checkResetCode, requestPasswordReset } from '@/lib/accounts/passwords.ts'
import { codeInput, identifierInput } from '@/lib/accounts/schema.ts'
import { isSmsBudgetSpent } from '@/lib/accounts/sms-limits.ts'
import { resetCookie } from '@/lib/auth/sealed-cookie.ts'
import { type FormState, invalid, mustWait, parseForm } from '@/lib/platform/action.ts'
import { clock } from '@/lib/platform/clock.ts'
import { ownDevice } from '@/lib/request/device.ts'

export async function requestResetAction(_: FormState, form: FormData): Promise<FormState> {
  const input = parseForm(identifierInput, form)
  if (!input.ok) return input.state
  const { identifier } = input.value
  const result = await requestPasswordReset(identifier, await ownDevice())
  if (!result.ok) return mustWait(form, result.seconds)
  await resetCookie.remember(result.value)
  // Of the whole portal, and so nothing about this account.
  redirect((await isSmsBudgetSpent()) ? '/forgot-password?sent&noSms' : '/forgot-password?sent')
}

export async function checkCodeAction(_: FormState, form: FormData): Promise<FormState> {
  const input = parseForm(codeInput, form)
  if (!input.ok) return input.state
  const resetId = await resetCookie.read()
  if (!resetId) return invalid(form, { fieldErrors: { code: 'codeWrong' } })
  // Five tries each, and few of an account: to count them by address would let strangers there use up each other's.
  const result = await checkResetCode(resetId, input.value.code, clock.now())
  if (!result.ok) return invalid(form, { fieldErrors: { code: result.code } })
  redirect(`/reset-password/${result.value}`)
}
