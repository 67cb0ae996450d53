// Which readings that customers sent count, as SQL: access to a contract may be refused, limited or ended after somebody sent one.
import { type SQL, sql } from 'drizzle-orm'
import { accessLevel } from './access.ts'

/**
 * Whether the biller is to get a reading: not where its sender's access was refused, limited or ended since by whoever holds the contract;
 * of an account that is closed as it was then. `table`: the reading's, by its name in the query.
 */
export const isToHandOver = (table: string): SQL<boolean> => {
  const [account, contract] = [sql.raw(`${table}.account_id`), sql.raw(`${table}.contract_id`)]
  return sql`(${account} is null or exists (select from contract_access
    join accounts on accounts.id = contract_access.account_id join contracts on contracts.id = contract_access.contract_id
    where contract_access.account_id = ${account} and contract_access.contract_id = ${contract}
      and contract_access.holder_decision is distinct from 'refused'
      and (contract_access.holder_decision is distinct from 'limited' or ${accessLevel} = 'holder')))`
}

/** The biller has it or is to get it: anything else is shown to its sender alone. */
export const isOfBiller = (table: string): SQL<boolean> =>
  sql`(${sql.raw(table)}.withdrawn_at is null and (${sql.raw(table)}.handed_over_at is not null or ${isToHandOver(table)}))`
