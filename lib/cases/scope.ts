// Which cases a member of staff may see, as SQL: those of their billers, but none of their own.
import { and, inArray, type SQL, type SQLWrapper, sql } from 'drizzle-orm'
import { cases } from '../../db/schema/cases.ts'
import type { Staff } from '../auth/staff.ts'

/** The case is not the member of staff's, has none of their details, and is about no contract of theirs. For queries over cases. */
export const isOthersCase = ({
  id,
}: {
  id: string | SQLWrapper
}): SQL => sql`(${cases.accountId} is distinct from ${id} and not exists (
  select from accounts s where s.id = ${id} and (
    s.personal_number = ${cases.answers} ->> 'personalNumber' or s.phone = ${cases.answers} ->> 'phone' or s.email = ${cases.email}
    or exists (select from contract_access a where a.account_id = s.id and a.contract_id = ${cases.contractId})
    or exists (select from contracts c where c.id = ${cases.contractId} and c.holder_personal_number = s.personal_number))))`

/** For queries over cases. */
export const caseInScope = (staff: Pick<Staff, 'id' | 'billerIds'>) =>
  and(inArray(cases.billerId, staff.billerIds), isOthersCase(staff))
