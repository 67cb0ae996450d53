'use server'
// Names a contract, or takes it off the list.
import { requireCustomer } from '@/lib/auth/guards.ts'
import { nameContract, removeContract } from '@/lib/contracts/commands.ts'
import { manageForm } from '@/lib/contracts/forms.ts'
import { ok } from '@/lib/platform/result.ts'
import { formAction } from '@/lib/request/form-action.ts'

export const manageContractAction = formAction(manageForm, {
  guard: requireCustomer,
  command: async ({ who, input: { alias, intent }, shownFor: { biller, code }, now }) => {
    const result =
      intent === 'name'
        ? await nameContract(who, biller!, code!, alias ?? null)
        : await removeContract(who, biller!, code!, now)
    return result.ok ? ok(intent === 'name' ? 'named' : 'removed') : result
  },
  done: what => `/contracts/manage?done=${what}`,
})
