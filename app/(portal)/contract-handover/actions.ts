'use server'
// A holder moves out: names the day, confirms it, takes it back.
import { requireCustomer } from '@/lib/auth/guards.ts'
import { confirmHandoverForm, handoverForm, undoHandoverForm } from '@/lib/contracts/forms.ts'
import { checkHandover, nameHandover, undoHandover } from '@/lib/contracts/handover.ts'
import { formAction } from '@/lib/request/form-action.ts'

export const chooseHandoverAction = formAction(handoverForm, {
  guard: requireCustomer,
  command: ({ who, input: { movesOutOn }, shownFor: { biller, code }, now }) =>
    checkHandover(who, biller!, code!, movesOutOn, now),
  done: (movesOutOn, { shownFor: { biller, code } }) =>
    `/contracts/${biller}/${code}/handover?on=${movesOutOn}`,
})

export const confirmHandoverAction = formAction(confirmHandoverForm, {
  guard: requireCustomer,
  command: ({ who, shownFor: { biller, code, on }, now }) => nameHandover(who, biller!, code!, on!, now),
  done: (_, { shownFor: { biller, code } }) => `/contracts/${biller}/${code}/access?done=named`,
})

export const undoHandoverAction = formAction(undoHandoverForm, {
  guard: requireCustomer,
  command: ({ who, shownFor: { biller, code }, now }) => undoHandover(who, biller!, code!, now),
  done: (_, { shownFor: { biller, code } }) => `/contracts/${biller}/${code}/access?done=undone`,
})
