// What staff do for somebody at the counter or on the phone: recognise a holder, ask that it be taken back, help one who cannot
// sign in. An account is found by exactly what its person signs in with, and only where it is a customer's of their billers.
import { and, eq, isNull, sql } from 'drizzle-orm'
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
import { sealRecognised } from './recognised.ts'

/** Whoever does it: a member of staff with their billers. */
type By = Pick<Staff, 'id' | 'billerIds'>
type Account = Pick<
  typeof accounts.$inferSelect,
  'id' | 'username' | 'email' | 'phone' | 'emailVerifiedAt'
> & { isStaff: boolean }

/**
 * The id of the account that somebody names; whom else it is about is told the same as if there were none (`noAccount`). That it was
 * looked for is written down before anything is answered, and whatever becomes of the deed: what is refused tells that it is there.
 * Never what was typed. Not within a transaction.
 */
async function findAccount(
  by: By,
  typed: string,
  now: Date,
): Promise<Result<string, 'noAccount' | 'ownAccount'>> {
  const key = identifierKey(typed)
  const [account] = await database()
    .select({ id: accounts.id })
    .from(accounts)
    .where(and(identifiedBy(key), isCustomerOf(by.billerIds)))
  const event = { accountId: by.id, at: now }
  if (account && account.id !== by.id) {
    const subject = `account:${account.id}`
    await recordEvent(database(), {
      ...event,
      action: 'counter.account-found',
      subject,
      details: { by: key.column },
    })
    return ok(account.id)
  }
  const details = { by: key.column, own: account !== undefined }
  await recordEvent(database(), { ...event, action: 'counter.account-missed', details })
  return fail(account ? 'ownAccount' : 'noAccount')
}

/** The account that was found, locked; undefined where it was closed meanwhile. */
async function lockAccount(tx: Transaction, id: string): Promise<Account | undefined> {
  const [account] = await tx
    .select({
      id: accounts.id,
      username: accounts.username,
      email: accounts.email,
      phone: accounts.phone,
      emailVerifiedAt: accounts.emailVerifiedAt,
      isStaff: sql<boolean>`exists (select from ${staffMembers} where ${staffMembers.accountId} = ${accounts.id})`,
    })
    .from(accounts)
    .where(and(eq(accounts.id, id), isNull(accounts.closedAt)))
    .for('update', { of: accounts })
  return account
}

/** The contract on the list of an account that was found: of their billers, and not their own. */
async function findContract(
  db: Executor,
  by: By,
  accountId: string,
  { biller, contractCode }: Pick<Input<typeof recogniseForm>, 'biller' | 'contractCode'>,
): Promise<Result<AtCounter, 'ownAccount' | 'noContract'>> {
  const found = await findOnList(db, accountId, biller, contractCode)
  if (!found || !by.billerIds.includes(found.billerId)) return fail('noContract')
  return (await isOwnContract(db, by.id, found.contractId)) ? fail('ownAccount') : ok(found)
}

type Recognising = Promise<
  Result<
    string,
    'noAccount' | 'ownAccount' | 'noContract' | 'otherHolder' | 'alreadyRecognised' | 'alreadyHolder'
  >
>

/**
 * Records that an account's person is the holder of a contract: staff saw them and their identity document. Its value is the mark by
 * which the page says whom (recognised.ts), the same for a form sent twice.
 */
export async function recogniseAtCounter(
  by: By,
  input: Pick<
    Input<typeof recogniseForm>,
    'identifier' | 'biller' | 'contractCode' | 'identityDocument' | 'documentEnding'
  >,
  now: Date,
): Recognising {
  const account = await findAccount(by, input.identifier, now)
  if (!account.ok) return account
  return database().transaction(async tx => {
    // Of two colleagues at once, the second finds that it is done.
    if (!(await lockAccount(tx, account.value))) return fail('noAccount')
    const found = await findContract(tx, by, account.value, input)
    if (!found.ok) return found
    const { biller, contractCode, hasHoldersName, recognisedAt, holderDecision, isHolderAnyway } = found.value
    if (!hasHoldersName) return fail('otherHolder')
    // Nobody is told twice: by a colleague a moment ago, by paper before, or a holder without it.
    if (recognisedAt && holderDecision === null) return fail('alreadyRecognised')
    if (isHolderAnyway && holderDecision === null) return fail('alreadyHolder')
    const { identityDocument: document, documentEnding: ending } = input
    await recogniseHolder(tx, found.value, by, { document, ending }, now)
    return okOnce(tx, sealRecognised(by.id, { identifier: input.identifier, biller, contractCode }, now))
  })
}

/** Asks that an account be a contract's holder no longer; somebody else of the staff decides. Its value is the case's id. */
export async function askWithdrawal(by: By, input: Input<typeof withdrawalForm>, key: string, now: Date) {
  const account = await findAccount(by, input.identifier, now)
  if (!account.ok) return account
  const accountId = account.value
  const found = await findContract(database(), by, accountId, input)
  if (!found.ok) return found
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
  const found = await findAccount(by, identifier, now)
  if (!found.ok) return found
  return database().transaction(async tx => {
    const account = await lockAccount(tx, found.value)
    // A colleague's are helped by whoever runs the portal: there they are known.
    if (!account || account.isStaff) return fail('noAccount')
    if (lift === 'secondStep' && !(await hasTwoFactor(tx, account.id))) return fail('noSecondStep')
    // Last, so that none of a day's helps is spent on what is refused.
    const seconds = await countTry(limits.liftedWaits(), account.id)
    if (seconds > 0) return { ok: false, code: 'wait', seconds } as const
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
