'use server'
// Adds a contract to the customer's.
import { redirect } from 'next/navigation'
import { requireCustomer } from '@/lib/auth/guards.ts'
import { addContract } from '@/lib/contracts/commands.ts'
import { addContractInput } from '@/lib/contracts/schema.ts'
import { type FormState, invalid, mustWait, parseForm } from '@/lib/platform/action.ts'
import { clock } from '@/lib/platform/clock.ts'
import { env } from '@/lib/platform/env.ts'
import { countTry } from '@/lib/platform/rate-limits.ts'

const FIELD = {
  contractCodeForm: 'contractCode',
  alreadyAdded: 'contractCode',
  holderRefused: 'contractCode',
} as const

export async function addContractAction(_: FormState, form: FormData): Promise<FormState> {
  const customer = await requireCustomer()
  const input = parseForm(addContractInput, form)
  if (!input.ok) return input.state
  const limit = { name: 'contract-adds', points: env().LIMIT_CONTRACT_ADDS_PER_HOUR, seconds: 3600 }
  const seconds = await countTry(limit, customer.id)
  if (seconds > 0) return mustWait(form, seconds)
  const result = await addContract(customer, input.value, clock.now())
  if (!result.ok) {
    if ('seconds' in result) return mustWait(form, result.seconds)
    if (result.code === 'contractMismatch') return invalid(form, { formError: result.code })
    return invalid(form, { fieldErrors: { [FIELD[result.code]]: result.code } })
  }
  redirect('/contracts')
}
