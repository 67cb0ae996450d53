// What a registration accepts, and what a password has to hold.
import { readId } from '../platform/typed.ts'

/** The version of terms, privacy and refund policy that a registration accepts: the day it came into force. */
export const TERMS_VERSION = '2026-11-28'

export type PasswordFault =
  | 'passwordShort'
  | 'passwordDigit'
  | 'passwordCapital'
  /** More than one of these. */
  | 'passwordRule'
  | 'passwordName'

/** What a password lacks: 8 characters, a digit, a capital; or it has the username or the name before the e-mail's @ in it. */
export function passwordFault(candidate: string, username = '', email = ''): PasswordFault | undefined {
  const faults: PasswordFault[] = []
  if (candidate.length < 8) faults.push('passwordShort')
  if (!/\p{Nd}/u.test(candidate)) faults.push('passwordDigit')
  if (!/\p{Lu}/u.test(candidate)) faults.push('passwordCapital')
  if (faults.length > 0) return faults.length > 1 ? 'passwordRule' : faults[0]
  const lower = candidate.toLowerCase()
  const names = [username.toLowerCase(), email.split('@')[0]!.toLowerCase()].filter(name => name.length >= 3)
  return names.some(name => lower.includes(name)) ? 'passwordName' : undefined
}

export const parseExportId = readId
