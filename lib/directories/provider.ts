// Talks to a company's directory as its client (OpenID Connect): where a sign-in begins and ends, and what is asked in between.
import { createRemoteJWKSet, errors, type JWTPayload, jwtVerify } from 'jose'
import * as client from 'openid-client'
import { clock } from '../platform/clock.ts'
import { env } from '../platform/env.ts'
import { errorFacts, log } from '../platform/log.ts'
import { fail, ok, type Result } from '../platform/result.ts'
import type { StaffDirectory } from '../platform/staff-directories.ts'
import { cut } from '../platform/text.ts'
import type { Claims } from './rules.ts'

/** A directory that has not answered after so long is given up: its staff are told, and try again. */
const TIMEOUT_SECONDS = 5
/** What it said of itself is asked anew after so long, and its keys, of which new ones are seen at once. */
const KNOWN_MS = 60 * 60_000
const KEYS_MS = 5 * 60_000
/** Clocks differ by so much. */
const TOLERANCE_SECONDS = 30
/** An order to sign out that is older is none. */
const ORDER_SECONDS = 300

/** What a browser keeps, sealed, between leaving for the directory and coming back. */
export type Begun = {
  directory: string
  state: string
  nonce: string
  verifier: string
  /** Where it goes, and the page that it wants after signing in. */
  url: string
  to: string
  at: number
}

export type Identity = {
  issuer: string
  subject: string
  sid: string | null
  claims: Claims
  idToken: string
}

/** `denied`: it says no. `forged`: what came is not its word for this sign-in. `noAnswer`: it cannot be asked. */
export type NoIdentity = 'denied' | 'forged' | 'noAnswer'

export const findDirectory = (code: string): StaffDirectory | undefined =>
  env().STAFF_DIRECTORIES.find(one => one.code === code)

export const directoryOf = (issuer: string): StaffDirectory | undefined =>
  env().STAFF_DIRECTORIES.find(one => one.issuer === issuer)

/** Where a directory sends browsers back to: an address a directory, so that no answer of one is taken for another's. */
export const returnAddress = ({ code }: StaffDirectory): string =>
  new URL(`/staff/sign-in/return/${code}`, env().APP_URL).href

const AFTER_SIGN_OUT = '/staff/sign-in'

type Known = { config: client.Configuration; keys: ReturnType<typeof createRemoteJWKSet> }
const known = new Map<string, { answer: Promise<Known>; until: number }>()

/** What the directory says of itself, asked once for all who want to know; one that did not answer is asked by the next. */
function know(directory: StaffDirectory): Promise<Known> {
  const now = clock.now().getTime()
  const kept = known.get(directory.code)
  if (kept && kept.until > now) return kept.answer
  const answer = ask(directory)
  known.set(directory.code, { answer, until: now + KNOWN_MS })
  answer.catch(() => known.get(directory.code)?.answer === answer && known.delete(directory.code))
  return answer
}

async function ask(directory: StaffDirectory): Promise<Known> {
  const { issuer, clientId, clientSecret } = directory
  // Only settings of a demonstration may name one (lib/platform/env.ts).
  const isInsecure = issuer.startsWith('http:')
  const config = await client.discovery(
    new URL(issuer),
    clientId,
    { [client.clockTolerance]: TOLERANCE_SECONDS },
    client.ClientSecretPost(clientSecret),
    {
      timeout: TIMEOUT_SECONDS,
      // The token's signature too, though it comes from the directory itself.
      execute: [client.enableNonRepudiationChecks, ...(isInsecure ? [client.allowInsecureRequests] : [])],
    },
  )
  const { issuer: named, jwks_uri: keysAt } = config.serverMetadata()
  // Of a directory of many companies anybody's would be taken.
  if (named !== issuer) throw unlike('OTHER_ISSUER')
  if (!keysAt || !(isInsecure || keysAt.startsWith('https:'))) throw unlike('NO_KEYS')
  const keys = createRemoteJWKSet(new URL(keysAt), {
    timeoutDuration: TIMEOUT_SECONDS * 1000,
    cacheMaxAge: KEYS_MS,
  })
  return { config, keys }
}

const unlike = (code: string) => Object.assign(new Error('a directory is unlike its setting'), { code })

/** Why a directory could not be asked, or was not believed, for whoever runs the portal: codes alone, no word of a token. */
function tell({ code }: StaffDirectory, error: unknown, says: string): void {
  const answer = error instanceof client.ResponseBodyError ? cut(error.error, 40) : undefined
  log.warn({ directory: code, answer, ...errorFacts(error) }, says)
}

/** Begins a sign-in: what the browser is to keep, with the address it is to go to. */
export async function beginAt(
  directory: StaffDirectory,
  to: string,
  now: Date,
): Promise<Result<Begun, 'noAnswer'>> {
  try {
    const { config } = await know(directory)
    const [state, nonce, verifier] = [
      client.randomState(),
      client.randomNonce(),
      client.randomPKCECodeVerifier(),
    ]
    const url = client.buildAuthorizationUrl(config, {
      redirect_uri: returnAddress(directory),
      scope: directory.scopes,
      state,
      nonce,
      code_challenge: await client.calculatePKCECodeChallenge(verifier),
      code_challenge_method: 'S256',
    })
    return ok({ directory: directory.code, state, nonce, verifier, url: url.href, to, at: now.getTime() })
  } catch (error) {
    tell(directory, error, 'a directory cannot be asked')
    return fail('noAnswer')
  }
}

