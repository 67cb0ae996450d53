// Documents of cases: for the account whose case it is, and for the staff who deal with it.
import { and, eq } from 'drizzle-orm'
import { cases } from '../../db/schema/cases.ts'
import { documents } from '../../db/schema/files.ts'
import type { Staff } from '../auth/staff.ts'
import { type Document, mayBeOpened, openDocument } from '../files/queries.ts'
import { recordEvent } from '../platform/audit.ts'
import { database } from '../platform/database.ts'
import { caseInScope } from './scope.ts'

/** A document of a case of the customer's; undefined for any other. */
export async function getOwnDocument(
  customer: { id: string },
  documentId: string,
): Promise<Document | undefined> {
  const [row] = await database()
    .select({ document: documents })
    .from(documents)
    .innerJoin(cases, eq(cases.id, documents.caseId))
    .where(and(eq(documents.id, documentId), eq(cases.accountId, customer.id), mayBeOpened()))
  return row && openDocument(row.document)
}

/** A document of a case that the member of staff may see; the look is written down. */
export async function getDocumentForStaff(
  staff: Staff,
  documentId: string,
  now: Date,
): Promise<Document | undefined> {
  const [row] = await database()
    .select({ document: documents, accountId: cases.accountId })
    .from(documents)
    .innerJoin(cases, eq(cases.id, documents.caseId))
    .where(and(eq(documents.id, documentId), caseInScope(staff), mayBeOpened()))
  if (!row) return undefined
  const { document, accountId } = row
  await recordEvent(database(), {
    accountId: staff.id,
    action: 'document.viewed',
    subject: accountId ? `account:${accountId}` : `case:${document.caseId}`,
    details: { document: documentId },
    at: now,
  })
  return openDocument(document)
}
