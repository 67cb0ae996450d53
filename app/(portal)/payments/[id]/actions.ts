'use server'
// Cancels a payment.
import { notFound, redirect } from 'next/navigation'
import { requireCustomer } from '@/lib/auth/guards.ts'
import { cancelPayment } from '@/lib/payments/commands.ts'
import { cancelForm, parsePaymentId } from '@/lib/payments/schema.ts'
import { areTexts, type FormState, invalid, parseForm } from '@/lib/platform/action.ts'
import { clock } from '@/lib/platform/clock.ts'

export async function cancelPaymentAction(
  paymentId: string,
  _: FormState,
  form: FormData,
): Promise<FormState> {
  const customer = await requireCustomer()
  if (!areTexts(paymentId)) notFound()
  parseForm(cancelForm, form)
  const id = parsePaymentId(paymentId)
  if (!id) notFound()
  const result = await cancelPayment(customer, id, clock.now())
  if (!result.ok) {
    if (result.code === 'notFound') notFound()
    return invalid(form, { formError: result.code })
  }
  redirect(`/payments/${id}`)
}
