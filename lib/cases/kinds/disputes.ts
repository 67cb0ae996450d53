// A dispute of an earlier registration: from the form to its end.
import { and, eq, inArray, isNotNull, isNull, or, sql } from 'drizzle-orm'
import type { Executor, Transaction } from '../../../db/client.ts'
import { accounts } from '../../../db/schema/accounts.ts'
import { billers } from '../../../db/schema/billers.ts'
import { contractAccess } from '../../../db/schema/contract-access.ts'
import { contracts } from '../../../db/schema/contracts.ts'
import { disputes } from '../../../db/schema/reviews.ts'
import { closeAccount } from '../../accounts/closing.ts'
import { wrongNumbers } from '../../accounts/wrong-numbers.ts'
import type { Staff } from '../../auth/staff.ts'
import { readContractCode } from '../../billers/contract-codes.ts'
import { readPhone } from '../../billers/phones.ts'
import { accessLevel, isHolder } from '../../contracts/access.ts'
import { findContract } from '../../contracts/queries.ts'
import { claimDocuments, documentsGone } from '../../files/commands.ts'
import type { Locale } from '../../i18n/locale.ts'
import { sendMessage } from '../../notifications/outbox.ts'
import { recordEvent } from '../../platform/audit.ts'
import { database } from '../../platform/database.ts'
import { env } from '../../platform/env.ts'
import { readPersonalNumber } from '../../platform/identifiers.ts'
import { fail, ok, type Result } from '../../platform/result.ts'
import { type ReviewFailure, reviewed } from '../review.ts'
import { afterMove, isDecided, mayMove, type ReviewState } from '../rules.ts'
import type { DisputeInput, ReviewInput } from '../schema.ts'
import { disputeInScope } from '../scope.ts'

type DisputeFailure =
  | 'contractCodeForm'
  | 'contractUnknown'
  | 'personalNumberForm'
  | 'personalNumberCheck'
  | 'phoneForm'
  | 'documentsGone'

/** How a dispute came: in which language, from which address, with which form. */
export type Filing = { language: Locale; address: string | null; idempotencyKey: string }

/**
 * Keeps a dispute with its stored documents for staff; of a form sent twice, the one that is there. Whether anybody is
 * registered with these details is not looked up.
 */
export async function fileDispute(
  input: DisputeInput,
  documentIds: string[],
  { language, address, idempotencyKey }: Filing,
  now: Date,
): Promise<Result<string, DisputeFailure>> {
  const [wrong] = Object.values(wrongNumbers(input))
  if (wrong) return fail(wrong)
  const code = readContractCode(input.biller, input.contractCode)!
  const personalNumber = readPersonalNumber(input.personalNumber)!
  const phone = readPhone(input.phone, input.biller)!
  const contract = await findContract(database(), input.biller, code)
  if (!contract) return fail('contractUnknown')

  return database()
    .transaction(async tx => {
      const [row] = await tx
        .insert(disputes)
        .values({
          contractId: contract.id,
          personalNumber,
          firstName: input.firstName,
          lastName: input.lastName,
          email: input.email,
          phone,
          note: input.note,
          language,
          idempotencyKey,
          createdAt: now,
        })
        .onConflictDoNothing({ target: disputes.idempotencyKey })
        .returning({ id: disputes.id })
      if (!row) return ok((await findFiled(tx, idempotencyKey))!)
      await claimDocuments(tx, documentIds, { disputeId: row.id })
      await recordEvent(tx, { action: 'dispute.filed', subject: `dispute:${row.id}`, address, at: now })
      return ok(row.id)
    })
    .catch(documentsGone)
}

/** The dispute that this form filed; undefined where it filed none yet. */
export const findDisputeOf = (idempotencyKey: string) => findFiled(database(), idempotencyKey)

async function findFiled(db: Executor, idempotencyKey: string): Promise<string | undefined> {
  const [row] = await db
    .select({ id: disputes.id })
    .from(disputes)
    .where(eq(disputes.idempotencyKey, idempotencyKey))
  return row?.id
}

