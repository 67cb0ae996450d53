'use server'
// The holder's answer about somebody who has the contract.
import { notFound, redirect } from 'next/navigation'
import { requireCustomer } from '@/lib/auth/guards.ts'
import { decideAccess } from '@/lib/contracts/commands.ts'
import { decideAccessInput } from '@/lib/contracts/schema.ts'
import { areTexts, parseForm } from '@/lib/platform/action.ts'
import { clock } from '@/lib/platform/clock.ts'

export async function decideAccessAction(biller: string, code: string, form: FormData): Promise<void> {
  const customer = await requireCustomer()
  if (!areTexts(biller, code)) notFound()
  const input = parseForm(decideAccessInput, form)
  if (!input.ok) notFound()
  const { account, intent } = input.value
  const result = await decideAccess(customer, biller, code, account, intent, clock.now())
  if (!result.ok) notFound()
  redirect(`/contracts/${biller}/${code}/access?done`)
}
