// What a member of staff may look at, as SQL: customers of their billers, but nothing of their own.
import { and, eq, inArray, isNull, ne, type SQL, sql } from 'drizzle-orm'
import { accounts } from '../../db/schema/accounts.ts'
import { cases } from '../../db/schema/cases.ts'
import { contractAccess } from '../../db/schema/contract-access.ts'
import { contracts } from '../../db/schema/contracts.ts'
import type { Staff } from '../auth/staff.ts'
import { isOthersCase } from '../cases/scope.ts'
import { isOthersContract } from '../contracts/access.ts'

export type Who = Pick<Staff, 'id' | 'billerIds'>

/** For queries over contracts. */
export const contractInScope = (staff: Who): SQL =>
  and(inArray(contracts.billerId, staff.billerIds), isOthersContract(staff.id))!

/** The ids of the account's contracts that the member of staff may see. For queries over accounts. */
export const contractsInScope = (
  staff: Who,
): SQL => sql`(select ${contracts.id} from ${contracts} where ${contracts.id} in (
    select has.contract_id from ${contractAccess} has where has.account_id = ${accounts.id}
    union all select held.id from ${contracts} held where held.holder_personal_number = ${accounts.personalNumber})
  and ${contractInScope(staff)})`

/** An open account of a customer, not their own, with a contract or a case that they may see. For queries over accounts. */
export const accountInScope = (staff: Who): SQL =>
  and(
    ne(accounts.id, staff.id),
    isNull(accounts.closedAt),
    eq(accounts.ofDirectory, false),
    sql`(exists ${contractsInScope(staff)} or exists (
      select from ${cases} where ${cases.accountId} = ${accounts.id} and ${inArray(cases.billerId, staff.billerIds)} and ${isOthersCase(staff)}))`,
  )!
