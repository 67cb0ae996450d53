'use server'
// Takes a contract off the list.
import { requireCustomer } from '@/lib/auth/guards.ts'
import { removeContract } from '@/lib/contracts/commands.ts'
import { removeForm } from '@/lib/contracts/forms.ts'
import { formAction } from '@/lib/request/form-action.ts'

export const removeContractAction = formAction(removeForm, {
  guard: requireCustomer,
  command: ({ who, shownFor: { biller, code }, now }) => removeContract(who, biller!, code!, now),
  done: () => '/contracts/manage?done=removed',
})
