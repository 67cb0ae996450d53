'use server'
// Takes a dispute. Its answer is the same whether or not anybody is registered with these details.
import { redirect } from 'next/navigation'
import { getLocale } from '@/lib/i18n/server.ts'
import { type FormState, invalid, parseForm } from '@/lib/platform/action.ts'
import { clock } from '@/lib/platform/clock.ts'
import { env } from '@/lib/platform/env.ts'
import { countTry } from '@/lib/platform/rate-limits.ts'
import { requestDevice } from '@/lib/platform/request.ts'
import { fileDispute } from '@/lib/registrations/disputes.ts'
import { disputeInput } from '@/lib/registrations/schema.ts'
import { takeDocuments, withDocuments } from '@/lib/uploads/forms.ts'

/** Beside which field each failure belongs. */
const FIELD = {
  contractCodeForm: 'contractCode',
  contractUnknown: 'contractCode',
  personalNumberForm: 'personalNumber',
  personalNumberCheck: 'personalNumber',
  phoneForm: 'phone',
} as const

export async function disputeAction(_: FormState, form: FormData): Promise<FormState> {
  const { address } = await requestDevice()
  const limit = { name: 'disputes', points: env().LIMIT_DISPUTES_PER_ADDRESS, seconds: 3600 }
  const key = address ?? ''
  const documents = await takeDocuments(form, { form: 'dispute' }, { limit, key }, clock.now())
  const again = (errors: Parameters<typeof invalid>[1]) => withDocuments(invalid(form, errors), documents)
  const input = parseForm(disputeInput, form)
  if (!input.ok) return withDocuments(input.state, documents)
  if (!documents.ok) return again({})
  const seconds = await countTry(limit, key)
  if (seconds > 0) return again({ formError: 'wait', errorValues: { minutes: Math.ceil(seconds / 60) } })
  const language = await getLocale()
  const result = await fileDispute(input.value, documents.ids, language, address, clock.now())
  if (!result.ok) return again({ fieldErrors: { [FIELD[result.code]]: result.code } })
  redirect('/register/dispute?sent')
}
