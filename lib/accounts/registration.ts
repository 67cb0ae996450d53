// Registering: from the form to a code by SMS to an account that is signed in.
import { randomInt } from 'node:crypto'
import { and, eq, isNotNull, or } from 'drizzle-orm'
import type { Executor, Transaction } from '../../db/client.ts'
import { accounts, registrations } from '../../db/schema/accounts.ts'
import { billers } from '../../db/schema/billers.ts'
import { contracts } from '../../db/schema/contracts.ts'
import { isCommonPassword } from '../auth/common-passwords.ts'
import { hashPassword } from '../auth/passwords.ts'
import { beginSession, type Device } from '../auth/sessions.ts'
import { readContractCode } from '../billers/contract-codes.ts'
import { readPhone } from '../billers/phones.ts'
import { addContractAccess } from '../contracts/commands.ts'
import { countComparison } from '../contracts/guesses.ts'
import { findContract, namesOfHolder } from '../contracts/queries.ts'
import type { Locale } from '../i18n/locale.ts'
import { sendMessage } from '../notifications/outbox.ts'
import { recordEvent } from '../platform/audit.ts'
import { database } from '../platform/database.ts'
import { env } from '../platform/env.ts'
import { readPersonalNumber } from '../platform/identifiers.ts'
import { foldName } from '../platform/names.ts'
import { countTry, recordRefused, type Wait } from '../platform/rate-limits.ts'
import { fail, ok, type Result } from '../platform/result.ts'
import { isKeyedHash, keyedHash } from '../platform/seal.ts'
import { rememberDevice } from './devices.ts'
import { sendVerification } from './email-verification.ts'
import { type RegisterInput, TERMS_VERSION } from './schema.ts'
import { mayGetCodes, type SmsRefusal, takeSms } from './sms-limits.ts'
import { wrongNumbers } from './wrong-numbers.ts'

const CODE_MINUTES = 10
const CODE_TRIES = 5
const RESEND_AFTER_MS = 60_000
/** A registration whose code never came is forgotten after a day. */
export const FORGET_AFTER_MS = 24 * 3_600_000

type RegistrationFailure =
  | 'contractCodeForm'
  | 'personalNumberForm'
  | 'personalNumberCheck'
  | 'phoneForm'
  | 'passwordCommon'
  | 'detailsMismatch'
  | 'conflict'

/**
 * Takes a registration and sends its code. The value is the registration's id. It reserves nothing yet. `detailsMismatch`:
 * there is no such contract, or the personal number is a holder's with another name; which of them is not told.
 */
export async function register(
  input: RegisterInput,
  language: Locale,
  now: Date,
): Promise<Result<string, RegistrationFailure> | Wait | SmsRefusal> {
  const [wrong] = Object.values(wrongNumbers(input))
  if (wrong) return fail(wrong)
  const code = readContractCode(input.biller, input.contractCode)!
  const personalNumber = readPersonalNumber(input.personalNumber)!
  const phone = readPhone(input.phone, input.biller)!
  if (await isCommonPassword(input.password)) return fail('passwordCommon')

  const db = database()
  const seconds = await countComparison({ biller: input.biller, contractCode: code, personalNumber })
  if (seconds > 0) return { ok: false, code: 'wait', seconds }
  const contract = await findContract(db, input.biller, code)
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
        personalNumber,
        username: input.username,
        email: input.email,
        phone,
        firstName: input.firstName,
        lastName: input.lastName,
        passwordHash,
        language,
        termsVersion: TERMS_VERSION,
        createdAt: now,
      })
      .returning()
    await sendCode(tx, row!, now)
    return ok(row!.id)
  })
}

type Identity = { personalNumber: string; username: string; email: string; phone: string }

/** Whether an account exists that shares one of these, an e-mail address once it is verified. Which one is never told. */
async function isTaken(db: Executor, identity: Identity): Promise<boolean> {
  const found = await db
    .select({ id: accounts.id })
    .from(accounts)
    .where(
      or(
        eq(accounts.personalNumber, identity.personalNumber),
        eq(accounts.username, identity.username),
        and(eq(accounts.email, identity.email), isNotNull(accounts.emailVerifiedAt)),
        eq(accounts.phone, identity.phone),
      ),
    )
    .limit(1)
  return found.length > 0
}

async function sendCode(tx: Transaction, row: typeof registrations.$inferSelect, now: Date): Promise<void> {
  const code = String(randomInt(1_000_000)).padStart(6, '0')
  await tx
    .update(registrations)
    .set({
      codeHash: keyedHash(codeText(row.id, code), CODES),
      codeExpiresAt: new Date(now.getTime() + CODE_MINUTES * 60_000),
      codeTries: 0,
      codeSentAt: now,
    })
    .where(eq(registrations.id, row.id))
  const recipient = { to: row.phone, language: row.language }
  await sendMessage(tx, recipient, { kind: 'registration-code', code, minutes: CODE_MINUTES })
}

