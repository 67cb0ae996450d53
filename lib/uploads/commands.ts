// Takes uploaded documents: checks them, stores them, and joins them to what they belong to.
import { and, inArray, isNull } from 'drizzle-orm'
import type { Executor, Transaction } from '../../db/client.ts'
import { documents } from '../../db/schema/documents.ts'
import { enqueue } from '../jobs/enqueue.ts'
import { database } from '../platform/database.ts'
import { env } from '../platform/env.ts'
import { fail, ok, type Result } from '../platform/result.ts'
import { newStorageKey, putFile } from '../storage/storage.ts'
import { type DocumentType, recogniseDocument, shownName } from './rules.ts'

export type Upload = { name: string; type: DocumentType; bytes: Uint8Array }
export type UploadFailure =
  | 'documentRequired'
  | 'documentEmpty'
  | 'documentType'
  | 'documentSize'
  | 'documentCount'

/** Files that no transaction has claimed after so long were given up. */
const UNUSED_AFTER_MS = 3_600_000

/** What a field without a choice sends: a file of no bytes, nameless, or named so by the way scripts post forms. */
const isNoChoice = ({ name, size }: File) => size === 0 && ['', 'undefined', 'blob'].includes(name)

/** The documents of a form's field, checked; at least one. */
export async function readUploads(form: FormData, field: string): Promise<Result<Upload[], UploadFailure>> {
  const files = form
    .getAll(field)
    .filter((value): value is File => typeof value !== 'string' && !isNoChoice(value))
  if (files.length === 0) return fail('documentRequired')
  if (files.length > env().DOCUMENTS_PER_FORM) return fail('documentCount')
  const uploads: Upload[] = []
  for (const file of files) {
    if (file.size === 0) return fail('documentEmpty')
    if (file.size > env().DOCUMENT_MAX_MB * 1_000_000) return fail('documentSize')
    const bytes = new Uint8Array(await file.arrayBuffer())
    const type = await recogniseDocument(bytes)
    if (!type) return fail('documentType')
    uploads.push({ name: shownName(file.name), type, bytes })
  }
  return ok(uploads)
}

/**
 * Stores documents that nothing refers to yet, and returns their ids for `claimDocuments`. Their rows come first, so
 * that a process that ends in between leaves no file that nobody knows of; a job removes what is never claimed.
 */
export async function storeUploads(
  uploads: Upload[],
  accountId: string | null,
  now: Date,
): Promise<string[]> {
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

/** Nothing refers to the document. */
export const unused = and(isNull(documents.disputeId), isNull(documents.businessId))

/** Has documents removed at `at` (default: now) where nothing refers to them by then. */
export async function removeWhenUnused(db: Executor, ids: string[], at?: Date): Promise<void> {
  if (ids.length > 0) await enqueue(db, 'remove-unused-documents', { documentIds: ids }, { runAt: at })
}
