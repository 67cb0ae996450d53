// Signing in with a username, an e-mail address or a phone number; then, where the account has one, the second step.
import { randomUUID } from 'node:crypto'
import { and, desc, eq, getTableColumns, gt, isNotNull, isNull, type SQLWrapper, sql } from 'drizzle-orm'
import { unionAll } from 'drizzle-orm/pg-core'
import type { Database, Executor, Transaction } from '../../db/client.ts'
import { accounts, knownDevices, registrations } from '../../db/schema/accounts.ts'
import { staffMembers, twoFactors } from '../../db/schema/auth.ts'
import { isDemonstrationCode, sendDemonstrationCode } from '../auth/demonstration-codes.ts'
import { type Challenge, passPasskey, requestOptions } from '../auth/passkeys.ts'
import { checkPassword } from '../auth/passwords.ts'
import { type Device, newSession } from '../auth/sessions.ts'
import { passTwoFactor } from '../auth/two-factor.ts'
import { okOnce } from '../forms/answers.ts'
import { eventOf } from '../platform/audit.ts'
import { database } from '../platform/database.ts'
import { env } from '../platform/env.ts'
import { limits } from '../platform/limits.ts'
import {
  countTries,
  countTry,
  forgetTries,
  forgottenTries,
  isAnyUsedUp,
  recordRefused,
  returnTry,
  type Wait,
} from '../platform/rate-limits.ts'
import { fail, ok, type Result } from '../platform/result.ts'
import { isKeyedHash, keyedHash } from '../platform/seal.ts'
import { knownDevice, rememberDevice } from './devices.ts'
import { type Identifier, identifiedBy, identifierKey } from './identify.ts'
import { FORGET_AFTER_MS } from './registration.ts'

/** So long a right password waits for its code. */
const CODE_MINUTES = 10
/** So many passwords are checked, 9 ms of a core each; as many codes go to one number in an hour. */
const MOST_PENDING = 5

export type SignedIn = { sessionId: string; isStaff: boolean; twoFactor: boolean }

/**
 * `waiting`: to be kept sealed by the browser, and handed to signInWithCode with the code. `registration`: the id of one
 * that waits for its code.
 */
type PasswordResult = Result<SignedIn | { waiting: string } | { registration: string }, 'wrong'> | Wait

/** Where a sign-in leads: staff to their pages, first of all to set up the second step that they must have. */
export function landingPage({ isStaff, twoFactor }: Pick<SignedIn, 'isStaff' | 'twoFactor'>): string {
  if (!isStaff) return '/contracts'
  return twoFactor ? '/staff' : '/account/second-step'
}

/** Back to the page that was asked for, where there is one; staff without a second step set it up first. */
export function pageAfterSignIn(signedIn: Pick<SignedIn, 'isStaff' | 'twoFactor'>, to: string): string {
  const mustSetUp = signedIn.isStaff && !signedIn.twoFactor
  return to === '/' || mustSetUp ? landingPage(signedIn) : to
}

/**
 * Counts a try for the address, for the identifier and among the sign-ins of `owner`; 0, or the seconds to wait. A browser
 * that the account has signed in from before (`known`) has tries of its own, and is not kept out by what strangers guess, at
 * its account or from its address. A try at an account that must wait anyway takes nothing from the others at that address.
 */
async function countSignIn(
  known: string | undefined,
  key: Identifier,
  address: string | null,
  owner: string,
): Promise<number> {
  const [ofAddress, ofAccount, signIns] = [limits.signInAddress(), limits.signInAccount(), limits.signIns()]
  if (known) return (await countTries([ofAccount, known], [signIns, owner])).seconds
  const { seconds, met } = await countTries(
    [ofAddress, { address }],
    [ofAccount, textOf(key)],
    [signIns, owner],
  )
  if (met === ofAccount) await returnTry(ofAddress, { address })
  return seconds
}

type Identity = Record<Identifier['column'], string> & { emailVerifiedAt: Date | null }

/** Forgets the tries at an account, by whichever identifier, and its waits, where somebody has proved to be its owner. */
export async function forgetSignInTries(account: Identity, known?: string): Promise<void> {
  await forgottenSignInTries(database(), account, ...(known ? [known] : []))
}

function forgottenSignInTries(db: Executor, account: Identity, ...known: string[]) {
  return forgottenTries(db, limits.signInAccount(), ...identifiersOf(account), ...known)
}

/**
 * Ends every wait that grew at an account, whoever's guesses made it: at sign-in by each of its identifiers and browsers, at the
 * second step, and of the own password.
 */
export async function liftWaits(db: Executor, account: Identity & { id: string }): Promise<void> {
  const { deviceHash, accountId } = knownDevices
  const devices = (await db.select({ deviceHash }).from(knownDevices).where(eq(accountId, account.id))).map(
    one => one.deviceHash,
  )
  await forgottenSignInTries(db, account, ...devices)
  await forgottenTries(db, limits.twoFactor(), account.id, ...devices)
  await forgottenTries(db, limits.ownPassword(), account.id)
}

