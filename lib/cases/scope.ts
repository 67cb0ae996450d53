// Which cases a member of staff may see, as SQL: those of their billers, but none of their own.
import { and, inArray, type SQL, type SQLWrapper, sql } from 'drizzle-orm'
import { cases } from '../../db/schema/cases.ts'
import type { Staff } from '../auth/staff.ts'

/**
 * The case is not the member of staff's, has none of their details, and is about no contract of theirs. For queries over cases.
 * Who they are and what their contracts are is asked once a statement, and not of each case.
 */
export const isOthersCase = ({ id }: { id: string | SQLWrapper }): SQL => {
  const own = (column: string) => sql`(select s.${sql.identifier(column)} from accounts s where s.id = ${id})`
  return sql`(${cases.accountId} is distinct from ${id}
    and ${cases.answers} ->> 'personalNumber' is distinct from ${own('personal_number')}
    and ${cases.answers} ->> 'phone' is distinct from ${own('phone')}
    and ${cases.email} is distinct from ${own('email')}
    and coalesce(${cases.contractId}, 0) not in (
      select a.contract_id from contract_access a where a.account_id = ${id}
      union all select c.id from contracts c join accounts s on s.personal_number = c.holder_personal_number where s.id = ${id}
      union all select c.id from contracts c join account_businesses b on b.number = c.business_number and b.biller_id = c.biller_id
        where b.account_id = ${id}))`
}

/** For queries over cases. */
export const caseInScope = (staff: Pick<Staff, 'id' | 'billerIds'>) =>
  and(inArray(cases.billerId, staff.billerIds), isOthersCase(staff))
