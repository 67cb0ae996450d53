// Payments as pages and forms know them: the shapes of what is shown and of what a customer sends.

import { z } from 'zod'
import type { AttemptState, Country } from '../../db/enums.ts'
import type { BillerCode } from '../billers/contract-codes.ts'
import type { LetterheadFields, TitleFields, UnpaidInvoice } from '../billing/schema.ts'
import type { PaperProof } from '../contracts/rules.ts'
import type { AmountDue } from '../ledger/rules.ts'
import type { IsoDate } from '../platform/dates.ts'
import type { Currency } from '../platform/money.ts'
import type { Capture, Ending } from './outcome-rules.ts'
import type { TryNews } from './rules.ts'

/** A capture's receipt. Amounts are minor units of the biller's currency; it never holds card data. */
export type Receipt = {
  /** Our payment number; `…-2` for a second capture of the same order. */
  number: string
  /** When the bank took the money; where it gave no time, when the portal learnt of it. */
  paidAt: Date
  /** That day in the biller's time zone, or the day the customer began: interest is counted to it. */
  paidOn: IsoDate
  biller: {
    code: BillerCode
    name: string
    country: Country
    currency: Currency
    timeZone: string
  } & LetterheadFields
  /** By id, each with what was paid for it. */
  contracts: ReceiptContract[]
  amount: number
  /** What of the amount is given back, or on its way back. */
  givenBack: number
  /** What else of it pays no invoice; none of what was taken back. */
  surplus: number
  /** The day the payment began, whether less was chosen than was due, and what of its invoices is unpaid now. */
  startedOn: IsoDate
  isPart: boolean
  stillDue: number
} & Pick<Capture, 'reversedOn' | 'takenBack'>

/**
 * `holderName` is exactly `**` where the account is not the holder's, or the holder is unknown. Null is what whoever paid by a
 * link is not told: of whom the contract is, and, where it was sent to them, which one it is.
 */
export type ReceiptContract = {
  code: string | null
  level: 'holder' | 'masked' | 'amounts'
  holderName: string | null
  lines: ReceiptLine[]
  amount: number
  givenBack: number
  surplus: number
  /** The day on which its payment was taken back; null: it stands. */
  reversedOn: IsoDate | null
}

/** What the receipt's payment pays of one invoice. */
export type ReceiptLine = {
  invoiceId: number
  contractId: number
  /** Exactly `**` at level amounts: billing month and due date say which invoice it is. */
  invoiceNumber: string
  /** First day of the billing month. */
  period: IsoDate
  dueOn: IsoDate
  interest: number
  principal: number
  tvTax: number
  total: number
}

/** A contract and what is due of it, as the page to pay it shows them. Amounts are minor units of `currency`. */
export type PayableContract = TitleFields & {
  id: number
  billerCode: BillerCode
  billerName: string
  country: Country
  currency: Currency
  contractCode: string
  /** Invoices and history can be opened at holder and masked only. */
  level: 'holder' | 'masked' | 'amounts'
  /** The proof from the paper bill that would open more; null: none. */
  openProof: PaperProof | null
  /** The day it is at the biller. */
  today: IsoDate
  /** What one more day adds to all that can be paid. */
  perDay: number
  /** Whether its biller has late interest. */
  chargesInterest: boolean
  /** By due date and number. */
  invoices: (Omit<UnpaidInvoice, 'contract' | 'today' | 'issuedOn' | 'units'> & {
    /** Somebody is paying it by a link, which keeps nobody from paying it. */
    beingPaid: boolean
  })[]
}

/**
 * `amount`: minor units of the contract's currency. `createdAt`: when it began; `timeZone`: the biller's. `periods`: first days of
 * the billing months that it was to pay.
 */
export type OwnAttempt = {
  id: string
  number: string
  createdAt: Date
  timeZone: string
  amount: number
  periods: IsoDate[]
  ending: Ending
}

/** A contract that a payment is for, as its payer calls it: whoever has a link knows its code alone. */
export type AttemptContract = TitleFields & { id: number; code: string }

