// What a customer chose about notices: kept together with what of it stands in the account's row.
import { eq } from 'drizzle-orm'
import { accounts } from '../../db/schema/accounts.ts'
import { contracts } from '../../db/schema/contracts.ts'
import { hasContract, selectAccess } from '../contracts/access.ts'
import { okOnce } from '../forms/answers.ts'
import { type Choices, forgetChoices, keepChoices } from '../notifications/own-choices.ts'
import { database } from '../platform/database.ts'
import { fail, type Result } from '../platform/result.ts'

type Who = { id: string }

type Chosen = { choices: Choices; statementDay: number | null }

/** Of all contracts. `statementDay`: the day of the month on which what is due comes as one list; null: none. */
export const saveNoticeChoices = (
  customer: Who,
  { choices, statementDay }: Chosen,
  now: Date,
): Promise<Result<undefined, never>> =>
  database().transaction(async tx => {
    await keepChoices(tx, customer, null, choices, now)
    await tx.update(accounts).set({ statementDay }).where(eq(accounts.id, customer.id))
    return okOnce(tx, undefined)
  })

/** Of one contract; without choices, what was chosen for all counts for it again. */
export const saveContractChoices = (
  customer: Who,
  { biller, code }: { biller: string; code: string },
  choices: Choices | undefined,
  now: Date,
): Promise<Result<undefined, 'notFound'>> =>
  database().transaction(async tx => {
    const [contract] = await selectAccess(tx, { id: contracts.id }).where(
      hasContract(customer.id, biller, code),
    )
    if (!contract) return fail('notFound')
    if (choices) await keepChoices(tx, customer, contract.id, choices, now)
    else await forgetChoices(tx, customer, contract.id)
    return okOnce(tx, undefined)
  })
