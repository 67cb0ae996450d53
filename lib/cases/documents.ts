// Documents of cases: for the account whose case it is, and for the staff who deal with it.
import { and, eq, type SQL } from 'drizzle-orm'
import { cases } from '../../db/schema/cases.ts'
import { documents } from '../../db/schema/files.ts'
import type { Staff } from '../auth/staff.ts'
import { type Document, mayBeOpened, openDocument } from '../files/queries.ts'
import { recordEvent } from '../platform/audit.ts'
import { database } from '../platform/database.ts'
import { caseInScope } from './scope.ts'

async function findDocument(id: string, isSeen: SQL | undefined) {
  const [row] = await database()
    .select({ document: documents, accountId: cases.accountId })
    .from(documents)
    .innerJoin(cases, eq(cases.id, documents.caseId))
    .where(and(eq(documents.id, id), isSeen, mayBeOpened()))
  return row
}

/** A document of a case of the customer's; undefined for any other. */
export async function getOwnDocument(customer: { id: string }, id: string): Promise<Document | undefined> {
  const found = await findDocument(id, eq(cases.accountId, customer.id))
  return found && openDocument(found.document)
}

/** A document of a case that the member of staff may see; the look is written down. */
export async function getDocumentForStaff(
  staff: Staff,
  id: string,
  now: Date,
): Promise<Document | undefined> {
  const found = await findDocument(id, caseInScope(staff))
  if (!found) return undefined
  const { document, accountId } = found
  await recordEvent(database(), {
    accountId: staff.id,
    action: 'document.viewed',
    subject: accountId ? `account:${accountId}` : `case:${document.caseId}`,
    details: { document: id },
    at: now,
  })
  return openDocument(document)
}
