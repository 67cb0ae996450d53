// What staff see of payments: figures, lists and one attempt's course. Amounts are minor units.
import type {
  AnswerChannel,
  AttemptState,
  Currency,
  ExceptionKind,
  Outcome,
  PaymentMethod,
  RefundState,
  RefundWay,
  SettlementKind,
} from '../../db/enums.ts'

export const tiles = ['inDoubt', 'surpluses', 'differences', 'refunds', 'today'] as const
export type Tile = (typeof tiles)[number]
/** How many, and how much of each currency. Of a difference about an order that nobody knows there may be no amount. */
type Figures = { count: number; sums: { currency: Currency; amount: number }[] }
/** `underWay`: all whose end is not known, those too that began a moment ago. */
export type TileFigures = Record<Tile | 'underWay', Figures>

/** A page of a list. */
export type Listed<Row> = { rows: Row[]; hasMore: boolean }

type OfAttempt = {
  attemptId: string
  /** Our payment number. */
  number: string
  biller: string
  /** Those that it pays invoices of. */
  contractCodes: string[]
  currency: Currency
  timeZone: string
}

export const attentionKinds = ['inDoubt', 'surplus', 'difference'] as const
export type AttentionKind = (typeof attentionKinds)[number]

/** Why something is over: another payment paid the same; what it was to pay was cancelled; or more was paid than was due. */
export const surplusReasons = ['paidTwice', 'cancelled', 'other'] as const
export type SurplusReason = (typeof surplusReasons)[number]

/** What troubles a payment, and why. */
export type Trouble =
  | { kind: 'inDoubt'; why: AttemptState }
  | { kind: 'surplus'; why: SurplusReason }
  | { kind: 'difference'; why: ExceptionKind }
  | { kind: 'refund'; why: RefundState }

/** `troubles`: the most urgent first. */
export type AttemptEntry = OfAttempt & {
  state: AttemptState
  amount: number
  createdAt: Date
  /** The code of its account at a bank, where the list tells it. */
  account?: string | null
  troubles: Trouble[]
}

/**
 * What staff have to look at: a payment whose end is not known, one of which something is over, a difference with the bank.
 * `amount`: of a surplus what is over. What concerns an attempt of nobody has none, and of a bank's word there may be no number or amount.
 */
export type AttentionEntry = {
  attemptId: string | null
  paymentId: number | null
  exceptionId: number | null
  number: string | null
  /** The code of its account at a bank. */
  account: string | null
  contractCodes: string[]
  amount: number | null
  /** As the bank wrote it: of a difference it may be any. */
  currency: string | null
  timeZone: string | null
  since: Date
} & Exclude<Trouble, { kind: 'refund' }>

/** `toldAt`, `amount`, `currency`: as the bank's file has it, where one does. */
export type Difference = {
  id: number
  kind: ExceptionKind
  gateway: string
  orderNumber: string
  transactionId: string
  account: string | null
  biller: string | null
  timeZone: string | null
  rowKind: SettlementKind | null
  amount: number | null
  currency: string | null
  toldAt: Date | null
  openedAt: Date
  resolvedAt: Date | null
  resolvedBy: string | null
  note: string | null
}

export type RefundEntry = OfAttempt & {
  id: string
  refundNumber: string
  way: RefundWay
  amount: number
  state: RefundState
  reason: string
  /** Names of staff, the last one by its first letter. */
  requestedBy: string
  decidedBy: string | null
  requestedAt: Date
  stateChangedAt: Date
  failureCode: string | null
  /** Whether the reader asked for it, and so may not decide. */
  isOwn: boolean
}

/** ISO times. */
export type AttemptCourse = AttemptEntry & {
  billerName: string
  gateway: string
  account: string | null
  sentToBankAt: Date | null
  orderExpiresAt: Date | null
  /** When the bank was last asked and has not answered; `silentSince`: and answers nothing of the account; `refused`: as it says itself. */
  unanswered: { askedAt: string; silentSince: string | null; refused: boolean } | null
  /** How often it was placed, and what the bank itself calls the order, where it does. */
  placed: number
  bankOrderId: string | null
  /** Oldest first; `period`: the first day of its month. */
  invoices: { number: string; period: string }[]
  /** Other payments that pay these invoices; `attemptId`: null where it was not made here. */
  paidBy: { number: string; attemptId: string | null; method: PaymentMethod }[]
  declineCode: string | null
  nextCheckAt: string | null
  payments: {
    id: number
    reference: string
    contractCode: string
    transactionId: string
    amount: number
    allocated: number
    refunded: number
    paidOn: string
    transactionAt: string | null
    reversedOn: string | null
  }[]
  refunds: {
    id: string
    number: string
    paymentId: number
    way: RefundWay
    amount: number
    state: RefundState
    reason: string
    requestedBy: string
    requestedAt: string
    decidedBy: string | null
    decidedAt: string | null
    stateChangedAt: string
    nextCheckAt: string | null
    /** When the bank is told once more of what it does not give back on the day of the payment. */
    toldAgainAt: string | null
    failureCode: string | null
    /** Whether the reader asked for it, and so may not decide. */
    isOwn: boolean
  }[]
  exceptions: {
    id: number
    kind: ExceptionKind
    transactionId: string
    /** What the bank's file says, where one does. */
    told: { amount: number; currency: string; at: string } | null
    openedAt: string
    resolvedAt: string | null
    resolvedBy: string | null
    note: string | null
    /** Of one that the customer's bank took back and that is not taken back here: whether another, or also the reader, may agree. */
    takingBack: 'other' | 'reader' | null
  }[]
  /** What was done, by whom of the staff where one did; oldest first. */
  moves: { at: string; action: string; by: string | null; details: Record<string, string | number> | null }[]
  /** What the bank said, field by field as it came, without card data; oldest first. */
  answers: {
    at: string
    appliedAt: string | null
    channel: AnswerChannel
    trust: 'genuine' | 'hint' | 'forged'
    outcome: Outcome
    fields: Record<string, string>
  }[]
}

/** Parts of the list, each with an address. */
export const parts = [
  'attention',
  'in-doubt',
  'under-way',
  'unused',
  'differences',
  'refunds',
  'today',
] as const
export type Part = (typeof parts)[number]

export const readPart = (typed: unknown): Part => parts.find(part => part === typed) ?? 'attention'

/** A page of a list, from 1; of what is none the first. */
export const readPage = (typed: unknown): number =>
  typeof typed === 'string' && /^[1-9]\d{0,3}$/.test(typed) ? Number(typed) : 1

/** `search`: a payment's number or a contract's code. */
export function paymentsPath({
  part,
  search,
  page = 1,
}: {
  part?: Part
  search?: string
  page?: number
} = {}): string {
  const query = new URLSearchParams({
    ...(part && part !== 'attention' && { show: part }),
    ...(search && { search }),
    ...(page > 1 && { page: String(page) }),
  })
  return query.size > 0 ? `/staff/payments?${query}` : '/staff/payments'
}

export const paymentPath = (attemptId: string): string => `/staff/payments/${attemptId}`
export const differencePath = (id: number): string => `/staff/payments/differences/${id}`
/** Files of banks; `file`: what became of one. */
export const settlementsPath = (file?: number): string =>
  `/staff/payments/settlements${file === undefined ? '' : `?file=${file}`}`
