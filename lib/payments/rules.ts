// The states of a payment attempt: every legal move, what an answer of the bank asks for, when the bank is asked. Pure.
import {
  type AnswerChannel,
  type AttemptState,
  closedAttemptStates,
  type Misfit,
  type Outcome,
  openAttemptStates,
} from '../../db/enums.ts'
import { instantIn } from '../platform/dates.ts'

/** Every legal move, and nowhere else. A closed attempt may reopen: a late answer from the bank is always accepted. */
const MOVES: Record<AttemptState, readonly AttemptState[]> = {
  created: ['pending', 'cancelled', 'expired'],
  pending: ['authorised', 'captured', 'declined', 'cancelled', 'in_doubt', 'expired'],
  declined: ['authorised', 'captured', 'in_doubt'],
  cancelled: ['authorised', 'captured', 'in_doubt'],
  expired: ['authorised', 'captured', 'in_doubt'],
  in_doubt: ['authorised', 'captured', 'declined', 'cancelled', 'expired', 'voided'],
  authorised: ['captured', 'voided', 'in_doubt'],
  captured: [],
  voided: [],
}

export const mayMove = (from: AttemptState, to: AttemptState): boolean => MOVES[from].includes(to)

export const isUnknown = (state: AttemptState): boolean => openAttemptStates.some(open => open === state)

export const isClosed = (state: AttemptState): boolean => closedAttemptStates.some(closed => closed === state)

/**
 * Whether an attempt in doubt stays there although an answer says that no money moved. Such an answer may be older than
 * what raised the doubt, so only one to a question that was asked since then ends it. `askedAt`: of a query's answer.
 */
export const staysInDoubt = (
  attempt: { state: AttemptState; stateChangedAt: Date },
  to: AttemptState,
  channel: AnswerChannel,
  askedAt: Date,
): boolean =>
  attempt.state === 'in_doubt' &&
  (isClosed(to) || to === 'voided') &&
  (channel !== 'query' || askedAt < attempt.stateChangedAt)

/** Whether an outcome means that a customer's money was taken or set aside. */
export const movesMoney = (outcome: Outcome): boolean => outcome === 'captured' || outcome === 'authorised'

/** ISO 8601, or its likeness as databases write it: a blank for T, an offset of hours alone. */
const TIME = /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d(?::\d\d(?:\.\d+)?)?)(?:(Z)|([+-]\d\d)(?::?(\d\d))?)?$/

/** The instant of a time that a bank gives, without a zone in `timeZone`; undefined where it gives none that can be read. */
export function instantGiven(given: string | undefined, timeZone: string): Date | undefined {
  const [, day, time, utc, hours, minutes = '00'] = TIME.exec(given ?? '') ?? []
  if (!day) return undefined
  const zone = utc ?? (hours && `${hours}:${minutes}`)
  const at = zone ? new Date(`${day}T${time}${zone}`) : instantIn(timeZone, `${day}T${time}`)
  return at && !Number.isNaN(at.getTime()) ? at : undefined
}

/** A bank's clock may be wrong: money for an attempt was taken neither before it began nor after now. */
export const withinAttempt = (at: Date, attempt: { createdAt: Date }, now: Date): Date =>
  new Date(Math.min(Math.max(at.getTime(), attempt.createdAt.getTime()), now.getTime()))

/** What of an answer must agree with the order before it is believed. Amounts in minor units. */
export type Claim = {
  outcome: Outcome
  amount: number | undefined
  currency: string | undefined
  transactionId: string | undefined
  /** Whether it names us as the merchant. */
  forUs: boolean
}

type OrderTerms = { amount: number; currency: string }

/** In what an answer alone disagrees with the order. */
function disagreement(claim: Claim, order: OrderTerms): Misfit | undefined {
  if (!claim.forUs) return 'wrong_merchant'
  if (claim.currency !== order.currency) return 'wrong_currency'
  if (claim.outcome === 'captured' && !claim.transactionId) return 'no_transaction'
  return claim.amount === order.amount ? undefined : 'wrong_amount'
}

/** The state that an authentic answer without money asks for; undefined: none. What does not fit the order is doubt. */
export function stateAsked(claim: Claim, order: OrderTerms): AttemptState | undefined {
  if (claim.outcome === 'processing') return undefined
  return disagreement(claim, order) ? 'in_doubt' : claim.outcome
}

/** A captured transaction of the bank, in minor units of the order's currency. */
export type Capture = { transactionId: string; amount: number }

