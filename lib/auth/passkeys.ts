// Passkeys (WebAuthn): a second step beside the app's codes, which stay. Added with a code, passed at sign-in instead of one.
import { randomBytes } from 'node:crypto'
import {
  type AuthenticationResponseJSON,
  generateAuthenticationOptions,
  generateRegistrationOptions,
  type PublicKeyCredentialCreationOptionsJSON,
  type PublicKeyCredentialRequestOptionsJSON,
  type RegistrationResponseJSON,
  type VerifiedRegistrationResponse,
  verifyAuthenticationResponse,
  verifyRegistrationResponse,
} from '@simplewebauthn/server'
import { decodeAttestationObject } from '@simplewebauthn/server/helpers'
import { and, asc, count, eq, lt } from 'drizzle-orm'
import type { Database, Transaction } from '../../db/client.ts'
import { passkeys, usedPasskeyChallenges } from '../../db/schema/passkeys.ts'
import { okOnce } from '../forms/answers.ts'
import { notify } from '../notifications/outbox.ts'
import { recordEvent } from '../platform/audit.ts'
import { database } from '../platform/database.ts'
import { env } from '../platform/env.ts'
import { parseJson } from '../platform/json.ts'
import { errorFacts, log } from '../platform/log.ts'
import { purge } from '../platform/purge.ts'
import { fail, type Result } from '../platform/result.ts'
import type { Customer } from './sessions.ts'
import { type CodeFailure, hasTwoFactor, lockAccount, passTwoFactor } from './two-factor.ts'

/** So long a browser may take to sign what it was asked. */
const CHALLENGE_MS = 5 * 60_000
/** Of an account: a few devices each of which somebody may lose. */
export const MOST_PASSKEYS = 10

export type Passkey = { id: string; name: string; createdAt: Date; lastUsedAt: Date | null }

/** What a browser is asked to sign, and when; both go into the form, sealed. */
export type Challenge = { challenge: string; askedAt: string }

/** 32 random bytes. */
export const newChallenge = (now: Date): Challenge => ({
  challenge: randomBytes(32).toString('base64url'),
  askedAt: now.toISOString(),
})

export async function listPasskeys({ id }: Pick<Customer, 'id'>): Promise<Passkey[]> {
  const { accountId, createdAt, lastUsedAt, name } = passkeys
  return database()
    .select({ id: passkeys.id, name, createdAt, lastUsedAt })
    .from(passkeys)
    .where(eq(accountId, id))
    .orderBy(asc(createdAt), asc(passkeys.id))
}

/** So long after its code a passkey may be added. */
const ALLOWED_MS = 10 * 60_000
/** Given for a code: to the session in which it was typed, and for a while, whoever keeps it. */
type Allowed = { sessionId: string; until: number }

/**
 * Takes a code of the second step, before a browser is asked for a passkey: a device that has one already is not asked for another. The
 * value is for mayAddPasskey, to be kept by the browser, sealed.
 */
export async function allowPasskey(
  customer: Customer,
  code: string,
  now: Date,
): Promise<Result<Allowed, CodeFailure | 'tooManyPasskeys'>> {
  return database().transaction(async tx => {
    await lockAccount(tx, customer)
    if ((await countOf(tx, customer.id)) >= MOST_PASSKEYS) return fail('tooManyPasskeys')
    const passed = await passTwoFactor(tx, customer, code, now)
    const allowed = { sessionId: customer.sessionId, until: now.getTime() + ALLOWED_MS }
    return passed.ok ? okOnce(tx, allowed) : passed
  })
}

/** Whether a code allowed it in this session a short while ago; `kept`: what the browser has of that. */
export function mayAddPasskey({ sessionId }: Customer, kept: string | undefined, now: Date): boolean {
  const allowed = kept === undefined ? undefined : (parseJson(kept) as Allowed | undefined)
  return allowed?.sessionId === sessionId && now.getTime() < allowed.until
}

