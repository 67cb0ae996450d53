'use server'
// Cancels a payment.
import { notFound, redirect } from 'next/navigation'
import { requireCustomer } from '@/lib/auth/guards.ts'
import { cancelAttempt } from '@/lib/payments/commands.ts'
import { cancelForm, parseAttemptId } from '@/lib/payments/schema.ts'
import { areTexts, type FormState, invalid, parseForm } from '@/lib/platform/action.ts'
import { clock } from '@/lib/platform/clock.ts'

export async function cancelPaymentAction(
  attemptId: string,
  _: FormState,
  form: FormData,
): Promise<FormState> {
  const customer = await requireCustomer()
  if (!areTexts(attemptId)) notFound()
  parseForm(cancelForm, form)
  const id = parseAttemptId(attemptId)
  if (!id) notFound()
  const result = await cancelAttempt(customer, id, clock.now())
  if (!result.ok) {
    if (result.code === 'notFound') notFound()
    return invalid(form, { formError: result.code })
  }
  redirect(`/payments/${id}`)
}
