// What forms that change an account leave out of what they ask for.
import { needsPassword } from '@/lib/auth/confirm.ts'
import { sendChangeCode } from '@/lib/auth/demonstration-codes.ts'
import type { Customer } from '@/lib/auth/guards.ts'
import { clock } from '@/lib/platform/clock.ts'

/** The code, where the account has no second step: a session that is open has passed it where there is one. */
export async function withoutCode(customer: Customer): Promise<'secondCode'[]> {
  if (!customer.twoFactor) return ['secondCode']
  await sendChangeCode(customer, clock.now())
  return []
}

/** The password, where it was typed a short while ago. */
export const withoutPassword = (customer: Customer): 'currentPassword'[] =>
  needsPassword(customer, clock.now()) ? [] : ['currentPassword']
