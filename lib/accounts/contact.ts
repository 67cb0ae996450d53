// A new e-mail address or phone number: verified before it counts, the old one told, undone for a week.
import { randomBytes, randomInt } from 'node:crypto'
import { and, desc, eq, gt, gte, inArray, isNotNull, isNull } from 'drizzle-orm'
import type { Transaction } from '../../db/client.ts'
import type { ContactKind } from '../../db/enums.ts'
import { accounts, contactChanges } from '../../db/schema/accounts.ts'
import { type Customer, endSessions } from '../auth/sessions.ts'
import { type CodeFailure, passForChange, wouldPassForChange } from '../auth/two-factor.ts'
import { readPhone } from '../billers/phones.ts'
import { keepHolder } from '../contracts/holders.ts'
import { notify, sendMessage } from '../notifications/outbox.ts'
import { recordEvent } from '../platform/audit.ts'
import { database } from '../platform/database.ts'
import { env } from '../platform/env.ts'
import { fail, ok, type Result } from '../platform/result.ts'
import { isKeyedHash, keyedHash, keyedHashes } from '../platform/seal.ts'
import { takeMail } from './email-verification.ts'
import { closeResets } from './passwords.ts'
import { mayGetCodes, type SmsRefusal, takeSms } from './sms-limits.ts'

export type { ContactKind }

const CODE_MINUTES = 10
const CODE_TRIES = 5
const UNDO_DAYS = 7

type Account = typeof accounts.$inferSelect

/**
 * Sends a code to the new address or number. Nothing is told of whether somebody else has it: that comes out when its
 * owner enters the code. `secondCode`: of the second step, where the account has one.
 */
export async function requestContactChange(
  customer: Customer,
  kind: ContactKind,
  typed: string,
  secondCode: string | undefined,
  now: Date,
): Promise<Result<undefined, 'phoneForm' | 'unchanged' | 'required' | CodeFailure> | SmsRefusal> {
  const newValue = kind === 'email' ? typed : readPhone(typed)
  if (!newValue) return fail('phoneForm')
  const [present] = await database().select().from(accounts).where(eq(accounts.id, customer.id))
  if (present![kind] === newValue) return fail('unchanged')
  if (kind === 'phone' && !mayGetCodes(newValue)) return fail('phoneCountry')
  // Whoever has no code takes nothing from anybody's number; and what must wait uses up no code.
  const passes = await wouldPassForChange(customer, present!, secondCode, now)
  if (!passes.ok) return passes
  const allowed = kind === 'email' ? await takeMail(newValue) : await takeSms(newValue)
  if (!allowed.ok) return allowed
  return database().transaction(async tx => {
    const [account] = await tx.select().from(accounts).where(eq(accounts.id, customer.id)).for('update')
    const passed = await passForChange(tx, customer, account!, secondCode, now)
    if (!passed.ok) return passed
    const code = String(randomInt(1_000_000)).padStart(6, '0')
    await tx
      .delete(contactChanges)
      .where(
        and(
          eq(contactChanges.accountId, customer.id),
          eq(contactChanges.kind, kind),
          isNull(contactChanges.appliedAt),
        ),
      )
    await tx.insert(contactChanges).values({
      accountId: customer.id,
      kind,
      newValue,
      oldValue: account![kind],
      codeHash: keyedHash(codeText(customer.id, newValue, code), CODES),
      codeExpiresAt: new Date(now.getTime() + CODE_MINUTES * 60_000),
      createdAt: now,
    })
    const recipient = { to: newValue, language: account!.language, accountId: customer.id }
    const message = kind === 'email' ? 'contact-code-email' : 'contact-code-sms'
    await sendMessage(tx, recipient, { kind: message, code, minutes: CODE_MINUTES })
    return ok(undefined)
  })
}

const CODES = 'contact codes'
const codeText = (accountId: string, newValue: string, code: string) => `${accountId} ${newValue} ${code}`

/** The change of a kind that waits for its code. */
export async function getPendingContactChange(customer: Customer, kind: ContactKind, now: Date) {
  const [row] = await database()
    .select({ newValue: contactChanges.newValue })
    .from(contactChanges)
    .where(
      and(
        eq(contactChanges.accountId, customer.id),
        eq(contactChanges.kind, kind),
        isNull(contactChanges.appliedAt),
        gt(contactChanges.codeExpiresAt, now),
      ),
    )
  return row
}

