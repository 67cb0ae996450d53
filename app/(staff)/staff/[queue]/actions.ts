'use server'
// Looks for requests: what is typed may be anything, and what is found has an address that says nothing personal.
import { requireStaff } from '@/lib/auth/guards.ts'
import { searchPath } from '@/lib/cases/chosen.ts'
import { searchForm } from '@/lib/cases/forms.ts'
import { ok } from '@/lib/platform/result.ts'
import { formAction } from '@/lib/request/form-action.ts'

export const searchRequestsAction = formAction(searchForm, {
  guard: requireStaff,
  command: async ({ input }) => ok(input.search),
  done: search => searchPath('requests', search),
})
