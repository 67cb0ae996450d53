// Phone numbers, by libphonenumber.

import { parsePhoneNumberFromString } from 'libphonenumber-js/max'
import { type BillerCode, billerOf } from '../../db/billers.ts'
import { type Country, countries } from '../../db/enums.ts'
import { readCode } from '../platform/typed.ts'

/**
 * A mobile number in E.164; undefined where it is none. Without a prefix it is the biller's country's; where no biller is
 * known, whichever country has such a mobile number: no two do. Others' prefixes are accepted, for non-residents.
 */
export function readPhone(typed: string, biller?: BillerCode): string | undefined {
  for (const country of biller ? [billerOf(biller).country] : countries) {
    const phone = parsePhone(typed, country)
    const type = phone?.getType()
    if (type === 'MOBILE' || type === 'FIXED_LINE_OR_MOBILE') return phone!.number
  }
  return undefined
}

/** A number of any kind in E.164, as a biller may have it of a customer; otherwise like readPhone. */
export const readAnyPhone = (typed: string, biller: BillerCode): string | undefined =>
  usualMobile(typed, biller) ?? parsePhone(typed, billerOf(biller).country)?.number

/** `+355 67 200 0003`: a number in E.164 as it is read. */
export const shownPhone = (number: string): string =>
  parsePhoneNumberFromString(number)?.formatInternational() ?? number

function parsePhone(typed: string, country: Country) {
  const text = readCode(typed)
  const digits = text.replace(/[\s./()-]/g, '')
  // The two prefixes are often written without their plus; of Kosovo, `383…` is a telephone at home, too.
  const international = /^3(83|55)\d{8,}$/.test(digits) ? valid(`+${digits}`) : undefined
  return international ?? valid(text, country)
}

function valid(text: string, country?: Country) {
  const phone = parsePhoneNumberFromString(text, country)
  return phone?.isValid() ? phone : undefined
}

/** Mobile numbers as libphonenumber has them. A feed brings a million, and one takes it 10 µs. */
const MOBILES = {
  AL: { prefix: '+355', form: /^(?:\+355|0)(6(?:[78][2-9]|9\d)\d{6})$/ },
  XK: { prefix: '+383', form: /^(?:\+383|0)(4[3-9]\d{6})$/ },
}

/** In E.164, where it is a mobile number of the biller's country in a usual form. */
function usualMobile(text: string, biller: BillerCode): string | undefined {
  const { prefix, form } = MOBILES[billerOf(biller).country]
  const match = form.exec(text.replace(/[ /-]/g, ''))
  return match ? prefix + match[1] : undefined
}
