// Registering: from the form to a code by SMS to an account that is signed in.
import { and, eq, gt, isNotNull, or } from 'drizzle-orm'
import type { Executor, Transaction } from '../../db/client.ts'
import { accounts, identityOf, registrations } from '../../db/schema/accounts.ts'
import { oneTimeCodes } from '../../db/schema/auth.ts'
import { billers } from '../../db/schema/billers.ts'
import { contracts } from '../../db/schema/contracts.ts'
import { type GuessedFault, guessedFault } from '../auth/common-passwords.ts'
import { issueUnlessSince, takeCode, type Used } from '../auth/one-time-codes.ts'
import { hashPassword } from '../auth/passwords.ts'
import { beginSession, type Device } from '../auth/sessions.ts'
import { readPhone } from '../billers/phones.ts'
import { addContractAccess } from '../contracts/commands.ts'
import { countComparison } from '../contracts/guesses.ts'
import { findContract, namesOfHolder } from '../contracts/queries.ts'
import { okOnce } from '../forms/answers.ts'
import type { Input } from '../forms/form.ts'
import type { Locale } from '../i18n/locale.ts'
import { sendMessage } from '../notifications/outbox.ts'
import { recordEvent } from '../platform/audit.ts'
import { database } from '../platform/database.ts'
import { limits, RESEND_SECONDS } from '../platform/limits.ts'
import { foldName } from '../platform/names.ts'
import { countTry, recordRefused, type Wait } from '../platform/rate-limits.ts'
import { fail, ok, type Result } from '../platform/result.ts'
import { rememberDevice } from './devices.ts'
import { sendVerification } from './email-verification.ts'
import type { registerForm } from './forms.ts'
import { TERMS_VERSION } from './schema.ts'
import { mayGetCodes, type SmsRefusal, takeSms } from './sms-limits.ts'

/** A registration whose code never came is forgotten after a day. */
export const FORGET_AFTER_MS = 24 * 3_600_000

type RegistrationFailure = GuessedFault | 'detailsMismatch' | 'conflict'

/**
 * Takes a registration and sends its code. The value is the registration's id. It reserves nothing yet. `detailsMismatch`:
 * there is no such contract, or the personal number is a holder's with another name; which of them is not told.
 */
export async function register(
  input: Input<typeof registerForm>,
  language: Locale,
  now: Date,
): Promise<Result<string, RegistrationFailure> | Wait | SmsRefusal> {
  const { biller, contractCode, personalNumber, phone } = input
  const guessed = await guessedFault(input.password)
  if (guessed) return fail(guessed)

  const db = database()
  const seconds = await countComparison({ biller, contractCode, personalNumber })
  if (seconds > 0) return { ok: false, code: 'wait', seconds }
  const contract = await findContract(db, biller, contractCode)
  const holderNames = await namesOfHolder(db, personalNumber)
  const isHolder = holderNames.includes(foldName(input.firstName, input.lastName))
  if (!contract) return fail('detailsMismatch')
  if (holderNames.length > 0 && !isHolder) {
    await recordRefused({ action: 'registration.refused', subject: `contract:${contract.id}`, at: now })
    return fail('detailsMismatch')
  }
  if (await isTaken(db, { personalNumber, username: input.username, email: input.email, phone })) {
    return fail('conflict')
  }
  const sms = await takeSms(phone)
  if (!sms.ok) return sms

  const passwordHash = await hashPassword(input.password)
  return db.transaction(async tx => {
    const [row] = await tx
      .insert(registrations)
      .values({
        contractId: contract.id,
        ...identityOf({ ...input, personalNumber, phone }),
        passwordHash,
        language,
        termsVersion: TERMS_VERSION,
        createdAt: now,
      })
      .returning()
    await sendCode(tx, row!, now)
    return okOnce(tx, row!.id)
  })
}

type Identity = { personalNumber: string; username: string; email: string; phone: string }

/** Whether an account exists that shares one of these, an e-mail address once it is verified. Which one is never told. */
async function isTaken(db: Executor, identity: Identity): Promise<boolean> {
  const { personalNumber, username, email, emailVerifiedAt, phone } = accounts
  const shared = or(
    eq(personalNumber, identity.personalNumber),
    eq(username, identity.username),
    and(eq(email, identity.email), isNotNull(emailVerifiedAt)),
    eq(phone, identity.phone),
  )
  return (await db.$count(accounts, shared)) > 0
}

