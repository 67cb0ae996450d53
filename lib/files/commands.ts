// Takes uploaded documents: checks them, stores them, and joins them to what they belong to.
import { and, eq, gt, inArray, isNotNull, isNull, notInArray, or, type SQL } from 'drizzle-orm'
import type { Executor, Transaction } from '../../db/client.ts'
import { accounts } from '../../db/schema/accounts.ts'
import { documents } from '../../db/schema/files.ts'
import { recordEvent } from '../platform/audit.ts'
import { database } from '../platform/database.ts'
import { env } from '../platform/env.ts'
import { enqueue } from '../platform/jobs.ts'
import { fail, ok, type Result } from '../platform/result.ts'
import type { DocumentType } from './rules.ts'
import { deleteFile, newStorageKey, putFile } from './storage.ts'

/** `scan`: null where no scanner has said anything. */
export type Upload = { name: string; type: DocumentType; bytes: Uint8Array; scan: 'clean' | null }

/** Files that no transaction has claimed after so long were given up. */
const UNUSED_AFTER_MS = 3_600_000
/** A form is not shown a document that the job may be removing while it is claimed. */
const CLAIMABLE_FOR_MS = UNUSED_AFTER_MS - 60_000

/**
 * Stores documents that nothing refers to yet, and returns their ids for `claimDocuments`: all, or none. Their rows come
 * first, so that a process that ends in between leaves no file that nobody knows of; a job removes what is never claimed.
 */
export async function storeUploads(
  uploads: Upload[],
  accountId: string | null,
  now: Date,
): Promise<Result<string[], 'documentQuota'>> {
  if (uploads.length === 0) return ok([])
  const rows = await database().transaction(async tx => {
    if (accountId && !(await hasRoom(tx, accountId, uploads.length))) return undefined
    const added = await tx
      .insert(documents)
      .values(
        uploads.map(({ bytes, ...upload }) => ({
          ...upload,
          storageKey: newStorageKey(),
          bytes: bytes.byteLength,
          accountId,
          createdAt: now,
        })),
      )
      .returning({ id: documents.id, storageKey: documents.storageKey })
    await removeWhenUnused(
      tx,
      added.map(({ id }) => id),
      new Date(now.getTime() + UNUSED_AFTER_MS),
    )
    return added
  })
  if (!rows) return fail('documentQuota')
  const ids = rows.map(({ id }) => id)
  try {
    for (const [index, { bytes }] of uploads.entries()) await putFile(rows[index]!.storageKey, bytes)
  } catch (error) {
    // Where this fails too, the job does it in an hour.
    await removeUnused(ids).catch(() => {})
    throw error
  }
  return ok(ids)
}

/** Whether an account may store so many more; of two forms at once the second waits for the first. */
async function hasRoom(tx: Transaction, accountId: string, more: number): Promise<boolean> {
  await tx.select({ id: accounts.id }).from(accounts).where(eq(accounts.id, accountId)).for('no key update')
  const stored = await tx.$count(
    documents,
    and(eq(documents.accountId, accountId), isNull(documents.removedAt)),
  )
  return stored + more <= env().DOCUMENTS_PER_ACCOUNT
}

/** Rolls back what the documents were for. */
class DocumentsGone extends Error {}

/** The answer of a command that failed since `claimDocuments` threw; throws any other error on. */
export function documentsGone(error: unknown): Result<never, 'documentsGone'> {
  if (error instanceof DocumentsGone) return fail('documentsGone')
  throw error
}

/** `event`: with which of its events they come. `decidedAt`: when the case was decided. `side`: who brings them. */
type Joined = { id: string; event: number; decidedAt: Date | null; side: 'owner' | 'staff' }

/**
 * Joins stored documents to a case, in the transaction that files or moves it; those of a draft are the draft's no more, those of
 * staff are the case's alone. Throws where one is gone or taken: the command answers with `documentsGone`.
 */
export async function claimDocuments(
  tx: Transaction,
  ids: string[],
  { id: caseId, event: caseEvent, decidedAt, side }: Joined,
): Promise<void> {
  if (ids.length === 0) return
  const uploader = side === 'staff' ? { accountId: null } : {}
  await claim(tx, ids, { caseId, caseEvent, decidedAt, draftId: null, ...uploader })
}

/** Has a draft keep stored documents, and no others: what it had besides is removed. Throws as above. */
export async function keepWithDraft(tx: Transaction, ids: string[], draftId: string): Promise<void> {
  if (ids.length > 0) await claim(tx, ids, { draftId })
  const others = ids.length > 0 ? notInArray(documents.id, ids) : undefined
  await giveUp(tx, and(eq(documents.draftId, draftId), others)!)
}

