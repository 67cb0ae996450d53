// Requests that are not sent yet: kept as they were typed, one a contract and kind, until they are sent, discarded or too old.
import { and, desc, eq, inArray, lt, sql } from 'drizzle-orm'
import type { Database, Transaction } from '../../db/client.ts'
import { type CertificateKind, certificateKinds } from '../../db/enums.ts'
import { billers } from '../../db/schema/billers.ts'
import { caseDrafts } from '../../db/schema/cases.ts'
import { contractAccess } from '../../db/schema/contract-access.ts'
import { contracts } from '../../db/schema/contracts.ts'
import { hasAccess, hasContract, seesInvoices, selectAccess } from '../contracts/access.ts'
import { documentsGone, keepWithDraft, releaseDraftDocuments } from '../files/commands.ts'
import { okOnce } from '../forms/answers.ts'
import { database } from '../platform/database.ts'
import { BATCH, daysBefore } from '../platform/purge.ts'
import { fail, ok, type Result } from '../platform/result.ts'
import { hearsKind, type RequestCode } from './catalogue.ts'

/** So long a draft is kept after it was last saved. */
export const DRAFT_DAYS = 30
/** More than anybody types into the form, who does not mean to fill the database. */
const MOST_CHARACTERS = 20_000

type Who = { id: string }
type OfContract = { biller: string; code: string }

/**
 * Keeps what was typed, unread, with its documents; the draft that there was of the contract's kind is this one from now on.
 * `draftTooLong`: nobody types so much.
 */
export async function saveDraft(
  customer: Who,
  { biller, code }: OfContract,
  kind: RequestCode | CertificateKind,
  { typed, documentIds }: { typed: Record<string, string>; documentIds: string[] },
  now: Date,
): Promise<Result<string, 'notFound' | 'kindNotOffered' | 'documentsGone' | 'draftTooLong'>> {
  if (!isCertificate(kind) && !hearsKind(biller, kind)) return fail('kindNotOffered')
  if (JSON.stringify(typed).length > MOST_CHARACTERS) return fail('draftTooLong')
  return database()
    .transaction(async tx => {
      const [contract] = await selectAccess(tx, { id: contracts.id }).where(
        and(hasContract(customer.id, biller, code), seesInvoices),
      )
      if (!contract) return fail('notFound')
      const [draft] = await tx
        .insert(caseDrafts)
        .values({ accountId: customer.id, contractId: contract.id, kind, typed, savedAt: now })
        .onConflictDoUpdate({
          target: [caseDrafts.accountId, caseDrafts.contractId, caseDrafts.kind],
          set: { typed, savedAt: now },
        })
        .returning({ id: caseDrafts.id })
      await keepWithDraft(tx, documentIds, draft!.id)
      return ok(draft!.id)
    })
    .catch(documentsGone)
}

const isCertificate = (kind: RequestCode | CertificateKind): kind is CertificateKind =>
  certificateKinds.some(one => one === kind)

export type CertificateDraft = Awaited<ReturnType<typeof listCertificateDrafts>>[number]

/** Applications for certificates that were begun, the latest first, with what was typed. */
export async function listCertificateDrafts(customer: Who) {
  return selectAccess(database(), {
    kind: sql<CertificateKind>`${caseDrafts.kind}`,
    typed: caseDrafts.typed,
    biller: billers.code,
    code: contracts.code,
  })
    .innerJoin(
      caseDrafts,
      and(eq(caseDrafts.contractId, contracts.id), eq(caseDrafts.accountId, contractAccess.accountId)),
    )
    .where(
      and(
        eq(contractAccess.accountId, customer.id),
        hasAccess,
        inArray(caseDrafts.kind, [...certificateKinds]),
      ),
    )
    .orderBy(desc(caseDrafts.savedAt))
}

/** `notFound` where it is another account's, or was sent or discarded already. */
export const discardDraft = (customer: Who, id: string): Promise<Result<null, 'notFound'>> =>
  database().transaction(async tx => {
    const [draft] = await tx
      .select({ id: caseDrafts.id })
      .from(caseDrafts)
      .where(and(eq(caseDrafts.id, id), eq(caseDrafts.accountId, customer.id)))
      .for('update')
    if (!draft) return fail('notFound')
    await forgetThese(tx, [draft.id])
    return okOnce(tx, null)
  })

/** In the transaction that files what it was a draft of: documents that were taken out of it are removed. */
export async function forgetDraftOf(
  tx: Transaction,
  of: { accountId: string; contractId: number; kind: string },
): Promise<void> {
  const [draft] = await tx
    .select({ id: caseDrafts.id })
    .from(caseDrafts)
    .where(
      and(
        eq(caseDrafts.accountId, of.accountId),
        eq(caseDrafts.contractId, of.contractId),
        eq(caseDrafts.kind, of.kind),
      ),
    )
    .for('update')
  if (draft) await forgetThese(tx, [draft.id])
}

/** Every day: those of long ago, with their documents, a batch a transaction. */
export async function forgetOldDrafts(db: Database, now: Date): Promise<void> {
  let found: number
  do {
    found = await db.transaction(async tx => {
      const old = await tx
        .select({ id: caseDrafts.id })
        .from(caseDrafts)
        .where(lt(caseDrafts.savedAt, daysBefore(now, DRAFT_DAYS)))
        .orderBy(caseDrafts.savedAt)
        .limit(BATCH)
        .for('update', { skipLocked: true })
      if (old.length > 0)
        await forgetThese(
          tx,
          old.map(({ id }) => id),
        )
      return old.length
    })
  } while (found === BATCH)
}

async function forgetThese(tx: Transaction, ids: string[]): Promise<void> {
  await releaseDraftDocuments(tx, ids)
  await tx.delete(caseDrafts).where(inArray(caseDrafts.id, ids))
}
