// Phone numbers, by libphonenumber.
import { parsePhoneNumberFromString } from 'libphonenumber-js/max'
import type { BillerCode } from '../contracts/codes.ts'

/**
 * A mobile number in E.164; undefined where it is none. Without a prefix it is taken as Kosovo's (383) for KESCO's
 * customers and as Albania's (355) otherwise. Other countries' prefixes are accepted, for non-residents.
 */
export function normalisePhone(text: string, biller?: BillerCode): string | undefined {
  const phone = parsePhoneNumberFromString(text, biller === 'kesco' ? 'XK' : 'AL')
  if (!phone?.isValid()) return undefined
  const type = phone.getType()
  return type === 'MOBILE' || type === 'FIXED_LINE_OR_MOBILE' ? phone.number : undefined
}
