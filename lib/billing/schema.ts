// What pages and documents are told of invoices. Amounts are minor units of `currency`; days are ISO dates.
import type { IsoDate } from '../platform/dates.ts'
import type { Currency } from '../platform/money.ts'

/** An invoice with something due, and what of it is due today. */
export type UnpaidInvoice = {
  id: number
  number: string
  /** First day of the billing month. */
  period: IsoDate
  dueOn: IsoDate
  overdue: boolean
  principal: number
  tvTax: number
  /** Interest on arrears up to today. */
  interest: number
  total: number
  /** It is in an attempt whose end is not known yet: paying it again must wait. */
  hasLiveAttempt: boolean
}

/** A contract's unpaid invoices, by due date and number. */
export type UnpaidContract = {
  billerCode: string
  billerName: string
  contractCode: string
  alias: string | null
  currency: Currency
  /** Invoices and PDFs can be opened at holder and masked only. */
  level: 'holder' | 'masked' | 'amounts'
  invoices: UnpaidInvoice[]
  /** What is due of all of them. */
  total: number
}
