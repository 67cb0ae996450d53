// Secrets at rest and in cookies: encrypted or keyed-hashed under subkeys of AUTH_SECRET, one a purpose. What was made
// under a secret of AUTH_SECRET_PREVIOUS still opens and still agrees (docs/decisions/0023-keys.md).
import {
  createCipheriv,
  createDecipheriv,
  createHmac,
  createSecretKey,
  hkdfSync,
  type KeyObject,
  randomBytes,
  timingSafeEqual,
} from 'node:crypto'
import { env } from './env.ts'
import { log } from './log.ts'
import { mayLog } from './log-limit.ts'

type Key = { id: Buffer; subkey: (purpose: string) => KeyObject }

function keyOf(secret: string): Key {
  const derive = (info: string, bytes: number) => Buffer.from(hkdfSync('sha256', secret, '', info, bytes))
  const subkeys = new Map<string, KeyObject>()
  return {
    id: derive('drita key id', ID_BYTES),
    subkey: purpose => {
      const key = subkeys.get(purpose) ?? createSecretKey(derive(`drita ${purpose}`, 32))
      // A purpose may name what it is for (`own-data export …`): as many as there are of those are not kept.
      if (subkeys.size < 100) subkeys.set(purpose, key)
      return key
    },
  }
}

let known: [Key, ...Key[]] | undefined

/** Of AUTH_SECRET, then of each previous one. */
function keys(): [Key, ...Key[]] {
  const { AUTH_SECRET, AUTH_SECRET_PREVIOUS } = env()
  known ??= [keyOf(AUTH_SECRET), ...AUTH_SECRET_PREVIOUS.map(keyOf)]
  return known
}

/** Begins what is sealed; its key's id follows. What was sealed before keys had ids begins with a random nonce. */
const MARK = Buffer.from('dk1')
const ID_BYTES = 4
const HEAD_BYTES = MARK.length + ID_BYTES
const NONCE_BYTES = 12
const TAG_BYTES = 16

const isMarked = (sealed: Buffer): boolean => sealed.subarray(0, MARK.length).equals(MARK)
const idOf = (sealed: Buffer): Buffer => sealed.subarray(MARK.length, HEAD_BYTES)

/** AES-256-GCM: mark, key id, nonce, tag, content. `boundTo`: what it belongs to; it opens as that alone. */
export function sealBytes(content: Uint8Array, purpose: string, boundTo = ''): Buffer {
  const [key] = keys()
  const nonce = randomBytes(NONCE_BYTES)
  const cipher = createCipheriv('aes-256-gcm', key.subkey(purpose), nonce).setAAD(Buffer.from(boundTo))
  const body = Buffer.concat([cipher.update(content), cipher.final()])
  return Buffer.concat([MARK, key.id, nonce, cipher.getAuthTag(), body])
}

function decipher(key: Key, sealed: Buffer, purpose: string, boundTo: string): Buffer | undefined {
  if (sealed.length < NONCE_BYTES + TAG_BYTES) return undefined
  const nonce = sealed.subarray(0, NONCE_BYTES)
  const content = sealed.subarray(NONCE_BYTES + TAG_BYTES)
  try {
    const opening = createDecipheriv('aes-256-gcm', key.subkey(purpose), nonce)
    opening.setAAD(Buffer.from(boundTo)).setAuthTag(sealed.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES))
    return Buffer.concat([opening.update(content), opening.final()])
  } catch {
    return undefined
  }
}

function open(given: Uint8Array, purpose: string, boundTo: string): Buffer | undefined {
  const sealed = Buffer.from(given.buffer, given.byteOffset, given.length)
  const named = isMarked(sealed) ? keys().find(key => key.id.equals(idOf(sealed))) : undefined
  const opened = named && decipher(named, sealed.subarray(HEAD_BYTES), purpose, boundTo)
  if (opened) return opened
  // Without an id, or with a nonce that happens to look like one.
  for (const key of keys()) {
    const content = decipher(key, sealed, purpose, boundTo)
    if (content) return content
  }
  return undefined
}

