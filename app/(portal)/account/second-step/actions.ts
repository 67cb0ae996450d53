'use server'
// Sets the second step up, makes new recovery codes, turns it off.
import { redirect } from 'next/navigation'
import { codeInput } from '@/lib/accounts/schema.ts'
import { landingPage } from '@/lib/accounts/sign-in.ts'
import { codePassed, codeRefused, countCode } from '@/lib/auth/code-form.ts'
import { askPassword, confirmPassword } from '@/lib/auth/confirm.ts'
import { requireCustomer } from '@/lib/auth/guards.ts'
import { beginSecondStepInput, changeSecondStepInput } from '@/lib/auth/schema.ts'
import { recoveryCodesCookie } from '@/lib/auth/sealed-cookie.ts'
import {
  beginSecondStep,
  confirmSecondStep,
  renewRecoveryCodes,
  turnOffSecondStep,
} from '@/lib/auth/two-factor.ts'
import { type FormState, invalid, parseForm } from '@/lib/platform/action.ts'
import { clock } from '@/lib/platform/clock.ts'

const PAGE = '/account/second-step'

const wait = (form: FormData, minutes: number) =>
  invalid(form, { formError: 'wait', errorValues: { minutes } })

/** Makes a key for the app, after the password. */
export async function beginAction(_: FormState, form: FormData): Promise<FormState> {
  const customer = await requireCustomer()
  const input = parseForm(beginSecondStepInput, form)
  if (!input.ok) return input.state
  const now = clock.now()
  const refused = await confirmPassword(customer, input.value.currentPassword, now)
  if (refused?.error === 'wait') return wait(form, refused.minutes)
  if (refused) return invalid(form, { fieldErrors: { currentPassword: refused.error } })
  const { invitationCode } = input.value
  const tooMany = await countCode(form, customer, invitationCode)
  if (tooMany) return tooMany
  const result = await beginSecondStep(customer, now, invitationCode)
  if (!result.ok && result.code === 'invitationWrong') {
    return invalid(form, { fieldErrors: { invitationCode: invitationCode ? result.code : 'required' } })
  }
  if (invitationCode) await codePassed(customer)
  redirect(PAGE)
}

/** Takes the app's first code, and shows the recovery codes. */
export async function confirmAction(_: FormState, form: FormData): Promise<FormState> {
  const customer = await requireCustomer()
  const input = parseForm(codeInput, form)
  if (!input.ok) return input.state
  const tooMany = await countCode(form, customer, input.value.code)
  if (tooMany) return tooMany
  const result = await confirmSecondStep(customer, input.value.code, clock.now())
  if (!result.ok) {
    if (result.code === 'gone') redirect(PAGE)
    return invalid(form, { fieldErrors: { code: result.code } })
  }
  await codePassed(customer)
  await recoveryCodesCookie.remember(JSON.stringify({ sessionId: customer.sessionId, codes: result.value }))
  redirect(PAGE)
}

/** The recovery codes are written down: they are shown no more. */
export async function codesKeptAction(): Promise<void> {
  const customer = await requireCustomer()
  await recoveryCodesCookie.forget()
  redirect(customer.isStaff ? landingPage(customer) : PAGE)
}

/** New recovery codes, or none of it any more: after the password and a code. */
export async function changeAction(_: FormState, form: FormData): Promise<FormState> {
  const customer = await requireCustomer()
  const input = parseForm(changeSecondStepInput, form)
  if (!input.ok) return input.state
  const { intent, currentPassword, code } = input.value
  const now = clock.now()
  const refused = await askPassword(customer, currentPassword, now)
  if (refused?.error === 'wait') return wait(form, refused.minutes)
  if (refused) return invalid(form, { fieldErrors: { currentPassword: refused.error } })
  const tooMany = await countCode(form, customer, code)
  if (tooMany) return tooMany

  if (intent === 'off') {
    const result = await turnOffSecondStep(customer, code, now)
    if (!result.ok) return codeRefused(form, customer, result.code, 'code')
    await codePassed(customer)
    redirect(`${PAGE}?off`)
  }
  const result = await renewRecoveryCodes(customer, code, now)
  if (!result.ok) return codeRefused(form, customer, result.code, 'code')
  await codePassed(customer)
  await recoveryCodesCookie.remember(JSON.stringify({ sessionId: customer.sessionId, codes: result.value }))
  redirect(PAGE)
}
