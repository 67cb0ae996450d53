// A new e-mail address or phone number: verified before it counts, the old one told, undone for a week.
import { eq } from 'drizzle-orm'
import type { Transaction } from '../../db/client.ts'
import { accounts } from '../../db/schema/accounts.ts'
import {
  type CodeRefusal,
  closeCodes,
  findCode,
  findLink,
  issueCode,
  type OneTimeCode,
  type Purpose,
  takeCode,
  takeLink,
  type Used,
} from '../auth/one-time-codes.ts'
import { type Customer, endSessions } from '../auth/sessions.ts'
import { type CodeFailure, passForChange, wouldPassForChange } from '../auth/two-factor.ts'
import { keepHolder } from '../contracts/holders.ts'
import { okOnce } from '../forms/answers.ts'
import { notify, sendMessage } from '../notifications/outbox.ts'
import { recordEvent } from '../platform/audit.ts'
import { database } from '../platform/database.ts'
import { env } from '../platform/env.ts'
import { fail, ok, type Result } from '../platform/result.ts'
import { takeMail } from './email-verification.ts'
import { closeResets } from './passwords.ts'
import { mayGetCodes, type SmsRefusal, takeSms } from './sms-limits.ts'

export type ContactKind = 'email' | 'phone'

/**
 * Sends a code to the new address or number; to the present one only where nothing arrived there, for the code shows that it does.
 * Nothing is told of whether somebody else has it: that comes out when its owner enters the code. `secondCode`: of the second step,
 * where the account has one.
 */
export async function requestContactChange(
  customer: Customer,
  kind: ContactKind,
  newValue: string,
  secondCode: string | undefined,
  now: Date,
): Promise<Result<undefined, 'unchanged' | 'secondCodeMissing' | CodeFailure> | SmsRefusal> {
  const [present] = await database().select().from(accounts).where(eq(accounts.id, customer.id))
  if (present![kind] === newValue && !isUndeliverable(present!, kind)) return fail('unchanged')
  if (kind === 'phone' && !mayGetCodes(newValue)) return fail('phoneCountry')
  // Whoever has no code takes nothing from anybody's number; and what must wait uses up no code.
  const passes = await wouldPassForChange(customer, secondCode, now)
  if (!passes.ok) return passes
  const allowed = kind === 'email' ? await takeMail(newValue) : await takeSms(newValue)
  if (!allowed.ok) return allowed
  return database().transaction(async tx => {
    const [account] = await tx.select().from(accounts).where(eq(accounts.id, customer.id)).for('update')
    const passed = await passForChange(tx, customer, secondCode, now)
    if (!passed.ok) return passed
    const given = { subject: customer.id, accountId: customer.id, about: newValue }
    const issued = await issueCode(tx, `${kind}-code`, given, now)
    const recipient = { to: newValue, language: account!.language, accountId: customer.id }
    const message = kind === 'email' ? 'contact-code-email' : 'contact-code-sms'
    await sendMessage(tx, recipient, { kind: message, ...issued })
    return okOnce(tx, undefined)
  })
}

const isUndeliverable = (account: typeof accounts.$inferSelect, kind: ContactKind): boolean =>
  (kind === 'email' ? account.emailUndeliverableAt : account.phoneUndeliverableAt) !== null

/** The new address or number that waits for its code. */
export async function getPendingContactChange(
  customer: Pick<Customer, 'id'>,
  kind: ContactKind,
  now: Date,
): Promise<{ newValue: string } | undefined> {
  const code = await findCode(database(), `${kind}-code`, customer.id, now)
  return code && { newValue: code.about! }
}

/** Takes the code, and the new address or number from then on. The old one, an address if it was verified, is told, with a link to undo it. */
export async function applyContactChange(
  customer: Customer,
  kind: ContactKind,
  code: string,
  now: Date,
): Promise<Used<undefined, Exclude<CodeRefusal, 'gone'>>> {
  const used = await takeCode(`${kind}-code`, customer.id, code, now, async (tx, { about }) => {
    const [present] = await tx
      .select({ value: accounts[kind] })
      .from(accounts)
      .where(eq(accounts.id, customer.id))
    // The same one is no change: nothing arrived there, and now something has.
    if (present!.value !== about) {
      // A link that is already in the old mailbox must not set a password any more.
      await closeResets(tx, customer.id)
      if (kind === 'phone') await keepHolder(tx, customer.id, now)
      await announceChange(tx, customer.id, kind, now)
    }
    await tx
      .update(accounts)
      .set(proved(kind, about!, now))
      .where(eq(accounts.id, customer.id))
    return ok(undefined)
  })
  return used.ok ? used : fail(used.code === 'gone' ? 'codeExpired' : used.code)
}

/** The code went to the new address or number, the link that takes a change back to the old: whoever has it, reads it. */
const proved = (kind: ContactKind, value: string, now: Date) =>
  kind === 'email'
    ? { email: value, emailVerifiedAt: now, emailUndeliverableAt: null }
    : { phone: value, phoneUndeliverableAt: null }

/** Tells the old address or number, which the account still has. */
async function announceChange(
  tx: Transaction,
  accountId: string,
  kind: ContactKind,
  now: Date,
): Promise<void> {
  const [account] = await tx.select({ old: accounts[kind] }).from(accounts).where(eq(accounts.id, accountId))
  const { code, minutes } = await issueCode(tx, `${kind}-undo`, { accountId, about: account!.old }, now)
  const link = `${env().APP_URL}/account/contact/undo/${code}`
  await notify(tx, accountId, { kind: `${kind}-changed`, link, days: minutes / (24 * 60) })
  await recordEvent(tx, { accountId, action: `${kind}.changed`, at: now })
}

const UNDO: Purpose[] = ['email-undo', 'phone-undo']
const kindOf = ({ purpose }: OneTimeCode): ContactKind => (purpose === 'email-undo' ? 'email' : 'phone')

/** The change that an undo link is for, and whether it is undone already; undefined where the link is worth nothing. */
export async function getUndoableChange(
  token: string,
  now: Date,
): Promise<{ kind: ContactKind; undone: boolean } | undefined> {
  const link = await findLink(UNDO, token, now)
  return link && { kind: kindOf(link), undone: link.usedAt !== null }
}

/**
 * Gives the account its old address or number back and ends all its sessions: whoever follows this lost the account.
 * Whoever took it may have changed it again since, and asked for a new password: their links are worth nothing then.
 */
export const undoContactChange = (token: string, now: Date): Promise<Used<undefined, 'gone' | 'conflict'>> =>
  takeLink(UNDO, token, now, async (tx, link) => {
    const accountId = link.accountId!
    const kind = kindOf(link)
    await closeResets(tx, accountId)
    await tx
      .update(accounts)
      .set(proved(kind, link.about!, now))
      .where(eq(accounts.id, accountId))
    await closeCodes(tx, accountId, [`${kind}-undo`], link.createdAt)
    await endSessions(tx, accountId, now)
    await recordEvent(tx, { accountId, action: `${kind}.change-undone`, at: now })
    return ok(undefined)
  })
