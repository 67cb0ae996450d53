'use server'
// Marks messages as read, puts them into the archive, or takes them out of it.
import { requireCustomer } from '@/lib/auth/guards.ts'
import { inboxForm } from '@/lib/notifications/forms.ts'
import { changeNotices, readAllNotices } from '@/lib/notifications/inbox.ts'
import { formAction } from '@/lib/request/form-action.ts'
import { inboxPath } from './address.ts'

export const changeNoticesAction = formAction(inboxForm, {
  guard: requireCustomer,
  command: ({ who, input: { notices, until, intent }, now }) =>
    intent === 'readAll' ? readAllNotices(who, until, now) : changeNotices(who, notices, intent, now),
  done: (_, { input: { intent }, shownFor: { archived, page } }) =>
    inboxPath({ archived: archived === 'yes', page: Number(page) || 1, done: intent }),
})
