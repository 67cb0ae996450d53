// What a customer does with a request of their own: answers, changes it, writes, takes it back.
import { and, eq } from 'drizzle-orm'
import { billers } from '../../db/schema/billers.ts'
import { cases } from '../../db/schema/cases.ts'
import { contractAccess } from '../../db/schema/contract-access.ts'
import { contracts } from '../../db/schema/contracts.ts'
import { seesInvoices, selectAccess } from '../contracts/access.ts'
import { database } from '../platform/database.ts'
import { fail, type Result } from '../platform/result.ts'
import { type RequestCode, type RequestField, requestFields, requestKind } from './catalogue.ts'
import type { Answers, Case } from './kind.ts'
import { moveOwnCase } from './moves.ts'
import { listInvoiceChoices } from './request-queries.ts'

/** `seen`: how many events the page showed. `documentIds`: stored, and of nothing yet. */
type Said = {
  note: string | null
  documentIds: string[]
  seen: number
} & { [Field in RequestField]?: string | undefined }

type Moved = Promise<Result<Pick<Case, 'id' | 'state'>, string>>

/** Fields that the page asked for; the others stay as they were. */
export const correctable = (kind: RequestCode): readonly RequestField[] => requestKind(kind).fields

/**
 * `answer`: to what staff ask; its note is part of the conversation. `amend`: the request itself; its note takes the place of what
 * was written. `nothingNew`: it would change nothing. Whoever may not open the contract's invoices any more finds nothing.
 */
export async function correctOwnRequest(
  customer: { id: string },
  caseId: string,
  move: 'answer' | 'amend',
  { note, documentIds, seen, ...said }: Said,
  now: Date,
): Moved {
  const found = await findOwn(customer, caseId)
  if (!found) return fail('notFound')
  const { kind, answers: before, biller, code } = found
  const { invoice } = said
  if (invoice !== undefined && invoice !== before.invoice) {
    const choices = await listInvoiceChoices(customer, { biller, code })
    if (!choices.some(({ id }) => String(id) === invoice)) return fail('invoiceUnknown')
  }
  const answers = withCorrected(before, kind as RequestCode, said)
  if (move === 'amend') answers.note = note
  const isChanged = JSON.stringify(sorted(answers)) !== JSON.stringify(sorted(before))
  // Whoever only empties what they had said answers nothing.
  const saysMore =
    note !== null || requestFields.some(field => said[field] !== undefined && said[field] !== before[field])
  const isNew = documentIds.length > 0 || (move === 'answer' ? saysMore : isChanged)
  if (!isNew) return fail('nothingNew')
  const words = { note: move === 'answer' ? note : null, answers: isChanged ? answers : undefined }
  return moveOwnCase(customer, caseId, move, { ...words, documentIds, seen }, now)
}

const sorted = (answers: Answers) => Object.entries(answers).sort(([a], [b]) => (a < b ? -1 : 1))

/** What the kind asks now is as it was typed; what is no longer asked is kept. */
function withCorrected(before: Answers, kind: RequestCode, said: Partial<Said>): Answers {
  const asked = requestFields.filter(field => correctable(kind).includes(field))
  const kept = Object.entries(before).filter(([field]) => !asked.some(one => one === field))
  const typed = asked.flatMap(field => (said[field] === undefined ? [] : [[field, said[field]] as const]))
  return Object.fromEntries([...kept, ...typed])
}

/** Writes to staff, or takes the request back: as long as the contract's requests are the customer's to see. */
export async function moveOwnRequest(
  customer: { id: string },
  caseId: string,
  move: 'write' | 'withdraw',
  said: { note?: string; seen?: number },
  now: Date,
): Moved {
  return (await findOwn(customer, caseId)) ? moveOwnCase(customer, caseId, move, said, now) : fail('notFound')
}

async function findOwn(customer: { id: string }, caseId: string) {
  const [row] = await selectAccess(database(), {
    kind: cases.kind,
    answers: cases.answers,
    biller: billers.code,
    code: contracts.code,
  })
    .innerJoin(cases, and(eq(cases.contractId, contracts.id), eq(cases.accountId, contractAccess.accountId)))
    .where(
      and(
        eq(contractAccess.accountId, customer.id),
        seesInvoices,
        eq(cases.id, caseId),
        eq(cases.queue, 'requests'),
      ),
    )
  return row
}
