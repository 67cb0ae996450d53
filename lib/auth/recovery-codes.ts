// Recovery codes: ten passwords for one sign-in each, for whoever has lost the phone with the app.
import { randomInt } from 'node:crypto'
import { keyedHash } from '../platform/seal.ts'

const COUNT = 10
const LENGTH = 10
/** Nothing that could be read as something else: no 0 and o, 1, l and i. 31 signs, 49 bits a code. */
const SIGNS = '23456789abcdefghjkmnpqrstuvwxyz'

/** Ten new codes, written in two groups: `7kq2m-x9rtb`. */
export const newRecoveryCodes = (): string[] =>
  Array.from({ length: COUNT }, () => {
    const code = Array.from({ length: LENGTH }, () => SIGNS[randomInt(SIGNS.length)]).join('')
    return `${code.slice(0, 5)}-${code.slice(5)}`
  })

/** What is kept of a code; capitals, blanks and dashes do not matter. */
export const recoveryHash = (accountId: string, code: string): string =>
  keyedHash(`${accountId} ${code.toLowerCase().replace(/[^a-z0-9]/g, '')}`, 'recovery codes')
