// What every bank looks like to the portal: where to send the customer, how to read an answer, how to ask, how to give money back.
import type { GatewayName, Outcome } from '../../../db/enums.ts'
import type { Currency } from '../../platform/money.ts'
import type { Result } from '../../platform/result.ts'

/** A biller's account at a bank: its row, and its secrets from the settings. */
export type GatewayAccount = {
  id: number
  code: string
  gateway: GatewayName
  billerId: number
  currency: Currency
  merchantId: string
  checkoutUrl: string | null
  apiUrl: string | null
  authUrl: string | null
  checkoutOrigins: string[]
  /** In which the bank gives times that name no zone. */
  timeZone: string
  /** Its orders name where the bank's server calls back, where that can be left out. */
  callsBack: boolean
  isTest: boolean
  takesPayments: boolean
  /** By names that the gateway knows: `storeKey`, `apiUser`, `apiPassword`. */
  secrets: Record<string, string>
}

/** An attempt as a bank needs to know it. */
export type Order = {
  /** Our payment number, and from the second time on that placing it was begun another end: unique, `A–Z a–z 0–9 _ -`. */
  number: string
  /** Minor units. */
  amount: number
  currency: Currency
  language: string
  billerName: string
  /** Where the bank sends the browser back to, whatever came of it; names the attempt. */
  returnUrl: string
  /** Where the bank's server tells us the outcome. */
  callbackUrl: string
}

/** The redirect to the bank's checkout page: a link with the fields as its query, or a form with them, sent by the customer's browser. */
export type CheckoutRedirect = { method: 'GET' | 'POST'; url: string; fields: Record<string, string> }

export type Placed = {
  redirect: CheckoutRedirect
  /** What the bank calls the order, where it has a name of its own for it. */
  bankOrderId?: string
  /** Until when it can be paid, where the bank says so. */
  expiresAt?: Date
}

/** An order as the bank is asked about it. `bankOrderId`: null where the bank has no name of its own for it. */
export type PlacedOrder = {
  number: string
  bankOrderId: string | null
  amount: number
  currency: Currency
}

/** What reached us over one of the channels, unparsed: a form's body, JSON, or a query. */
export type Incoming = { channel: 'return' | 'callback'; body: string }

/**
 * `genuine`: signed by the bank, or its answer to our question. `hint`: unsigned, as all that this bank sends of itself: the bank is asked
 * before any of it is believed. `forged`: its signature is wrong.
 */
export type Trust = 'genuine' | 'hint' | 'forged'

/** One movement of money at the bank. What it does not state is undefined, which is not to differ. Amounts are minor units. */
export type BankTransaction = {
  /** The bank's own number of it. */
  id: string | undefined
  amount: number | undefined
  currency: string | undefined
  /** When the bank did it, ISO 8601; without a zone it is in that of the account. */
  at: string | undefined
  /** By which the bank's staff find it: `hostRef`, `authCode`. No card data. */
  references: Record<string, string>
}

/** A bank's answer about one order, parsed. */
export type BankAnswer = {
  /** The order number that it names, exactly. */
  orderNumber: string | undefined
  /** The bank's own name of the order. */
  bankOrderId: string | undefined
  trust: Trust
  /** Whether it names the account's merchant; undefined: it names none. */
  forUs: boolean | undefined
  /** How the order stands. `captured` where money was taken, whatever was given back since. */
  outcome: Outcome
  /** Of the order, where the answer states them. */
  amount: number | undefined
  currency: string | undefined
  declineCode: string | undefined
  /** All that were captured, oldest first, and all that were given back. */
  captures: BankTransaction[]
  refunds: BankTransaction[]
  /** The same answer sent again has the same key; a forged one cannot have the key of a genuine one. */
  dedupKey: string
  /** The fields as they came, without card data: what `reread` needs, and staff see. */
  payload: Record<string, string>
}

/** `orderNumber`, `bankOrderId`, `merchantId`: what an incoming body names, before anything of it is checked. */
export type Named = { orderNumber?: string; bankOrderId?: string; merchantId?: string }

/**
 * What became of giving money back. `unknown`: it may or may not have happened; the bank is asked, never told again. `later`: it has not
 * happened for certain, for the bank does not do it before `at`; then it is told again.
 */
export type RefundAnswer =
  | { state: 'succeeded'; transactionId: string | undefined }
  | { state: 'failed'; code: string }
  | { state: 'unknown' }
  | { state: 'later'; at: Date }

export type Gateway = {
  /** Names of the secrets without which an account does not work. */
  secretNames: readonly string[]
  /** Of secrets that some of its accounts have. */
  optionalSecretNames?: readonly string[]
  /** It can be asked about an order by its own name of it alone, which is kept with the attempt, and not by our number. */
  needsBankOrderId?: true
  /**
   * Places the order at the bank, or makes the signed form that does; called by one process at a time, after the attempt is committed as
   * pending. `refused`: the bank does not take it. `unreachable`: it may or may not have it; nobody was led there.
   */
  place(account: GatewayAccount, order: Order): Promise<Result<Placed, 'refused' | 'unreachable'>>
  /** Whose order an incoming body is about; undefined where it is no answer of this bank's form at all. */
  named(incoming: Incoming): Named | undefined
  /** The incoming body as the account's secrets show it to be. */
  read(account: GatewayAccount, incoming: Incoming): BankAnswer | undefined
  /** An answer parsed once more, from its stored payload. */
  reread(account: GatewayAccount, payload: BankAnswer['payload']): BankAnswer | undefined
  /**
   * Asks the bank; its answer is always genuine. `not-found`: it knows of no try to pay this order. `no-answer`: it could not be reached,
   * or what came could not be believed. `refused`: it answers nothing of this account, as after a wrong password.
   */
  query(
    account: GatewayAccount,
    order: PlacedOrder,
  ): Promise<BankAnswer | 'not-found' | 'no-answer' | 'refused'>
  /** Gives back `amount` of a captured transaction. Told once: whoever does not know what became of it asks. */
  refund(
    account: GatewayAccount,
    order: PlacedOrder,
    of: { transactionId: string; amount: number; number: string },
  ): Promise<RefundAnswer>
}
