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
  pending: ['authorised', 'captured', 'declined', 'cancelled', 'in_doubt', 'expired', 'voided'],
  declined: ['authorised', 'captured', 'in_doubt', 'voided'],
  cancelled: ['authorised', 'captured', 'in_doubt', 'voided'],
  expired: ['authorised', 'captured', 'in_doubt', 'voided'],
  in_doubt: ['authorised', 'captured', 'declined', 'cancelled', 'expired', 'voided'],
  authorised: ['captured', 'declined', 'cancelled', 'expired', 'voided', 'in_doubt'],
  captured: [],
  voided: [],
}

export const mayMove = (from: AttemptState, to: AttemptState): boolean => MOVES[from].includes(to)

export const isUnknown = (state: AttemptState): boolean => openAttemptStates.some(open => open === state)

export const isClosed = (state: AttemptState): boolean => closedAttemptStates.some(closed => closed === state)

/**
 * Whether an attempt in doubt or with money set aside stays so although an answer says that no money moved. Such an answer may be older
 * than what the bank said before, so only one to a question that was asked since then ends it. `askedAt`: of a query's answer.
 */
export const staysOpen = (
  attempt: { state: AttemptState; stateChangedAt: Date },
  to: AttemptState,
  channel: AnswerChannel,
  askedAt: Date,
): boolean =>
  ((attempt.state === 'in_doubt' && to === 'voided') ||
    (['in_doubt', 'authorised'].includes(attempt.state) && isClosed(to))) &&
  (channel !== 'query' || askedAt < attempt.stateChangedAt)

/** The order number by which the bank knows an attempt: from the second time on that placing it was begun it has an end. */
export const orderNumberOf = ({ number, placed }: { number: string; placed: number }): string =>
  placed > 1 ? `${number}_${placed}` : number

/** Of which attempt an order number is, and which time it was placed; the attempt may never have been placed so often. */
export function attemptNamed(orderNumber: string): { number: string; placed: number } {
  const [, number = orderNumber, placed = '1'] = /^(.+)_([2-9]|[1-9]\d{1,3})$/.exec(orderNumber) ?? []
  return { number, placed: Number(placed) }
}

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

/** What an answer states and must agree with the order; undefined: it does not say. Amounts in minor units. */
type Stated = {
  amount: number | undefined
  currency: string | undefined
  /** Whether it names us as the merchant. */
  forUs: boolean | undefined
}

type OrderTerms = { amount: number; currency: string }

/** In what an answer disagrees with the order: not to state is not to differ. */
function disagreement({ forUs, currency, amount }: Stated, order: OrderTerms): Misfit | undefined {
  if (forUs === false) return 'wrong_merchant'
  if (currency !== undefined && currency !== order.currency) return 'wrong_currency'
  return amount === undefined || amount === order.amount ? undefined : 'wrong_amount'
}

/** The state that a genuine answer without money asks for; undefined: none. What does not fit the order is doubt. */
export function stateAsked(
  answer: Stated & { outcome: Outcome },
  order: OrderTerms,
): AttemptState | undefined {
  if (answer.outcome === 'processing') return undefined
  return disagreement(answer, order) ? 'in_doubt' : answer.outcome
}

/** A captured transaction of the bank, in minor units of the order's currency. */
export type Capture = { transactionId: string; amount: number }

/** What to do with a captured transaction: book it; hold it for staff, for that reason; or, being told again, nothing. */
export type CaptureVerdict = { book?: Capture; hold?: Misfit }

/**
 * Assesses one transaction of a genuine answer that money was captured. `booked`: the attempt's transactions so far. What fits is booked;
 * what does not is held, and booked at the bank's amount only where the bank says so in answer to a question. Money of
 * another merchant or currency, or without a number or an amount, cannot be booked at all.
 */