/** As what tries at the account are counted. */
function identifiersOf(account: Identity): string[] {
  const columns: Identifier['column'][] = ['username', 'phone']
  // Anybody may have an address that is not verified on their account, and it is guessed at as its owner's.
  if (account.emailVerifiedAt) columns.push('email')
  return columns.map(column => textOf({ column, value: account[column] }))
}

/** Whether somebody guessed so often at an account that its owner must wait, too, at a browser that is new to it. */
export const isKeptOut = (account: Identity): Promise<boolean> =>
  isAnyUsedUp(limits.signInAccount(), identifiersOf(account))

const textOf = ({ column, value }: Identifier): string => `${column} ${value}`

/** Checks identifier and password. The answer and the time it takes are the same whether or not the account exists. */
export async function signInWithPassword(
  identifier: string,
  password: string,
  device: Device,
  now: Date,
): Promise<PasswordResult> {
  const db = database()
  const key = identifierKey(identifier)
  const { account, pending } = await findByIdentifier(db, key, now)
  const known = await knownDevice(db, account?.id, device)
  // A browser of its own is not kept out by strangers'.
  const owner = `${known ? 'known' : 'new'} ${account?.id ?? textOf(key)}`
  // Before the password is checked, which costs most.
  const seconds = await countSignIn(known, key, device.address, owner)
  if (seconds > 0) return { ok: false, code: 'wait', seconds }
  const fitting = await firstFitting(account ? [account] : pending, password)
  if (!fitting) {
    await returnTry(limits.signIns(), owner)
    await recordRefusal(account?.id, 'password', device, now)
    return fail('wrong')
  }
  // Registered, but the code from the SMS was never entered: back to it.
  if (!account) return ok({ registration: fitting.id })

  const entered = await db.transaction(async tx => {
    const present = await lockAccount(tx, account.id)
    // Changed, or closed, while it was checked.
    if (present?.passwordHash !== account.passwordHash) return undefined
    // A success clears what is the account's own …
    const forgotten = forgottenSignInTries(tx, present, ...(known ? [known] : []))
    return present.hasTwoFactor
      ? okOnce(tx, { waiting: await waitForCode(tx, present, now) }, forgotten)
      : begin(tx, present, device, 'none', now, forgotten)
  })
  if (!entered) return fail('wrong')
  // … and of the address's tries it takes back one, its own.
  if (!known) await returnTry(limits.signInAddress(), { address: device.address })
  return entered
}

/**
 * The first whose password it is, or undefined; at least one is checked. It takes longer only where several registrations
 * wait for their codes, which says nothing of an account.
 */
async function firstFitting<One extends { passwordHash: string }>(
  [first, ...others]: One[],
  password: string,
): Promise<One | undefined> {
  if (await checkPassword(first?.passwordHash, password)) return first
  for (const one of others) if (await checkPassword(one.passwordHash, password)) return one
  return undefined
}

/**
 * The account, and the newest registrations of a username or phone that still wait for their codes: none of them reserves
 * anything, and the password tells whose is meant. Their e-mail addresses count for nothing yet.
 */
async function findByIdentifier(db: Database, key: Identifier, now: Date) {
  const { column, value } = key
  const found = await unionAll(
    db
      .select({ isAccount: sql<boolean>`true`, id: accounts.id, passwordHash: accounts.passwordHash })
      .from(accounts)
      .where(identifiedBy(key)),
    db
      .select({
        isAccount: sql<boolean>`false`,
        id: registrations.id,
        passwordHash: registrations.passwordHash,
      })
      .from(registrations)
      .where(
        and(
          column === 'email' ? sql`false` : eq(registrations[column], value),
          gt(registrations.createdAt, new Date(now.getTime() - FORGET_AFTER_MS)),
        ),
      )
      .orderBy(desc(registrations.createdAt))
      .limit(MOST_PENDING),
  )
    .prepare(`sign_in_by_${column}`)
    .execute()
  return {
    account: found.find(({ isAccount }) => isAccount),
    pending: found.filter(({ isAccount }) => !isAccount),
  }
}

/** The second step: takes what signInWithPassword gave, and a code of the app or a recovery code. */
export const signInWithCode = (waiting: string, code: string, device: Device, now: Date) =>
  passSecondStep(waiting, device, now, 'code', async (tx, account, id) => {
    if (account.isStaff && (await isDemonstrationCode(tx, id, code, now))) return ok('demonstration')
    const passed = await passTwoFactor(tx, account, code, now)
    if (passed.ok) return ok(passed.value.how)
    return fail(passed.code === 'secondCodeWrong' ? 'wrong' : passed.code)
  })

/** The same with what a passkey of the account signed. */
export const signInWithPasskey = (
  waiting: string,
  asked: Challenge,
  response: string,
  device: Device,
  now: Date,
) =>
  passSecondStep(waiting, device, now, 'passkey', async (tx, account) =>
    (await passPasskey(tx, account.id, asked, response, now)) ? ok('passkey') : fail('wrong'),
  )

