'use server'
import { redirect } from 'next/navigation'
import { register } from '@/lib/accounts/registration.ts'
import { registerInput } from '@/lib/accounts/schema.ts'
import { wrongNumbers } from '@/lib/accounts/wrong-numbers.ts'
import { registrationCookie } from '@/lib/auth/sealed-cookie.ts'
// Takes a registration and sends the code.
import { getLocale } from '@/lib/i18n/server.ts'
import { type FormState, invalid, parseForm } from '@/lib/platform/action.ts'
import { clock } from '@/lib/platform/clock.ts'
import { env } from '@/lib/platform/env.ts'
import { countTry } from '@/lib/platform/rate-limits.ts'
import { requestDevice } from '@/lib/platform/request.ts'

/** Beside which field each failure belongs. */
const FIELD = {
  contractCodeForm: 'contractCode',
  contractUnknown: 'contractCode',
  personalNumberForm: 'personalNumber',
  personalNumberCheck: 'personalNumber',
  phoneForm: 'phone',
  passwordCommon: 'password',
  nameMismatch: 'firstName',
} as const

export async function registerAction(_: FormState, form: FormData): Promise<FormState> {
  const input = parseForm(registerInput, form, [], wrongNumbers)
  if (!input.ok) return input.state
  const { address } = await requestDevice()
  const limit = { name: 'register', points: env().LIMIT_REGISTER_PER_ADDRESS, seconds: 3600 }
  const seconds = await countTry(limit, { address })
  if (seconds > 0)
    return invalid(form, { formError: 'wait', errorValues: { minutes: Math.ceil(seconds / 60) } })

  const result = await register(input.value, await getLocale(), clock.now())
  if (!result.ok) {
    if (result.code === 'wait') {
      return invalid(form, { formError: 'wait', errorValues: { minutes: Math.ceil(result.seconds / 60) } })
    }
    if (result.code === 'conflict') return invalid(form, { formError: 'conflict' })
    return invalid(form, { fieldErrors: { [FIELD[result.code]]: result.code } })
  }
  await registrationCookie.remember(result.value)
  redirect('/register/verify')
}
