// Every code and link that counts once: made, checked, used, answered "done" when it is repeated, closed, forgotten.
// Codes of an authenticator are two-factor.ts's: they are made elsewhere.
import { randomBytes, randomInt, randomUUID } from 'node:crypto'
import { and, eq, gt, gte, inArray, isNull, lt, lte, type SQL } from 'drizzle-orm'
import type { Database, Executor, Transaction } from '../../db/client.ts'
import { causes } from '../../db/errors.ts'
import { accounts } from '../../db/schema/accounts.ts'
import { oneTimeCodes } from '../../db/schema/auth.ts'
import { database } from '../platform/database.ts'
import { TRIES_OF_CODE } from '../platform/limits.ts'
import { daysBefore, purge } from '../platform/purge.ts'
import { fail, type Result } from '../platform/result.ts'
import { isKeyedHash, keyedHash, keyedHashes, seal, unsealStored } from '../platform/seal.ts'
import { newRecoveryCode, plainCode } from './recovery-codes.ts'

const WEEK = 7 * 24 * 60

/**
 * What each is for. `digits`: six of them, five tries. `letters`: nobody guesses those, so no try is counted. `minutes`: how
 * long it is taken. `hashedAs`: the purpose of its keyed hash, which stays what it is while any is out.
 */
const PURPOSES = {
  registration: { kind: 'digits', minutes: 10, hashedAs: 'codes' },
  'reset-code': { kind: 'digits', minutes: 10, hashedAs: 'reset codes' },
  'reset-link': { kind: 'link', minutes: 30, hashedAs: 'reset tokens' },
  'email-code': { kind: 'digits', minutes: 10, hashedAs: 'contact codes' },
  'phone-code': { kind: 'digits', minutes: 10, hashedAs: 'contact codes' },
  'email-undo': { kind: 'link', minutes: WEEK, hashedAs: 'undo tokens' },
  'phone-undo': { kind: 'link', minutes: WEEK, hashedAs: 'undo tokens' },
  'verify-email': { kind: 'link', minutes: WEEK, hashedAs: 'verification tokens' },
  invitation: { kind: 'letters', minutes: WEEK, hashedAs: 'staff invitations' },
  demonstration: { kind: 'digits', minutes: 10, hashedAs: 'demonstration codes' },
} as const satisfies Record<
  string,
  { kind: 'digits' | 'letters' | 'link'; minutes: number; hashedAs: string }
>

export type Purpose = keyof typeof PURPOSES

/** At least so long a code or link that was used answers its repetition. */
const REPEAT_MS = 10 * 60_000

const NEW = {
  digits: () => String(randomInt(1_000_000)).padStart(6, '0'),
  letters: newRecoveryCode,
  link: () => randomBytes(32).toString('base64url'),
}

/** `subject`: what it is asked for by, a registration or an account; of one purpose it has one at a time. `about`: what it will bring about. */
type Given = { subject?: string; accountId?: string; about?: string }

export type OneTimeCode = typeof oneTimeCodes.$inferSelect

/** `code`: six digits, letters, or the token of a link. It is told only here. */
type Issued = { code: string; minutes: number }

/** A code counts for its subject and what it is about alone; a link is found by itself. */
function hashedText(
  purpose: Purpose,
  { subject, about }: Pick<OneTimeCode, 'subject' | 'about'>,
  code: string,
): string {
  const { kind } = PURPOSES[purpose]
  if (kind === 'link') return code
  return [subject, about, kind === 'letters' ? plainCode(code) : code].filter(Boolean).join(' ')
}

/** Makes a code or link, in place of the one that its subject has. */
export const issueCode = async (db: Executor, purpose: Purpose, given: Given, now: Date): Promise<Issued> =>
  (await issueUnlessSince(db, purpose, given, undefined, now))!

