'use server'
// Takes a change of e-mail or phone back.
import { notFound, redirect } from 'next/navigation'
import { undoContactChange } from '@/lib/accounts/contact.ts'
import { areTexts } from '@/lib/platform/action.ts'
import { clock } from '@/lib/platform/clock.ts'

export async function undoAction(token: string): Promise<void> {
  if (!areTexts(token)) notFound()
  const result = await undoContactChange(token, clock.now())
  // Whoever took the account knows its password: a new one is the next step.
  redirect(result.ok ? '/forgot-password' : `/account/contact/undo/${token}`)
}
