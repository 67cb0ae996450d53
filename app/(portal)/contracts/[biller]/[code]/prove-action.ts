'use server'
// Checks what a tenant says of a recent invoice.
import { notFound, redirect } from 'next/navigation'
import { requireCustomer } from '@/lib/auth/guards.ts'
import { proveContract } from '@/lib/contracts/commands.ts'
import { proofInput } from '@/lib/contracts/schema.ts'
import { areTexts, type FormState, invalid, parseForm } from '@/lib/platform/action.ts'
import { clock } from '@/lib/platform/clock.ts'
import { env } from '@/lib/platform/env.ts'
import { countTry } from '@/lib/platform/rate-limits.ts'

export async function proveContractAction(
  biller: string,
  code: string,
  _: FormState,
  form: FormData,
): Promise<FormState> {
  const customer = await requireCustomer()
  if (!areTexts(biller, code)) notFound()
  const input = parseForm(proofInput, form)
  if (!input.ok) return input.state
  const limit = { name: 'contract-proofs', points: env().LIMIT_CONTRACT_PROOFS_PER_HOUR, seconds: 3600 }
  const seconds = await countTry(limit, customer.id)
  if (seconds > 0)
    return invalid(form, { formError: 'wait', errorValues: { minutes: Math.ceil(seconds / 60) } })
  const result = await proveContract(customer, biller, code, input.value, clock.now())
  if (!result.ok) {
    if (result.code === 'notFound') notFound()
    return invalid(form, { formError: result.code })
  }
  redirect(`/contracts/${biller}/${code}/history`)
}
