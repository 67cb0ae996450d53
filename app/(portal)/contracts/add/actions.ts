'use server'
// Adds a contract.
import { requireCustomer } from '@/lib/auth/guards.ts'
import { addContract } from '@/lib/contracts/commands.ts'
import { addContractForm } from '@/lib/contracts/forms.ts'
import { limits } from '@/lib/platform/limits.ts'
import { formAction } from '@/lib/request/form-action.ts'

export const addContractAction = formAction(addContractForm, {
  guard: requireCustomer,
  limit: async ({ who }) => [[limits.contractAdds(), who.id]],
  command: ({ who, input, now }) => addContract(who, input, now),
  done: ({ code, told }, { input: { biller } }) =>
    `/contracts?added=${encodeURIComponent(`${biller} ${code}`)}${told ? '&told' : ''}`,
})
