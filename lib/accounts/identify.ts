// What somebody types to say who they are: a username, an e-mail address or a phone number.
import { and, eq, isNotNull, isNull } from 'drizzle-orm'
import { accounts } from '../../db/schema/accounts.ts'
import { normalisePhone } from '../billers/phones.ts'
import { visibleText } from '../platform/text.ts'

export type Identifier = { column: 'username' | 'email' | 'phone'; value: string }

/** Which identifier this is. A username starts with a letter, so none of the three can be taken for another. */
export function identifierKey(identifier: string): Identifier {
  const text = visibleText(identifier).toLowerCase()
  if (text.includes('@')) return { column: 'email', value: text }
  if (/^[+\d(]/.test(text)) {
    const digits = text.replace(/[^\d+]/g, '')
    // 04x is Kosovo's mobile range, 06x Albania's.
    return {
      column: 'phone',
      value: normalisePhone(digits, digits.startsWith('04') ? 'kesco' : 'oshee') ?? digits,
    }
  }
  return { column: 'username', value: text }
}

/** The open account that an identifier names: an e-mail address names one once it is verified. */
export const identifiedBy = ({ column, value }: Identifier) =>
  and(
    eq(accounts[column], value),
    column === 'email' ? isNotNull(accounts.emailVerifiedAt) : undefined,
    isNull(accounts.closedAt),
  )
