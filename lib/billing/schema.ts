// What pages and documents are told of invoices and payments. Amounts are minor units of `currency`, days are ISO
// dates, decimals (readings, units, prices) are the database's decimal strings.

import type { ContractCategory, Country, PaymentMethod, ReadingKind } from '../../db/enums.ts'
import type { BillerCode } from '../billers/contract-codes.ts'
import type { HolderFields } from '../contracts/rules.ts'
import type { InterestTerm } from '../ledger/interest-rules.ts'
import type { AmountDue, BilledInvoice, InvoiceBalance } from '../ledger/rules.ts'
import type { IsoDate } from '../platform/dates.ts'
import type { Currency } from '../platform/money.ts'
import type { TransferDetails } from '../platform/transfer-details.ts'

/** What a contract is called by (contract-title.ts). `address`: the holder's alone (`titleColumns` in lib/contracts/access.ts). */
export type TitleFields = { alias: string | null; address: string | null; category: ContractCategory }

/**
 * The payment that an invoice is in (lib/billing/under-way.ts); where it is the reader's own its id, and what is left to pay after it
 * of an invoice of which it is to pay a part. Of somebody else's nobody is told how much it is.
 */
export type UnderWay = { attemptId: string | null; rest: number }

/** An invoice with something due, and what of it is due today. */
export type UnpaidInvoice = AmountDue & {
  id: number
  /** Exactly `**` at level amounts: billing month and due date say which invoice it is. */
  number: string
  /** First day of the billing month. */
  period: IsoDate
  issuedOn: IsoDate
  /** Null too at level amounts. */
  units: string | null
  dueOn: IsoDate
  overdue: boolean
  /** Its end is not known yet: paying the invoice again must wait. */
  underWay: UnderWay | null
  /** The day it is at the biller. */
  today: IsoDate
  contract: TitleFields & {
    id: number
    billerCode: BillerCode
    billerName: string
    country: Country
    code: string
    currency: Currency
    /** The reader's own, else one that they pay for somebody (lib/contracts/access.ts). */
    isOwn: boolean
    /** Invoices and PDFs can be opened at holder and masked only. */
    level: 'holder' | 'masked' | 'amounts'
  }
}

/**
 * An unpaid invoice with what its amount on another day is counted from. `place`: among all of the customer's by due date and number, in
 * which order a part pays them.
 */
export type Debt = UnpaidInvoice & {
  place: number
  counted: {
    billed: Pick<BilledInvoice, 'dueOn' | 'principal' | 'tvTax' | 'cancelled'>
    balance: InvoiceBalance
    terms: InterestTerm[]
  }
}

export type InvoiceLine = {
  code: string
  quantity: string
  /** Major units, up to four decimals. */
  unitPrice: string
  /** Before VAT. */
  amount: number
  vatPercent: string
}

/** What a customer sent (lib/readings); `high`: the only register, or that of the high rate. */
export type SentReading = { readOn: IsoDate; high: string; low: string | null }

/**
 * What a month was billed for, or a year by its first day. `units` is null where no invoice says any: it is shown as missing, never
 * as 0. `isPart`: billed for a part of its days or months alone, which nothing whole is compared with. Where it is money, its units
 * are minor ones.
 */
export type ConsumptionMonth = { period: IsoDate; isPart?: true; isCorrected?: true } & (
  | { units: number; kind: 'read' | 'estimated' }
  | { units: null; kind: 'missing' }
)

/** What a biller says of itself on its documents; `businessNumber` is the NIPT or NUI. */
export type LetterheadFields = Record<
  'legalName' | 'businessNumber' | 'address' | 'phone' | 'email',
  string | null
>

/** An invoice as its page and its PDF show it. Holder fields are masked already where the level asks for it. */
export type Invoice = TitleFields & {
  id: number
  number: string
  biller: {
    code: BillerCode
    name: string
    country: Country
    unit: string
  } & LetterheadFields
  currency: Currency
  contractCode: string
  /** As the biller calls it; lib/billing/tariff-groups.ts knows some. */
  tariffGroup: string | null
  /** The contract's category in the regulator's words, as the biller gave it. */
  customerCategory: string | null
  level: 'holder' | 'masked'
  holder: HolderFields
  period: IsoDate
  periodFrom: IsoDate | null
  periodTo: IsoDate | null
  issuedOn: IsoDate
  dueOn: IsoDate
  cancelledOn: IsoDate | null
  /** The day at the biller on which a feed last changed what it says; null: it is as first sent. */
  correctedOn: IsoDate | null
  previousReading: string | null
  currentReading: string | null
  readingKind: ReadingKind | null
  units: string | null
  /** What the year was billed for that ends with this invoice's month; none where the biller counts no units. */
  consumption: ConsumptionMonth[]
  /** Albania's tax codes, as the biller gave them: they open the invoice and its holder there, so the holder alone has them. */
  nivf: string | null
  nslf: string | null
  /** What the tax authority's QR code says. */
  fiscalQr: string | null
  /** What banks take instead of the customer code. */
  paymentReference: string | null
  /** Where a transfer for it goes; null: its biller's account is not known here. */
  transfer: TransferDetails | null
  lines: InvoiceLine[]
  principal: number
  tvTax: number
  total: number
  /** Received for it so far, interest included. */
  paid: number
  /** What is still due on `today`, the day it is at the biller. */
  due: AmountDue
  today: IsoDate
  /** Due for longer than it should be, and enough to be reminded of. */
  overdue: boolean
  underWay: UnderWay | null
  /** Whether its biller has late interest. */
  chargesInterest: boolean
  /** The reader's own payment of it, the newest: it has a receipt. */
  ownPayment: string | null
  /** The number of the customer's own open request about it. */
  openRequest: string | null
  /** What a customer read on the meter in its time, the newest. */
  sentReading: SentReading | null
}

