'use server'
// Changes the password of whoever is signed in and knows it.
import { changePasswordForm } from '@/lib/accounts/forms.ts'
import { changePassword } from '@/lib/accounts/passwords.ts'
import { tryCode } from '@/lib/auth/code-tries.ts'
import { askPassword } from '@/lib/auth/confirm.ts'
import { requireCustomer } from '@/lib/auth/guards.ts'
import { formAction } from '@/lib/request/form-action.ts'

export const changePasswordAction = formAction(changePasswordForm, {
  guard: requireCustomer,
  confirm: ({ who, input, now }) => askPassword(who, input.currentPassword, now),
  command: ({ who, input, now }) =>
    tryCode(who, input.secondCode, now, () => changePassword(who, input, now)),
  done: () => '/account?done=password',
})