/** What to do with a captured transaction: book it; hold it for staff, for that reason; or, being told again, nothing. */
export type CaptureVerdict = { book?: Capture; hold?: Misfit }

/**
 * Assesses an authentic answer that money was captured. `booked`: the attempt's transactions so far. What fits is booked;
 * what does not is held, and booked at the bank's amount only where the bank says so in answer to a question. Money of
 * another merchant or currency, or without a number or an amount, cannot be booked at all.
 */
export function assessCapture(
  claim: Claim,
  order: OrderTerms & { state: AttemptState },
  booked: readonly Capture[],
  channel: AnswerChannel,
): CaptureVerdict {
  const wrong = disagreement(claim, order)
  const { transactionId, amount } = claim
  if (wrong && wrong !== 'wrong_amount') return { hold: wrong }
  if (!transactionId || !amount || amount < 0) return { hold: wrong }
  const known = booked.find(capture => capture.transactionId === transactionId)
  if (known) return known.amount === amount ? {} : { hold: 'wrong_amount' }
  const hold = booked.length > 0 ? 'second_capture' : order.state === 'voided' ? 'after_void' : wrong
  const book = { transactionId, amount }
  if (!hold) return { book }
  return channel === 'query' ? { book, hold } : { hold }
}

/** What is known of a try to pay at the bank. `heardOf`: the bank has told anything of the payment. */
export type TryNews = {
  heardOf: boolean
  askedAt: Date | null
  untriedAt: Date | null
  returnedAt: Date | null
}

/**
 * Of a payment whose end is not known: whether a card may have been tried at the bank although it has not said so
 * (`silent`), and whether the checkout page can still lead anywhere (`open`). Whoever came back may have paid there,
 * unless the bank said after that that nobody tried.
 */
export function tryAtBank({ heardOf, askedAt, untriedAt, returnedAt }: TryNews): {
  silent: boolean
  open: boolean
} {
  const since = (at: Date | null) => at !== null && (untriedAt === null || at > untriedAt)
  const returned = since(returnedAt)
  return { silent: heardOf || returned || since(askedAt), open: !heardOf && !returned }
}

/** Why a card was declined, of what banks' codes tell apart (NestPay's ProcReturnCode). */
export function declineReason(code: string | null): 'noFunds' | 'cardExpired' | 'refused' | 'other' {
  if (code === '51') return 'noFunds'
  if (code === '54') return 'cardExpired'
  return code === '05' || code === '28' ? 'refused' : 'other'
}

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS
/** Closed attempts are asked about once more after these times, counted from when they closed. */
const CLOSED_CHECKS_MS = [HOUR_MS, 24 * HOUR_MS, 72 * HOUR_MS]
export const LAST_CLOSED_CHECK_MS = Math.max(...CLOSED_CHECKS_MS)

/**
 * When the bank is to be asked next; undefined: never again. Pending until its expiry; then, and in doubt, after as
 * long as the attempt is old, at least 5 minutes and at most an hour; closed ones after 1, 24 and 72 hours, and so those
 * with an end that have had unconfirmed money since then.
 */
export function nextCheckAt(
  attempt: { state: AttemptState; createdAt: Date; stateChangedAt: Date; unconfirmedSince?: Date },
  expiryMinutes: number,
  now: Date,
): Date | undefined {
  const closedAt = isClosed(attempt.state) ? attempt.stateChangedAt : attempt.unconfirmedSince
  if (!isUnknown(attempt.state) && closedAt) {
    const closed = closedAt.getTime()
    const next = CLOSED_CHECKS_MS.map(after => closed + after).find(at => at > now.getTime())
    return next === undefined ? undefined : new Date(next)
  }
  if (!isUnknown(attempt.state)) return undefined
  const expiresAt = attempt.createdAt.getTime() + expiryMinutes * MINUTE_MS
  if (attempt.state !== 'in_doubt' && expiresAt > now.getTime()) return new Date(expiresAt)
  const age = now.getTime() - attempt.createdAt.getTime()
  return new Date(now.getTime() + Math.min(Math.max(age, 5 * MINUTE_MS), HOUR_MS))
}

/** Whether an attempt that the bank knows nothing of has waited long enough to be given up. */
export const hasExpired = (attempt: { createdAt: Date }, expiryMinutes: number, now: Date): boolean =>
  now.getTime() >= attempt.createdAt.getTime() + expiryMinutes * MINUTE_MS
