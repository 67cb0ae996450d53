// What a certificate compares and how it is checked. Pure.

import type { CertificateKind } from '../../db/enums.ts'
import type { BillerCode } from '../billers/contract-codes.ts'
import { collectsTvTax } from '../billers/supply.ts'
import type { AmountDue } from '../ledger/rules.ts'
import { foldName } from '../platform/names.ts'
import { compose } from '../platform/text.ts'

/** `revoked`: by staff. `superseded`: there is a newer one. `expired`: a newer invoice was issued. */
export type Validity = 'valid' | 'expired' | 'superseded' | 'revoked'

export const validityOf = (of: {
  revokedAt: unknown
  supersededAt: unknown
  hasNewerInvoice: boolean
}): Validity =>
  of.revokedAt ? 'revoked' : of.supersededAt ? 'superseded' : of.hasNewerInvoice ? 'expired' : 'valid'

export const isOfBusiness = (kind: CertificateKind): boolean => kind !== 'household'

/** Letters and digits that nobody takes for another (Crockford's base 32): five bits each. */
const SIGNS = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'
export const CODE_BYTES = 10

/** 80 random bits as 16 signs. */
export function codeOf(bytes: Uint8Array): string {
  let [bits, left] = [0, 0]
  let code = ''
  for (const byte of bytes) {
    bits = (bits << 8) | byte
    for (left += 8; left >= 5; left -= 5) code += SIGNS[(bits >> (left - 5)) & 31]
  }
  return code
}

/** As it was typed, with hyphens and blanks or without, and signs that look alike; undefined where it cannot be a code. */
export function readCertificateCode(typed: string): string | undefined {
  const code = compose(typed, 'NFKC')
    .toUpperCase()
    .replace(/[^0-9A-Z]/g, '')
    .replaceAll('O', '0')
    .replace(/[IL]/g, '1')
  return /^[0-9A-HJKMNP-TV-Z]{16}$/.test(code) ? code : undefined
}

/** `Mirela Agim Dervishi-Kryeziu` is M. A. D.-K. */
export const initialsOf = (...names: string[]): string =>
  names
    .flatMap(name => name.split(/\s+/))
    .map(word =>
      word
        .split('-')
        .map(part => part.match(/[\p{L}\p{N}]/u)?.[0]?.toUpperCase())
        .filter(Boolean)
        .map(letter => `${letter}.`)
        .join('-'),
    )
    .filter(Boolean)
    .join(' ')

/** Whether a claim is what the record says; undefined where that says nothing. */
export const agrees = (claimed: string, recorded: string | null): boolean | undefined =>
  recorded ? foldName(claimed) === foldName(recorded) : undefined

/** The same of a firm's name, however its legal form is written: `SH.P.K.`, `shpk`. */
export const firmAgrees = (claimed: string, recorded: string | null): boolean | undefined =>
  recorded ? foldFirm(claimed) === foldFirm(recorded) : undefined

const foldFirm = (name: string): string => foldName(name).replaceAll(' ', '')

/** Whether the TV tax is one of the amounts: where it may be owed with the biller's invoices, or was. */
export const hasTvTax = (biller: BillerCode, due: AmountDue): boolean =>
  collectsTvTax(biller) || due.tvTax > 0

export const NOTHING_DUE: AmountDue = { principal: 0, tvTax: 0, interest: 0, total: 0 }

export const sumDue = (amounts: readonly AmountDue[]): AmountDue =>
  amounts.reduce(
    (sum, one) => ({
      principal: sum.principal + one.principal,
      tvTax: sum.tvTax + one.tvTax,
      interest: sum.interest + one.interest,
      total: sum.total + one.total,
    }),
    NOTHING_DUE,
  )
