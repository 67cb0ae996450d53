'use server'
// Announces, begins, extends and ends maintenance.
import { requireStaff } from '@/lib/auth/guards.ts'
import { endMaintenance, setMaintenance } from '@/lib/maintenance/commands.ts'
import { endMaintenanceForm, maintenanceForm } from '@/lib/maintenance/forms.ts'
import { maintenancePath } from '@/lib/maintenance/schema.ts'
import { formAction } from '@/lib/request/form-action.ts'

const guard = () => requireStaff('administrator')

export const setMaintenanceAction = formAction(maintenanceForm, {
  guard,
  outdated: ['moved'],
  command: ({ who, input, shownFor: { seen }, now }) => setMaintenance(who, seen!, input, now),
  done: () => `${maintenancePath}?done=set`,
})

export const endMaintenanceAction = formAction(endMaintenanceForm, {
  guard,
  outdated: ['moved'],
  command: ({ who, shownFor: { seen }, now }) => endMaintenance(who, seen!, now),
  done: () => `${maintenancePath}?done=ended`,
})
