'use server'
// Ends one session, or all but this one.
import { endSessionsForm } from '@/lib/auth/forms.ts'
import { requireCustomer } from '@/lib/auth/guards.ts'
import { endSessions, isOwnSession } from '@/lib/auth/sessions.ts'
import { database } from '@/lib/platform/database.ts'
import { fail, ok } from '@/lib/platform/result.ts'
import { formAction } from '@/lib/request/form-action.ts'

export const endSessionsAction = formAction(endSessionsForm, {
  guard: requireCustomer,
  command: async ({ who, shownFor: { session }, now }) => {
    // One that has ended before is ended.
    if (session && !(await isOwnSession(who.id, session))) return fail('notFound')
    const which = session ? { only: session } : { but: who.sessionId }
    await endSessions(database(), who.id, now, which)
    return ok(undefined)
  },
  done: () => '/account/sessions?done',
})
