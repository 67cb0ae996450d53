'use server'
// Ends one session, or all but this one.
import { notFound, redirect } from 'next/navigation'
import { sessionInput } from '@/lib/accounts/schema.ts'
import { requireCustomer } from '@/lib/auth/guards.ts'
import { endSessions } from '@/lib/auth/sessions.ts'
import { parseForm } from '@/lib/platform/action.ts'
import { clock } from '@/lib/platform/clock.ts'
import { database } from '@/lib/platform/database.ts'

export async function endSessionsAction(form: FormData): Promise<void> {
  const customer = await requireCustomer()
  const input = parseForm(sessionInput, form)
  if (!input.ok) notFound()
  const { intent, session } = input.value
  const end = (which: Parameters<typeof endSessions>[3]) =>
    endSessions(database(), customer.id, clock.now(), which)
  if (intent === 'others') await end({ but: customer.sessionId })
  else if (!session || !(await end({ only: session }))) notFound()
  redirect('/account/sessions?done')
}
