// Documents of cases: for the account whose case it is, and for the staff who deal with it.
import { and, eq, type SQL, sql } from 'drizzle-orm'
import { caseEvents, cases } from '../../db/schema/cases.ts'
import { documents } from '../../db/schema/files.ts'
import type { Staff } from '../auth/staff.ts'
import { type Document, mayBeOpened, openDocument } from '../files/queries.ts'
import { recordEvent } from '../platform/audit.ts'
import { database } from '../platform/database.ts'
import { isOutside } from './outside.ts'
import { seesRequest } from './request-queries.ts'
import { caseInScope } from './scope.ts'

/** With the step that it came with. */
async function findDocument(id: string, isSeen: SQL | undefined) {
  const [row] = await database()
    .select({
      document: documents,
      accountId: cases.accountId,
      side: sql<'owner' | 'staff'>`e.side`,
    })
    .from(documents)
    .innerJoin(cases, eq(cases.id, documents.caseId))
    .innerJoin(
      sql`${caseEvents} e`,
      sql`e.case_id = ${documents.caseId} and e.number = coalesce(${documents.caseEvent}, 1)`,
    )
    .where(and(eq(documents.id, id), isSeen, mayBeOpened()))
  return row
}

/**
 * A document of a case of the customer's; undefined for any other. What staff sent with a message is seen as the message is: not
 * where it is for staff, nor by whoever sees the contract's requests no more.
 */
export async function getOwnDocument(customer: { id: string }, id: string): Promise<Document | undefined> {
  const found = await findDocument(id, and(eq(cases.accountId, customer.id), isOutside))
  if (!found) return undefined
  if (found.side === 'staff' && !(await seesRequest(customer, found.document.caseId!))) return undefined
  return openDocument(found.document)
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
