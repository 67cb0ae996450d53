// Staff ask that an account be a contract's holder no longer, because the recognition was a mistake or a fraud. Somebody else of
// the staff decides. The account is told of what is done to it (lib/contracts/holders.ts), not of what staff write about it.
import { and, eq, inArray } from 'drizzle-orm'
import { openStates } from '../../../db/enums.ts'
import { accounts } from '../../../db/schema/accounts.ts'
import { cases } from '../../../db/schema/cases.ts'
import { contractAccess } from '../../../db/schema/contract-access.ts'
import { isAccess } from '../../contracts/access.ts'
import { findOnList, withdrawRecognition } from '../../contracts/holders.ts'
import { fail, ok } from '../../platform/result.ts'
import { withdrawalForm } from '../forms.ts'
import { type Case, decide, kind } from '../kind.ts'

const DECIDERS = ['supervisor', 'administrator'] as const

const recognised = ({ accountId, contractId }: Case) => ({ accountId: accountId!, contractId: contractId! })

export const withdrawal = kind({
  queue: 'registrations',
  form: withdrawalForm,
  about: async (db, { identifier: _, ...answers }, { owner }) => {
    const accountId = 'accountId' in owner ? owner.accountId : ''
    const found = await findOnList(db, accountId, answers.biller, answers.contractCode)
    if (!found) return fail('noContract')
    if (!found.recognisedAt) return fail('notRecognised')
    const { contractId, contractCode, billerId } = found
    // Two at once are two cases; of these the second finds nothing left to withdraw.
    const isOpen = and(
      eq(cases.accountId, accountId),
      eq(cases.contractId, contractId),
      eq(cases.kind, 'withdrawal'),
      inArray(cases.state, openStates),
    )
    if ((await db.$count(cases, isOpen)) > 0) return fail('alreadyAsked')
    const [account] = await db
      .select({ firstName: accounts.firstName, lastName: accounts.lastName })
      .from(accounts)
      .where(eq(accounts.id, accountId))
    const title = `${account!.firstName} ${account!.lastName}`
    return ok({ billerId, contractId, title, about: contractCode, answers: { ...answers, contractCode } })
  },
  moves: decide(
    {
      by: DECIDERS,
      another: true,
      effect: (tx, one, { by, now }) => withdrawRecognition(tx, recognised(one), by, now),
    },
    { by: DECIDERS },
  ),
  facts: async (db, one) => {
    const { accountId, contractId } = recognised(one)
    const [access] = await db.select().from(contractAccess).where(isAccess(accountId, contractId))
    const { recognisedBy: by, recognisedAt: day } = access ?? {}
    return [
      {
        label: 'recognised',
        value: by && day ? { text: 'recognised', values: { by, day } } : { text: 'notRecognised' },
      },
    ]
  },
})
