// KESCO: electricity in Kosovo.
import { certificateKinds, requestCodes } from '../enums.ts'
import type { Biller } from './biller.ts'

export const kesco = {
  id: 2,
  name: 'KESCO',
  country: 'XK',
  currency: 'EUR',
  timeZone: 'Europe/Belgrade',
  supplies: 'electricity',
  unit: 'kWh',
  remindFrom: 50,
  paperProof: 'meter',
  partialPayments: true,
  contactPhone: '0800 791 00',
  contactEmail: 'info@kesco-energy.com',
  legalName: 'Kompania Kosovare për Furnizim me Energji Elektrike, KESCO sh.a.',
  address: 'Prishtinë',
  interest: { perDayPpm: 0, capPercent: 100, source: 'No late interest known for households.' },
  requests: requestCodes,
  certificates: certificateKinds,
  regulator: 'ERO',
  contractCodes: [{ form: /^(DPR|DMI|DPE|DPZ|DFE|DGL|DGJ)[.-]?(\d{3,8})$/, stored: '$1-$2' }],
  codeOnPaper: 'DPR-6687',
  // Its published sample bills: 4/01 bills one rate, 4/02 a high and a low one. Which is which is inferred from those
  // bills, unverified, so the group itself stays in the name.
  tariffGroups: [
    { form: /^4\/01$/, name: 'oneRate' },
    { form: /^4\/02$/, name: 'twoRates' },
  ],
} as const satisfies Biller
