// What staff do for somebody at the counter or on the phone: recognise a holder, ask that it be taken back, help one who cannot
// sign in. An account is found by exactly what its person signs in with, and only where it is a customer's of their billers.
import { and, sql } from 'drizzle-orm'
import type { Executor, Transaction } from '../../db/client.ts'
import { accounts } from '../../db/schema/accounts.ts'
import { staffMembers } from '../../db/schema/auth.ts'
import { identifiedBy, identifierKey } from '../accounts/identify.ts'
import { liftWaits } from '../accounts/sign-in.ts'
import { endSessions } from '../auth/sessions.ts'
import type { Staff } from '../auth/staff.ts'
import { hasTwoFactor, removeTwoFactor } from '../auth/two-factor.ts'
import { fileCase } from '../cases/filing.ts'
import type { withdrawalForm } from '../cases/forms.ts'
import { isCustomerOf, isOwnContract } from '../contracts/access.ts'
import { type AtCounter, findOnList, recogniseHolder } from '../contracts/holders.ts'
import { okOnce } from '../forms/answers.ts'
import type { Input } from '../forms/form.ts'
import { notify } from '../notifications/outbox.ts'
import { recordEvent } from '../platform/audit.ts'
import { database } from '../platform/database.ts'
import { limits } from '../platform/limits.ts'
import { countTry, type Wait } from '../platform/rate-limits.ts'
import { fail, ok, type Result } from '../platform/result.ts'
import type { recogniseForm, unlockForm } from './forms.ts'

/** Whoever does it: a member of staff with their billers. */
type By = Pick<Staff, 'id' | 'billerIds'>
type Account = Pick<
  typeof accounts.$inferSelect,
  'id' | 'username' | 'email' | 'phone' | 'emailVerifiedAt'
> & { isStaff: boolean }

/**
 * The account that somebody names, locked where a transaction is given; whom else it is about is told the same as if there were none
 * (`noAccount`). What was looked for in vain is written down as such, never what was typed.
 */
async function findAccount(
  db: Executor,
  by: By,
  typed: string,
  now: Date,
): Promise<Result<Account, 'noAccount' | 'ownAccount'>> {
  const key = identifierKey(typed)
  const [account] = await db
    .select({
      id: accounts.id,
      username: accounts.username,
      email: accounts.email,
      phone: accounts.phone,
      emailVerifiedAt: accounts.emailVerifiedAt,
      isStaff: sql<boolean>`exists (select from ${staffMembers} where ${staffMembers.accountId} = ${accounts.id})`,
    })
    .from(accounts)
    .where(and(identifiedBy(key), isCustomerOf(by.billerIds)))
    .for('update', { of: accounts })
  if (account && account.id !== by.id) return ok(account)
  await recordEvent(db, {
    accountId: by.id,
    action: 'counter.account-missed',
    details: { by: key.column, own: account !== undefined },
    at: now,
  })
  return fail(account ? 'ownAccount' : 'noAccount')
}

type Found = Result<AtCounter, 'noAccount' | 'ownAccount' | 'noContract'>

/** An account and the contract on its list, of their billers, and neither their own. */
async function findAtCounter(
  db: Executor,
  by: By,
  {
    identifier,
    biller,
    contractCode,
  }: Pick<Input<typeof recogniseForm>, 'identifier' | 'biller' | 'contractCode'>,
  now: Date,
): Promise<Found> {
  const account = await findAccount(db, by, identifier, now)
  if (!account.ok) return account
  const found = await findOnList(db, account.value.id, biller, contractCode)
  if (!found || !by.billerIds.includes(found.billerId)) return fail('noContract')
  return (await isOwnContract(db, by.id, found.contractId)) ? fail('ownAccount') : ok(found)
}

/** Records that an account's person is the holder of a contract: staff saw them and their identity document. */
export const recogniseAtCounter = (
  by: By,
  input: Pick<
    Input<typeof recogniseForm>,
    'identifier' | 'biller' | 'contractCode' | 'identityDocument' | 'documentEnding'
  >,
  now: Date,
): Promise<
  Result<undefined, 'noAccount' | 'ownAccount' | 'noContract' | 'otherHolder' | 'alreadyRecognised'>
> =>
  database().transaction(async tx => {
    const found = await findAtCounter(tx, by, input, now)
    if (!found.ok) return found
    const { hasHoldersName, recognisedAt, holderDecision } = found.value
    if (!hasHoldersName) return fail('otherHolder')
    // By a colleague a moment ago, by paper before: nobody is told twice.
    if (recognisedAt && holderDecision === null) return fail('alreadyRecognised')
    const { identityDocument: document, documentEnding: ending } = input
    await recogniseHolder(tx, found.value, by, { document, ending }, now)
    return okOnce(tx, undefined)
  })

/** Asks that an account be a contract's holder no longer; somebody else of the staff decides. Its value is the case's id. */
export async function askWithdrawal(by: By, input: Input<typeof withdrawalForm>, key: string, now: Date) {
  const found = await findAtCounter(database(), by, input, now)
  if (!found.ok) return found
  const { accountId } = found.value
  return fileCase(
    'withdrawal',
    input,
    { owner: { accountId }, filedBy: by, documentIds: [], idempotencyKey: key },
    now,
  )
}

type Unlock = Input<typeof unlockForm>

/**
 * Helps an account's person who cannot sign in: `wait` ends its waits, whoever's guesses they came from and whether or not there
 * are any; `secondStep` takes away the second step that they lost, and ends all sessions. It changes no password, address or
 * number. The person is told by each verified way.
 */
export async function unlockAccount(
  by: Staff,
  { identifier, lift = 'wait', checkedBy, documentEnding }: Unlock,
  now: Date,
): Promise<Result<undefined, 'noAccount' | 'ownAccount' | 'noSecondStep' | 'notFound'> | Wait> {
  if (lift === 'secondStep' && by.role === 'agent') return fail('notFound')
  return database().transaction(async tx => {
    const found = await findAccount(tx, by, identifier, now)
    if (!found.ok) return found
    const account = found.value
    // A colleague's are helped by whoever runs the portal: there they are known.
    if (account.isStaff) return fail('noAccount')
    const seconds = await countTry(limits.liftedWaits(), account.id)
    if (seconds > 0) return { ok: false, code: 'wait', seconds } as const
    if (lift === 'secondStep' && !(await hasTwoFactor(tx, account.id))) return fail('noSecondStep')
    await recordEvent(tx, {
      accountId: by.id,
      action: 'account.unlocked',
      subject: `account:${account.id}`,
      details: { lift, checkedBy, ending: documentEnding ?? null },
      at: now,
    })
    await (lift === 'wait' ? endWaits(tx, account) : endSecondStep(tx, account, by, now))
    return okOnce(tx, undefined)
  })
}

async function endWaits(tx: Transaction, account: Account): Promise<void> {
  await liftWaits(tx, account)
  await notify(tx, account.id, { kind: 'wait-lifted' })
}

async function endSecondStep(tx: Transaction, { id }: Account, by: By, now: Date): Promise<void> {
  await removeTwoFactor(tx, { id }, by.id, now, 'second-step-lifted')
  await endSessions(tx, id, now)
}
