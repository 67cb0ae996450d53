// Digitalb: television in Albania. Its requests, certificates and interest are unverified.
import { certificateKinds } from '../enums.ts'
import { type Biller, CONTRACT_REQUESTS, inAlbania, NO_INTEREST_KNOWN } from './biller.ts'

export const digitalb = {
  ...inAlbania,
  id: 5,
  name: 'Digitalb',
  supplies: 'television',
  unit: 'none',
  paperProof: 'number',
  partialPayments: false,
  interest: NO_INTEREST_KNOWN,
  requests: CONTRACT_REQUESTS,
  certificates: certificateKinds,
  regulator: 'AKEP',
} as const satisfies Biller
