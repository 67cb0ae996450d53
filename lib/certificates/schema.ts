// What pages and documents are told of debt certificates. Amounts are minor units of the biller's currency.
import {
  type CertificateKind,
  type Country,
  type Currency,
  certificateKinds,
  type Locale,
} from '../../db/enums.ts'
import type { BillerCode } from '../billers/contract-codes.ts'
import type { LetterheadFields } from '../billing/schema.ts'
import type { AmountDue } from '../ledger/rules.ts'

export { type CertificateKind, certificateKinds }

/** A contract's debt; a debt of 0 is none. */
export type CertifiedContract = AmountDue & { code: string; address: string | null }

/** Whom a certificate names: a person, or a business with whoever represents it. */
export type CertifiedPerson = {
  firstName: string
  lastName: string
  fatherName: string
  personalNumber: string
}
export type CertifiedBusiness = {
  nipt: string
  businessName: string
  legalRepresentative: string
  /** The holder or user that the applicant named. */
  holder: string
}

/** All that a certificate says, as it was at `asOf`. It never changes once it is issued. */
export type CertificateContent = {
  kind: CertificateKind
  /** `VD-2026-000184`. */
  number: string
  /** 16 letters and digits, 80 random bits: whoever has it may check the certificate. */
  code: string
  /** Under which it is checked: what the QR code holds. */
  verifyUrl: string
  locale: Locale
  asOf: Date
  biller: {
    code: BillerCode
    name: string
    country: Country
    currency: Currency
    timeZone: string
  } & LetterheadFields
  person: CertifiedPerson | null
  business: CertifiedBusiness | null
  contracts: CertifiedContract[]
  total: AmountDue
}

/** An application, and the certificate once it is issued. */
export const certificatePath = (caseId: string) => `/certificates/${caseId}`

/** Where an application begins, about a contract. */
export const applicationPath = (kind: CertificateKind, { biller, code }: { biller: string; code: string }) =>
  `/certificates/new?${new URLSearchParams({ kind, contract: `${biller}/${code}` })}`
/** Where anybody checks it; `mark`: its very file was checked. */
export const checkedPath = (code: string, mark?: string) => `/verify/${code}${mark ? `?file=${mark}` : ''}`

/** As it is printed and typed: `7KQM-2XVD-RT84-HN6P`. */
export const groupedCode = (code: string): string => code.match(/.{4}/g)?.join('-') ?? code
