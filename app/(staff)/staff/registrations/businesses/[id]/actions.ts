'use server'
// Takes, confirms or refuses a business.
import { notFound, redirect } from 'next/navigation'
import { requireStaff } from '@/lib/auth/guards.ts'
import { areTexts, type FormState, invalid, parseForm } from '@/lib/platform/action.ts'
import { clock } from '@/lib/platform/clock.ts'
import { reviewBusiness } from '@/lib/registrations/businesses.ts'
import { reviewInput } from '@/lib/registrations/schema.ts'

export async function reviewBusinessAction(
  businessId: string,
  _: FormState,
  form: FormData,
): Promise<FormState> {
  const staff = await requireStaff()
  if (!areTexts(businessId)) notFound()
  const input = parseForm(reviewInput, form)
  if (!input.ok) return input.state
  const result = await reviewBusiness(staff, businessId, input.value, clock.now())
  if (!result.ok) {
    if (result.code === 'notFound') notFound()
    return invalid(form, { formError: result.code })
  }
  redirect(
    result.value === 'taken' ? `/staff/registrations/businesses/${businessId}` : '/staff/registrations?done',
  )
}
