// Two invoices and a receipt as pages and documents are given them.
import type { ConsumptionMonth } from '../../lib/billing/consumption.ts'
import type { Invoice } from '../../lib/billing/schema.ts'
import type { Receipt } from '../../lib/payments/schema.ts'
import { addMonths, type IsoDate } from '../../lib/platform/dates.ts'

/** Twelve months that end with `last`, oldest first; the fourth from the end was estimated. */
const yearOf = (units: (number | null)[], last: IsoDate): ConsumptionMonth[] =>
  units.map((value, month) => ({
    period: addMonths(last, month + 1 - units.length),
    ...(value === null
      ? { units: null, kind: 'missing' }
      : { units: value, kind: month === units.length - 4 ? 'estimated' : 'read' }),
  }))

export const kescoInvoice: Invoice = {
  id: 1,
  number: 'K-2023-04-6687',
  biller: {
    code: 'kesco',
    name: 'KESCO',
    country: 'XK',
    unit: 'kWh',
    phone: '0800 791 00',
    email: 'info@kesco-energy.com',
    legalName: 'Kompania Kosovare për Furnizim me Energji Elektrike, KESCO sh.a.',
    businessNumber: null,
    address: 'Prishtinë',
  },
  currency: 'EUR',
  alias: null,
  address: null,
  contractCode: 'DPR-6687',
  category: 'household',
  tariffGroup: '4/02',
  customerCategory: null,
  level: 'holder',
  holder: {
    name: 'Blerta Krasniqi',
    address: 'Rruga Agim Ramadani 21',
    phone: '+38344123456',
    personalNumber: '1234567892',
    businessNumber: null,
    meterNumber: 'K200001',
  },
  period: '2023-04-01',
  periodFrom: '2023-04-01',
  periodTo: '2023-04-30',
  issuedOn: '2023-05-03',
  dueOn: '2023-05-31',
  cancelledOn: null,
  correctedOn: null,
  previousReading: '14200.000',
  currentReading: '15000.000',
  readingKind: 'remote',
  units: '800.000',
  consumption: yearOf([1088, 990, 940, 851, 660, 498, null, 520, 535, 541, 612, 800], '2023-04-01'),
  nivf: null,
  nslf: null,
  fiscalQr: null,
  paymentReference: null,
  transfer: null,
  lines: [
    { code: 'A1B1', quantity: '480.000', unitPrice: '0.0779', amount: 3739, vatPercent: '8.00' },
    { code: 'A2B1', quantity: '320.000', unitPrice: '0.0334', amount: 1069, vatPercent: '8.00' },
    { code: 'FIXED', quantity: '1.000', unitPrice: '2.0000', amount: 200, vatPercent: '8.00' },
  ],
  principal: 5409,
  tvTax: 0,
  total: 5409,
  paid: 0,
  due: { principal: 5409, tvTax: 0, interest: 0, total: 5409 },
  today: '2026-11-21',
  overdue: true,
  underWay: null,
  chargesInterest: false,
  ownPayment: null,
  openRequest: null,
  sentReading: null,
}

const headOfOshee = {
  legalName: 'Operatori i Shpërndarjes së Energjisë Elektrike sh.a.',
  businessNumber: 'K22218003V',
  address: 'Bulevardi «Gjergj Fishta» 88, Tiranë',
  phone: null,
  email: null,
}

export const osheeInvoice: Invoice = {
  ...kescoInvoice,
  number: '202401001',
  biller: { code: 'oshee', name: 'OSHEE', country: 'AL', unit: 'kWh', ...headOfOshee },
  currency: 'ALL',
  contractCode: 'AL0000001',
  holder: { ...kescoInvoice.holder, meterNumber: 'M100001' },
  tariffGroup: 'household',
  previousReading: '270.000',
  currentReading: '270.000',
  readingKind: 'estimated',
  units: '0.000',
  consumption: yearOf([284, 371, 402, 354, 300, 338, null, 208, 267, 258, 216, 0], '2023-04-01'),
  lines: [
    { code: 'ENERGY', quantity: '0.000', unitPrice: '9.5000', amount: 0, vatPercent: '20.00' },
    { code: 'FIXED', quantity: '1.000', unitPrice: '95.0000', amount: 9500, vatPercent: '20.00' },
    { code: 'TV', quantity: '1.000', unitPrice: '100.0000', amount: 10000, vatPercent: '0.00' },
  ],
  principal: 11400,
  tvTax: 10000,
  total: 21400,
  paid: 10000,
  due: { principal: 11400, tvTax: 0, interest: 11400, total: 22800 },
  chargesInterest: true,
}

export const osheeReceipt: Receipt = {
  number: 'D-1001',
  paidAt: new Date('2026-11-21T22:30:00Z'),
  paidOn: '2026-11-21',
  biller: {
    code: 'oshee',
    name: 'OSHEE',
    country: 'AL',
    currency: 'ALL',
    timeZone: 'Europe/Tirane',
    ...headOfOshee,
  },
  contracts: [
    {
      code: 'AL0000001',
      level: 'masked',
      holderName: '**',
      amount: 102018,
      givenBack: 0,
      surplus: 1000,
      reversedOn: null,
      lines: [
        {
          invoiceId: 1,
          contractId: 1,
          invoiceNumber: '202401001',
          period: '2024-01-01',
          dueOn: '2024-02-29',
          interest: 45418,
          principal: 45600,
          tvTax: 10000,
          total: 101018,
        },
      ],
    },
  ],
  amount: 102018,
  givenBack: 0,
  surplus: 1000,
  startedOn: '2024-01-20',
  isPart: false,
  stillDue: 0,
  reversedOn: null,
  takenBack: [],
}
