'use server'
// Takes a change of e-mail or phone back.
import { notFound, redirect } from 'next/navigation'
import { undoContactChange } from '@/lib/accounts/contact.ts'
import { areTexts } from '@/lib/platform/action.ts'
import { clock } from '@/lib/platform/clock.ts'

export async function undoAction(token: string): Promise<void> {
  if (!areTexts(token)) notFound()
  await undoContactChange(token, clock.now())
  // The page says what came of it.
  redirect(`/account/contact/undo/${encodeURIComponent(token)}`)
}
