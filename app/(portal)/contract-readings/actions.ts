'use server'
// Sends a reading of a contract's meter, and takes one back.
import { type Customer, requireCustomer } from '@/lib/auth/guards.ts'
import { documentSteps } from '@/lib/files/forms.ts'
import { limits } from '@/lib/platform/limits.ts'
import { sendReading, withdrawReading } from '@/lib/readings/commands.ts'
import { readingForm, withdrawReadingForm } from '@/lib/readings/forms.ts'
import { readingsPath } from '@/lib/readings/schema.ts'
import { formAction } from '@/lib/request/form-action.ts'

const contractOf = ({ biller, code }: Record<string, string>) => ({ biller: biller!, code: code! })

export const sendReadingAction = formAction(readingForm, {
  guard: requireCustomer,
  files: documentSteps(limits.readings, ({ id }: Customer) => ({
    uploader: { accountId: id },
    key: id,
    optional: true,
    megabytes: readingForm.fields.documents.megabytes(),
  })),
  limit: async ({ who, shownFor }) => [
    [limits.readings(), `${who.id} ${readingsPath(contractOf(shownFor))}`],
  ],
  command: ({ who, input: { documents: _, ...input }, shownFor, files, now }) =>
    sendReading(who, contractOf(shownFor), input, files, now),
  done: (_, { shownFor }) => `${readingsPath(contractOf(shownFor))}?sent`,
})

export const withdrawReadingAction = formAction(withdrawReadingForm, {
  guard: requireCustomer,
  command: ({ who, shownFor, now }) => withdrawReading(who, Number(shownFor.reading), now),
  done: (became, { shownFor }) => `${readingsPath(contractOf(shownFor))}?${became}`,
})
