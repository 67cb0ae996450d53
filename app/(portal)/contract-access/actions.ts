'use server'
// The holder's answer about somebody who has the contract.
import { requireCustomer } from '@/lib/auth/guards.ts'
import { decideAccess } from '@/lib/contracts/decisions.ts'
import { accessForm } from '@/lib/contracts/forms.ts'
import { formAction } from '@/lib/request/form-action.ts'

export const decideAccessAction = formAction(accessForm, {
  guard: requireCustomer,
  command: ({ who, input: { intent, level, until }, shownFor: { biller, code, account }, now }) => {
    const decision = intent === 'unknown' ? { level: 'refused' as const } : { level: level!, until }
    return decideAccess(who, biller!, code!, account!, decision, now)
  },
  done: (decided, { input: { intent }, shownFor: { biller, code } }) =>
    `/contracts/${biller}/${code}/access?done=${intent === 'unknown' ? intent : decided}`,
})
