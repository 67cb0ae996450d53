// UKT: water in Tirana. Its requests, certificates and interest are unverified.
import { certificateKinds } from '../enums.ts'
import { type Biller, CONTRACT_REQUESTS, inAlbania, NO_INTEREST_KNOWN } from './biller.ts'

export const ukt = {
  ...inAlbania,
  id: 3,
  name: 'UKT',
  supplies: 'water',
  unit: 'm3',
  paperProof: 'meter',
  partialPayments: false,
  interest: NO_INTEREST_KNOWN,
  requests: [...CONTRACT_REQUESTS, 'F1', 'F4', 'M1', 'M2', 'M3', 'M4'],
  certificates: certificateKinds,
  regulator: 'ERRU',
} as const satisfies Biller
