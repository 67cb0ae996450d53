'use server'
// What staff do for somebody at the counter or on the phone.
import { refuseStaff, requireStaff } from '@/lib/auth/guards.ts'
import { withdrawalForm } from '@/lib/cases/forms.ts'
import { casePath } from '@/lib/cases/schema.ts'
import { askWithdrawal, recogniseAtCounter, unlockAccount } from '@/lib/counter/commands.ts'
import { recogniseForm, unlockForm } from '@/lib/counter/forms.ts'
import { limits } from '@/lib/platform/limits.ts'
import { formAction } from '@/lib/request/form-action.ts'

const limit = async ({
  who,
}: {
  who: { id: string }
}): Promise<[ReturnType<typeof limits.counter>, string][]> => [[limits.counter(), who.id]]

export const recogniseAction = formAction(recogniseForm, {
  guard: requireStaff,
  limit,
  command: ({ who, input, now }) => recogniseAtCounter(who, input, now),
  done: mark => `/staff/counter?done=${mark}`,
})

export const askWithdrawalAction = formAction(withdrawalForm, {
  guard: requireStaff,
  limit,
  command: ({ who, input, key, now }) => askWithdrawal(who, input, key, now),
  done: id => `${casePath('registrations', id)}?done=file-1`,
})

export const unlockAction = formAction(unlockForm, {
  guard: requireStaff,
  limit,
  command: async ({ who, input, now }) => {
    const unlocked = await unlockAccount(who, input, now)
    return unlocked.ok || unlocked.code !== 'notFound' ? unlocked : refuseStaff(who, undefined, 'supervisor')
  },
  done: (_, { input: { lift = 'wait' } }) => `/staff/counter/unlock?done=${lift}`,
})
