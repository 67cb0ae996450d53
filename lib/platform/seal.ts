// Secrets at rest and in cookies: encrypted or keyed-hashed under subkeys of AUTH_SECRET, one a purpose.
import {
  createCipheriv,
  createDecipheriv,
  createHmac,
  hkdfSync,
  randomBytes,
  timingSafeEqual,
} from 'node:crypto'
import { env } from './env.ts'

const subkeys = new Map<string, Buffer>()

function subkey(purpose: string): Buffer {
  let key = subkeys.get(purpose)
  if (!key) {
    key = Buffer.from(hkdfSync('sha256', env().AUTH_SECRET, '', `drita ${purpose}`, 32))
    subkeys.set(purpose, key)
  }
  return key
}

/** AES-256-GCM: nonce, tag, content. `boundTo`: what it belongs to; it opens as that alone. */
export function sealBytes(content: Uint8Array, purpose: string, boundTo = ''): Buffer {
  const nonce = randomBytes(12)
  const cipher = createCipheriv('aes-256-gcm', subkey(purpose), nonce).setAAD(Buffer.from(boundTo))
  const body = Buffer.concat([cipher.update(content), cipher.final()])
  return Buffer.concat([nonce, cipher.getAuthTag(), body])
}

/** The sealed content; undefined where it was not sealed here for this purpose. */
export function unsealBytes(sealed: Uint8Array, purpose: string, boundTo = ''): Buffer | undefined {
  if (sealed.length < 28) return undefined
  try {
    const decipher = createDecipheriv('aes-256-gcm', subkey(purpose), sealed.subarray(0, 12))
    decipher.setAAD(Buffer.from(boundTo)).setAuthTag(sealed.subarray(12, 28))
    return Buffer.concat([decipher.update(sealed.subarray(28)), decipher.final()])
  } catch {
    return undefined
  }
}

/** A text, sealed as base64url. */
export const seal = (text: string, purpose: string): string =>
  sealBytes(Buffer.from(text), purpose).toString('base64url')

/** The sealed text; undefined where it was not sealed here for this purpose. */
export const unseal = (sealed: string, purpose: string): string | undefined =>
  unsealBytes(Buffer.from(sealed, 'base64url'), purpose)?.toString('utf8')

/** HMAC-SHA-256, base64url: for codes and for keys that must not tell what they stand for. */
export const keyedHash = (text: string, purpose: string): string =>
  createHmac('sha256', subkey(purpose)).update(text).digest('base64url')

/** Compares in constant time. */
export function sameHash(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)]
  return left.length === right.length && timingSafeEqual(left, right)
}
