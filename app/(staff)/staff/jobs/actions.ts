'use server'
// Has jobs that were given up tried again.
import { requireStaff } from '@/lib/auth/guards.ts'
import { formAction } from '@/lib/request/form-action.ts'
import { retryJobs } from '@/lib/worker/failed.ts'
import { retryJobsForm } from '@/lib/worker/forms.ts'

export const retryJobsAction = formAction(retryJobsForm, {
  guard: () => requireStaff('administrator'),
  outdated: ['gone'],
  // As the page sealed it.
  command: ({ who, input: { intent }, shownFor: { task, job }, now }) =>
    retryJobs(who, { task: task!, job: intent === 'one' ? job : undefined }, now),
  done: count => `/staff/jobs?done=${count}`,
})
