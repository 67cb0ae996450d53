// Documents of what staff decide: for whoever uploaded them, and for those who decide.
import { and, eq, or } from 'drizzle-orm'
import { contracts } from '../../db/schema/contracts.ts'
import { documents } from '../../db/schema/files.ts'
import { businesses, disputes } from '../../db/schema/reviews.ts'
import type { Customer } from '../auth/sessions.ts'
import type { Staff } from '../auth/staff.ts'
import { type Document, mayBeOpened, openDocument } from '../files/queries.ts'
import { recordEvent } from '../platform/audit.ts'
import { database } from '../platform/database.ts'
import { businessInScope, disputeInScope } from './scope.ts'

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
  return row && openDocument(row.document)
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
  return openDocument(row.document)
}
