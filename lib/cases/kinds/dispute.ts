// Somebody without an account says that an earlier registration holds their details. Accepted, it closes those that staff chose.
import { and, eq, inArray, isNotNull, isNull, or, sql } from 'drizzle-orm'
import type { Executor, Transaction } from '../../../db/client.ts'
import { accounts } from '../../../db/schema/accounts.ts'
import { billers } from '../../../db/schema/billers.ts'
import { contractAccess } from '../../../db/schema/contract-access.ts'
import { contracts } from '../../../db/schema/contracts.ts'
import { closeAccount } from '../../accounts/closing.ts'
import type { Staff } from '../../auth/staff.ts'
import { shownPhone } from '../../billers/phones.ts'
import { accessLevel, isHolder } from '../../contracts/access.ts'
import { findContract } from '../../contracts/queries.ts'
import { foldName } from '../../platform/names.ts'
import { fail, ok } from '../../platform/result.ts'
import { disputeForm } from '../forms.ts'
import { type Case, type Choice, decide, kind, type Made } from '../kind.ts'

/** Closing somebody's account, or keeping it, is not an agent's decision. */
const DECIDERS = ['supervisor', 'administrator'] as const

export const dispute = kind({
  queue: 'registrations',
  // Whether anybody is registered with these details is not looked up.
  form: disputeForm,
  about: async (db, { confirmPersonalNumber: _, ...answers }) => {
    const { biller, contractCode, firstName, lastName, email } = answers
    const contract = await findContract(db, biller, contractCode)
    if (!contract) return fail('contractUnknown')
    return ok({
      billerId: contract.billerId,
      contractId: contract.id,
      email,
      title: `${firstName} ${lastName}`,
      about: contractCode,
      answers,
    })
  },
  moves: decide(
    {
      by: DECIDERS,
      choices: { list: listEarlier, missing: 'chooseAccount', unconfirmed: 'confirmClosing' },
      effect: closeChosen,
      tells: '/register',
    },
    { by: DECIDERS, tells: '/register/dispute' },
  ),
  // Numbers of the record are compared and not shown.
  compared: async (db, one) => {
    const [contract] = await db.select().from(contracts).where(eq(contracts.id, one.contractId!))
    const { holderFirstName, holderLastName, holderNameFolded, holderPersonalNumber, phone } = contract!
    const said = matterOf(one)
    const agrees = (recorded: string | null | undefined, claimed: string) =>
      recorded ? recorded === claimed : undefined
    const hidden = (recorded: string | null) => ({ text: recorded ? 'hidden' : 'unknown' })
    return [
      {
        label: 'name',
        fields: ['firstName', 'lastName'],
        claimed: one.title,
        recorded: [holderFirstName, holderLastName].filter(Boolean).join(' ') || { text: 'unknown' },
        agrees: agrees(holderNameFolded, foldName(said.firstName, said.lastName)),
      },
      {
        label: 'personalNumber',
        fields: ['personalNumber'],
        claimed: said.personalNumber,
        recorded: hidden(holderPersonalNumber),
        agrees: agrees(holderPersonalNumber, said.personalNumber),
      },
      {
        label: 'phone',
        fields: ['phone'],
        claimed: shownPhone(said.phone),
        recorded: hidden(phone),
        agrees: agrees(phone, said.phone),
      },
    ]
  },
})

type Matter = { contractId: number; personalNumber: string; email: string; phone: string }
type Claim = Matter & { firstName: string; lastName: string }

const matterOf = ({ contractId, answers }: Case) => ({ ...answers, contractId }) as Claim

/** How an account came to be the holder of a contract. `by` phone without a day: its phone is the biller's. */
type Recognised = { contract: string; by: 'paper' | 'counter' | 'phone' | 'business'; at: string | null }

/**
 * The open accounts that this member of staff may close for the dispute, with what they share with it and the contracts of
 * the member's billers whose holder they are. Each has had a contract of those billers, on its list or taken off it; and
 * either the dispute's personal number, which its document proves, or its phone or verified e-mail and its contract, and
 * then no contract of other billers.
 */
export async function findEarlierRegistrations(
  db: Executor,
  matter: Matter,
  staff: Pick<Staff, 'billerIds'>,
) {
  const { contractId, personalNumber, email, phone } = matter
  const isOurs = inArray(contracts.billerId, staff.billerIds)
  const rows = await db
    .select({
      account: accounts,
      recognised: sql<Recognised[]>`coalesce(json_agg(json_build_object(
        'contract', ${billers.name} || ' ' || ${contracts.code}, 'at', ${contractAccess.recognisedAt},
        'by', case when ${isHolder} then coalesce(${contractAccess.recognisedBy}, 'phone') else 'business' end)
        order by ${contracts.id} <> ${contractId}, ${contracts.id}) filter (where ${isOurs} and ${accessLevel} = 'holder'), '[]')`,
    })
    .from(accounts)
    .innerJoin(contractAccess, eq(contractAccess.accountId, accounts.id))
    .innerJoin(contracts, eq(contracts.id, contractAccess.contractId))
    .innerJoin(billers, eq(billers.id, contracts.billerId))
    .where(
      and(
        isNull(accounts.closedAt),
        or(
          eq(accounts.personalNumber, personalNumber),
          and(eq(accounts.email, email), isNotNull(accounts.emailVerifiedAt)),
          eq(accounts.phone, phone),
        ),
      ),
    )
    .groupBy(accounts.id)
    .having(
      sql`bool_or(${isOurs}) and (${accounts.personalNumber} = ${personalNumber}
        or bool_or(${contracts.id} = ${contractId}) and bool_and(${isOurs}))`,
    )
    .orderBy(accounts.createdAt)
  return rows.map(({ account, recognised }) => ({
    id: account.id,
    firstName: account.firstName,
    lastName: account.lastName,
    createdAt: account.createdAt,
    shares: (['personalNumber', 'email', 'phone'] as const).filter(
      field =>
        account[field] === { personalNumber, email, phone }[field] &&
        (field !== 'email' || account.emailVerifiedAt),
    ),
    recognised: recognised.slice(0, MOST_RECOGNISED),
  }))
}

/** A business may be the holder of thousands; the disputed contract is the first. */
const MOST_RECOGNISED = 5

/** Shown to who decides, and only while it is open: who is registered is nothing that filing a dispute tells. */
async function listEarlier(db: Executor, one: Case, staff: Pick<Staff, 'billerIds'>): Promise<Choice[]> {
  const earlier = await findEarlierRegistrations(db, matterOf(one), staff)
  return earlier.map(({ id, firstName, lastName, createdAt, shares, recognised }) => {
    const registered = { name: `${firstName} ${lastName}`, day: createdAt }
    return {
      value: id,
      accountId: id,
      label: {
        text: 'registered',
        values: { ...registered, shares: shares.map(field => ({ text: `shares.${field}` })) },
      },
      details: recognised.map(({ contract, by, at }) => ({
        text: 'recognised',
        values: { contract, by, dated: at ? 'yes' : 'no', day: at ? new Date(at) : '' },
      })),
      confirm: { text: 'confirm', values: registered },
    }
  })
}

/** Closes the accounts that were chosen: all of them, or none. */
async function closeChosen(tx: Transaction, one: Case, { by, chosen, now }: Made) {
  for (const accountId of chosen) {
    const closed = await closeAccount(tx, accountId, { staffId: by.id, disputeId: one.id }, now)
    if (closed.ok) continue
    if (closed.code === 'underWay') return fail('underWay')
    return fail(closed.code === 'staff' ? 'staffAccount' : 'chooseAccount')
  }
  return ok({ closed: chosen.join(' ') })
}
