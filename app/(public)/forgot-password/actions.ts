'use server'
// Begins a reset, always with the same answer; and takes the code of an SMS.
import { redirect } from 'next/navigation'
import { identifierKey } from '@/lib/accounts/identify.ts'
import { checkResetCode, requestPasswordReset } from '@/lib/accounts/passwords.ts'
import { codeInput, identifierInput } from '@/lib/accounts/schema.ts'
import { isSmsBudgetSpent } from '@/lib/accounts/sms-limits.ts'
import { resetCookie } from '@/lib/auth/sealed-cookie.ts'
import { type FormState, invalid, mustWait, parseForm } from '@/lib/platform/action.ts'
import { clock } from '@/lib/platform/clock.ts'
import { env } from '@/lib/platform/env.ts'
import { countTry } from '@/lib/platform/rate-limits.ts'
import { requestDevice } from '@/lib/platform/request.ts'

const HOUR_SECONDS = 3600

export async function requestResetAction(_: FormState, form: FormData): Promise<FormState> {
  const input = parseForm(identifierInput, form)
  if (!input.ok) return input.state
  const { identifier } = input.value
  const { address } = await requestDevice()
  const perAccount = { name: 'reset-account', points: env().LIMIT_RESETS_PER_HOUR, seconds: HOUR_SECONDS }
  const perAddress = { name: 'reset-address', points: env().LIMIT_SIGN_IN_PER_ADDRESS, seconds: HOUR_SECONDS }
  // As it is looked up: a number is the same one however it is written.
  const { column, value } = identifierKey(identifier)
  const seconds = Math.max(
    await countTry(perAccount, `${column} ${value}`),
    await countTry(perAddress, { address }),
  )
  if (seconds > 0) return mustWait(form, seconds)
  await resetCookie.remember(await requestPasswordReset(identifier))
  // Of the whole portal, and so nothing about this account.
  redirect((await isSmsBudgetSpent()) ? '/forgot-password?sent&noSms' : '/forgot-password?sent')
}

export async function checkCodeAction(_: FormState, form: FormData): Promise<FormState> {
  const input = parseForm(codeInput, form)
  if (!input.ok) return input.state
  const resetId = await resetCookie.read()
  if (!resetId) return invalid(form, { fieldErrors: { code: 'codeWrong' } })
  // A code itself takes five tries; this bounds who asks for one after the other.
  const limit = { name: 'reset-codes', points: env().LIMIT_SIGN_IN_PER_ADDRESS, seconds: HOUR_SECONDS }
  const { address } = await requestDevice()
  const seconds = await countTry(limit, { address })
  if (seconds > 0) return mustWait(form, seconds)
  const result = await checkResetCode(resetId, input.value.code, clock.now())
  if (!result.ok) return invalid(form, { fieldErrors: { code: result.code } })
  redirect(`/reset-password/${result.value}`)
}
