'use server'
// Checks the code, and sends another.
import { redirect } from 'next/navigation'
import { getRegistration, resendCode, verifyRegistration } from '@/lib/accounts/registration.ts'
import { codeInput, phoneInput } from '@/lib/accounts/schema.ts'
import { wrongNumbersForCode } from '@/lib/accounts/wrong-numbers.ts'
import { enterSession } from '@/lib/auth/enter.ts'
import { registrationCookie } from '@/lib/auth/sealed-cookie.ts'
import { type FormState, invalid, mustWait, parseForm } from '@/lib/platform/action.ts'
import { clock } from '@/lib/platform/clock.ts'
import { signInDevice } from '@/lib/request/device.ts'

export async function verifyAction(_: FormState, form: FormData): Promise<FormState> {
  const id = await registrationCookie.read()
  if (!id) redirect('/register?gone')
  const input = parseForm(codeInput, form)
  if (!input.ok) return input.state
  const result = await verifyRegistration(id, input.value.code, await signInDevice(), clock.now())
  if (!result.ok) {
    if (result.code === 'gone' || result.code === 'conflict') return invalid(form, { formError: result.code })
    return invalid(form, { fieldErrors: { code: result.code } })
  }
  await registrationCookie.forget()
  await enterSession(result.value)
  redirect('/contracts')
}

export async function resendAction(_: FormState, form: FormData): Promise<FormState> {
  const id = await registrationCookie.read()
  if (!id) redirect('/register?gone')
  const input = parseForm(phoneInput, form, [], wrongNumbersForCode)
  if (!input.ok) return input.state
  const registration = await getRegistration(id, clock.now())
  if (!registration) return invalid(form, { formError: 'gone' })
  const corrected = input.value.phone === registration.phone ? undefined : input.value.phone
  const result = await resendCode(id, corrected, clock.now())
  if (!result.ok) {
    if ('seconds' in result) return mustWait(form, result.seconds, result.code)
    const ofPhone = result.code === 'phoneForm' || result.code === 'phoneCountry'
    return invalid(form, ofPhone ? { fieldErrors: { phone: result.code } } : { formError: result.code })
  }
  redirect('/register/verify?sent')
}
