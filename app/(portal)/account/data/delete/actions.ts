'use server'
// Deletes the account of whoever is signed in.
import { redirect } from 'next/navigation'
import { deleteOwnAccount } from '@/lib/accounts/closing.ts'
import { deleteAccountInput } from '@/lib/accounts/schema.ts'
import { codeRefused, countCode } from '@/lib/auth/code-form.ts'
import { askPassword } from '@/lib/auth/confirm.ts'
import { requireCustomer } from '@/lib/auth/guards.ts'
import { signOut } from '@/lib/auth/next-auth.ts'
import { type FormState, invalid, parseForm } from '@/lib/platform/action.ts'
import { clock } from '@/lib/platform/clock.ts'

const ERROR = { underWay: 'closingUnderWay', staff: 'closingStaff' } as const

export async function deleteAccountAction(_: FormState, form: FormData): Promise<FormState> {
  const customer = await requireCustomer()
  const input = parseForm(deleteAccountInput, form)
  if (!input.ok) return input.state
  if (input.value.username !== customer.username) {
    return invalid(form, { fieldErrors: { username: 'usernameWrong' } })
  }
  const now = clock.now()
  const refused = await askPassword(customer, input.value.currentPassword, now)
  if (refused?.error === 'wait') {
    return invalid(form, { formError: 'wait', errorValues: { minutes: refused.minutes } })
  }
  if (refused) return invalid(form, { fieldErrors: { currentPassword: refused.error } })
  const { secondCode } = input.value
  const tooMany = await countCode(form, customer, secondCode)
  if (tooMany) return tooMany
  const result = await deleteOwnAccount(customer, secondCode, now)
  if (!result.ok && result.code !== 'notFound') {
    return result.code === 'underWay' || result.code === 'staff'
      ? invalid(form, { formError: ERROR[result.code] })
      : codeRefused(form, customer, result.code)
  }
  await signOut({ redirect: false })
  redirect('/sign-in?deleted')
}
