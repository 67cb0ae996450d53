// Codes of authenticator apps: TOTP (RFC 6238) as every such app knows it, SHA-1, 6 digits, 30 seconds.
import { Secret, TOTP } from 'otpauth'

const PERIOD_SECONDS = 30
/** How many half minutes the phone's clock may be off, either way (RFC 6238, 5.2 recommends one). */
const WINDOW = 1

const totp = (secret: string, username = '') =>
  new TOTP({
    issuer: 'Drita',
    label: username,
    algorithm: 'SHA1',
    digits: 6,
    period: PERIOD_SECONDS,
    secret: Secret.fromBase32(secret),
  })

/** 160 random bits, base32 (RFC 4226, 4). */
export const newSecret = (): string => new Secret({ size: 20 }).base32

/** What the QR code holds: `otpauth://totp/Drita:mirela?…`. */
export const keyUri = (secret: string, username: string): string => totp(secret, username).toString()

export const codeAt = (secret: string, now: Date): string =>
  totp(secret).generate({ timestamp: now.getTime() })

/** The half minute since 1970 that a code is of; undefined where it is of none near `now`. */
export function counterOf(secret: string, code: string, now: Date): number | undefined {
  const timestamp = now.getTime()
  const delta = totp(secret).validate({ token: code, timestamp, window: WINDOW })
  return delta === null ? undefined : Math.floor(timestamp / 1000 / PERIOD_SECONDS) + delta
}
