// How giving money back may go on: every legal move, when the bank is asked, and which refund of the bank is ours. Pure.
import type { RefundState, RefundWay } from '../../db/enums.ts'

const MOVES: Record<RefundWay, Record<RefundState, readonly RefundState[]>> = {
  card: {
    requested: ['rejected', 'submitted'],
    submitted: ['succeeded', 'failed', 'unknown'],
    unknown: ['succeeded', 'failed'],
    rejected: [],
    succeeded: [],
    failed: [],
  },
  // The biller keeps its own books: what is agreed is done.
  credit: {
    requested: ['rejected', 'succeeded'],
    submitted: [],
    unknown: [],
    rejected: [],
    succeeded: [],
    failed: [],
  },
}

export const mayMoveRefund = (way: RefundWay, from: RefundState, to: RefundState): boolean =>
  MOVES[way][from].includes(to)

/** What whoever paid is told of a refund; undefined: nothing, since it is no more than asked for, or was refused. */
export function refundWord(state: RefundState): 'onItsWay' | 'givenBack' | 'failed' | undefined {
  if (state === 'succeeded') return 'givenBack'
  if (state === 'failed') return 'failed'
  return state === 'submitted' || state === 'unknown' ? 'onItsWay' : undefined
}

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS

/** The bank has so long to answer; whoever told it may have died, and it is asked. Longer than any request waits. */
export const TELLING_MS = 2 * MINUTE_MS

/** The bank is asked what became of a refund so long after it became unknown. */
const CHECKS_MS = [10 * MINUTE_MS, HOUR_MS, 24 * HOUR_MS, 72 * HOUR_MS]
const LAST_CHECK_MS = Math.max(...CHECKS_MS)

/** When the bank is to be asked next; after the last of these times once a day, until it has said clearly what it knows. */
export function nextRefundCheckAt(unknownSince: Date, now: Date): Date {
  const since = unknownSince.getTime()
  const next = CHECKS_MS.map(after => since + after).find(at => at > now.getTime())
  return new Date(next ?? now.getTime() + 24 * HOUR_MS)
}

/** Whether the bank has had so long that a refund of which it knows nothing was never made. */
export const isLastRefundCheck = (unknownSince: Date, now: Date): boolean =>
  now.getTime() >= unknownSince.getTime() + LAST_CHECK_MS

type Told = { id: string | undefined; amount: number | undefined; currency: string | undefined }

/**
 * Which of the refunds that a bank told of an order is ours, of which nothing else is known than its amount. `taken`: numbers of those
 * that are others already; `unnumbered`: how many of ours of that amount succeeded without a number.
 */
export function findRefund<One extends Told>(
  wanted: { amount: number; currency: string },
  told: readonly One[],
  taken: readonly string[],
  unnumbered: number,
): One | undefined {
  const like = told.filter(
    ({ amount, currency }) =>
      amount === wanted.amount && (currency === undefined || currency === wanted.currency),
  )
  const numbered = like.find(({ id }) => id !== undefined && !taken.includes(id))
  return numbered ?? like.filter(({ id }) => id === undefined)[unnumbered]
}
