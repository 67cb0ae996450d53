'use server'
// Finds a bill to be paid without an account.
import { findBillForm } from '@/lib/payments/forms.ts'
import { findToPay } from '@/lib/payments/pay-link-commands.ts'
import { requestDevice } from '@/lib/request/device.ts'
import { formAction } from '@/lib/request/form-action.ts'
import { getLocale } from '@/lib/request/locale.ts'

export const findBillAction = formAction(findBillForm, {
  guard: requestDevice,
  command: async ({ input, now }) => findToPay(input, await getLocale(), now),
  done: ({ token }) => `/pay/${token}`,
})
