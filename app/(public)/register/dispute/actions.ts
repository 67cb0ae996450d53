'use server'
// Takes a dispute. Its answer is the same whether or not anybody is registered with these details.
import { redirect } from 'next/navigation'
import { wrongNumbers } from '@/lib/accounts/wrong-numbers.ts'
import { fileCase, findCaseOf } from '@/lib/cases/commands.ts'
import { disputeInput } from '@/lib/cases/schema.ts'
import { takeDocuments, withDocuments, withoutGone } from '@/lib/files/forms.ts'
import { type FormState, invalid, parseForm } from '@/lib/platform/action.ts'
import { clock } from '@/lib/platform/clock.ts'
import { env } from '@/lib/platform/env.ts'
import { idempotencyKey } from '@/lib/platform/idempotency-key.ts'
import { countTry } from '@/lib/platform/rate-limits.ts'
import { requestDevice } from '@/lib/request/device.ts'
import { getLocale } from '@/lib/request/locale.ts'

/** Beside which field each failure belongs. */
const FIELD = {
  contractCodeForm: 'contractCode',
  contractUnknown: 'contractCode',
  personalNumberForm: 'personalNumber',
  personalNumberCheck: 'personalNumber',
  phoneForm: 'phone',
} as const

const SENT = '/register/dispute?sent'
const UPLOADER = { form: 'dispute' }

export async function disputeAction(_: FormState, form: FormData): Promise<FormState> {
  const input = parseForm(disputeInput, form, [], wrongNumbers)
  const { address } = await requestDevice()
  const limit = { name: 'disputes', points: env().LIMIT_DISPUTES_PER_ADDRESS, seconds: 3600 }
  const key = { address }
  const documents = await takeDocuments(form, UPLOADER, { limit, key }, clock.now())
  const again = (errors: Parameters<typeof invalid>[1]) => withDocuments(invalid(form, errors), documents)
  if (!input.ok) return withDocuments(input.state, documents)
  // A form sent twice: the first one was faster, and has the documents.
  const filing = {
    owner: { language: await getLocale() },
    documentIds: documents.ids,
    idempotencyKey: idempotencyKey(form),
    address,
  }
  if (await findCaseOf(filing.owner, filing.idempotencyKey)) redirect(SENT)
  if (!documents.ok) return again({})
  const seconds = await countTry(limit, key)
  if (seconds > 0) return again({ formError: 'wait', errorValues: { minutes: Math.ceil(seconds / 60) } })
  const result = await fileCase('dispute', input.value, filing, clock.now())
  if (!result.ok) {
    const { code } = result
    if (code !== 'documentsGone') return again({ fieldErrors: { [FIELD[code]]: code } })
    return withDocuments(invalid(form, {}), await withoutGone(documents, UPLOADER, clock.now()))
  }
  redirect(SENT)
}
