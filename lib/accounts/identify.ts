// What somebody types to say who they are: a username, an e-mail address or a phone number.
import { visibleText } from '../platform/text.ts'
import { normalisePhone } from './phones.ts'

/** Which identifier this is. A username starts with a letter, so none of the three can be taken for another. */
export function identifierKey(identifier: string): { column: 'username' | 'email' | 'phone'; value: string } {
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