/** Takes the code, and the new address or number from then on. The old one, an address if it was verified, is told, with a link to undo it. */
export async function applyContactChange(
  customer: Customer,
  kind: ContactKind,
  code: string,
  now: Date,
): Promise<Result<undefined, 'codeWrong' | 'codeTries' | 'codeExpired' | 'conflict'>> {
  try {
    return await database().transaction(async tx => {
      const [change] = await tx
        .select()
        .from(contactChanges)
        .where(
          and(
            eq(contactChanges.accountId, customer.id),
            eq(contactChanges.kind, kind),
            isNull(contactChanges.appliedAt),
          ),
        )
        .orderBy(desc(contactChanges.createdAt))
        .limit(1)
        .for('update')
      if (!change || change.codeExpiresAt <= now) return fail('codeExpired')
      if (change.codeTries >= CODE_TRIES) return fail('codeTries')
      if (!isKeyedHash(change.codeHash, codeText(customer.id, change.newValue, code), CODES)) {
        const codeTries = change.codeTries + 1
        await tx.update(contactChanges).set({ codeTries }).where(eq(contactChanges.id, change.id))
        return fail(codeTries >= CODE_TRIES ? 'codeTries' : 'codeWrong')
      }
      // A link that is already in the old mailbox must not set a password any more.
      await closeResets(tx, customer.id, now)
      if (kind === 'phone') await keepHolder(tx, customer.id, now)
      const [account] = await tx.select().from(accounts).where(eq(accounts.id, customer.id)).for('update')
      // Goes to the old one.
      await announceChange(tx, account!, change, now)
      await tx
        .update(accounts)
        .set(proved(kind, change.newValue, now))
        .where(eq(accounts.id, customer.id))
      return ok(undefined)
    })
  } catch (error) {
    if ((error as { cause?: { code?: string } }).cause?.code === '23505') return fail('conflict')
    throw error
  }
}

/** The code went to the new address or number, the link that takes a change back to the old: whoever has it, reads it. */
const proved = (kind: string, value: string, now: Date) =>
  kind === 'email' ? { email: value, emailVerifiedAt: now } : { phone: value }

/** Tells the old address or number, which the account still has. */
async function announceChange(
  tx: Transaction,
  account: Account,
  change: typeof contactChanges.$inferSelect,
  now: Date,
): Promise<void> {
  const token = randomBytes(24).toString('base64url')
  await tx
    .update(contactChanges)
    .set({
      appliedAt: now,
      oldValue: account[change.kind],
      undoHash: keyedHash(token, UNDO_TOKENS),
      undoUntil: new Date(now.getTime() + UNDO_DAYS * 86_400_000),
    })
    .where(eq(contactChanges.id, change.id))
  const link = `${env().APP_URL}/account/contact/undo/${token}`
  const kind = change.kind === 'email' ? 'email-changed' : 'phone-changed'
  await notify(tx, account.id, { kind, link, days: UNDO_DAYS })
  await recordEvent(tx, { accountId: account.id, action: `${change.kind}.changed`, at: now })
}

const UNDO_TOKENS = 'undo tokens'

const appliedChange = (token: string, now: Date) =>
  and(
    inArray(contactChanges.undoHash, keyedHashes(token, UNDO_TOKENS)),
    isNotNull(contactChanges.appliedAt),
    gt(contactChanges.undoUntil, now),
  )

const openUndo = (token: string, now: Date) => and(appliedChange(token, now), isNull(contactChanges.undoneAt))

/** The change that an undo link is for, and whether it is undone already; undefined where the link is worth nothing. */
export async function getUndoableChange(
  token: string,
  now: Date,
): Promise<{ kind: ContactKind; undone: boolean } | undefined> {
  const [row] = await database()
    .select({ kind: contactChanges.kind, undoneAt: contactChanges.undoneAt })
    .from(contactChanges)
    .where(appliedChange(token, now))
  return row && { kind: row.kind, undone: row.undoneAt !== null }
}

/**
 * Gives the account its old address or number back and ends all its sessions: whoever follows this lost the account.
 * Whoever took it may have changed it again since, and asked for a new password: their links are worth nothing then.
 */
export async function undoContactChange(
  token: string,
  now: Date,
): Promise<Result<undefined, 'gone' | 'conflict'>> {
  try {
    return await database().transaction(async tx => {
      const [change] = await tx.select().from(contactChanges).where(openUndo(token, now)).for('update')
      if (!change) return fail('gone')
      await closeResets(tx, change.accountId, now)
      await tx
        .update(accounts)
        .set(proved(change.kind, change.oldValue, now))
        .where(eq(accounts.id, change.accountId))
      await tx
        .update(contactChanges)
        .set({ undoneAt: now })
        .where(
          and(
            eq(contactChanges.accountId, change.accountId),
            eq(contactChanges.kind, change.kind),
            gte(contactChanges.appliedAt, change.appliedAt!),
            isNull(contactChanges.undoneAt),
          ),
        )
      await endSessions(tx, change.accountId, now)
      await recordEvent(tx, { accountId: change.accountId, action: `${change.kind}.change-undone`, at: now })
      return ok(undefined)
    })
  } catch (error) {
    if ((error as { cause?: { code?: string } }).cause?.code === '23505') return fail('conflict')
    throw error
  }
}
