// Signs staff in by the word of their company's directory, and out by its order.
import { createHash, randomUUID } from 'node:crypto'
import { and, eq, gt, gte, inArray, isNull, sql } from 'drizzle-orm'
import { type Transaction, together } from '../../db/client.ts'
import { sessions } from '../../db/schema/auth.ts'
import { directoryAnswers, directorySessions, staffIdentities } from '../../db/schema/directories.ts'
import { openDirectoryAccount, renameDirectoryAccount } from '../accounts/directory-accounts.ts'
import { type Device, endSessions, newSession } from '../auth/sessions.ts'
import { followDirectory } from '../auth/staff-commands.ts'
import type { Locale } from '../i18n/locale.ts'
import { eventOf, recordEvent } from '../platform/audit.ts'
import { database } from '../platform/database.ts'
import { fail, ok, type Result } from '../platform/result.ts'
import { seal } from '../platform/seal.ts'
import type { StaffDirectory } from '../platform/staff-directories.ts'
import type { Identity, LogoutOrder } from './provider.ts'
import { grantOf, namesOf, passedSecondStep } from './rules.ts'

/** What a directory's token is sealed for, in the row of its session. */
export const ID_TOKENS = 'directory id tokens'

/** Neither an answer nor an order is believed for so long. */
const ONCE_MS = 2 * 3_600_000

/** `begunAt`: when the browser left for the directory. */
export type Answered = { device: Device; state: string; language: Locale; begunAt: Date }

/**
 * `noRole`: nothing that the directory says is a role here, or a biller. `noSecondStep`: it does not say that one was passed. `ended`: it
 * has ordered meanwhile that they be signed out. `used`: this answer was taken before.
 */
type NotSignedIn = 'noRole' | 'noSecondStep' | 'ended' | 'used'

/**
 * Signs in whoever the directory says it is: what they may do is what it says now, within its setting, and whom it says
 * nothing of any more is no member of staff. An answer counts once. Its value is the session's id.
 */
export async function signInByDirectory(
  directory: StaffDirectory,
  identity: Identity,
  answered: Answered,
  now: Date,
): Promise<Result<string, NotSignedIn>> {
  return database().transaction(async tx => {
    if (!(await isFirst(tx, `state ${directory.code} ${answered.state}`, now))) return fail('used')
    return enter(tx, directory, identity, answered, now)
  })
}

async function enter(
  tx: Transaction,
  directory: StaffDirectory,
  { issuer, subject, sid, claims, idToken }: Identity,
  { device, language, begunAt }: Answered,
  now: Date,
): Promise<Result<string, NotSignedIn>> {
  const granted = grantOf(directory, claims)
  const follow = (id: string) =>
    followDirectory(tx, id, granted ?? { role: 'none', billers: [] }, directory.code, now)
  await awaitTurn(tx, directory)
  const [known] = await tx.select().from(staffIdentities).where(isIdentity(issuer, subject)).for('update')
  if (known) {
    await renameDirectoryAccount(tx, known.accountId, namesOf(claims))
    // Also where nobody is let in: what was taken from them there counts at once.
    await follow(known.accountId)
  }
  if (!granted) return fail('noRole')
  if (!passedSecondStep(directory, claims)) return fail('noSecondStep')
  if (await isEnded(tx, directory, { subject, sid }, begunAt)) return fail('ended')
  const accountId = known?.accountId ?? (await openAccount(tx, { issuer, subject, claims }, language, now))
  if (!known) await follow(accountId)
  const sessionId = randomUUID()
  await together(
    tx,
    tx.update(staffIdentities).set({ lastSignInAt: now }).where(isIdentity(issuer, subject)),
    ...newSession(tx, sessionId, accountId, device, now, true),
    tx
      .insert(directorySessions)
      .values({ sessionId, issuer, sid, sealedIdToken: seal(idToken, ID_TOKENS), createdAt: now }),
    eventOf(tx, {
      accountId,
      action: 'session.begun',
      address: device.address,
      sessionId,
      details: { secondStep: 'directory', directory: directory.code },
      at: now,
    }),
  )
  return ok(sessionId)
}

const isIdentity = (issuer: string, subject: string) =>
  and(eq(staffIdentities.issuer, issuer), eq(staffIdentities.subject, subject))

