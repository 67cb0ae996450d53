// Phone numbers, by libphonenumber.
import { parsePhoneNumberFromString } from 'libphonenumber-js/max'
import type { BillerCode } from './contract-codes.ts'

/**
 * A mobile number in E.164; undefined where it is none. Without a prefix it is taken as Kosovo's (383) for KESCO's
 * customers and as Albania's (355) otherwise. Other countries' prefixes are accepted, for non-residents.
 */
export function normalisePhone(text: string, biller?: BillerCode): string | undefined {
  const phone = parsePhone(text, biller)
  const type = phone?.getType()
  return type === 'MOBILE' || type === 'FIXED_LINE_OR_MOBILE' ? phone?.number : undefined
}

/** A number of any kind in E.164, as a biller may have it of a customer; otherwise like normalisePhone. */
export const normaliseAnyPhone = (text: string, biller: BillerCode): string | undefined =>
  usualMobile(text, biller) ?? parsePhone(text, biller)?.number

function parsePhone(text: string, biller?: BillerCode) {
  const phone = parsePhoneNumberFromString(text, countryOf(biller))
  return phone?.isValid() ? phone : undefined
}

const countryOf = (biller?: BillerCode) => (biller === 'kesco' ? 'XK' : 'AL')

/** Mobile numbers as libphonenumber has them. A feed brings a million, and one takes it 10 µs. */
const MOBILES = {
  AL: { prefix: '+355', form: /^(?:\+355|0)(6(?:[78][2-9]|9\d)\d{6})$/ },
  XK: { prefix: '+383', form: /^(?:\+383|0)(4[3-9]\d{6})$/ },
}

/** In E.164, where it is a mobile number of the biller's country in a usual form. */
function usualMobile(text: string, biller: BillerCode): string | undefined {
  const { prefix, form } = MOBILES[countryOf(biller)]
  const match = form.exec(text.replace(/[ /-]/g, ''))
  return match ? prefix + match[1] : undefined
}
