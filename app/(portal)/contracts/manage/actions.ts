'use server'
// Names a contract, or takes it off the list.
import { notFound, redirect } from 'next/navigation'
import { requireCustomer } from '@/lib/auth/guards.ts'
import { nameContract, removeContract } from '@/lib/contracts/commands.ts'
import { ownContractInput } from '@/lib/contracts/schema.ts'
import { type FormState, invalid, parseForm } from '@/lib/platform/action.ts'
import { clock } from '@/lib/platform/clock.ts'

export async function manageContractAction(_: FormState, form: FormData): Promise<FormState> {
  const customer = await requireCustomer()
  const input = parseForm(ownContractInput, form)
  if (!input.ok) return input.state
  const { biller, contractCode, alias, intent } = input.value
  const result =
    intent === 'name'
      ? await nameContract(customer, biller, contractCode, alias)
      : await removeContract(customer, biller, contractCode, clock.now())
  if (!result.ok) {
    if (result.code === 'notFound') notFound()
    return invalid(form, { formError: result.code })
  }
  redirect(`/contracts/manage?done=${intent === 'name' ? 'named' : 'removed'}`)
}