/**
 * Who the directory says has come back; `search`: what it sent along. It is asked for the answer by its code, once, and everything
 * that the answer claims is held against what was begun: state, nonce, PKCE, issuer, audience, signature and time.
 */
export async function identityFrom(
  directory: StaffDirectory,
  search: string,
  begun: Pick<Begun, 'state' | 'nonce' | 'verifier'>,
): Promise<Result<Identity, NoIdentity>> {
  const address = new URL(returnAddress(directory))
  address.search = search
  try {
    const { config } = await know(directory)
    const answer = await client.authorizationCodeGrant(config, address, {
      expectedState: begun.state,
      expectedNonce: begun.nonce,
      pkceCodeVerifier: begun.verifier,
      idTokenExpected: true,
    })
    const claims = answer.claims()!
    const { iss: issuer, sub: subject, sid } = claims
    return ok({
      issuer,
      subject,
      sid: typeof sid === 'string' ? sid : null,
      claims,
      idToken: answer.id_token!,
    })
  } catch (error) {
    const code = noIdentity(error)
    if (code !== 'denied') tell(directory, error, 'a directory was not believed')
    return fail(code)
  }
}

function noIdentity(error: unknown): NoIdentity {
  // The directory says so itself: whoever came may not enter, or went back.
  if (error instanceof client.AuthorizationResponseError)
    return FAULTS.has(error.error) ? 'noAnswer' : 'denied'
  // Else the code is worth nothing: it was used, or is another's.
  if (error instanceof client.ResponseBodyError) return FAULTS.has(error.error) ? 'noAnswer' : 'forged'
  if (error instanceof client.ClientError) {
    return UNANSWERED.has(error.code ?? '') ? 'noAnswer' : 'forged'
  }
  // What fetch throws where nothing answers.
  return 'noAnswer'
}

/** Whoever came can do nothing about them: the directory is broken, or does not know this portal by its id and secret. */
const FAULTS = new Set(['server_error', 'temporarily_unavailable', 'invalid_client', 'unauthorized_client'])
/** It took too long, or a gateway before it answered in its place. */
const UNANSWERED = new Set(['OAUTH_TIMEOUT', 'OAUTH_ABORT', 'OAUTH_RESPONSE_IS_NOT_CONFORM'])

/** Where a browser signs out of the directory; undefined where that has no such place, or cannot be asked. */
export async function endAddress(directory: StaffDirectory, idToken: string): Promise<string | undefined> {
  try {
    const { config } = await know(directory)
    if (!config.serverMetadata().end_session_endpoint) return undefined
    return client.buildEndSessionUrl(config, {
      id_token_hint: idToken,
      post_logout_redirect_uri: new URL(AFTER_SIGN_OUT, env().APP_URL).href,
      state: 'out',
    }).href
  } catch (error) {
    tell(directory, error, 'a directory cannot be asked')
    return undefined
  }
}

const LOGOUT_EVENT = 'http://schemas.openid.net/event/backchannel-logout'

/** Signatures that a key the directory publishes can make: none that the client's own secret could. */
const SIGNED_BY = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512', 'EdDSA']

/** Of the directory's keys. */
const KEYS_UNANSWERED = new Set(['ERR_JWKS_TIMEOUT', 'ERR_JWKS_INVALID', 'ERR_JOSE_GENERIC'])

/** An order of the directory to sign somebody out (OpenID Connect Back-Channel Logout 1.0, 2.6). */
export type LogoutOrder = { subject: string | null; sid: string | null; id: string }

/** `noAnswer`: whether it is the directory's word cannot be said now. `tell`: says in the log why. */
type NoOrder = { ok: false; code: 'forged' | 'noAnswer'; tell: () => void }

/** `token`: as it came. Anybody may send one: whoever asks limits what is told of them. */
export async function logoutOrder(
  directory: StaffDirectory,
  token: string,
  now: Date,
): Promise<{ ok: true; value: LogoutOrder } | NoOrder> {
  const no = (code: NoOrder['code'], error: unknown, says: string): NoOrder => ({
    ...fail(code),
    tell: () => tell(directory, error, says),
  })
  let keys: Known['keys']
  try {
    keys = (await know(directory)).keys
  } catch (error) {
    return no('noAnswer', error, 'a directory cannot be asked')
  }
  try {
    const { payload } = await jwtVerify(token, keys, {
      issuer: directory.issuer,
      audience: directory.clientId,
      typ: 'logout+jwt',
      algorithms: SIGNED_BY,
      requiredClaims: ['iat', 'jti'],
      maxTokenAge: ORDER_SECONDS,
      clockTolerance: TOLERANCE_SECONDS,
      currentDate: now,
    })
    return ok(orderIn(payload))
  } catch (error) {
    const isUnanswered = !(error instanceof errors.JOSEError) || KEYS_UNANSWERED.has(error.code)
    return no(isUnanswered ? 'noAnswer' : 'forged', error, 'an order to sign out was not believed')
  }
}

/** Throws a JWTInvalid where it is none. */
function orderIn(payload: JWTPayload): LogoutOrder {
  const { sub, sid, jti, nonce, events } = payload
  const named = [sub, sid].map(one => (typeof one === 'string' && one !== '' ? one : null))
  const [subject, session] = named as [string | null, string | null]
  const isOrder = typeof events === 'object' && events !== null && Object.hasOwn(events, LOGOUT_EVENT)
  // With a nonce it is a token of a sign-in, and none of its own kind.
  if (!isOrder || nonce !== undefined || typeof jti !== 'string' || (!subject && !session))
    throw new errors.JWTInvalid('not an order to sign out')
  return { subject, sid: session, id: jti }
}