/** Sends another code in place of the one before; false, and nothing is sent, where that is not a minute old or was used. */
async function sendCode(
  tx: Transaction,
  row: Pick<typeof registrations.$inferSelect, 'id' | 'phone' | 'language'>,
  now: Date,
): Promise<boolean> {
  const minuteAgo = new Date(now.getTime() - RESEND_SECONDS * 1000)
  const issued = await issueUnlessSince(tx, 'registration', { subject: row.id }, minuteAgo, now)
  if (!issued) return false
  const recipient = { to: row.phone, language: row.language }
  await sendMessage(tx, recipient, { kind: 'registration-code', ...issued })
  return true
}

/**
 * Checks the code and opens the account, signed in: the value is the new session's id, of a repetition too. A wrong code is
 * counted.
 */
export async function verifyRegistration(
  registrationId: string,
  code: string,
  device: Device,
  now: Date,
): Promise<Used<string>> {
  const { browser } = device
  const used = await takeCode('registration', registrationId, code, now, async tx => {
    const [row] = await tx.delete(registrations).where(eq(registrations.id, registrationId)).returning()
    return row ? ok({ sessionId: await openAccount(tx, row, device, now), browser }) : fail('gone')
  })
  if (!used.ok) return used
  return used.again && used.value.browser !== browser
    ? fail('gone')
    : { ...used, value: used.value.sessionId }
}

async function openAccount(
  tx: Transaction,
  row: typeof registrations.$inferSelect,
  device: Device,
  now: Date,
): Promise<string> {
  const [account] = await tx
    .insert(accounts)
    .values({
      ...identityOf(row),
      nameFolded: foldName(row.firstName, row.lastName),
      passwordHash: row.passwordHash,
      language: row.language,
      termsVersion: row.termsVersion,
      termsAcceptedAt: row.createdAt,
      createdAt: now,
    })
    .returning()
  const accountId = account!.id
  await addContractAccess(tx, accountId, row.contractId, null, now)
  await recordEvent(tx, { accountId, action: 'account.opened', address: device.address, at: now })
  await sendVerification(tx, account!, now)
  await rememberDevice(tx, accountId, device, now)
  return beginSession(tx, accountId, device, now)
}

type TooSoon = { ok: false; code: 'tooSoon'; seconds: number }

/** Sends another code, at most one a minute; to `phone` where the number is corrected. */
export async function resendCode(
  registrationId: string,
  phone: string | undefined,
  now: Date,
): Promise<Result<undefined, 'gone' | 'phoneForm'> | TooSoon | SmsRefusal> {
  const registration = await getRegistration(registrationId, now)
  const corrected = phone === undefined ? undefined : readPhone(phone, registration?.biller)
  if (phone !== undefined && !corrected) return fail('phoneForm')
  if (corrected && !mayGetCodes(corrected)) return fail('phoneCountry')
  if (!registration) return fail('gone')
  const left = secondsLeft(registration, now)
  if (left > 0) return { ok: false, code: 'tooSoon', seconds: left }
  const seconds = await countTry(limits.codeSends(), registrationId)
  if (seconds > 0) return { ok: false, code: 'wait', seconds }
  const to = corrected ?? registration.phone
  const sms = await takeSms(to)
  if (!sms.ok) return sms
  const sent = await database().transaction(async tx => {
    // The code first, as whoever enters it: nobody waits for each other.
    if (!(await sendCode(tx, { ...registration, phone: to }, now))) return undefined
    await tx.update(registrations).set({ phone: to }).where(eq(registrations.id, registrationId))
    return okOnce(tx, undefined)
  })
  if (sent) return sent
  // Somebody else was faster.
  if (!(await getRegistration(registrationId, now))) return fail('gone')
  return { ok: false, code: 'tooSoon', seconds: RESEND_SECONDS }
}

const secondsLeft = ({ codeSentAt }: { codeSentAt: Date | null }, now: Date): number =>
  codeSentAt ? RESEND_SECONDS - Math.floor((now.getTime() - codeSentAt.getTime()) / 1000) : 0

/** A registration that waits for its code. Of its number the page shows the last digits, so that a mistyped one is noticed. */
export async function getRegistration(registrationId: string, now: Date) {
  const { id, phone, email, language, createdAt } = registrations
  const [row] = await database()
    .select({
      id,
      phone,
      email,
      language,
      codeSentAt: oneTimeCodes.createdAt,
      biller: billers.code,
    })
    .from(registrations)
    .leftJoin(oneTimeCodes, and(eq(oneTimeCodes.purpose, 'registration'), eq(oneTimeCodes.subject, id)))
    .innerJoin(contracts, eq(contracts.id, registrations.contractId))
    .innerJoin(billers, eq(billers.id, contracts.billerId))
    .where(and(eq(id, registrationId), gt(createdAt, new Date(now.getTime() - FORGET_AFTER_MS))))
  return row && { ...row, phoneEnd: row.phone.slice(-3) }
}
