// Which disputes and businesses a member of staff may see, as SQL.
import { inArray } from 'drizzle-orm'
import { billers, contracts } from '../../db/schema/contracts.ts'
import { businesses } from '../../db/schema/reviews.ts'
import type { Staff } from '../auth/staff.ts'
import { database } from '../platform/database.ts'

/** For queries over disputes ⨝ contracts: the contract is one of the member's billers'. */
export const disputeInScope = (staff: Pick<Staff, 'billerIds'>) =>
  inArray(contracts.billerId, staff.billerIds.length > 0 ? staff.billerIds : [-1])

/** For queries over businesses: one of the member's billers works in the country whose register the number is from. */
export const businessInScope = (staff: Pick<Staff, 'billerIds'>) =>
  inArray(
    businesses.country,
    database()
      .select({ country: billers.country })
      .from(billers)
      .where(inArray(billers.id, staff.billerIds.length > 0 ? staff.billerIds : [-1])),
  )