/** One of a payer's attempts to pay, in its true state, with what the bank captured. */
export type Attempt = TryNews & {
  id: string
  number: string
  state: AttemptState
  amount: number
  currency: Currency
  billerCode: BillerCode
  billerName: string
  contactPhone: string | null
  contactEmail: string | null
  timeZone: string
  country: Country
  /** By id. */
  contracts: AttemptContract[]
  /** Where its payer has receipts sent; null: nowhere. */
  mailedTo: string | null
  createdAt: Date
  declineCode: string | null
  invoices: ReceiptLine[]
  /** The day it began, at the biller, and whether less was chosen than was due. */
  startedOn: IsoDate
  isPart: boolean
  /** One for each transaction that the bank captured, each with a receipt. `paidAt`: as Receipt has it, in ISO 8601. */
  captures: (Capture & { paidAt: string; pays: ReceiptLine[] })[]
  /** What of its invoices is unpaid now. */
  stillDue: number
  /** Codes of the contracts about which its payer may ask for what is not used; none where staff see to it already. */
  askedAbout: string[]
}

/** Why a link cannot be paid by any more; withdrawn is also one whose sender has lost the contract. */
export type LinkEnd = 'withdrawn' | 'expired'

/** One invoice of a link and what is due of it today. */
export type LinkInvoice = AmountDue & { id: number; period: IsoDate; dueOn: IsoDate; overdue: boolean }

/** A link as whoever opened it sees it: amounts, months and days, and nobody's name. Amounts are minor units of `currency`. */
export type OpenedLink = {
  id: string
  /** Somebody sent it; else its reader made it at /pay. */
  isSent: boolean
  biller: {
    code: BillerCode
    name: string
    country: Country
    phone: string | null
    email: string | null
    timeZone: string
  }
  currency: Currency
  end: LinkEnd | null
  /** The last day on which it can be paid by. */
  lastDay: IsoDate
  today: IsoDate
  invoices: LinkInvoice[]
  /** What dropped out since it was made. */
  gone: { period: IsoDate; isCancelled: boolean }[]
  /** What one more day adds to them. */
  perDay: number
  /** Somebody else is paying some of it at this moment. */
  beingPaid: boolean
  /** What its page tells of: the payment that the bank took, else the newest try. */
  attemptId: string | null
  /** Receipts of all that the bank took by it. */
  receipts: string[]
}

/** One of the customer's own links. */
export type SentLink = {
  id: string
  billerName: string
  contractCode: string
  currency: Currency
  timeZone: string
  createdAt: Date
  expiresAt: Date
  periods: IsoDate[]
  state: 'open' | 'beingPaid' | 'paid' | LinkEnd
  canBeWithdrawn: boolean
  /** What the bank took by it, and what of that pays no invoice. */
  paid: number
  surplus: number
}

/** The random part of a link's address: 128 bits. */
const TOKEN = /^[\w-]{22}$/

/** The token that stands in a link's address; undefined for anything that cannot be one. */
export const parseLinkToken = (text: string | null | undefined): string | undefined =>
  text && TOKEN.test(text) ? text : undefined

/** The total of each invoice as a page shows it, in one text: what is charged is compared with it. */
export const writeTotals = (shown: readonly { id: number; total: number }[]): string =>
  shown.map(({ id, total }) => `${id}:${total}`).join(',')

export const readTotals = (text: string): Map<number, number> =>
  new Map(text.split(',').map(pair => pair.split(':').map(Number) as [number, number]))

/** So many invoices, and of so many contracts, and no more, go into one payment. */
export const MOST_INVOICES = 1000
export const MOST_CONTRACTS = 60

/**
 * What a customer chose to pay. `shown`: the total of each invoice as they saw it, in minor units. `amount`: what they want to pay of
 * them, the oldest first; absent: all. `toldBeingPaid`: that somebody is paying it by a link.
 */
export type PayForm = {
  invoices: number[]
  shown: Map<number, number>
  idempotencyKey: string
  amount?: number
  toldBeingPaid?: boolean
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

/** The id that stands in a payment's address; undefined for anything that cannot be one. */
export const parseAttemptId = (text: string): string | undefined => (UUID.test(text) ? text : undefined)

/** Of a list in pages, from 1; anything else is the first. */
export const pageNumber = z.coerce.number().int().min(1).max(10_000).catch(1)
