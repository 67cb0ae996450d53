// The three levels of access to a contract, as SQL: who is the holder follows from present data, it is not stored.
import { sql } from 'drizzle-orm'
import { accounts, contractAccess } from '../../db/schema/accounts.ts'
import { contracts } from '../../db/schema/contracts.ts'
import { businesses } from '../../db/schema/reviews.ts'
import type { AccessLevel } from './rules.ts'

export type { AccessLevel }

/** The contract is a business's that staff confirmed to be the joined account's. */
const ofOwnBusiness = sql`${contracts.businessNumber} is not null and exists (select from ${businesses}
  where ${businesses.accountId} = ${accounts.id} and ${businesses.number} = ${contracts.businessNumber}
    and ${businesses.state} = 'granted')`

/**
 * The level of the joined account on the joined contract. For queries over accounts ⨝ contract_access ⨝ contracts;
 * pair it with `hasAccess`.
 */
export const accessLevel = sql<AccessLevel>`case
  when ${contracts.holderPersonalNumber} = ${accounts.personalNumber}
   and ${contracts.holderNameFolded} = ${accounts.nameFolded} then 'holder'
  when ${ofOwnBusiness} then 'holder'
  else ${contractAccess.level} end`

/** False where the holder refused this account, or the account took the contract off its list. */
export const hasAccess = sql<boolean>`(${contractAccess.holderDecision} is distinct from 'refused' and ${contractAccess.removedAt} is null)`
