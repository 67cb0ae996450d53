// Reads of documents: for whoever uploaded them, and for staff who deal with what they belong to.
import { and, eq, isNull, or, type SQL, sql } from 'drizzle-orm'
import { contracts } from '../../db/schema/contracts.ts'
import { documents } from '../../db/schema/documents.ts'
import { businesses, disputes } from '../../db/schema/reviews.ts'
import type { Customer } from '../auth/sessions.ts'
import type { Staff } from '../auth/staff.ts'
import { recordEvent } from '../platform/audit.ts'
import { database } from '../platform/database.ts'
import { businessInScope, disputeInScope } from '../registrations/scope.ts'
import { getFile } from '../storage/storage.ts'
import { type DocumentState, type DocumentType, documentState } from './rules.ts'
import { hasScanner } from './scanner.ts'

export type Document = { name: string; type: DocumentType; bytes: Uint8Array }

/** A document that the customer uploaded and that is in use; undefined for any other. */
export async function getOwnDocument(
  customer: Pick<Customer, 'id'>,
  documentId: string,
): Promise<Document | undefined> {
  const [row] = await database()
    .select({ document: documents })
    .from(documents)
    .innerJoin(businesses, eq(businesses.id, documents.businessId))
    .where(and(eq(documents.id, documentId), eq(businesses.accountId, customer.id), mayBeOpened()))
  return row && open(row.document)
}

/** A document of a dispute or business that the member of staff may see; the look is written down. */
export async function getDocumentForStaff(
  staff: Staff,
  documentId: string,
  now: Date,
): Promise<Document | undefined> {
  const [row] = await database()
    .select({ document: documents, accountId: businesses.accountId })
    .from(documents)
    .leftJoin(disputes, eq(disputes.id, documents.disputeId))
    .leftJoin(contracts, eq(contracts.id, disputes.contractId))
    .leftJoin(businesses, eq(businesses.id, documents.businessId))
    .where(
      and(eq(documents.id, documentId), or(disputeInScope(staff), businessInScope(staff)), mayBeOpened()),
    )
  if (!row) return undefined
  await recordEvent(database(), {
    accountId: staff.id,
    action: 'document.viewed',
    subject: row.accountId ? `account:${row.accountId}` : `dispute:${row.document.disputeId}`,
    details: { document: documentId },
    at: now,
  })
  return open(row.document)
}

/** Documents of a dispute or business, as JSON in its row, for `shownDocuments`. */
export function documentsOf(owner: 'dispute' | 'business'): SQL<StoredDocument[]> {
  const [table, column] = owner === 'dispute' ? [disputes, 'dispute_id'] : [businesses, 'business_id']
  return sql`coalesce((select json_agg(json_build_object('id', d.id, 'name', d.name, 'type', d.type,
      'bytes', d.bytes, 'scan', d.scan, 'removedAt', d.removed_at) order by d.name, d.id)
    from ${documents} d where d.${sql.identifier(column)} = ${table}.id), '[]')`
}

type StoredDocument = Pick<Document, 'name' | 'type'> & {
  id: string
  bytes: number
  scan: string | null
  removedAt: string | null
}

export type ShownDocument = {
  id: string
  name: string
  type: DocumentType
  bytes: number
  state: DocumentState
  removedAt: Date | null
}

/** What a page says of documents. */
export const shownDocuments = (stored: StoredDocument[]): ShownDocument[] =>
  stored.map(({ scan, removedAt, ...document }) => ({
    ...document,
    state: documentState({ scan, removed: removedAt !== null }, hasScanner()),
    removedAt: removedAt ? new Date(removedAt) : null,
  }))

/** The file is there, and the virus scanner, where there is one, found nothing in it: rules.ts, for a query. */
const mayBeOpened = () =>
  and(isNull(documents.removedAt), hasScanner() ? eq(documents.scan, 'clean') : undefined)

async function open(document: typeof documents.$inferSelect): Promise<Document | undefined> {
  const bytes = await getFile(document.storageKey)
  return bytes && { name: document.name, type: document.type as DocumentType, bytes }
}
