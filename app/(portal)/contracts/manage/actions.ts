'use server'
// Names a contract, or puts one back that was taken off the list.
import { requireCustomer } from '@/lib/auth/guards.ts'
import { nameContract, restoreContract } from '@/lib/contracts/commands.ts'
import { nameForm, restoreForm } from '@/lib/contracts/forms.ts'
import { formAction } from '@/lib/request/form-action.ts'

export const nameContractAction = formAction(nameForm, {
  guard: requireCustomer,
  command: ({ who, input: { alias }, shownFor: { biller, code } }) =>
    nameContract(who, biller!, code!, alias ?? null),
  done: () => '/contracts/manage?done=named',
})

export const restoreContractAction = formAction(restoreForm, {
  guard: requireCustomer,
  command: ({ who, shownFor: { biller, code }, now }) => restoreContract(who, biller!, code!, now),
  done: () => '/contracts/manage?done=restored',
})
