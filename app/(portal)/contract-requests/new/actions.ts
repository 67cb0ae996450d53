'use server'
// Sends a request about a contract, keeps one for later, and discards what was kept.
import { type Customer, requireCustomer } from '@/lib/auth/guards.ts'
import { readKind } from '@/lib/cases/catalogue.ts'
import { discardDraft, saveDraft } from '@/lib/cases/drafts.ts'
import { fileCase } from '@/lib/cases/filing.ts'
import { findRequestNumber } from '@/lib/cases/form-queries.ts'
import { discardForm, requestForm } from '@/lib/cases/forms.ts'
import { newRequestPath, requestPath } from '@/lib/cases/schema.ts'
import { documentSteps } from '@/lib/files/forms.ts'
import type { ShownFor } from '@/lib/forms/shown.ts'
import { limits } from '@/lib/platform/limits.ts'
import { fail } from '@/lib/platform/result.ts'
import { formAction } from '@/lib/request/form-action.ts'

const contractOf = ({ biller, code }: ShownFor) => ({ biller: biller!, code: code! })

/** Of what was typed only this is a draft's: the page says the rest. */
const TYPED = ['invoice', 'meterNumber', 'currentReading', 'newValue', 'months', 'note']

export const sendRequestAction = formAction(requestForm, {
  guard: requireCustomer,
  files: documentSteps(limits.requests, ({ id }: Customer) => ({
    uploader: { accountId: id },
    key: id,
    optional: true,
    megabytes: requestForm.fields.documents.megabytes(),
  })),
  keep: {
    intent: 'save',
    command: async ({ who, typed, files, shownFor, now }) => {
      const kind = readKind(shownFor.kind)
      if (!kind) return fail('notFound')
      const words = TYPED.flatMap(name => (typed[name]?.[0] ? [[name, typed[name][0]]] : []))
      const draft = { typed: Object.fromEntries(words), documentIds: files }
      const saved = await saveDraft(who, contractOf(shownFor), kind, draft, now)
      return saved.ok ? { ok: true, value: `${newRequestPath(contractOf(shownFor))}?saved` } : saved
    },
  },
  limit: async ({ who }) => [[limits.requests(), who.id]],
  command: async ({ who, input: { documents: _, ...input }, shownFor, files, key, now }) => {
    if (input.kind !== shownFor.kind) return fail('kindNotOffered')
    const filing = {
      owner: { accountId: who.id },
      contract: contractOf(shownFor),
      documentIds: files,
      idempotencyKey: key,
    }
    return fileCase(input.kind, input, filing, now)
  },
  done: async (id, { who, shownFor: { biller, code } }) =>
    `${requestPath(biller!, code!, (await findRequestNumber(who, id))!)}?sent`,
})

export const discardDraftAction = formAction(discardForm, {
  guard: requireCustomer,
  command: ({ who, shownFor }) => discardDraft(who, shownFor.draft!),
  done: (_, { shownFor }) => `${newRequestPath(contractOf(shownFor))}?discarded`,
})