export function assessCapture(
  transaction: Stated & { id: string | undefined },
  order: OrderTerms & { state: AttemptState },
  booked: readonly Capture[],
  channel: AnswerChannel,
): CaptureVerdict {
  const wrong = disagreement(transaction, order)
  const { id: transactionId, amount } = transaction
  if (wrong && wrong !== 'wrong_amount') return { hold: wrong }
  if (!transactionId) return { hold: 'no_transaction' }
  if (!amount || amount < 0) return { hold: 'wrong_amount' }
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
/** And captured ones, which may be voided or given back at the bank's own desk. */
const CAPTURED_CHECKS_MS = [24 * HOUR_MS, 72 * HOUR_MS]
export const LAST_CLOSED_CHECK_MS = Math.max(...CLOSED_CHECKS_MS)

/** When an attempt has had its time: where the bank says until when its order can be paid, then. */
export const expiryOf = (attempt: Placing, expiryMinutes: number): Date =>
  attempt.orderExpiresAt ?? new Date(attempt.createdAt.getTime() + expiryMinutes * MINUTE_MS)

type Placing = { createdAt: Date; orderExpiresAt?: Date | null }

/** So long the bank is asked about what was told in its name and could not be asked about. */
export const UNANSWERED_DAYS = 10
const LONGEST_PAUSE_MS = 24 * HOUR_MS

type Followed = Placing & {
  state: AttemptState
  stateChangedAt: Date
  /** Since when it has money that no answer to a question has confirmed. */
  unconfirmedSince?: Date
  /** Since when it was told of in the bank's name, unsigned or signed wrongly, without the bank's having answered a question since. */
  unansweredSince?: Date
}

/**
 * When the bank is to be asked next; undefined: never again. Pending until its expiry; then, and in doubt, after as
 * long as the attempt is old, at least 5 minutes and at most an hour; closed ones after 1, 24 and 72 hours, and so those
 * with an end that have had unconfirmed money since then; captured ones after 24 and 72 hours. What was told in the bank's name and is
 * unanswered, after as long as that is old, at least 5 minutes and at most a day.
 */
export function nextCheckAt(attempt: Followed, expiryMinutes: number, now: Date): Date | undefined {
  const ofState = checkOfState(attempt, expiryMinutes, now)
  if (!attempt.unansweredSince) return ofState
  const age = now.getTime() - attempt.unansweredSince.getTime()
  const pause = Math.min(Math.max(age, 5 * MINUTE_MS), LONGEST_PAUSE_MS)
  return new Date(Math.min(ofState?.getTime() ?? Infinity, now.getTime() + pause))
}

function checkOfState(attempt: Followed, expiryMinutes: number, now: Date): Date | undefined {
  const { state, stateChangedAt, unconfirmedSince } = attempt
  if (!isUnknown(state)) {
    const next = [
      ...(isClosed(state)
        ? after(CLOSED_CHECKS_MS, stateChangedAt)
        : after(CLOSED_CHECKS_MS, unconfirmedSince)),
      ...(state === 'captured' ? after(CAPTURED_CHECKS_MS, stateChangedAt) : []),
    ].filter(at => at > now.getTime())
    return next.length > 0 ? new Date(Math.min(...next)) : undefined
  }
  const expiresAt = expiryOf(attempt, expiryMinutes)
  if (state !== 'in_doubt' && expiresAt > now) return expiresAt
  const age = now.getTime() - attempt.createdAt.getTime()
  return new Date(now.getTime() + Math.min(Math.max(age, 5 * MINUTE_MS), HOUR_MS))
}

const after = (times: readonly number[], since: Date | undefined): number[] =>
  since ? times.map(time => since.getTime() + time) : []

/** Whether a captured attempt is old enough to be asked about once more. */
export const isCapturedCheckDue = (
  { state, stateChangedAt }: Pick<Followed, 'state' | 'stateChangedAt'>,
  now: Date,
): boolean =>
  state === 'captured' && now.getTime() >= stateChangedAt.getTime() + Math.min(...CAPTURED_CHECKS_MS)

/** Whether an attempt that the bank knows nothing of has waited long enough to be given up. */
export const hasExpired = (attempt: Placing, expiryMinutes: number, now: Date): boolean =>
  now >= expiryOf(attempt, expiryMinutes)
