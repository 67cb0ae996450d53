'use server'
// What an applicant does with an application for a certificate.
import { type Customer, requireCustomer } from '@/lib/auth/guards.ts'
import { answerForm, withdrawRequestForm } from '@/lib/cases/forms.ts'
import { moveOwnApplication } from '@/lib/cases/own-certificates.ts'
import { certificatePath } from '@/lib/certificates/schema.ts'
import { documentSteps } from '@/lib/files/forms.ts'
import type { ShownFor } from '@/lib/forms/shown.ts'
import { limits } from '@/lib/platform/limits.ts'
import { formAction } from '@/lib/request/form-action.ts'

const seenOf = ({ seen }: ShownFor) => Number(seen)

export const answerApplicationAction = formAction(answerForm, {
  guard: requireCustomer,
  files: documentSteps(limits.requestMoves, ({ id }: Customer) => ({
    uploader: { accountId: id },
    key: id,
    optional: true,
    megabytes: answerForm.fields.documents.megabytes(),
  })),
  limit: async ({ who }) => [[limits.requestMoves(), who.id]],
  command: ({ who, input: { note }, files: documentIds, shownFor, now }) =>
    moveOwnApplication(
      who,
      shownFor.application!,
      'answer',
      { note, documentIds, seen: seenOf(shownFor) },
      now,
    ),
  done: (_, { shownFor }) => `${certificatePath(shownFor.application!)}?done=answered`,
})

export const withdrawApplicationAction = formAction(withdrawRequestForm, {
  guard: requireCustomer,
  command: ({ who, shownFor, now }) =>
    moveOwnApplication(who, shownFor.application!, 'withdraw', { seen: seenOf(shownFor) }, now),
  done: (_, { shownFor }) => `${certificatePath(shownFor.application!)}?done=withdrawn`,
})
