'use server'
// Takes a dispute. Its answer is the same whether or not anybody is registered with these details.
import { fileCase } from '@/lib/cases/filing.ts'
import { disputeForm } from '@/lib/cases/forms.ts'
import { caseNumber } from '@/lib/cases/schema.ts'
import { documentSteps } from '@/lib/files/forms.ts'
import { limits } from '@/lib/platform/limits.ts'
import { requestDevice } from '@/lib/request/device.ts'
import { formAction } from '@/lib/request/form-action.ts'
import { getLocale } from '@/lib/request/locale.ts'

export const disputeAction = formAction(disputeForm, {
  guard: async () => ({ address: (await requestDevice()).address, language: await getLocale() }),
  files: documentSteps(limits.disputes, ({ address }: { address: string | null }) => ({
    uploader: { form: 'dispute' },
    key: { address },
  })),
  limit: async ({ who: { address } }) => [[limits.disputes(), { address }]],
  command: ({ who: { address, language }, input, files, key, now }) => {
    const filing = { owner: { language }, documentIds: files, idempotencyKey: key, address }
    return fileCase('dispute', input, filing, now)
  },
  done: id => `/register/dispute?sent=${caseNumber(id)}`,
})
