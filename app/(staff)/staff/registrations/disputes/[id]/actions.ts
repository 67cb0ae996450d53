'use server'
// Takes, grants or refuses a dispute.
import { notFound, redirect } from 'next/navigation'
import { requireStaff } from '@/lib/auth/guards.ts'
import { areTexts, type FormState, invalid, parseForm } from '@/lib/platform/action.ts'
import { clock } from '@/lib/platform/clock.ts'
import { reviewDispute } from '@/lib/registrations/disputes.ts'
import { reviewInput } from '@/lib/registrations/schema.ts'

export async function reviewDisputeAction(
  disputeId: string,
  _: FormState,
  form: FormData,
): Promise<FormState> {
  const staff = await requireStaff()
  if (!areTexts(disputeId)) notFound()
  const input = parseForm(reviewInput, form, ['accounts'])
  if (!input.ok) return input.state
  const result = await reviewDispute(staff, disputeId, input.value, clock.now())
  if (!result.ok) {
    if (result.code === 'notFound') notFound()
    return invalid(form, { formError: result.code })
  }
  // Whoever took it goes on with it.
  redirect(
    result.value === 'taken' ? `/staff/registrations/disputes/${disputeId}` : '/staff/registrations?done',
  )
}