/** A new account for a new identity, whatever else it shares with somebody: its name and its address mean nothing here. */
async function openAccount(
  tx: Transaction,
  { issuer, subject, claims }: Pick<Identity, 'issuer' | 'subject' | 'claims'>,
  language: Locale,
  now: Date,
): Promise<string> {
  const accountId = randomUUID()
  await openDirectoryAccount(tx, accountId, namesOf(claims), language, now)
  await tx.insert(staffIdentities).values({ issuer, subject, accountId, createdAt: now, lastSignInAt: now })
  return accountId
}

/** Whether this is the first time that it comes; from then on it is not. */
async function isFirst(tx: Transaction, answer: string, now: Date): Promise<boolean> {
  const kept = await tx.insert(directoryAnswers).values(keptOnce(answer, now)).onConflictDoNothing()
  return kept.rowCount === 1
}

const hashOf = (text: string) => createHash('sha256').update(text).digest('base64url')
const keptOnce = (text: string, now: Date) => ({
  hash: hashOf(text),
  expiresAt: new Date(now.getTime() + ONCE_MS),
})

/**
 * One after the other, of a directory: an order finds the session that is being made, or whoever makes it finds the order; and the second
 * of somebody's first sign-ins at once finds the account that the first has made.
 */
const awaitTurn = (tx: Transaction, { code }: StaffDirectory) =>
  tx.execute(sql`select pg_advisory_xact_lock(hashtext(${`directory ${code}`}))`)

/** Of an order that came: whom it ended, for sign-ins that were under way. */
const endedOf = ({ code }: StaffDirectory, { subject, sid }: Pick<LogoutOrder, 'subject' | 'sid'>) =>
  `ended ${code} ${JSON.stringify({ subject, sid })}`

async function keepEnd(tx: Transaction, directory: StaffDirectory, order: LogoutOrder, now: Date) {
  const kept = keptOnce(endedOf(directory, order), now)
  await tx
    .insert(directoryAnswers)
    .values(kept)
    .onConflictDoUpdate({ target: directoryAnswers.hash, set: { expiresAt: kept.expiresAt } })
}

/** Whether the directory has ended since then what this sign-in is part of, in whichever way it names it. */
async function isEnded(
  tx: Transaction,
  directory: StaffDirectory,
  { subject, sid }: { subject: string; sid: string | null },
  since: Date,
): Promise<boolean> {
  // Without a session's name the last two are none that an order can have, and the first again.
  const ways = [
    { subject, sid: null },
    { subject: null, sid },
    { subject, sid },
  ]
  const { hash, expiresAt } = directoryAnswers
  const hashes = ways.map(way => hashOf(endedOf(directory, way)))
  const isLater = gte(expiresAt, new Date(since.getTime() + ONCE_MS))
  return (await tx.$count(directoryAnswers, and(inArray(hash, hashes), isLater))) > 0
}

/** Ends what a directory orders to end: the session that it names, or all of whom it names. An order counts once. */
export const obeyOrder = (
  directory: StaffDirectory,
  order: LogoutOrder,
  now: Date,
): Promise<Result<{ ended: number }, 'used'>> =>
  database().transaction(async tx => {
    if (!(await isFirst(tx, `order ${directory.code} ${order.id}`, now))) return fail('used')
    await awaitTurn(tx, directory)
    await keepEnd(tx, directory, order, now)
    const { subject, sid } = order
    const { issuer } = directory
    const open = await tx
      .select({ sessionId: sessions.id, accountId: sessions.accountId })
      .from(directorySessions)
      .innerJoin(sessions, eq(sessions.id, directorySessions.sessionId))
      .innerJoin(staffIdentities, eq(staffIdentities.accountId, sessions.accountId))
      .where(
        and(
          eq(directorySessions.issuer, issuer),
          eq(staffIdentities.issuer, issuer),
          sid === null ? undefined : eq(directorySessions.sid, sid),
          subject === null ? undefined : eq(staffIdentities.subject, subject),
          isNull(sessions.revokedAt),
          gt(sessions.expiresAt, now),
        ),
      )
    for (const { sessionId, accountId } of open) {
      await endSessions(tx, accountId, now, { only: sessionId })
    }
    for (const accountId of new Set(open.map(one => one.accountId))) {
      await recordEvent(tx, {
        action: 'sessions.ended',
        subject: `account:${accountId}`,
        details: { directory: directory.code },
        at: now,
      })
    }
    return ok({ ended: open.length })
  })
