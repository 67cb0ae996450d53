// Photos of readings: for whoever sent them, and for staff of the biller, whose look is written down.
import { and, eq, inArray, type SQL } from 'drizzle-orm'
import { contracts } from '../../db/schema/contracts.ts'
import { customerReadings } from '../../db/schema/customer-readings.ts'
import { documents } from '../../db/schema/files.ts'
import type { Staff } from '../auth/staff.ts'
import { isOthersContract } from '../contracts/access.ts'
import { isOfBiller } from '../contracts/sent-readings.ts'
import { type Document, mayBeOpened, openDocument } from '../files/queries.ts'
import { recordEvent } from '../platform/audit.ts'
import { database } from '../platform/database.ts'

async function findPhoto(id: string, isSeen: SQL | undefined) {
  const [row] = await database()
    .select({ document: documents, contractId: customerReadings.contractId })
    .from(documents)
    .innerJoin(customerReadings, eq(customerReadings.id, documents.readingId))
    .innerJoin(contracts, eq(contracts.id, customerReadings.contractId))
    .where(and(eq(documents.id, id), isSeen, mayBeOpened()))
  return row
}

/** A photo that the customer sent; undefined for any other. */
export async function getOwnPhoto(customer: { id: string }, id: string): Promise<Document | undefined> {
  const found = await findPhoto(id, eq(customerReadings.accountId, customer.id))
  return found && openDocument(found.document)
}

/** A photo of a contract that the member of staff may see. */
export async function getPhotoForStaff(staff: Staff, id: string, now: Date): Promise<Document | undefined> {
  const found = await findPhoto(
    id,
    and(
      inArray(contracts.billerId, staff.billerIds),
      isOthersContract(staff.id),
      isOfBiller('customer_readings'),
    ),
  )
  if (!found) return undefined
  await recordEvent(database(), {
    accountId: staff.id,
    action: 'document.viewed',
    subject: `contract:${found.contractId}`,
    details: { document: id },
    at: now,
  })
  return openDocument(found.document)
}
