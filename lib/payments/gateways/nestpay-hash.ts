// NestPay's signature, "ver3": SHA-512 over the values of all fields in the order of their names, and the store key.
import { createHash } from 'node:crypto'
import { sameHash } from '../../platform/seal.ts'

/** What of a form is not signed, in small letters. */
const UNSIGNED = ['hash', 'encoding', 'nationalidno']

// Of ASCII alone: the bank sorts `İ` and `ß` where they stand.
const upperCase = (name: string): string => name.replace(/[a-z]/g, letter => letter.toUpperCase())
const escaped = (value: string): string => value.replaceAll('\\', '\\\\').replaceAll('|', '\\|')

/** What of a form is signed. */
export const signedFields = (fields: Record<string, string>): Record<string, string> =>
  Object.fromEntries(Object.entries(fields).filter(([name]) => !UNSIGNED.includes(name.toLowerCase())))

/** The signature of a form's fields, the empty ones too; those that are never signed may be among them. In base64. */
export function hashVer3(fields: Record<string, string>, storeKey: string): string {
  const values = Object.entries(signedFields(fields))
    .map(([name, value]) => ({ name: upperCase(name), value }))
    .sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0))
    .map(({ value }) => value)
  return createHash('sha512')
    .update([...values, storeKey].map(escaped).join('|'))
    .digest('base64')
}

const withoutLastNewline = (value: string): string => value.replace(/\r?\n$/, '')

/**
 * Whether the signature among the fields is that of all others, whatever they say of how they are signed. Some banks leave a
 * newline at the end of a value out before they sign: both ways are theirs, and differ in nothing else.
 */
export function isSigned(fields: Record<string, string>, storeKey: string): boolean {
  const signatures = Object.entries(fields).filter(([name]) => name.toLowerCase() === 'hash')
  if (signatures.length !== 1 || !storeKey) return false
  const given = signatures[0]![1]
  const stripped = Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [name, withoutLastNewline(value)]),
  )
  return [fields, stripped].map(one => sameHash(given, hashVer3(one, storeKey))).includes(true)
}
