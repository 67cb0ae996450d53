'use server'
// Looks for payments: what is typed may be anything, and what is found has an address that says nothing personal.
import { requireStaff } from '@/lib/auth/guards.ts'
import { searchPaymentsForm } from '@/lib/payment-desk/forms.ts'
import { paymentsPath } from '@/lib/payment-desk/schema.ts'
import { ok } from '@/lib/platform/result.ts'
import { formAction } from '@/lib/request/form-action.ts'

export const searchPaymentsAction = formAction(searchPaymentsForm, {
  guard: requireStaff,
  command: async ({ input }) => ok(input.search),
  done: search => paymentsPath({ search }),
})
