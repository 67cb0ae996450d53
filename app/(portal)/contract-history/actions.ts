'use server'
// Hides what was found in a contract's bills, or shows it again.
import { requireCustomer } from '@/lib/auth/guards.ts'
import { changeFinding } from '@/lib/billing/finding-commands.ts'
import { findingForm } from '@/lib/billing/forms.ts'
import { formAction } from '@/lib/request/form-action.ts'

export const changeFindingAction = formAction(findingForm, {
  guard: requireCustomer,
  command: ({ who, input: { intent }, shownFor: { biller, code, finding }, now }) =>
    changeFinding(who, { biller: biller!, code: code!, finding: finding! }, intent, now),
  done: (_, { input: { intent }, shownFor: { page } }) => `${page}?note=${intent}`,
})
