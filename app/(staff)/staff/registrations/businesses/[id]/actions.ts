'use server'
// Takes, confirms or refuses a business.
import { redirect } from 'next/navigation'
import { refuseStaff, requireStaff } from '@/lib/auth/guards.ts'
import { reviewBusiness } from '@/lib/cases/kinds/businesses.ts'
import { parseId, reviewInput } from '@/lib/cases/schema.ts'
import { type FormState, invalid, parseForm } from '@/lib/platform/action.ts'
import { clock } from '@/lib/platform/clock.ts'

export async function reviewBusinessAction(
  businessId: string,
  _: FormState,
  form: FormData,
): Promise<FormState> {
  const staff = await requireStaff()
  // Bound to the form, and so forgeable.
  const id = parseId(businessId)
  if (!id) return refuseStaff(staff)
  const input = parseForm(reviewInput, form)
  if (!input.ok) return input.state
  const result = await reviewBusiness(staff, id, input.value, clock.now())
  if (!result.ok) {
    if (result.code === 'notFound') return refuseStaff(staff, `business:${id}`)
    return invalid(form, { formError: result.code })
  }
  redirect(
    result.value === 'taken'
      ? `/staff/registrations/businesses/${id}`
      : `/staff/registrations?done=business-${result.value}`,
  )
}
