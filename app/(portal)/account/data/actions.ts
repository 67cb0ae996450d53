'use server'
// Has a copy of one's data made.
import { copyForm } from '@/lib/accounts/forms.ts'
import { confirmPassword } from '@/lib/auth/confirm.ts'
import { requireCustomer } from '@/lib/auth/guards.ts'
import { requestExport } from '@/lib/own-data/copy.ts'
import { limits } from '@/lib/platform/limits.ts'
import { ok } from '@/lib/platform/result.ts'
import { formAction } from '@/lib/request/form-action.ts'

export const requestExportAction = formAction(copyForm, {
  guard: requireCustomer,
  confirm: ({ who, input, now }) => confirmPassword(who, input.currentPassword, now),
  limit: async ({ who }) => [[limits.copies(), who.id, 'copyLimit']],
  command: async ({ who, now }) => ok(await requestExport(who, now)),
  done: () => '/account/data',
})
