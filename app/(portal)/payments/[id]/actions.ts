'use server'
// Cancels a payment that the bank has not ended.
import { requireCustomer } from '@/lib/auth/guards.ts'
import { cancelAttempt } from '@/lib/payments/commands.ts'
import { cancelForm } from '@/lib/payments/forms.ts'
import { formAction } from '@/lib/request/form-action.ts'

export const cancelPaymentAction = formAction(cancelForm, {
  guard: requireCustomer,
  command: ({ who, shownFor, now }) => cancelAttempt(who, shownFor.payment!, now),
  done: (_, { shownFor }) => `/payments/${shownFor.payment}`,
})