export type HistoryInvoice = {
  id: number
  number: string
  period: IsoDate
  issuedOn: IsoDate
  dueOn: IsoDate
  units: string | null
  readingKind: ReadingKind | null
  total: number
  /** It is not as it was first sent. */
  isCorrected: boolean
  state: 'paid' | 'unpaid' | 'overdue' | 'cancelled'
  /** What is still due today, interest included. */
  due: number
  underWay: UnderWay | null
}

export type HistoryPayment = {
  /** Somebody paid it here without an account, or by a link. */
  byLink: boolean
  id: number
  paidOn: IsoDate
  amount: number
  method: PaymentMethod
  /** As the feed named it; null: this portal. */
  source: string | null
  /** Taken back on that day: it pays nothing. */
  reversedOn: IsoDate | null
  /** It waits for the invoice that it names. */
  unassigned: boolean
  /** The invoice it names, if any. */
  invoiceNumber: string | null
  /** The invoices that it pays; `period`: first day of the billing month. */
  pays: { number: string; period: IsoDate }[]
  /** What of it pays no invoice and waits for none. */
  surplus: number
  /** The customer's own attempt that brought it: it has a receipt. */
  attemptId: string | null
}

/** Bars of a picture, oldest first, and beside each what it is compared with: the same a year earlier. `by`: what a bar is. */
export type Consumption = {
  by: 'month' | 'year'
  months: ConsumptionMonth[]
  before: ConsumptionMonth[]
}

/** First days of billing months, both inclusive. */
export type MonthRange = { from: IsoDate; to: IsoDate }

/** The months from a contract's first invoice to its last. `latest`: the last one that has come; null: all are yet to come. */
export type InvoicedMonths = MonthRange & { latest: IsoDate | null }

/** A stretch of billing months of a contract, latest first, and what was paid in it. */
export type History = TitleFields & {
  billerCode: BillerCode
  billerName: string
  contractCode: string
  currency: Currency
  unit: string
  country: Country
  level: 'holder' | 'masked'
  /** Masked already where the level asks for it. */
  holder: Pick<HolderFields, 'name' | 'address'>
  /** The day it is at the biller. */
  today: IsoDate
  /** Of its months; null where there is nothing to draw. */
  consumption: Consumption | null
  /** The same in money, minor units. */
  billed: Consumption | null
  /** Empty where there is no invoice at all; a month without one has no invoices, and is not among them while it is yet to come. */
  months: { period: IsoDate; invoices: HistoryInvoice[] }[]
  /** The first day that the payments cover. */
  from: IsoDate
  /** The last one; null: up to today. */
  until: IsoDate | null
  payments: HistoryPayment[]
  /** The months that its reader chose, as far as there are invoices; null: the twelve up to the latest. */
  chosen: MonthRange | null
  /** The first and the latest month that there is to choose; null: none. */
  span: InvoicedMonths | null
  /** Years with an invoice that stands, latest first: of each there is a statement. */
  years: number[]
}

/** An invoice in the statement of its year. */
export type StatedInvoice = {
  id: number
  number: string
  period: IsoDate
  issuedOn: IsoDate
  dueOn: IsoDate
  units: string | null
  readingKind: ReadingKind | null
  principal: number
  tvTax: number
  total: number
  /** Null where its lines do not tell. */
  net: number | null
  vat: number | null
  /** Received for it, interest included. */
  paid: number
  /** Late interest, paid or not. */
  interest: number
  /** What was left to pay; null: it was not issued yet. */
  left: number | null
}

/** A calendar year of billing months, as it stood at the end of the day `on`: its last, or today where it is not over. */
export type YearStatement = {
  year: number
  on: IsoDate
  today: IsoDate
  contractCode: string
  biller: { code: BillerCode; name: string; country: Country; unit: string } & LetterheadFields
  currency: Currency
  level: 'holder' | 'masked'
  /** Masked already where the level asks for it. */
  holder: Pick<HolderFields, 'name' | 'address' | 'businessNumber'>
  chargesInterest: boolean
  /** Those that stand, the earliest first. */
  invoices: StatedInvoice[]
  earlier: EarlierYears
}

/**
 * Earlier years' invoices, in minor units: `before` (left to pay when the year began) + `issued` (in the year, what was not paid of it before) +
 * `interest` (run up in the year) − `paid` (in the year) = `left`.
 */
export type EarlierYears = Record<'before' | 'issued' | 'interest' | 'paid' | 'left', number>

/** The id that stands in an invoice's address; undefined for anything that cannot be one. */
export const parseInvoiceId = (text: string): number | undefined =>
  /^[1-9]\d{0,14}$/.test(text) ? Number(text) : undefined

/** Where an invoice is compared with another of its contract; without one, with the one before it. */
export const comparePath = (id: number, to?: number): string =>
  `/invoices/${id}/compare${to === undefined ? '' : `?to=${to}`}`
