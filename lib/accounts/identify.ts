// What somebody types to say who they are: a username, an e-mail address or a phone number.
import { and, eq, isNotNull, isNull } from 'drizzle-orm'
import { accounts } from '../../db/schema/accounts.ts'
import { readPhone } from '../billers/phones.ts'
import { readEmail } from '../platform/emails.ts'
import { readCode } from '../platform/typed.ts'

export type Identifier = { column: 'username' | 'email' | 'phone'; value: string }

/** Which identifier this is. A username starts with a letter, so none of the three can be taken for another. */
export function identifierKey(typed: string): Identifier {
  const text = readCode(typed).toLowerCase()
  if (text.includes('@')) return { column: 'email', value: readEmail(typed) ?? text }
  if (/^[+\d(]/.test(text)) return { column: 'phone', value: readPhone(typed) ?? text.replace(/[^\d+]/g, '') }
  return { column: 'username', value: text }
}

/**
 * The open account that an identifier names: an e-mail address names one once it is verified. Nothing that is typed names one whom a
 * directory signs in.
 */
export const identifiedBy = ({ column, value }: Identifier) =>
  and(
    eq(accounts[column], value),
    column === 'email' ? isNotNull(accounts.emailVerifiedAt) : undefined,
    isNull(accounts.closedAt),
    eq(accounts.ofDirectory, false),
  )
