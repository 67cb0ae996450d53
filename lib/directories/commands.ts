// Signs staff in by the word of their company's directory, and out by its order.
import { createHash, randomUUID } from 'node:crypto'
import { and, eq, gt, isNull } from 'drizzle-orm'
import { type Transaction, together } from '../../db/client.ts'
import { causes } from '../../db/errors.ts'
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
import { grantOf, type NoGrant, namesOf } from './rules.ts'

/** What a directory's token is sealed for, in the row of its session. */
export const ID_TOKENS = 'directory id tokens'

/** Neither an answer nor an order is believed for so long. */
const ONCE_MS = 2 * 3_600_000

export type Answered = { device: Device; state: string; language: Locale }

/** `used`: this answer was taken before. */
type NotSignedIn = NoGrant | 'used'

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
  const sign = () =>
    database().transaction(async tx => {
      if (!(await isFirst(tx, `state ${directory.code} ${answered.state}`, now))) return fail('used')
      return enter(tx, directory, identity, answered, now)
    })
  // Two of the same person's first sign-ins at once: the second finds what the first has made.
  return sign().catch(error => {
    if (!causes(error).some(({ code }) => code === '23505')) throw error
    return sign()
  })
}

async function enter(
  tx: Transaction,
  directory: StaffDirectory,
  { issuer, subject, sid, claims, idToken }: Identity,
  { device, language }: Answered,
  now: Date,
): Promise<Result<string, NoGrant>> {
  const granted = grantOf(directory, claims)
  const [known] = await tx.select().from(staffIdentities).where(isIdentity(issuer, subject)).for('update')
  if (!granted.ok) {
    if (known && granted.code === 'noRole') {
      await renameDirectoryAccount(tx, known.accountId, namesOf(claims))
      await followDirectory(tx, known.accountId, { role: 'none', billers: [] }, directory.code, now)
    }
    return granted
  }
  const accountId = known?.accountId ?? (await openAccount(tx, { issuer, subject, claims }, language, now))
  if (known) await renameDirectoryAccount(tx, accountId, namesOf(claims))
  await followDirectory(tx, accountId, granted.value, directory.code, now)
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
  const hash = createHash('sha256').update(answer).digest('base64url')
  const expiresAt = new Date(now.getTime() + ONCE_MS)
  const kept = await tx.insert(directoryAnswers).values({ hash, expiresAt }).onConflictDoNothing()
  return kept.rowCount === 1
}

/** Ends what a directory orders to end: the session that it names, or all of whom it names. An order counts once. */
export const obeyOrder = (
  directory: StaffDirectory,
  { subject, sid, id }: LogoutOrder,
  now: Date,
): Promise<Result<{ ended: number }, 'used'>> =>
  database().transaction(async tx => {
    if (!(await isFirst(tx, `order ${directory.code} ${id}`, now))) return fail('used')
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
