'use server'
// Names a contract, or takes it off the list.
import { requireCustomer } from '@/lib/auth/guards.ts'
import { nameContract, removeContract } from '@/lib/contracts/commands.ts'
import { manageForm } from '@/lib/contracts/forms.ts'
import { formAction } from '@/lib/request/form-action.ts'

export const manageContractAction = formAction(manageForm, {
  guard: requireCustomer,
  command: ({ who, input: { alias, intent }, shownFor: { biller, code }, now }) =>
    intent === 'name'
      ? nameContract(who, biller!, code!, alias ?? null)
      : removeContract(who, biller!, code!, now),
  done: (_, { input: { intent } }) => `/contracts/manage?done=${intent === 'name' ? 'named' : 'removed'}`,
})
