// Recovery codes: ten passwords for one sign-in each, for whoever has lost the phone with the app.
import { createHmac, hkdfSync, randomInt } from 'node:crypto'
import { keyedHashes } from '../platform/seal.ts'
import { readGrouped } from '../platform/typed.ts'

const COUNT = 10
const LENGTH = 10
/** Nothing that could be read as something else: no 0 and o, 1, l and i. 31 characters, 49 bits a code. */
const CHARACTERS = '23456789abcdefghjkmnpqrstuvwxyz'

/** A code of random characters, written in two groups: `7kq2m-x9rtb`. */
export function newRecoveryCode(): string {
  const code = Array.from({ length: LENGTH }, () => CHARACTERS[randomInt(CHARACTERS.length)]).join('')
  return `${code.slice(0, 5)}-${code.slice(5)}`
}

export const newRecoveryCodes = (): string[] => Array.from({ length: COUNT }, newRecoveryCode)

/** What counts of a code as it was typed: capitals, blanks and dashes do not matter. */
export const plainCode = (typed: string): string => readGrouped(typed).toLowerCase()

/**
 * What is kept of a code: an HMAC under a key of the account's own, made of the authenticator's secret. That secret is
 * sealed and can be sealed anew, so the codes outlive every AUTH_SECRET.
 */
export function recoveryHash(secret: string, code: string): string {
  const key = Buffer.from(hkdfSync('sha256', secret, '', 'drita recovery codes', 32))
  return createHmac('sha256', key).update(plainCode(code)).digest('base64url')
}

/** A code's hash as it may be stored: codes of before the keys had ids were hashed under AUTH_SECRET. */
export const recoveryHashes = (secret: string, accountId: string, code: string): string[] => [
  recoveryHash(secret, code),
  ...keyedHashes(`${accountId} ${plainCode(code)}`, 'recovery codes'),
]
