'use server'
// Cancels a payment that the bank has not ended.
import { requireCustomer } from '@/lib/auth/guards.ts'
import { cancelAttempt } from '@/lib/payments/commands.ts'
import { cancelForm } from '@/lib/payments/forms.ts'
import { formAction } from '@/lib/request/form-action.ts'

export const cancelPaymentAction = formAction(cancelForm, {
  guard: requireCustomer,
  command: async ({ who, shownFor, now }) => {
    const result = await cancelAttempt(who, shownFor.payment!, now)
    return result.ok ? { ok: true, value: shownFor.payment! } : result
  },
  done: id => `/payments/${id}`,
})
