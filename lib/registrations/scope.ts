// Which disputes and businesses a member of staff may see, as SQL: those of their billers.
import { inArray } from 'drizzle-orm'
import { contracts } from '../../db/schema/contracts.ts'
import { businesses } from '../../db/schema/reviews.ts'
import type { Staff } from '../auth/staff.ts'

type Scope = Pick<Staff, 'billerIds'>

/** For queries over disputes ⨝ contracts. */
export const disputeInScope = ({ billerIds }: Scope) => inArray(contracts.billerId, billerIds)

/** For queries over businesses. */
export const businessInScope = ({ billerIds }: Scope) => inArray(businesses.billerId, billerIds)
