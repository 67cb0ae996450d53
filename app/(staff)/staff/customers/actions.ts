'use server'
// Staff open a customer, ask for what is masked, and note what was said.
import { refuseStaff, requireStaff } from '@/lib/auth/guards.ts'
import {
  findCustomer,
  followLook,
  lookAt,
  lookFromCase,
  noteCall,
  revealMasked,
} from '@/lib/looks/commands.ts'
import { callNoteForm, findCustomerForm, followForm, lookForm, revealForm } from '@/lib/looks/forms.ts'
import { contactsPath, fromShown, pathOf } from '@/lib/looks/schema.ts'
import { formAction } from '@/lib/request/form-action.ts'

export const findCustomerAction = formAction(findCustomerForm, {
  guard: requireStaff,
  command: ({ who, input, now }) => findCustomer(who, input, now),
  done: pathOf,
})

export const lookAction = formAction(lookForm, {
  guard: requireStaff,
  command: async ({ who, input, shownFor, now }) => {
    const opened = await lookAt(who, fromShown(shownFor), input, now)
    return opened.ok || opened.code !== 'notFound' ? opened : refuseStaff(who)
  },
  done: pathOf,
})

export const followAction = formAction(followForm, {
  guard: requireStaff,
  command: async ({ who, shownFor, now }) => {
    const { look, case: from } = shownFor
    const opened = from
      ? await lookFromCase(who, from, now)
      : await followLook(who, look!, fromShown(shownFor), now)
    return opened.ok || opened.code !== 'notFound' ? opened : refuseStaff(who, from && `case:${from}`)
  },
  done: pathOf,
})

export const revealAction = formAction(revealForm, {
  guard: requireStaff,
  command: async ({ who, shownFor, now }) => {
    const shown = await revealMasked(who, shownFor.look!, now)
    return shown.ok || shown.code !== 'notFound' ? shown : refuseStaff(who)
  },
  done: pathOf,
})

export const noteCallAction = formAction(callNoteForm, {
  guard: requireStaff,
  command: async ({ who, input, shownFor, now }) => {
    const noted = await noteCall(who, { biller: shownFor.biller!, code: shownFor.code! }, input, now)
    return noted.ok ? noted : refuseStaff(who)
  },
  done: ({ biller, code }) => `${contactsPath(biller, code)}?noted`,
})
