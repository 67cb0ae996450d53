// What every bank looks like to the portal: where to send the customer, how to read an answer, how to ask.
import type { Claim } from '../rules.ts'

/** An attempt as a bank needs to know it. */
export type Order = {
  /** Our payment number: unique, `A–Z a–z 0–9 _ -`. */
  number: string
  /** Minor units. */
  amount: number
  currency: string
  language: string
  billerName: string
  /** Where the bank sends the browser back to; names the attempt. */
  returnUrl: string
  /** Where the bank's server tells us the outcome. */
  callbackUrl: string
}

/** The redirect to the bank's checkout page: a link with the fields as its query, or a form with them, sent by the customer's browser. */
export type CheckoutRedirect = { method: 'GET' | 'POST'; url: string; fields: Record<string, string> }

/** What reached us over one of the channels, unparsed: a form's body, or a query. */
export type Incoming = { channel: 'return' | 'callback'; body: string }

/** A bank's answer, parsed. Nothing in it is to be believed unless it is authentic. */
export type BankAnswer = Claim & {
  orderNumber: string
  authentic: boolean
  declineCode: string | undefined
  /** When the bank did it, ISO 8601; without a zone it is in that of the bank's account. */
  at: string | undefined
  /** The same answer sent again has the same key; a forged one cannot have the key of a genuine one. */
  dedupKey: string
  /** The fields as they came, without card data. */
  payload: Record<string, string>
}

export type Gateway = {
  /** Of its checkout page, where that is not the portal's own: `https://bank.example`. */
  checkoutOrigin?: string
  /** Called once the attempt is committed as pending. Throws where the bank does not take the order. */
  begin(order: Order): Promise<CheckoutRedirect>
  /** Undefined where it is no answer of this bank's form at all. */
  read(incoming: Incoming): BankAnswer | undefined
  /** An answer parsed once more, from its stored payload. */
  reread(payload: BankAnswer['payload']): BankAnswer | undefined
  /**
   * Asks the bank. `not-found`: it knows of no try to pay this order. `no-answer`: it could not be reached, or what
   * came was not authentic.
   */
  query(order: Pick<Order, 'number'>): Promise<BankAnswer | 'not-found' | 'no-answer'>
}