type Dispute = typeof disputes.$inferSelect
type Matter = Pick<Dispute, 'contractId' | 'personalNumber' | 'email' | 'phone'>

/** How an account came to be the holder of a contract. `by` phone without a day: its phone is the biller's. */
export type Recognised = {
  contract: string
  by: 'paper' | 'counter' | 'phone' | 'business'
  at: string | null
}

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

/**
 * Takes, grants or refuses a dispute. Granting closes the accounts chosen among those that this member of staff may close
 * for it, all or none, once each was confirmed (`confirmClosing`). Of two at once the second waits, and is refused (`moved`).
 */
export async function reviewDispute(
  staff: Staff,
  disputeId: string,
  input: ReviewInput,
  now: Date,
): Promise<Result<ReviewState, ReviewFailure>> {
  return database()
    .transaction(async tx => {
      const [found] = await tx
        .select({ dispute: disputes })
        .from(disputes)
        .innerJoin(contracts, eq(contracts.id, disputes.contractId))
        .where(and(eq(disputes.id, disputeId), disputeInScope(staff)))
        .for('update', { of: disputes })
      if (!found) return fail('notFound')
      const { dispute } = found
      const state = afterMove(dispute.state as ReviewState, input.intent)
      // No page of theirs has the button.
      if (!mayMove('dispute', input.intent, staff.role)) return fail('notFound')
      if (!state) return fail('moved')
      const closed = state === 'granted' ? await closeEarlier(tx, dispute, staff, input, now) : undefined
      await tx
        .update(disputes)
        .set(reviewed(staff, input, state, now))
        .where(eq(disputes.id, dispute.id))
      await recordEvent(tx, {
        accountId: staff.id,
        action: `dispute.${state}`,
        subject: `dispute:${dispute.id}`,
        ...(closed && { details: { closed: closed.join(' ') } }),
        at: now,
      })
      if (isDecided(state)) await tellDisputer(tx, dispute, state === 'granted', input.note)
      return ok(state)
    })
    .catch((error: unknown) => {
      if (error instanceof CannotClose) return fail(error.code)
      throw error
    })
}

/** Rolls the whole decision back. */
class CannotClose extends Error {
  readonly code: Exclude<ReviewFailure, 'notFound' | 'moved'>
  constructor(code: CannotClose['code']) {
    super(code)
    this.code = code
  }
}

/** The ids of the accounts it closed. */
async function closeEarlier(
  tx: Transaction,
  dispute: Dispute,
  staff: Staff,
  { accounts: chosen, confirmed }: Pick<ReviewInput, 'accounts' | 'confirmed'>,
  now: Date,
): Promise<string[]> {
  const earlier = (await findEarlierRegistrations(tx, dispute, staff)).map(({ id }) => id)
  // Where there is none there is nothing to close, and nothing to choose.
  if (earlier.length > 0 && chosen.length === 0) throw new CannotClose('chooseAccount')
  if (chosen.some(id => !earlier.includes(id))) throw new CannotClose('chooseAccount')
  if (chosen.some(id => !confirmed.includes(id))) throw new CannotClose('confirmClosing')
  const ids = [...new Set(chosen)].sort()
  for (const accountId of ids) {
    const closed = await closeAccount(tx, accountId, { staffId: staff.id, disputeId: dispute.id }, now)
    if (closed.ok) continue
    if (closed.code === 'underWay') throw new CannotClose('underWay')
    throw new CannotClose(closed.code === 'staff' ? 'staffAccount' : 'chooseAccount')
  }
  return ids
}

async function tellDisputer(
  tx: Transaction,
  dispute: Dispute,
  granted: boolean,
  note: string | null,
): Promise<void> {
  const recipient = { to: dispute.email, language: dispute.language as Locale }
  const link = `${env().APP_URL}/register`
  if (granted) await sendMessage(tx, recipient, { kind: 'dispute-granted', link })
  else await sendMessage(tx, recipient, { kind: 'dispute-refused', note: note ?? '' })
}