/** The same; undefined, and nothing made, where the subject has one that was made after `since`, or was used. */
export async function issueUnlessSince(
  db: Executor,
  purpose: Purpose,
  given: Given,
  since: Date | undefined,
  now: Date,
): Promise<Issued | undefined> {
  const { subject = null, accountId = null, about = null } = given
  const { kind, minutes, hashedAs } = PURPOSES[purpose]
  const code = NEW[kind]()
  const made = {
    accountId,
    about,
    hash: keyedHash(hashedText(purpose, { subject, about }, code), hashedAs),
    tries: 0,
    createdAt: now,
    expiresAt: new Date(now.getTime() + minutes * 60_000),
    usedAt: null,
    answer: null,
  }
  const rows = await db
    .insert(oneTimeCodes)
    .values({ purpose, subject, ...made })
    .onConflictDoUpdate({
      target: [oneTimeCodes.purpose, oneTimeCodes.subject],
      set: made,
      setWhere: since && and(lte(oneTimeCodes.createdAt, since), isNull(oneTimeCodes.usedAt)),
    })
    .returning({ id: oneTimeCodes.id })
  return rows.length > 0 ? { code, minutes } : undefined
}

/**
 * What a right code brings about, in the transaction that uses it up. Its value, plain data, is what a repetition is
 * answered. Where it fails nothing is used up, and all that it did is taken back.
 */
type Effect<V, Code extends string> = (tx: Transaction, code: OneTimeCode) => Promise<Result<V, Code>>

/** `gone`: there is none. `conflict`: what it would bring about somebody else has by now, says a unique index. */
export type CodeRefusal = 'gone' | 'codeExpired' | 'codeTries' | 'codeWrong' | 'conflict'

/** `again`: it was used before, and the value is that of the first time. */
export type Used<V, Code extends string = CodeRefusal> =
  | { ok: true; value: V; again?: true }
  | { ok: false; code: Code }

/** Uses the code of a subject. A wrong one is counted as a try. */
export function takeCode<V, Code extends string = never>(
  purpose: Purpose,
  subject: string,
  typed: string,
  now: Date,
  effect: Effect<V, Code>,
): Promise<Used<V, Code | CodeRefusal>> {
  const own = and(eq(oneTimeCodes.purpose, purpose), eq(oneTimeCodes.subject, subject))!
  return take(own, row => isHashOf(purpose, row, typed), now, effect)
}

/** Uses a link of one of these purposes, by its token. */
export function takeLink<V, Code extends string = never>(
  purposes: Purpose[],
  token: string,
  now: Date,
  effect: Effect<V, Code>,
): Promise<Used<V, Code | 'gone' | 'conflict'>> {
  // No code is compared.
  return take(isLink(purposes, token, now), () => true, now, effect) as Promise<
    Used<V, Code | 'gone' | 'conflict'>
  >
}

const isHashOf = (purpose: Purpose, row: OneTimeCode, typed: string): boolean =>
  isKeyedHash(row.hash, hashedText(purpose, row, typed), PURPOSES[purpose].hashedAs)

const isLink = (purposes: Purpose[], token: string, now: Date): SQL => {
  const hashes = purposes.flatMap(purpose => keyedHashes(token, PURPOSES[purpose].hashedAs))
  const { purpose, hash, expiresAt } = oneTimeCodes
  return and(inArray(purpose, purposes), inArray(hash, hashes), gt(expiresAt, now))!
}

/** Carries an effect's failure, its message, out of its transaction, which it rolls back. */
class EffectFailed extends Error {}

async function take<V, Code extends string>(
  which: SQL,
  isRight: (row: OneTimeCode) => boolean,
  now: Date,
  effect: Effect<V, Code>,
): Promise<Used<V, Code | CodeRefusal>> {
  try {
    return await database().transaction(async tx => {
      const row = await lock(tx, which)
      if (!row) return fail('gone')
      if (row.expiresAt <= now) return fail('codeExpired')
      if (row.tries >= TRIES_OF_CODE) return fail('codeTries')
      if (!isRight(row)) return await countWrong(tx, row)
      if (row.usedAt) return { ok: true, value: answerOf<V>(row), again: true }
      const until = Math.max(row.expiresAt.getTime(), now.getTime() + REPEAT_MS)
      await change(tx, row, { usedAt: now, expiresAt: new Date(until) })
      const result = await effect(tx, row)
      if (!result.ok) throw new EffectFailed(result.code)
      await change(tx, row, { answer: seal(JSON.stringify(result.value ?? null), ANSWERS) })
      return result
    })
  } catch (error) {
    if (error instanceof EffectFailed) return fail(error.message as Code)
    if (causes(error).some(({ code }) => code === '23505')) return fail('conflict')
    throw error
  }
}

