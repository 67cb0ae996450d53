// Fines of the Albanian police: nothing is supplied, and an invoice is a fine. That it hears questions of payment alone, and issues
// no debt certificates, is unverified.
import { type Biller, inAlbania, NO_INTEREST_KNOWN } from './biller.ts'

export const policeFines = {
  ...inAlbania,
  id: 6,
  name: 'Policia e Shtetit',
  supplies: 'fines',
  unit: 'none',
  paperProof: 'none',
  partialPayments: false,
  interest: NO_INTEREST_KNOWN,
  requests: ['P1', 'P2', 'P3', 'P4', 'P5'],
  certificates: [],
} as const satisfies Biller
