// Takes uploaded documents: checks them, stores them, and joins them to what they belong to.
import { and, eq, gt, inArray, isNull } from 'drizzle-orm'
import type { Executor, Transaction } from '../../db/client.ts'
import { documents } from '../../db/schema/documents.ts'
import { enqueue } from '../jobs/enqueue.ts'
import { database } from '../platform/database.ts'
import { newStorageKey, putFile } from '../storage/storage.ts'
import type { DocumentType } from './rules.ts'

export type Upload = { name: string; type: DocumentType; bytes: Uint8Array }

/** Files that no transaction has claimed after so long were given up. */
const UNUSED_AFTER_MS = 3_600_000
/** A form is not shown a document that the job may be removing while it is claimed. */
const CLAIMABLE_FOR_MS = UNUSED_AFTER_MS - 60_000

/**
 * Stores documents that nothing refers to yet, and returns their ids for `claimDocuments`. Their rows come first, so
 * that a process that ends in between leaves no file that nobody knows of; a job removes what is never claimed.
 */
export async function storeUploads(
  uploads: Upload[],
  accountId: string | null,
  now: Date,
): Promise<string[]> {
  if (uploads.length === 0) return []
  const rows = await database().transaction(async tx => {
    const added = await tx
      .insert(documents)
      .values(
        uploads.map(({ name, type, bytes }) => ({
          storageKey: newStorageKey(),
          name,
          type,
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
  for (const [index, { bytes, type }] of uploads.entries()) {
    await putFile(rows[index]!.storageKey, bytes, type)
  }
  return rows.map(({ id }) => id)
}

/** Joins stored documents to what they belong to, in the transaction that makes it. Throws where one is gone or taken. */
export async function claimDocuments(
  tx: Transaction,
  ids: string[],
  owner: { disputeId: string } | { businessId: string },
): Promise<void> {
  const claimed = await tx
    .update(documents)
    .set(owner)
    .where(and(inArray(documents.id, ids), unused))
    .returning({ id: documents.id })
  if (claimed.length !== ids.length) throw new Error('An uploaded document was removed before it was used.')
}

/** Those of the documents that can still be claimed, in the order of `ids`. */
export async function listClaimable(ids: string[], accountId: string | null, now: Date): Promise<string[]> {
  const rows = await database()
    .select({ id: documents.id })
    .from(documents)
    .where(
      and(
        inArray(documents.id, ids),
        accountId ? eq(documents.accountId, accountId) : isNull(documents.accountId),
        unused,
        gt(documents.createdAt, new Date(now.getTime() - CLAIMABLE_FOR_MS)),
      ),
    )
  return ids.filter(id => rows.some(row => row.id === id))
}

/** Nothing refers to the document. */
export const unused = and(isNull(documents.disputeId), isNull(documents.businessId))

/** Has documents removed at `at` (default: now) where nothing refers to them by then. */
export async function removeWhenUnused(db: Executor, ids: string[], at?: Date): Promise<void> {
  if (ids.length > 0) await enqueue(db, 'remove-unused-documents', { documentIds: ids }, { runAt: at })
}
