'use server'
// The holder's answer about somebody who has the contract.
import { requireCustomer } from '@/lib/auth/guards.ts'
import { decideAccess } from '@/lib/contracts/commands.ts'
import { accessForm } from '@/lib/contracts/forms.ts'
import { ok } from '@/lib/platform/result.ts'
import { formAction } from '@/lib/request/form-action.ts'

export const decideAccessAction = formAction(accessForm, {
  guard: requireCustomer,
  command: async ({ who, input: { intent }, shownFor: { biller, code, account }, now }) => {
    const result = await decideAccess(who, biller!, code!, account!, intent, now)
    return result.ok ? ok(`/contracts/${biller}/${code}/access?done`) : result
  },
  done: page => page,
})
