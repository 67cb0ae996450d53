// The accounts at banks that settlement files are of.
import { and, eq, inArray, type SQL, sql } from 'drizzle-orm'
import { billers } from '../../db/schema/billers.ts'
import { gatewayAccounts } from '../../db/schema/gateway-accounts.ts'
import { database } from '../platform/database.ts'

export type SettlementAccount = Awaited<ReturnType<typeof listAccounts>>[number]

/** Those of which this holds, without their secrets, which files need none of. */
export const listAccounts = (which?: SQL) =>
  database()
    .select({
      id: gatewayAccounts.id,
      code: gatewayAccounts.code,
      gateway: gatewayAccounts.gateway,
      billerId: gatewayAccounts.billerId,
      currency: gatewayAccounts.currency,
      /** Of times that name none, and in which days are counted. */
      timeZone: sql<string>`coalesce(${gatewayAccounts.timeZone}, ${billers.timeZone})`,
      billerTimeZone: billers.timeZone,
    })
    .from(gatewayAccounts)
    .innerJoin(billers, eq(billers.id, gatewayAccounts.billerId))
    .where(which)
    .orderBy(gatewayAccounts.code)

export const isCode = (code: string): SQL => eq(gatewayAccounts.code, code)

/** To choose from when a file is uploaded. */
export const listStaffAccounts = (staff: { billerIds: number[] }) =>
  listAccounts(inArray(gatewayAccounts.billerId, staff.billerIds))

/** One of the staff's billers, by its id; undefined for any other. */
export async function findStaffAccount(
  staff: { billerIds: number[] },
  id: number,
): Promise<SettlementAccount | undefined> {
  const isTheirs = inArray(gatewayAccounts.billerId, staff.billerIds)
  const [account] = await listAccounts(and(eq(gatewayAccounts.id, id), isTheirs))
  return account
}
