'use server'
// Has a copy of one's data made.
import { redirect } from 'next/navigation'
import { exportRequestInput } from '@/lib/accounts/schema.ts'
import { confirmPassword } from '@/lib/auth/confirm.ts'
import { requireCustomer } from '@/lib/auth/guards.ts'
import { requestExport } from '@/lib/own-data/copy.ts'
import { type FormState, invalid, parseForm } from '@/lib/platform/action.ts'
import { clock } from '@/lib/platform/clock.ts'
import { env } from '@/lib/platform/env.ts'
import { countTry } from '@/lib/platform/rate-limits.ts'

export async function requestExportAction(_: FormState, form: FormData): Promise<FormState> {
  const customer = await requireCustomer()
  const input = parseForm(exportRequestInput, form)
  if (!input.ok) return input.state
  const now = clock.now()
  const refused = await confirmPassword(customer, input.value.currentPassword, now)
  if (refused?.error === 'wait') {
    return invalid(form, { formError: 'wait', errorValues: { minutes: refused.minutes } })
  }
  if (refused) return invalid(form, { fieldErrors: { currentPassword: refused.error } })
  const limit = { name: 'own-data-copies', points: env().LIMIT_COPIES_PER_DAY, seconds: 24 * 3600 }
  const seconds = await countTry(limit, customer.id)
  if (seconds > 0) {
    return invalid(form, { formError: 'copyLimit', errorValues: { hours: Math.ceil(seconds / 3600) } })
  }
  await requestExport(customer, now)
  redirect('/account/data')
}
