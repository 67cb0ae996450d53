'use server'
// Adds a business to the account, and removes one.
import { notFound, redirect } from 'next/navigation'
import { wrongBusinessNumber } from '@/lib/accounts/wrong-numbers.ts'
import { requireCustomer } from '@/lib/auth/guards.ts'
import { fileCase, findCaseOf, moveOwnCase } from '@/lib/cases/commands.ts'
import { businessInput, removeBusinessInput } from '@/lib/cases/schema.ts'
import { takeDocuments, withDocuments, withoutGone } from '@/lib/files/forms.ts'
import { type FormState, invalid, parseForm } from '@/lib/platform/action.ts'
import { clock } from '@/lib/platform/clock.ts'
import { env } from '@/lib/platform/env.ts'
import { idempotencyKey } from '@/lib/platform/idempotency-key.ts'
import { countTry } from '@/lib/platform/rate-limits.ts'

const ADDED = '/account/business?done=added'

export async function addBusinessAction(_: FormState, form: FormData): Promise<FormState> {
  const customer = await requireCustomer()
  const input = parseForm(businessInput, form, [], wrongBusinessNumber)
  const limit = { name: 'businesses', points: env().LIMIT_BUSINESSES_PER_DAY, seconds: 24 * 3600 }
  const key = customer.id
  const uploader = { accountId: customer.id }
  const documents = await takeDocuments(form, uploader, { limit, key }, clock.now())
  const again = (errors: Parameters<typeof invalid>[1]) => withDocuments(invalid(form, errors), documents)
  if (!input.ok) return withDocuments(input.state, documents)
  // A form sent twice: the first one was faster, and has the documents.
  const formKey = idempotencyKey(form)
  const filing = { owner: uploader, documentIds: documents.ids, idempotencyKey: formKey }
  if (await findCaseOf(uploader, formKey)) redirect(ADDED)
  if (!documents.ok) return again({})
  const seconds = await countTry(limit, key)
  if (seconds > 0) return again({ formError: 'wait', errorValues: { minutes: Math.ceil(seconds / 60) } })
  const result = await fileCase('business', input.value, filing, clock.now())
  if (!result.ok) {
    if (result.code !== 'documentsGone') return again({ fieldErrors: { nipt: result.code } })
    return withDocuments(invalid(form, {}), await withoutGone(documents, uploader, clock.now()))
  }
  redirect(ADDED)
}

export async function removeBusinessAction(form: FormData): Promise<void> {
  const customer = await requireCustomer()
  const input = parseForm(removeBusinessInput, form)
  if (!input.ok) notFound()
  const result = await moveOwnCase(customer, input.value.business, 'withdraw', {}, clock.now())
  if (!result.ok) notFound()
  redirect('/account/business?done=removed')
}