/** Joins stored documents to a reading that was sent at that time, in its transaction; those of a draft are the draft's no more. Throws as above. */
export async function keepWithReading(
  tx: Transaction,
  ids: string[],
  readingId: number,
  sentAt: Date,
): Promise<void> {
  if (ids.length > 0) await claim(tx, ids, { readingId, decidedAt: sentAt, draftId: null })
}

type Owners = Partial<
  Pick<
    typeof documents.$inferSelect,
    'caseId' | 'caseEvent' | 'decidedAt' | 'draftId' | 'accountId' | 'readingId'
  >
>

async function claim(tx: Transaction, ids: string[], owner: Owners): Promise<void> {
  const claimed = await tx
    .update(documents)
    .set(owner)
    .where(and(inArray(documents.id, ids), isNull(documents.caseId), isNull(documents.readingId)))
    .returning({ id: documents.id })
  if (claimed.length !== ids.length)
    throw new DocumentsGone('An uploaded document was removed before it was used.')
}

/** Those of the documents that can still be claimed, in the order of `ids`; of an account's drafts, as long as those are kept. */
export async function listClaimable(ids: string[], accountId: string | null, now: Date): Promise<string[]> {
  const rows = await database()
    .select({ id: documents.id })
    .from(documents)
    .where(
      and(
        inArray(documents.id, ids),
        accountId ? eq(documents.accountId, accountId) : isNull(documents.accountId),
        isNull(documents.caseId),
        isNull(documents.readingId),
        isNull(documents.removedAt),
        or(isNotNull(documents.draftId), gt(documents.createdAt, new Date(now.getTime() - CLAIMABLE_FOR_MS))),
      ),
    )
  return ids.filter(id => rows.some(row => row.id === id))
}

/**
 * Removes documents that nothing refers to. The file goes before the row's deletion is committed: where that fails, the
 * next try finds the row and no file.
 */
export async function removeUnused(ids: string[]): Promise<void> {
  for (const id of ids) {
    await database().transaction(async tx => {
      const [removed] = await tx
        .delete(documents)
        .where(and(eq(documents.id, id), unused))
        .returning({ storageKey: documents.storageKey })
      if (removed) await deleteFile(removed.storageKey)
    })
  }
}

/** Removes a document's file; its row stays with the case. As above, the file goes first. */
export async function removeFile(documentId: string, now: Date, infected?: 'infected'): Promise<void> {
  await database().transaction(async tx => {
    const [removed] = await tx
      .update(documents)
      .set({ removedAt: now, ...(infected && { scan: infected }) })
      .where(and(eq(documents.id, documentId), isNull(documents.removedAt)))
      .returning()
    if (!removed) return
    const { caseId } = removed
    await recordEvent(tx, {
      action: infected ? 'document.infected' : 'document.removed',
      subject: caseId ? `case:${caseId}` : undefined,
      details: { document: documentId },
      at: now,
    })
    await deleteFile(removed.storageKey)
  })
}

/** Nothing refers to the document. */
const unused = and(isNull(documents.caseId), isNull(documents.draftId), isNull(documents.readingId))

/** Takes their documents off cases, and has them removed. */
export const releaseDocuments = (tx: Transaction, caseIds: string[]): Promise<void> =>
  giveUp(tx, inArray(documents.caseId, caseIds))

/** Takes their documents off drafts, and has them removed. */
export const releaseDraftDocuments = (tx: Transaction, draftIds: string[]): Promise<void> =>
  giveUp(tx, inArray(documents.draftId, draftIds))

/** Takes their photos off readings, and has them removed. */
export const releaseReadingDocuments = (tx: Transaction, readingIds: number[]): Promise<void> =>
  giveUp(tx, inArray(documents.readingId, readingIds))

/** Takes an account's documents off it, and has those removed that no case has. */
export const forgetDocuments = (tx: Transaction, accountId: string): Promise<void> =>
  giveUp(tx, eq(documents.accountId, accountId))

async function giveUp(tx: Transaction, which: SQL): Promise<void> {
  const given = await tx
    .update(documents)
    .set({ caseId: null, draftId: null, readingId: null, accountId: null })
    .where(which)
    .returning({ id: documents.id })
  await removeWhenUnused(
    tx,
    given.map(({ id }) => id),
  )
}

/** Has documents removed at `at` (default: now) where nothing refers to them by then. */
export async function removeWhenUnused(db: Executor, ids: string[], at?: Date): Promise<void> {
  if (ids.length > 0) await enqueue(db, 'remove-unused-documents', { documentIds: ids }, { runAt: at })
}