/** What the browser of somebody whose password was right is to be asked to sign; undefined where the account has no passkey. */
export async function passkeyOptions(waiting: string, asked: Challenge, now: Date) {
  const { accountId, until } = JSON.parse(waiting) as Waiting
  return until > now.getTime() ? requestOptions(accountId, asked) : undefined
}

async function passSecondStep(
  waiting: string,
  device: Device,
  now: Date,
  by: 'code' | 'passkey',
  pass: (
    tx: Transaction,
    account: Account,
    id: string,
  ) => Promise<Result<Exclude<SecondStep, 'none'>, 'wrong' | 'twoFactorUnreadable'>>,
): Promise<Result<SignedIn, 'gone' | 'wrong' | 'twoFactorUnreadable'> | Wait> {
  const { id, accountId, passwordMark, until } = JSON.parse(waiting) as Waiting
  if (until <= now.getTime()) return fail('gone')
  const db = database()
  const triesKey = (await knownDevice(db, accountId, device)) ?? accountId
  const seconds = await countTry(limits.twoFactor(), triesKey)
  if (seconds > 0) return { ok: false, code: 'wait', seconds }
  const result = await db.transaction(async tx => {
    const account = await lockAccount(tx, accountId)
    if (!account || !isKeyedHash(passwordMark, account.passwordHash, PASSWORD_MARKS)) {
      return fail('gone')
    }
    const passed = await pass(tx, account, id)
    return passed.ok ? begin(tx, account, device, passed.value, now) : passed
  })
  if (result.ok) await forgetTries(limits.twoFactor(), triesKey, accountId)
  else if (result.code === 'wrong') await recordRefusal(accountId, by, device, now)
  else if (result.code === 'twoFactorUnreadable') await returnTry(limits.twoFactor(), triesKey)
  return result
}

/** With the account, where there is one, so that its owner sees it too. */
const recordRefusal = (
  accountId: string | undefined,
  reason: 'password' | 'code' | 'passkey',
  { address }: Device,
  now: Date,
): Promise<void> =>
  recordRefused({
    action: 'sign-in.refused',
    subject: accountId && `account:${accountId}`,
    address,
    details: { reason },
    at: now,
  })

type SecondStep = 'none' | 'app' | 'recovery' | 'demonstration' | 'passkey'

type Waiting = { id: string; accountId: string; passwordMark: string; until: number }

/** Of the password's hash: once it is another, no code helps any more. */
const PASSWORD_MARKS = 'password marks'

type Account = NonNullable<Awaited<ReturnType<typeof lockAccount>>>

/** The lock keeps a change of the password or of the second step from happening beside the sign-in. */
async function lockAccount(tx: Transaction, accountId: string) {
  const [account] = await tx
    .select({
      ...getTableColumns(accounts),
      hasTwoFactor: sql<boolean>`${twoFactors.accountId} is not null`,
      isStaff: sql<boolean>`${staffMembers.accountId} is not null`,
    })
    .from(accounts)
    .leftJoin(twoFactors, and(eq(twoFactors.accountId, accounts.id), isNotNull(twoFactors.confirmedAt)))
    .leftJoin(staffMembers, eq(staffMembers.accountId, accounts.id))
    .where(and(eq(accounts.id, accountId), isNull(accounts.closedAt)))
    .for('update', { of: accounts })
    .prepare('sign_in_account')
    .execute()
  return account
}

async function waitForCode(tx: Transaction, account: Account, now: Date): Promise<string> {
  const waiting: Waiting = {
    id: randomUUID(),
    accountId: account.id,
    passwordMark: keyedHash(account.passwordHash, PASSWORD_MARKS),
    until: now.getTime() + CODE_MINUTES * 60_000,
  }
  // Nobody has the phones of the demonstration's staff: each sign-in gets a code of its own, to be read at /outbox.
  if (env().DEMO && account.isStaff) {
    await sendDemonstrationCode(tx, account, waiting.id, now)
  }
  return JSON.stringify(waiting)
}

/** Ends the transaction: what it writes goes with the answer to the form. */
async function begin(
  tx: Transaction,
  account: Account,
  device: Device,
  twoFactor: SecondStep,
  now: Date,
  ...writes: SQLWrapper[]
) {
  await rememberDevice(tx, account.id, device, now)
  const [sessionId, passed] = [randomUUID(), twoFactor !== 'none']
  const event = eventOf(tx, {
    accountId: account.id,
    action: 'session.begun',
    address: device.address,
    sessionId,
    details: { secondStep: twoFactor },
    at: now,
  })
  const value: SignedIn = { sessionId, isStaff: account.isStaff, twoFactor: passed }
  return okOnce(tx, value, ...newSession(tx, sessionId, account.id, device, now, passed), event, ...writes)
}
