// Where a contract's past is read: not on a replica that has not heard yet what its reader may see.
import { isDeepStrictEqual } from 'node:util'
import { and, eq, getTableColumns, sql } from 'drizzle-orm'
import type { Database } from '../../db/client.ts'
import { contractAccess } from '../../db/schema/contract-access.ts'
import { database, replica } from '../platform/database.ts'
import { accessLevel, hasCodes, ownTimeAfter, seesInvoices, selectAccess } from './access.ts'

/** The replica, where the customer's access to the contract of these codes is there what it is on the primary; else that. */
export async function databaseOfContract(
  customer: { id: string },
  billerCode: string,
  contractCode: string,
): Promise<Database> {
  const [primary, second] = [database(), replica()]
  if (second === primary) return primary
  const read = (db: Database) => readAccess(db, customer, billerCode, contractCode)
  const [is, there] = await Promise.all([read(primary), read(second)])
  return isDeepStrictEqual(is, there) ? second : primary
}

const readAccess = (db: Database, { id }: { id: string }, billerCode: string, contractCode: string) =>
  selectAccess(db, {
    ...getTableColumns(contractAccess),
    current: accessLevel,
    after: ownTimeAfter,
    sees: sql<boolean>`${seesInvoices}`,
  }).where(and(eq(contractAccess.accountId, id), hasCodes(billerCode, contractCode)))
