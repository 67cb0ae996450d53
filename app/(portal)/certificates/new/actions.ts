'use server'
import { requireCustomer } from '@/lib/auth/guards.ts'
import { saveDraft } from '@/lib/cases/drafts.ts'
import { fileCase } from '@/lib/cases/filing.ts'
import { certificateForm } from '@/lib/certificates/forms.ts'
import { isOfBusiness } from '@/lib/certificates/rules.ts'
// Applies for a certificate; or keeps what was typed, to pay what it would say is owed.
import type { CertificateKind } from '@/lib/certificates/schema.ts'
import { certificatePath } from '@/lib/certificates/schema.ts'
import { limits } from '@/lib/platform/limits.ts'
import { fail, ok } from '@/lib/platform/result.ts'
import { formAction } from '@/lib/request/form-action.ts'

/** Of what was typed only this is a draft's: the page says the rest. */
const TYPED = [
  'firstName',
  'fatherName',
  'lastName',
  'personalNumber',
  'nipt',
  'businessName',
  'legalRepresentative',
  'holder',
  'language',
]

export const applyAction = formAction(certificateForm, {
  guard: requireCustomer,
  keep: {
    intent: 'pay',
    command: async ({ who, typed, shownFor, now }) => {
      const [kind, contract] = [shownFor.kind as CertificateKind, contractOf(shownFor)]
      const words = TYPED.flatMap(name => (typed[name]?.[0] ? [[name, typed[name][0]]] : []))
      const draft = { typed: Object.fromEntries(words), documentIds: [] }
      const saved = await saveDraft(who, contract, kind, draft, now)
      if (!saved.ok) return fail('notFound')
      // A business's invoices are of several contracts.
      return ok(
        isOfBusiness(kind) ? '/invoices/unpaid' : `/contracts/${contract.biller}/${contract.code}/pay`,
      )
    },
  },
  limit: async ({ who }) => [[limits.certificates(), who.id]],
  command: async ({ who, input, shownFor, key, now }) => {
    const { biller, code } = contractOf(shownFor)
    const isShown = input.kind === shownFor.kind && input.biller === biller && input.contractCode === code
    if (!isShown) return fail('notFound')
    const filing = { owner: { accountId: who.id }, documentIds: [], idempotencyKey: key }
    return fileCase(input.kind, input, filing, now)
  },
  done: id => `${certificatePath(id)}?done=sent`,
})

const contractOf = ({ biller, code }: Record<string, string>) => ({ biller: biller!, code: code! })
