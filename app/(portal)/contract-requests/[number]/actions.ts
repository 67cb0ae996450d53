'use server'
// What the owner of a request does with it.
import { type Customer, requireCustomer } from '@/lib/auth/guards.ts'
import { amendForm, answerForm, withdrawRequestForm, writeForm } from '@/lib/cases/forms.ts'
import { correctOwnRequest, moveOwnRequest } from '@/lib/cases/own-requests.ts'
import { documentSteps } from '@/lib/files/forms.ts'
import { limits } from '@/lib/platform/limits.ts'
import { formAction } from '@/lib/request/form-action.ts'

/** Words of the own request, and papers: none is needed. */
const files = documentSteps(limits.requestMoves, ({ id }: Customer) => ({
  uploader: { accountId: id },
  key: id,
  optional: true,
  megabytes: answerForm.fields.documents.megabytes(),
}))

const seenOf = (shownFor: Record<string, string>) => Number(shownFor.seen)

export const answerAction = formAction(answerForm, {
  guard: requireCustomer,
  files,
  limit: async ({ who }) => [[limits.requestMoves(), who.id]],
  command: ({ who, input: { documents: _, ...said }, files: documentIds, shownFor, now }) =>
    correctOwnRequest(who, shownFor.case!, 'answer', { ...said, documentIds, seen: seenOf(shownFor) }, now),
  done: (_, { shownFor }) => `${shownFor.page}?done=answered`,
})

export const amendAction = formAction(amendForm, {
  guard: requireCustomer,
  files,
  limit: async ({ who }) => [[limits.requestMoves(), who.id]],
  command: ({ who, input: { documents: _, ...said }, files: documentIds, shownFor, now }) =>
    correctOwnRequest(who, shownFor.case!, 'amend', { ...said, documentIds, seen: seenOf(shownFor) }, now),
  done: (_, { shownFor }) => `${shownFor.page}?done=amended`,
})

export const writeAction = formAction(writeForm, {
  guard: requireCustomer,
  limit: async ({ who }) => [[limits.requestMoves(), who.id]],
  command: ({ who, input: { note }, shownFor, now }) =>
    moveOwnRequest(who, shownFor.case!, 'write', { note, seen: seenOf(shownFor) }, now),
  done: (_, { shownFor }) => `${shownFor.page}?done=written`,
})

export const withdrawAction = formAction(withdrawRequestForm, {
  guard: requireCustomer,
  command: ({ who, shownFor, now }) =>
    moveOwnRequest(who, shownFor.case!, 'withdraw', { seen: seenOf(shownFor) }, now),
  done: (_, { shownFor }) => `${shownFor.page}?done=withdrawn`,
})
