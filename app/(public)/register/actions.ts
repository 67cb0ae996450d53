'use server'
import { redirect } from 'next/navigation'
import { register } from '@/lib/accounts/registration.ts'
import { registerInput } from '@/lib/accounts/schema.ts'
import { wrongNumbersForCode } from '@/lib/accounts/wrong-numbers.ts'
import { registrationCookie } from '@/lib/auth/sealed-cookie.ts'
import { type FormState, invalid, mustWait, parseForm } from '@/lib/platform/action.ts'
import { clock } from '@/lib/platform/clock.ts'
import { env } from '@/lib/platform/env.ts'
import { countTry } from '@/lib/platform/rate-limits.ts'
import { requestDevice } from '@/lib/request/device.ts'
// Takes a registration and sends the code.
import { getLocale } from '@/lib/request/locale.ts'

/** Beside which field each failure belongs. */
const FIELD = {
  contractCodeForm: 'contractCode',
  personalNumberForm: 'personalNumber',
  personalNumberCheck: 'personalNumber',
  phoneForm: 'phone',
  phoneCountry: 'phone',
  passwordCommon: 'password',
} as const

export async function registerAction(_: FormState, form: FormData): Promise<FormState> {
  const input = parseForm(registerInput, form, [], wrongNumbersForCode)
  if (!input.ok) return input.state
  const { address } = await requestDevice()
  const limit = { name: 'register', points: env().LIMIT_REGISTER_PER_ADDRESS, seconds: 3600 }
  const seconds = await countTry(limit, { address })
  if (seconds > 0) return mustWait(form, seconds)

  const result = await register(input.value, await getLocale(), clock.now())
  if (!result.ok) {
    if ('seconds' in result) return mustWait(form, result.seconds, result.code)
    if (result.code === 'conflict' || result.code === 'detailsMismatch') {
      return invalid(form, { formError: result.code })
    }
    return invalid(form, { fieldErrors: { [FIELD[result.code]]: result.code } })
  }
  await registrationCookie.remember(result.value)
  redirect('/register/verify')
}
