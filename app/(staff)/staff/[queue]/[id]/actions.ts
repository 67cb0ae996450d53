'use server'
// Makes a move of staff.
import { refuseStaff, requireStaff } from '@/lib/auth/guards.ts'
import { moveCase } from '@/lib/cases/commands.ts'
import { moveForm } from '@/lib/cases/forms.ts'
import { isDecided } from '@/lib/cases/rules.ts'
import { casePath } from '@/lib/cases/schema.ts'
import { formAction } from '@/lib/request/form-action.ts'

export const moveAction = formAction(moveForm, {
  guard: requireStaff,
  command: async ({ who, input: { intent, ...said }, shownFor, now }) => {
    const moved = await moveCase(who, shownFor.case!, intent, said, now)
    return moved.ok || moved.code !== 'notFound' ? moved : refuseStaff(who, `case:${shownFor.case}`)
  },
  // Whoever took it goes on with it.
  done: ({ id, queue, kind, state }) =>
    isDecided(state) ? `/staff/${queue}?done=${kind}-${state}` : casePath(queue, id),
})
