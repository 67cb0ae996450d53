// Albtelecom: telephone and internet in Albania. Its requests, certificates and interest are unverified.
import { certificateKinds } from '../enums.ts'
import { type Biller, CONTRACT_REQUESTS, inAlbania, NO_INTEREST_KNOWN } from './biller.ts'

export const albtelecom = {
  ...inAlbania,
  id: 4,
  name: 'Albtelecom',
  supplies: 'telephone',
  unit: 'none',
  paperProof: 'number',
  partialPayments: false,
  interest: NO_INTEREST_KNOWN,
  requests: CONTRACT_REQUESTS,
  certificates: certificateKinds,
  regulator: 'AKEP',
} as const satisfies Biller
