// Which disputes and businesses a member of staff may see, as SQL: those of their billers, but none of their own.
import { and, inArray, ne, type SQL, sql } from 'drizzle-orm'
import { contracts } from '../../db/schema/contracts.ts'
import { businesses, disputes } from '../../db/schema/reviews.ts'
import type { Staff } from '../auth/staff.ts'

type Scope = Pick<Staff, 'id' | 'billerIds'>

/** The dispute was not filed with the member of staff's own details, and its contract is not theirs. For queries over disputes. */
export const isOthersDispute = ({ id }: Pick<Staff, 'id'>): SQL => sql`not exists (
  select from accounts s where s.id = ${id} and (
    s.personal_number = ${disputes.personalNumber} or s.phone = ${disputes.phone} or s.email = ${disputes.email}
    or exists (select from contract_access a where a.account_id = s.id and a.contract_id = ${disputes.contractId})
    or exists (select from contracts c where c.id = ${disputes.contractId} and c.holder_personal_number = s.personal_number)))`

/** The business is on another's account. For queries over businesses. */
export const isOthersBusiness = ({ id }: Pick<Staff, 'id'>): SQL => ne(businesses.accountId, id)

/** For queries over disputes ⨝ contracts. */
export const disputeInScope = (staff: Scope) =>
  and(inArray(contracts.billerId, staff.billerIds), isOthersDispute(staff))

/** For queries over businesses. */
export const businessInScope = (staff: Scope) =>
  and(inArray(businesses.billerId, staff.billerIds), isOthersBusiness(staff))
