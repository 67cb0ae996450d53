// What of a refund a page shows.
import type { Currency, RefundWay } from '../../db/enums.ts'

/** A refund as whoever paid may know it: decided and not refused. Amounts are minor units. */
export type PayersRefund = {
  /** Of the refund, and of the payment that it gives back. */
  number: string
  paymentNumber: string
  way: RefundWay
  amount: number
  currency: Currency
  /** `onItsWay`: told to the bank, which has not confirmed it. `failed`: the bank did not give it back, and nothing was tried since. */
  word: 'onItsWay' | 'givenBack' | 'failed'
  /** When it came to this. */
  at: Date
  timeZone: string
}

/** What the form that asks for a refund gives. `amount` in minor units. */
export type RefundWanted = { amount: number; way: RefundWay; reason: string; idempotencyKey: string }
