'use server'
// Checks what somebody says of a recent paper bill.
import { notFound, redirect } from 'next/navigation'
import { requireCustomer } from '@/lib/auth/guards.ts'
import { proveContract } from '@/lib/contracts/proof.ts'
import { meterProofInput, numberProofInput } from '@/lib/contracts/schema.ts'
import { areTexts, type FormState, invalid, parseForm } from '@/lib/platform/action.ts'
import { clock } from '@/lib/platform/clock.ts'

export async function proveContractAction(
  biller: string,
  code: string,
  _: FormState,
  form: FormData,
): Promise<FormState> {
  const customer = await requireCustomer()
  if (!areTexts(biller, code)) notFound()
  // The form can be forged into anything; what is none is refused by parseForm.
  const isOfMeter = form instanceof FormData && form.has('meterNumber')
  const input = isOfMeter ? parseForm(meterProofInput, form) : parseForm(numberProofInput, form)
  if (!input.ok) return input.state
  const result = await proveContract(customer, biller, code, input.value, clock.now())
  if (!result.ok) {
    if (result.code === 'notFound') notFound()
    if (result.code !== 'wait') return invalid(form, { formError: result.code })
    const errorValues = { minutes: Math.ceil(result.seconds / 60) }
    return invalid(form, { formError: 'wait', errorValues })
  }
  redirect(`/contracts/${biller}/${code}/${result.value === 'holder' ? 'info?recognised' : 'history?proved'}`)
}