const CODES = 'codes'
const codeText = (registrationId: string, code: string) => `${registrationId} ${code}`

async function lockRegistration(tx: Transaction, registrationId: string, now: Date) {
  const [row] = await tx
    .select()
    .from(registrations)
    .where(eq(registrations.id, registrationId))
    .for('update')
  return row && now.getTime() - row.createdAt.getTime() < FORGET_AFTER_MS ? row : undefined
}

type VerifyFailure = 'gone' | 'codeExpired' | 'codeTries' | 'codeWrong' | 'conflict'

/** Checks the code and opens the account, signed in: the value is the new session's id. A wrong code is counted. */
export async function verifyRegistration(
  registrationId: string,
  code: string,
  device: Device,
  now: Date,
): Promise<Result<string, VerifyFailure>> {
  try {
    return await database().transaction(async tx => {
      const row = await lockRegistration(tx, registrationId, now)
      if (!row?.codeHash || !row.codeExpiresAt) return fail('gone')
      if (row.codeTries >= CODE_TRIES) return fail('codeTries')
      if (row.codeExpiresAt <= now) return fail('codeExpired')
      if (!isKeyedHash(row.codeHash, codeText(row.id, code), CODES)) {
        const codeTries = row.codeTries + 1
        await tx.update(registrations).set({ codeTries }).where(eq(registrations.id, row.id))
        return fail(codeTries >= CODE_TRIES ? 'codeTries' : 'codeWrong')
      }
      return ok(await openAccount(tx, row, device, now))
    })
  } catch (error) {
    if ((error as { cause?: { code?: string } }).cause?.code === '23505') return fail('conflict')
    throw error
  }
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
      personalNumber: row.personalNumber,
      username: row.username,
      email: row.email,
      phone: row.phone,
      firstName: row.firstName,
      lastName: row.lastName,
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
  await tx.delete(registrations).where(eq(registrations.id, row.id))
  await recordEvent(tx, { accountId, action: 'account.opened', address: device.address, at: now })
  await sendVerification(tx, account!, now)
  await rememberDevice(tx, accountId, device, now)
  return beginSession(tx, accountId, device, now)
}

/** Sends another code, at most one a minute; to `phone` where the number is corrected. */
export async function resendCode(
  registrationId: string,
  phone: string | undefined,
  now: Date,
): Promise<Result<undefined, 'gone' | 'tooSoon' | 'phoneForm'> | SmsRefusal> {
  const registration = await getRegistration(registrationId)
  const corrected = phone === undefined ? undefined : readPhone(phone, registration?.biller)
  if (phone !== undefined && !corrected) return fail('phoneForm')
  if (corrected && !mayGetCodes(corrected)) return fail('phoneCountry')
  if (!registration) return fail('gone')
  if (isTooSoon(registration, now)) return fail('tooSoon')
  const perRegistration = { name: 'code-sends', points: env().LIMIT_CODE_SENDS_PER_HOUR, seconds: 3600 }
  const seconds = await countTry(perRegistration, registrationId)
  if (seconds > 0) return { ok: false, code: 'wait', seconds }
  const sms = await takeSms(corrected ?? registration.phone)
  if (!sms.ok) return sms
  return database().transaction(async tx => {
    const row = await lockRegistration(tx, registrationId, now)
    if (!row) return fail('gone')
    if (isTooSoon(row, now)) return fail('tooSoon')
    if (corrected)
      await tx.update(registrations).set({ phone: corrected }).where(eq(registrations.id, row.id))
    await sendCode(tx, { ...row, phone: corrected ?? row.phone }, now)
    return ok(undefined)
  })
}

const isTooSoon = ({ codeSentAt }: { codeSentAt: Date | null }, now: Date): boolean =>
  codeSentAt !== null && now.getTime() - codeSentAt.getTime() < RESEND_AFTER_MS

/** What the page for the code shows: the number's last digits, so that a mistyped one is noticed. */
export async function getRegistration(registrationId: string) {
  const [row] = await database()
    .select({
      phone: registrations.phone,
      codeSentAt: registrations.codeSentAt,
      biller: billers.code,
    })
    .from(registrations)
    .innerJoin(contracts, eq(contracts.id, registrations.contractId))
    .innerJoin(billers, eq(billers.id, contracts.billerId))
    .where(eq(registrations.id, registrationId))
  return row && { ...row, phoneEnd: row.phone.slice(-3) }
}
