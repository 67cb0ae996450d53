// Staff ask that an account be a contract's holder no longer, because the recognition was a mistake or a fraud. Somebody else of
// the staff decides. The account is told of what is done to it (lib/contracts/holders.ts), not of what staff write about it.
import { and, eq, inArray, sql } from 'drizzle-orm'
import { openStates } from '../../../db/enums.ts'
import { accounts } from '../../../db/schema/accounts.ts'
import { cases } from '../../../db/schema/cases.ts'
import { contractAccess } from '../../../db/schema/contract-access.ts'
import { contracts } from '../../../db/schema/contracts.ts'
import { isAccess, isHolderAnyway, selectAccess } from '../../contracts/access.ts'
import { findOnList, withdrawRecognition } from '../../contracts/holders.ts'
import { fail, ok } from '../../platform/result.ts'
import { withdrawalForm } from '../forms.ts'
import { type Case, decide, type Fact, kind } from '../kind.ts'
import { isDecided } from '../rules.ts'

const DECIDERS = ['supervisor', 'administrator'] as const

const recognised = ({ accountId, contractId }: Case) => ({ accountId: accountId!, contractId: contractId! })

/** Who recognised the joined account at the counter, and by which document, as the audit log has it; null: nobody did there. */
const seenAtCounter = sql<{ name: string; document: string | null } | null>`(
  select json_build_object('name', s.first_name || ' ' || s.last_name, 'document', e.details ->> 'document')
  from audit_events e join accounts s on s.id = e.account_id
  where e.subject = 'contract:' || ${contracts.id} and e.action = 'holder.recognised'
    and e.at = ${contractAccess.recognisedAt} and e.details ->> 'accountId' = ${accounts.id}::text
  limit 1)`

export const withdrawal = kind({
  queue: 'registrations',
  form: withdrawalForm,
  about: async (db, { identifier: _, ...answers }, { owner }) => {
    const accountId = 'accountId' in owner ? owner.accountId : ''
    const found = await findOnList(db, accountId, answers.biller, answers.contractCode)
    if (!found) return fail('noContract')
    if (!found.recognisedAt) return fail('notRecognised')
    if (found.isHolderAnyway) return fail('holderAnyway')
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
    const [access] = await selectAccess(db, {
      by: contractAccess.recognisedBy,
      day: contractAccess.recognisedAt,
      isHolderAnyway,
      seen: seenAtCounter,
    }).where(isAccess(accountId, contractId))
    const { by, day, seen } = access ?? {}
    if (!by || !day) return [{ label: 'recognised', value: { text: 'notRecognised' } }]
    const [name, document] = [seen?.name ?? 'none', seen?.document ?? 'none']
    const facts: Fact[] = [
      { label: 'recognised', value: { text: 'recognised', values: { by, day, name, document } } },
    ]
    if (isDecided(one.state)) return facts
    return [
      ...facts,
      { label: 'effect', value: { text: `effects.${access!.isHolderAnyway ? 'none' : 'withdraws'}` } },
    ]
  },
})
