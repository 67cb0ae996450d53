// Passwords: argon2id with the library's default parameters (19 MiB, 2 passes; OWASP's minimum).
import { hash, verify } from '@node-rs/argon2'
import { readPassword } from '../platform/typed.ts'

export const hashPassword = (password: string): Promise<string> => hash(readPassword(password))

// Of a password nobody has: checked where there is no account, so that the answer takes as long.
let decoy: Promise<string> | undefined

/** Whether the password fits; without a hash it takes as long and is false. */
export async function checkPassword(passwordHash: string | undefined, password: string): Promise<boolean> {
  decoy ??= hashPassword(crypto.randomUUID())
  const fits = await verify(passwordHash ?? (await decoy), readPassword(password))
  return passwordHash !== undefined && fits
}
