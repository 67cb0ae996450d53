'use server'
// Adds a business to the account, and removes one.
import { type Customer, requireCustomer } from '@/lib/auth/guards.ts'
import { fileCase } from '@/lib/cases/filing.ts'
import { businessForm, withdrawForm } from '@/lib/cases/forms.ts'
import { moveOwnCase } from '@/lib/cases/moves.ts'
import { documentSteps } from '@/lib/files/forms.ts'
import { limits } from '@/lib/platform/limits.ts'
import { formAction } from '@/lib/request/form-action.ts'

export const addBusinessAction = formAction(businessForm, {
  guard: requireCustomer,
  files: documentSteps(limits.businesses, ({ id }: Customer) => ({ uploader: { accountId: id }, key: id })),
  limit: async ({ who }) => [[limits.businesses(), who.id]],
  command: ({ who, input, files, key, now }) => {
    const filing = { owner: { accountId: who.id }, documentIds: files, idempotencyKey: key }
    return fileCase('business', input, filing, now)
  },
  done: () => '/account/business?done=added',
})

export const removeBusinessAction = formAction(withdrawForm, {
  guard: requireCustomer,
  command: ({ who, shownFor, now }) => moveOwnCase(who, shownFor.case!, 'withdraw', {}, now),
  done: () => '/account/business?done=removed',
})
