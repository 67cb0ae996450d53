'use server'
// Changes the days off: an older page changes nothing, and is shown as they are now.
import { requireStaff } from '@/lib/auth/guards.ts'
import { addDayOff, changeDayOff, confirmYear, type Shown } from '@/lib/cases/days-off.ts'
import { addDayOffForm, changeDaysOffForm } from '@/lib/cases/forms.ts'
import { daysOffPath } from '@/lib/cases/schema.ts'
import { formAction } from '@/lib/request/form-action.ts'

const guard = () => requireStaff('supervisor')

/** As the page sealed it. */
const shownOf = ({ country, year, seen }: Record<string, string>): Shown => ({
  country: country as Shown['country'],
  year: Number(year),
  seen: Number(seen),
})

export const addDayOffAction = formAction(addDayOffForm, {
  guard,
  outdated: ['moved'],
  command: ({ who, input, shownFor, now }) => addDayOff(who, shownOf(shownFor), input, now),
  done: (moved, { shownFor }) => daysOffPath(shownOf(shownFor), `add-${moved}`),
})

export const changeDaysOffAction = formAction(changeDaysOffForm, {
  guard,
  outdated: ['moved'],
  command: ({ who, input: { intent }, shownFor, now }) =>
    intent === 'confirmYear'
      ? confirmYear(who, shownOf(shownFor), now)
      : changeDayOff(who, shownOf(shownFor), shownFor.on!, intent, now),
  done: (moved, { input: { intent }, shownFor }) => daysOffPath(shownOf(shownFor), `${intent}-${moved}`),
})
