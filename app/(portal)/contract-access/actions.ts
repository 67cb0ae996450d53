'use server'
// The holder's answer about somebody who has the contract.
import { requireCustomer } from '@/lib/auth/guards.ts'
import { decideAccess } from '@/lib/contracts/commands.ts'
import { accessForm } from '@/lib/contracts/forms.ts'
import { formAction } from '@/lib/request/form-action.ts'

export const decideAccessAction = formAction(accessForm, {
  guard: requireCustomer,
  command: ({ who, input: { intent }, shownFor: { biller, code, account }, now }) =>
    decideAccess(who, biller!, code!, account!, intent, now),
  done: (_, { shownFor: { biller, code } }) => `/contracts/${biller}/${code}/access?done`,
})
