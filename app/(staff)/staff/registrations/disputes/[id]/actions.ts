'use server'
// Takes, grants or refuses a dispute.
import { redirect } from 'next/navigation'
import { refuseStaff, requireStaff } from '@/lib/auth/guards.ts'
import { reviewDispute } from '@/lib/cases/kinds/disputes.ts'
import { parseId, reviewInput } from '@/lib/cases/schema.ts'
import { type FormState, invalid, parseForm } from '@/lib/platform/action.ts'
import { clock } from '@/lib/platform/clock.ts'

export async function reviewDisputeAction(
  disputeId: string,
  _: FormState,
  form: FormData,
): Promise<FormState> {
  const staff = await requireStaff()
  // Bound to the form, and so forgeable.
  const id = parseId(disputeId)
  if (!id) return refuseStaff(staff)
  const input = parseForm(reviewInput, form, ['accounts', 'confirmed'])
  if (!input.ok) return input.state
  const result = await reviewDispute(staff, id, input.value, clock.now())
  if (!result.ok) {
    if (result.code === 'notFound') return refuseStaff(staff, `dispute:${id}`)
    return invalid(form, { formError: result.code })
  }
  // Whoever took it goes on with it.
  redirect(
    result.value === 'taken'
      ? `/staff/registrations/disputes/${id}`
      : `/staff/registrations?done=dispute-${result.value}`,
  )
}
