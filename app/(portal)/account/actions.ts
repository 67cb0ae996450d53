'use server'
// Saves language and channels of notices.
import { notFound, redirect } from 'next/navigation'
import { setPreferences } from '@/lib/accounts/commands.ts'
import { preferencesInput } from '@/lib/accounts/schema.ts'
import { requireCustomer } from '@/lib/auth/guards.ts'
import { parseForm } from '@/lib/platform/action.ts'

export async function savePreferences(form: FormData): Promise<void> {
  const customer = await requireCustomer()
  const input = parseForm(preferencesInput, form)
  if (!input.ok) notFound()
  const { language, notifyByEmail, notifyBySms } = input.value
  await setPreferences(customer, {
    language,
    notifyByEmail: notifyByEmail === 'on',
    notifyBySms: notifyBySms === 'on',
  })
  redirect('/account?done=preferences')
}