/**
 * The content of what the portal itself has stored. Undefined where it does not open: then the log says why, and whoever
 * is told of it is told that the fault is ours.
 */
export function openStored(sealed: Uint8Array, purpose: string, boundTo = ''): Buffer | undefined {
  const opened = open(sealed, purpose, boundTo)
  if (!opened) sayWhyNot(Buffer.from(sealed), purpose)
  return opened
}

function sayWhyNot(sealed: Buffer, purpose: string): void {
  const ours = keys().map(key => key.id.toString('hex'))
  const keyId = isMarked(sealed) ? idOf(sealed).toString('hex') : 'none'
  const says = ours.includes(keyId)
    ? 'what was stored has been changed: it does not open'
    : 'what was stored is sealed with a key that is not among AUTH_SECRET and AUTH_SECRET_PREVIOUS'
  const few = mayLog(says)
  if (few) log.error({ purpose: purpose.replace(/ [0-9a-f-]{36}\b.*$/, ''), keyId, keys: ours, ...few }, says)
}

/** A text, sealed as base64url. */
export const seal = (text: string, purpose: string): string =>
  sealBytes(Buffer.from(text), purpose).toString('base64url')

/** A text that comes from outside, as in a cookie; undefined where it was not sealed here for this purpose. */
export const unseal = (sealed: string, purpose: string): string | undefined =>
  open(Buffer.from(sealed, 'base64url'), purpose, '')?.toString('utf8')

/** As openStored, of a text sealed as base64url. */
export const unsealStored = (sealed: string, purpose: string): string | undefined =>
  openStored(Buffer.from(sealed, 'base64url'), purpose)?.toString('utf8')

/** Whether it was sealed under AUTH_SECRET as it is now, and need not be sealed anew. */
export function isSealedNow(sealed: Uint8Array): boolean {
  const bytes = Buffer.from(sealed.buffer, sealed.byteOffset, sealed.length)
  return isMarked(bytes) && idOf(bytes).equals(keys()[0].id)
}

/**
 * Seals what is sealed in these rows anew under AUTH_SECRET, where it is not yet. `keep` stores it. `unreadable`: what does
 * not open; the log says why.
 */
export async function resealEach<Row extends { sealed: string }>(
  rows: Row[],
  purpose: string,
  keep: (row: Row, sealed: string) => Promise<unknown>,
): Promise<{ sealed: number; unreadable: number }> {
  const counts = { sealed: 0, unreadable: 0 }
  for (const row of rows) {
    if (isSealedNow(Buffer.from(row.sealed, 'base64url'))) continue
    const text = unsealStored(row.sealed, purpose)
    if (text !== undefined) await keep(row, seal(text, purpose))
    counts[text === undefined ? 'unreadable' : 'sealed'] += 1
  }
  return counts
}

const hashUnder = (key: Key, text: string, purpose: string): string =>
  createHmac('sha256', key.subkey(purpose)).update(text).digest('base64url')

/** HMAC-SHA-256, base64url: for codes and for keys that must not tell what they stand for. */
export const keyedHash = (text: string, purpose: string): string => hashUnder(keys()[0], text, purpose)

/** What keyedHash gives now, and what it gave under each previous secret: to look up what was stored. */
export const keyedHashes = (text: string, purpose: string): string[] =>
  keys().map(key => hashUnder(key, text, purpose))

/** Whether a hash is the text's, under any of the secrets. Takes as long either way. */
export const isKeyedHash = (hash: string, text: string, purpose: string): boolean =>
  keyedHashes(text, purpose).filter(one => sameHash(hash, one)).length > 0

/** Compares in constant time. */
export function sameHash(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)]
  return left.length === right.length && timingSafeEqual(left, right)
}