/** What `navigator.credentials.create` is told, as JSON. */
export async function creationOptions(
  customer: Customer,
  { challenge }: Challenge,
): Promise<PublicKeyCredentialCreationOptionsJSON> {
  return generateRegistrationOptions({
    rpName: 'Drita',
    rpID: relyingParty().id,
    userName: customer.username,
    userID: new TextEncoder().encode(customer.id),
    challenge: bytesOf(challenge),
    timeout: CHALLENGE_MS,
    excludeCredentials: await credentialsOf(database(), customer.id),
    authenticatorSelection: { residentKey: 'discouraged', userVerification: 'required' },
  })
}

/** Stores what the browser made, `response` as JSON. */
export async function addPasskey(
  customer: Customer,
  asked: Challenge,
  { response, name }: { response: string; name: string },
  now: Date,
): Promise<Result<undefined, 'passkeyRefused' | 'tooManyPasskeys'>> {
  return database().transaction(async tx => {
    await lockAccount(tx, customer)
    if ((await countOf(tx, customer.id)) >= MOST_PASSKEYS) return fail('tooManyPasskeys')
    // Turned off since the code: it would lie there, and pass the second step that somebody sets up later.
    if (!(await hasTwoFactor(tx, customer.id))) return fail('passkeyRefused')
    if (!(await takeChallenge(tx, asked, now))) return fail('passkeyRefused')
    const given = parsed<RegistrationResponseJSON>(response)
    const made = await verified(
      async (): Promise<VerifiedRegistrationResponse> =>
        hasNoMaker(given)
          ? verifyRegistrationResponse({ response: given, ...expected(asked) })
          : { verified: false },
    )
    if (!made?.registrationInfo) return fail('passkeyRefused')
    const { id, publicKey, counter } = made.registrationInfo.credential
    const transports = transportsOf(given)
    const added = await tx
      .insert(passkeys)
      .values({
        ...{ id, accountId: customer.id, counter, transports, name, createdAt: now },
        publicKey: Buffer.from(publicKey).toString('base64url'),
      })
      .onConflictDoNothing()
      .returning({ id: passkeys.id })
    if (!added[0]) return fail('passkeyRefused')
    await recordEvent(tx, { accountId: customer.id, action: 'passkey.added', at: now })
    await notify(tx, customer.id, { kind: 'passkey-added' })
    return okOnce(tx, undefined)
  })
}

/** Removes one of the account's own; nothing where it is gone. */
export async function removePasskey(
  customer: Customer,
  id: string,
  now: Date,
): Promise<Result<undefined, never>> {
  return database().transaction(async tx => {
    const gone = await tx
      .delete(passkeys)
      .where(and(eq(passkeys.id, id), eq(passkeys.accountId, customer.id)))
      .returning({ id: passkeys.id })
    if (gone[0]) {
      await recordEvent(tx, { accountId: customer.id, action: 'passkey.removed', at: now })
      await notify(tx, customer.id, { kind: 'passkey-removed' })
    }
    return okOnce(tx, undefined)
  })
}

/** What `navigator.credentials.get` is told, as JSON; undefined where the account has no passkey. */
export async function requestOptions(
  accountId: string,
  { challenge }: Challenge,
): Promise<PublicKeyCredentialRequestOptionsJSON | undefined> {
  const allowCredentials = await credentialsOf(database(), accountId)
  if (allowCredentials.length === 0) return undefined
  return generateAuthenticationOptions({
    rpID: relyingParty().id,
    challenge: bytesOf(challenge),
    timeout: CHALLENGE_MS,
    allowCredentials,
    userVerification: 'required',
  })
}

