'use server'
// Lets an e-mail address count.
import { notFound, redirect } from 'next/navigation'
import { verifyEmail } from '@/lib/accounts/email-verification.ts'
import { areTexts, type FormState, invalid } from '@/lib/platform/action.ts'
import { clock } from '@/lib/platform/clock.ts'

export async function verifyEmailAction(token: string, _: FormState, form: FormData): Promise<FormState> {
  if (!areTexts(token)) notFound()
  const result = await verifyEmail(token, clock.now())
  if (!result.ok && result.code === 'conflict') return invalid(form, { formError: 'emailTaken' })
  // The page says what came of it.
  redirect(`/account/contact/verify/${encodeURIComponent(token)}`)
}
