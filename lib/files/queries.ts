// Reads of documents. Who may see one is for the area to say that it belongs to.
import { createHash } from 'node:crypto'
import { and, eq, isNull, type SQL, sql } from 'drizzle-orm'
import { cases } from '../../db/schema/cases.ts'
import { customerReadings } from '../../db/schema/customer-readings.ts'
import { documents } from '../../db/schema/files.ts'
import { type DocumentState, type DocumentType, documentState } from './rules.ts'
import { hasScanner } from './scanner.ts'
import { getFile } from './storage.ts'

export type Document = { name: string; type: DocumentType; bytes: Uint8Array }

/** Documents of a case, as JSON in its row, for `shownDocuments`. `only`: those of which this is true, over documents as d. */
export const documentsOfCase = (only: SQL = sql`true`): SQL<StoredDocument[]> =>
  sql`coalesce((select json_agg(json_build_object('id', d.id, 'name', d.name, 'type', d.type,
      'bytes', d.bytes, 'scan', d.scan, 'removedAt', d.removed_at, 'event', coalesce(d.case_event, 1))
      order by d.name, d.id)
    from ${documents} d where d.case_id = ${cases.id} and ${only}), '[]')`

/** Photos of a reading that customers sent, for queries over customer_readings; as above. */
export const documentsOfReading: SQL<StoredDocument[]> =
  sql`coalesce((select json_agg(json_build_object('id', d.id, 'name', d.name, 'type', d.type,
      'bytes', d.bytes, 'scan', d.scan, 'removedAt', d.removed_at, 'event', 1) order by d.name, d.id)
    from ${documents} d where d.reading_id = ${customerReadings.id}), '[]')`

export type StoredDocument = Pick<Document, 'name' | 'type'> & {
  id: string
  bytes: number
  scan: string | null
  removedAt: string | null
  event: number
}

export type ShownDocument = {
  id: string
  name: string
  type: DocumentType
  bytes: number
  state: DocumentState
  removedAt: Date | null
  /** The number of the case's event with which it came. */
  event: number
}

/** What a page says of documents. */
export const shownDocuments = (stored: StoredDocument[]): ShownDocument[] =>
  stored.map(({ scan, removedAt, ...document }) => ({
    ...document,
    state: documentState({ scan, removed: removedAt !== null }, hasScanner()),
    removedAt: removedAt ? new Date(removedAt) : null,
  }))

/** The file is there, and the virus scanner, where there is one, found nothing in it: rules.ts, for a query. */
export const mayBeOpened = () =>
  and(isNull(documents.removedAt), hasScanner() ? eq(documents.scan, 'clean') : undefined)

/** The document with its file; undefined where that is gone. */
export async function openDocument(document: typeof documents.$inferSelect): Promise<Document | undefined> {
  const bytes = await getFile(document.storageKey)
  return bytes && { name: document.name, type: document.type, bytes }
}

/** The SHA-256 of a stored file, as it was taken; undefined where it is gone. */
export async function hashFile(storageKey: string): Promise<string | undefined> {
  const bytes = await getFile(storageKey)
  return bytes && createHash('sha256').update(bytes).digest('hex')
}
