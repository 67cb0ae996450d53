'use server'
// Looks somebody or something up in the audit log: the answer has an address of ids alone.
import { auditPath } from '@/lib/audit/chosen.ts'
import { searchAudit } from '@/lib/audit/commands.ts'
import { auditForm } from '@/lib/audit/forms.ts'
import { requireStaff } from '@/lib/auth/guards.ts'
import { limits } from '@/lib/platform/limits.ts'
import { formAction } from '@/lib/request/form-action.ts'

export const searchAuditAction = formAction(auditForm, {
  guard: () => requireStaff('supervisor'),
  limit: async ({ who }) => [[limits.counter(), who.id]],
  command: ({ who, input, now }) => searchAudit(who, input, now),
  done: about => auditPath(about),
})
