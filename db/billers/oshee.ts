// OSHEE: electricity in Albania.
import { certificateKinds, requestCodes } from '../enums.ts'
import { type Biller, inAlbania } from './biller.ts'

export const oshee = {
  ...inAlbania,
  id: 1,
  name: 'OSHEE',
  supplies: 'electricity',
  unit: 'kWh',
  paperProof: 'meter',
  partialPayments: true,
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
  requests: requestCodes,
  certificates: certificateKinds,
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
} as const satisfies Biller
