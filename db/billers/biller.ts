// What the portal has to know of a biller, and what several of them have in common.
import type { CertificateKind, Country, Currency, paperProofs, RequestCode, Supply, units } from '../enums.ts'

export type Biller = {
  /** In the rows of its contracts, for good. */
  id: number
  name: string
  country: Country
  currency: Currency
  timeZone: string
  /** What its invoices are for: the icon beside its name, and the words for its contracts. */
  supplies: Supply
  /** What the units of its invoices count; none: it has no meters. */
  unit: (typeof units)[number]
  /** In minor units: less is due but not called overdue, what a payment made a day later left over. */
  remindFrom: number
  /**
   * What of a paper bill proves that one has it (lib/contracts/proof.ts). meter: its number and reading. number: the
   * invoice's number and total, where numbers cannot be worked out from month and contract.
   */
  paperProof: (typeof paperProofs)[number]
  /** Whether a customer may pay less than is due of what they choose. Ours to set: no biller has said so or otherwise, unverified. */
  partialPayments: boolean
  contactPhone?: string
  contactEmail?: string
  /** Head of its documents; `businessNumber` is the NIPT or NUI. */
  legalName?: string
  businessNumber?: string
  address?: string
  /** Terms of late interest on the unpaid principal, in millionths a day up to a percentage of it, and where they come from. */
  interest: { perDayPpm: number; capPercent: number; source: string }
  /** The requests and complaints that it hears: lib/cases/catalogue.ts. */
  requests: readonly RequestCode[]
  /** The debt certificates that it issues. */
  certificates: readonly CertificateKind[]
  /** Who hears a complaint that it did not answer in time, or not to the customer's satisfaction; none is known of fines. */
  regulator?: 'ERE' | 'ERO' | 'ERRU' | 'AKEP' | 'ARKEP'
  /** Its contract codes in capitals and without blanks, and how they are stored; else 4 to 20 letters, digits, dots and hyphens. */
  contractCodes?: readonly Form<'stored'>[]
  /** One of them as an example, where it is known how its bill on paper looks: the code stands at the top right. */
  codeOnPaper?: string
  /** Those of its tariff groups that have a name: texts of the namespace `tariff.groups`. */
  tariffGroups?: readonly Form<'name', 'household' | 'business' | 'oneRate' | 'twoRates'>[]
  /** Its own mark as it handed it over. */
  logo?: Logo
}

/** In one colour, that of the text about it: an SVG path, and the size of the drawing in its units. */
export type Logo = { width: number; height: number; path: string }

type Form<Name extends string, Value = string> = { form: RegExp } & Record<Name, Value>

export const inAlbania = {
  country: 'AL',
  currency: 'ALL',
  timeZone: 'Europe/Tirane',
  remindFrom: 5000,
} as const satisfies Partial<Biller>

export const NO_INTEREST_KNOWN = {
  perDayPpm: 0,
  capPercent: 100,
  source: 'No late interest known, unverified.',
} as const satisfies Biller['interest']

/** Of whoever supplies something by contract; no biller's own catalogue is known but parts of OSHEE's and KESCO's. */
export const CONTRACT_REQUESTS = [
  ...(['F3', 'F5', 'D1', 'D2', 'D3'] as const),
  ...(['P1', 'P2', 'P3', 'P4', 'P5', 'C1', 'C4'] as const),
] as const satisfies readonly RequestCode[]
