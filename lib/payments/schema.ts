// Payments as pages and forms know them: the shapes of what is shown and of what a customer sends.
import type { IsoDate } from '../platform/dates.ts'
import type { Currency } from '../platform/money.ts'

/** A capture's receipt. Amounts are minor units of the biller's currency; it never holds card data. */
export type Receipt = {
  /** Our payment number; `…-2` for a second capture of the same order. */
  number: string
  /** When the portal learnt of the capture. */
  paidAt: Date
  /** The customer's day of payment in the biller's time zone: interest is counted to it. */
  paidOn: IsoDate
  method: 'CARD'
  biller: {
    code: string
    name: string
    country: 'AL' | 'XK'
    currency: Currency
    timeZone: string
    contactPhone: string | null
    contactEmail: string | null
  }
  /** `holderName` is exactly `**` where the account is not the holder's, or the holder is unknown. */
  contract: { code: string; holderName: string }
  lines: ReceiptLine[]
  amount: number
  /** What of the amount pays no invoice. */
  surplus: number
  /** The bank's own number of the transaction. */
  transactionId: string
  /** The day the payment was taken back; null: it stands. */
  reversedOn: IsoDate | null
}

/** What the receipt's payment pays of one invoice. */
export type ReceiptLine = {
  invoiceNumber: string
  /** First day of the billing month. */
  period: IsoDate
  interest: number
  principal: number
  tvTax: number
  total: number
}
