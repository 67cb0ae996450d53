'use server'
// Saves language and channels of notices.
import { setPreferences } from '@/lib/accounts/commands.ts'
import { preferencesForm } from '@/lib/accounts/forms.ts'
import { requireCustomer } from '@/lib/auth/guards.ts'
import { ok } from '@/lib/platform/result.ts'
import { formAction } from '@/lib/request/form-action.ts'

export const savePreferences = formAction(preferencesForm, {
  guard: requireCustomer,
  command: async ({ who, input: { language, notices } }) => {
    const notifyByEmail = notices.includes('email')
    const notifyBySms = notices.includes('sms')
    return ok(await setPreferences(who, { language, notifyByEmail, notifyBySms }))
  },
  done: () => '/account?done=preferences',
})
