// The billers, and what the portal has to know of each. A new one is an entry here and its texts; the next start adds its row.
import type pg from 'pg'
import type { Country, Currency, paperProofs, units } from './enums.ts'

export type Biller = {
  /** In the rows of its contracts, for good. */
  id: number
  name: string
  country: Country
  currency: Currency
  timeZone: string
  /** What the units of its invoices count. */
  unit: (typeof units)[number]
  /** In minor units: less is due but not called overdue, what a payment made a day later left over. */
  remindFrom: number
  /**
   * What of a paper bill proves that one has it (lib/contracts/proof.ts). meter: its number and reading. number: the
   * invoice's number and total, where numbers cannot be worked out from month and contract.
   */
  paperProof: (typeof paperProofs)[number]
  contactPhone?: string
  contactEmail?: string
  /** Head of its documents; `businessNumber` is the NIPT or NUI. */
  legalName?: string
  businessNumber?: string
  address?: string
  /** Terms of late interest on the unpaid principal, in millionths a day up to a percentage of it, and where they come from. */
  interest: { perDayPpm: number; capPercent: number; source: string }
  /** Who hears a complaint that it did not answer in time, or not to the customer's satisfaction; none is known of fines. */
  regulator?: 'ERE' | 'ERO' | 'ERRU' | 'AKEP' | 'ARKEP'
  /** Its contract codes in capitals and without blanks, and how they are stored; else 4 to 20 letters, digits, dots and hyphens. */
  contractCodes?: readonly Form<'stored'>[]
  /** One of them as an example, where it is known how its bill on paper looks: the code stands at the top right. */
  codeOnPaper?: string
  /** Those of its tariff groups that have a name: texts of the namespace `tariff.groups`. */
  tariffGroups?: readonly Form<'name', 'household' | 'business' | 'oneRate' | 'twoRates'>[]
}

type Form<Name extends string, Value = string> = { form: RegExp } & Record<Name, Value>

const inAlbania = {
  country: 'AL',
  currency: 'ALL',
  timeZone: 'Europe/Tirane',
  remindFrom: 5000,
  interest: { perDayPpm: 0, capPercent: 100, source: 'No late interest known, unverified.' },
} as const

export const billers = {
  oshee: {
    ...inAlbania,
    id: 1,
    name: 'OSHEE',
    unit: 'kWh',
    paperProof: 'meter',
    // As its documents say, unverified.
    legalName: 'Operatori i Shpërndarjes së Energjisë Elektrike sh.a.',
    businessNumber: 'K22218003V',
    address: 'Bulevardi «Gjergj Fishta» 88, Tiranë',
    interest: {
      perDayPpm: 1000,
      capPercent: 100,
      source:
        "Interest 0.1 % a day from the due date, proven by paid bills of 2023; the cap is from a draft of the regulator's contract, unverified.",
    },
    regulator: 'ERE',
    contractCodes: [
      { form: /^(AL)-?(\d{7})$/, stored: '$1$2' },
      { form: /^([A-Z]{2}\d)[.-]?([A-Z]\d{13})$/, stored: '$1.$2' },
    ],
    codeOnPaper: 'AL0000001',
    // To households at one price, to businesses by the voltage they are supplied at (0.4, 6, 10, 20 and 35 kV: the published
    // prices from 2015 on).
    tariffGroups: [
      { form: /^household$/, name: 'household' },
      { form: /^business-(0\.4|6|10|20|35)kv$/, name: 'business' },
    ],
  },
  kesco: {
    id: 2,
    name: 'KESCO',
    country: 'XK',
    currency: 'EUR',
    timeZone: 'Europe/Belgrade',
    unit: 'kWh',
    remindFrom: 50,
    paperProof: 'meter',
    contactPhone: '0800 791 00',
    contactEmail: 'info@kesco-energy.com',
    legalName: 'Kompania Kosovare për Furnizim me Energji Elektrike, KESCO sh.a.',
    address: 'Prishtinë',
    interest: { perDayPpm: 0, capPercent: 100, source: 'No late interest known for households.' },
    regulator: 'ERO',
    contractCodes: [{ form: /^(DPR|DMI|DPE|DPZ|DFE|DGL|DGJ)[.-]?(\d{3,8})$/, stored: '$1-$2' }],
    codeOnPaper: 'DPR-6687',
    // Its published sample bills: 4/01 bills one rate, 4/02 a high and a low one. Which is which is inferred from those
    // bills, unverified, so the group itself stays in the name.
    tariffGroups: [
      { form: /^4\/01$/, name: 'oneRate' },
      { form: /^4\/02$/, name: 'twoRates' },
    ],
  },
  ukt: { ...inAlbania, id: 3, name: 'UKT', unit: 'm3', paperProof: 'meter', regulator: 'ERRU' },
  albtelecom: {
    ...inAlbania,
    id: 4,
    name: 'Albtelecom',
    unit: 'none',
    paperProof: 'number',
    regulator: 'AKEP',
  },
  digitalb: { ...inAlbania, id: 5, name: 'Digitalb', unit: 'none', paperProof: 'number', regulator: 'AKEP' },
  'police-fines': { ...inAlbania, id: 6, name: 'Policia e Shtetit', unit: 'none', paperProof: 'none' },
} as const satisfies Record<string, Biller>

export type BillerCode = keyof typeof billers
export const billerCodes = Object.keys(billers) as [BillerCode, ...BillerCode[]]

/** What the portal knows of a biller. */
export const billerOf = (code: BillerCode): Biller => billers[code]

/** Adds the rows of billers that the database does not have, and to others what they say nothing of; what a deployment corrected stays. */
export async function addBillers(
  client: pg.ClientBase,
  known: Record<string, Biller> = billers,
): Promise<void> {
  const { rows } = await client.query<{ code: string }>('select code from billers')
  for (const [code, { legalName, businessNumber, address }] of Object.entries(known)) {
    // Columns that are newer than the rows of some databases.
    await client.query(
      `update billers set legal_name = $2, business_number = $3, address = $4
       where code = $1 and legal_name is null and business_number is null and address is null and $2::text is not null`,
      [code, legalName, businessNumber, address],
    )
  }
  const missing = Object.entries(known).filter(([code]) => !rows.some(row => row.code === code))
  for (const [code, { interest, ...biller }] of missing) {
    await client.query(
      `with added as (
        insert into billers (id, code, name, country, currency, time_zone, unit, remind_from, paper_proof, contact_phone, contact_email,
          legal_name, business_number, address)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $15, $16, $17) returning id)
      insert into interest_terms (biller_id, from_on, per_day_ppm, cap_percent, source, recorded_at)
        select id, '1900-01-01', $12, $13, $14, '1900-01-01T00:00:00Z' from added`,
      [
        ...[biller.id, code, biller.name, biller.country, biller.currency, biller.timeZone, biller.unit],
        ...[biller.remindFrom, biller.paperProof, biller.contactPhone, biller.contactEmail],
        ...[interest.perDayPpm, interest.capPercent, interest.source],
        ...[biller.legalName, biller.businessNumber, biller.address],
      ],
    )
  }
}
