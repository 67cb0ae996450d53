// Who a document is from: the biller's own name, number, address and contacts, as its row has them.

import type { Country } from '../../db/enums.ts'
import { billers } from '../../db/schema/billers.ts'
import type { BillerCode } from '../billers/contract-codes.ts'
import { type Logo, logoOf } from '../billers/supply.ts'
import { codeWords, plain, type Words } from '../i18n/words.ts'
import type { LetterheadFields } from './schema.ts'

/** LetterheadFields of the joined biller. */
export const letterheadColumns = {
  legalName: billers.legalName,
  businessNumber: billers.businessNumber,
  address: billers.address,
  phone: billers.contactPhone,
  email: billers.contactEmail,
}

/** `name`: in full where it is known. */
export type Letterhead = { name: string; details: Words[]; logo?: Logo }

/** How the two countries call a business's number, in every language. */
export const BUSINESS_NUMBER = { AL: 'NIPT', XK: 'NUI' } as const satisfies Record<Country, string>

export function letterhead(
  biller: { code: BillerCode; name: string; country: Country } & LetterheadFields,
): Letterhead {
  const { code, name, legalName, country, businessNumber, address, phone, email } = biller
  const number = businessNumber && codeWords(`${BUSINESS_NUMBER[country]} ${businessNumber}`)
  const others = [address, phone, email].filter(detail => detail !== null)
  return {
    name: legalName ?? name,
    details: [...(number ? [number] : []), ...others.map(plain)],
    logo: logoOf(code),
  }
}
