// Reads of documents: for whoever uploaded them, and for staff who deal with what they belong to.
import { and, eq, or } from 'drizzle-orm'
import { contracts } from '../../db/schema/contracts.ts'
import { documents } from '../../db/schema/documents.ts'
import { businesses, disputes } from '../../db/schema/reviews.ts'
import type { Customer } from '../auth/sessions.ts'
import type { Staff } from '../auth/staff.ts'
import { recordEvent } from '../platform/audit.ts'
import { database } from '../platform/database.ts'
import { businessInScope, disputeInScope } from '../registrations/scope.ts'
import { getFile } from '../storage/storage.ts'
import type { DocumentType } from './rules.ts'

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
    .where(and(eq(documents.id, documentId), eq(businesses.accountId, customer.id)))
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
    .where(and(eq(documents.id, documentId), or(disputeInScope(staff), businessInScope(staff))))
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

async function open(document: typeof documents.$inferSelect): Promise<Document | undefined> {
  const bytes = await getFile(document.storageKey)
  return bytes && { name: document.name, type: document.type as DocumentType, bytes }
}
