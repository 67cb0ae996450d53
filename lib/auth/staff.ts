// Members of staff: their role, and the billers whose customers they may see.
import { eq } from 'drizzle-orm'
import type { StaffRole } from '../../db/enums.ts'
import { staffBillers, staffMembers } from '../../db/schema/auth.ts'
import { database } from '../platform/database.ts'
import type { Customer } from './sessions.ts'

export type { StaffRole }
export type Staff = Customer & { role: StaffRole; billerIds: number[] }

/** The customer as a member of staff; undefined where they are none. */
export async function findStaff<One extends Pick<Customer, 'id'>>(
  customer: One,
): Promise<(One & Pick<Staff, 'role' | 'billerIds'>) | undefined> {
  const rows = await database()
    .select({ role: staffMembers.role, billerId: staffBillers.billerId })
    .from(staffMembers)
    .leftJoin(staffBillers, eq(staffBillers.accountId, staffMembers.accountId))
    .where(eq(staffMembers.accountId, customer.id))
    .orderBy(staffBillers.billerId)
  const [first] = rows
  const billerIds = rows.flatMap(({ billerId }) => (billerId === null ? [] : [billerId]))
  return first && { ...customer, role: first.role, billerIds }
}
