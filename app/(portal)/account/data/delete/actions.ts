'use server'
// Deletes the account of whoever is signed in.
import { deleteOwnAccount } from '@/lib/accounts/closing.ts'
import { deleteAccountForm } from '@/lib/accounts/forms.ts'
import { tryCode } from '@/lib/auth/code-tries.ts'
import { askPassword } from '@/lib/auth/confirm.ts'
import { requireCustomer } from '@/lib/auth/guards.ts'
import { signOut } from '@/lib/auth/next-auth.ts'
import { fail, ok } from '@/lib/platform/result.ts'
import { formAction } from '@/lib/request/form-action.ts'

export const deleteAccountAction = formAction(deleteAccountForm, {
  guard: requireCustomer,
  confirm: ({ who, input, now }) => askPassword(who, input.currentPassword, now),
  command: async ({ who, input: { username, secondCode }, now }) => {
    if (username !== who.username) return fail('usernameWrong')
    const result = await tryCode(who, secondCode, now, () => deleteOwnAccount(who, secondCode, now))
    if (result.ok || result.code === 'notFound') return ok(undefined)
    if (result.code === 'underWay') return fail('closingUnderWay')
    if (result.code === 'staff') return fail('closingStaff')
    return result.code === 'wait' ? result : fail(result.code)
  },
  endsSession: true,
  done: async () => {
    await signOut({ redirect: false })
    return '/sign-in?deleted'
  },
})