/** Whether `response` is what a passkey of the account signed. Its challenge is used up by it. Lock the account before. */
export async function passPasskey(
  tx: Transaction,
  accountId: string,
  asked: Challenge,
  response: string,
  now: Date,
): Promise<boolean> {
  if (!(await takeChallenge(tx, asked, now))) return false
  const signed = parsed<AuthenticationResponseJSON>(response)
  const id: unknown = signed?.id
  if (typeof id !== 'string' || !/^[\w-]+$/.test(id)) return false
  const [key] = await tx
    .select()
    .from(passkeys)
    .where(and(eq(passkeys.id, id), eq(passkeys.accountId, accountId)))
  if (!key) return false
  const publicKey = bytesOf(key.publicKey)
  const passed = await verified(() =>
    // What counters say is judged below: many authenticators always say 0, and passkeys of several devices count apart.
    verifyAuthenticationResponse({
      response: signed,
      credential: { id: key.id, publicKey, counter: 0 },
      ...expected(asked),
    }),
  )
  if (!passed?.verified) return false
  const counter = passed.authenticationInfo.newCounter
  if (key.counter > 0 && counter <= key.counter) {
    log.warn({ account: accountId, before: key.counter, counter }, 'a passkey’s counter went back')
    await recordEvent(tx, { action: 'passkey.counter-back', subject: `account:${accountId}`, at: now })
  }
  await tx.update(passkeys).set({ counter, lastUsedAt: now }).where(eq(passkeys.id, key.id))
  return true
}

/** Forgets challenges whose forms are not taken any more. */
export async function forgetChallenges(db: Database, now: Date): Promise<void> {
  const { usedAt } = usedPasskeyChallenges
  // Twice as long: clocks of nodes differ.
  await purge(db, usedPasskeyChallenges, usedAt, lt(usedAt, new Date(now.getTime() - 2 * CHALLENGE_MS)))
}

/** Uses a challenge up; false where it was used before, or asked too long ago. */
async function takeChallenge(
  tx: Transaction,
  { challenge, askedAt }: Challenge,
  now: Date,
): Promise<boolean> {
  if (now.getTime() - Date.parse(askedAt) > CHALLENGE_MS) return false
  const taken = await tx
    .insert(usedPasskeyChallenges)
    .values({ challenge, usedAt: now })
    .onConflictDoNothing()
    .returning({ challenge: usedPasskeyChallenges.challenge })
  return taken.length > 0
}

/** Passkeys are of a host name: under another one none of them works. */
const relyingParty = () => {
  const { hostname, origin } = new URL(env().APP_URL)
  return { id: hostname, origin }
}

const expected = ({ challenge }: Challenge) => ({
  expectedChallenge: challenge,
  expectedOrigin: relyingParty().origin,
  expectedRPID: relyingParty().id,
  requireUserVerification: true,
})

const countOf = async (tx: Transaction, accountId: string): Promise<number> =>
  (await tx.select({ value: count() }).from(passkeys).where(eq(passkeys.accountId, accountId)))[0]!.value

const credentialsOf = (db: Database, accountId: string) =>
  db
    .select({ id: passkeys.id, transports: passkeys.transports })
    .from(passkeys)
    .where(eq(passkeys.accountId, accountId))

const bytesOf = (text: string) => new Uint8Array(Buffer.from(text, 'base64url'))

/**
 * Whether nobody vouches for the device, as is asked for: there is no statement, or the passkey itself has signed it. Where a maker's
 * certificates come along, the library fetches addresses that stand in them, and anybody can make certificates.
 */
function hasNoMaker({ response }: RegistrationResponseJSON): boolean {
  const attestation = decodeAttestationObject(bytesOf(response.attestationObject))
  const format = attestation.get('fmt')
  return format === 'none' || (format === 'packed' && attestation.get('attStmt').get('x5c') === undefined)
}

const TRANSPORTS = ['ble', 'cable', 'hybrid', 'internal', 'nfc', 'smart-card', 'usb'] as const

/** Those that browsers know. */
function transportsOf({ response }: RegistrationResponseJSON): string[] {
  const given: unknown = response.transports
  return TRANSPORTS.filter(one => Array.isArray(given) && given.includes(one))
}

/** What a browser sent is anything at all. */
function parsed<Shape>(text: string): Shape {
  try {
    return JSON.parse(text) as Shape
  } catch {
    return {} as Shape
  }
}

/** The library throws for whatever does not fit, and says why: that is for the log. */
async function verified<Answer extends { verified: boolean }>(
  verify: () => Promise<Answer>,
): Promise<Answer | undefined> {
  try {
    const answer = await verify()
    return answer.verified ? answer : undefined
  } catch (error) {
    log.info(errorFacts(error), 'a passkey was refused')
    return undefined
  }
}