/**
 * Whoever changes an account locks it first, and then its codes: so nobody waits for each other. Where it is nobody's, as much
 * is asked: who has no account is not to be told from who has one by the time it takes.
 */
async function lock(tx: Transaction, which: SQL): Promise<OneTimeCode | undefined> {
  const [found] = await tx.select({ accountId: oneTimeCodes.accountId }).from(oneTimeCodes).where(which)
  const accountId = found?.accountId ?? randomUUID()
  await tx.select({ id: accounts.id }).from(accounts).where(eq(accounts.id, accountId)).for('update')
  const [row] = await tx.select().from(oneTimeCodes).where(which).for('update')
  return row
}

async function countWrong(
  tx: Transaction,
  row: OneTimeCode,
): Promise<Result<never, 'codeTries' | 'codeWrong'>> {
  await change(tx, row, { tries: row.tries + 1 })
  return fail(row.tries + 1 >= TRIES_OF_CODE ? 'codeTries' : 'codeWrong')
}

const change = (tx: Transaction, { id }: OneTimeCode, to: Partial<OneTimeCode>) =>
  tx.update(oneTimeCodes).set(to).where(eq(oneTimeCodes.id, id))

const ANSWERS = 'one-time answers'

function answerOf<V>({ answer }: OneTimeCode): V {
  const text = answer === null ? undefined : unsealStored(answer, ANSWERS)
  return (text === undefined ? undefined : (JSON.parse(text) ?? undefined)) as V
}

/** The code of a subject that waits to be entered. */
export async function findCode(
  db: Executor,
  purpose: Purpose,
  subject: string,
  now: Date,
): Promise<OneTimeCode | undefined> {
  const [row] = await db
    .select()
    .from(oneTimeCodes)
    .where(
      and(
        eq(oneTimeCodes.purpose, purpose),
        eq(oneTimeCodes.subject, subject),
        isNull(oneTimeCodes.usedAt),
        gt(oneTimeCodes.expiresAt, now),
      ),
    )
  return row
}

/** Whether this is a subject's code; it is neither used up nor counted. */
export async function fitsCode(
  db: Executor,
  purpose: Purpose,
  subject: string,
  typed: string,
  now: Date,
): Promise<boolean> {
  const row = await findCode(db, purpose, subject, now)
  return row !== undefined && isHashOf(purpose, row, typed)
}

/** The link of one of these purposes, which was used where it has `usedAt`; undefined where it is worth nothing. */
export async function findLink(
  purposes: Purpose[],
  token: string,
  now: Date,
): Promise<OneTimeCode | undefined> {
  const [row] = await database()
    .select()
    .from(oneTimeCodes)
    .where(isLink(purposes, token, now))
  return row
}

/** Makes an account's codes and links of these purposes, those made `since` then, worth nothing. Its row is locked already. */
export async function closeCodes(
  tx: Transaction,
  accountId: string,
  purposes: Purpose[],
  since = new Date(0),
): Promise<void> {
  await tx
    .delete(oneTimeCodes)
    .where(
      and(
        eq(oneTimeCodes.accountId, accountId),
        inArray(oneTimeCodes.purpose, purposes),
        gte(oneTimeCodes.createdAt, since),
        isNull(oneTimeCodes.usedAt),
      ),
    )
}

/** Deletes what is neither taken nor answered any more, a day later: whoever comes late is told that it has expired. */
export async function forgetCodes(db: Database, now: Date): Promise<void> {
  const { expiresAt } = oneTimeCodes
  await purge(db, oneTimeCodes, expiresAt, lt(expiresAt, daysBefore(now, 1)))
}
