// How money is shared: a part over what was chosen, and what a bank captured over the contracts that it is for. Pure; minor units.
import { type AmountDue, byDueDate, type CapturedPart, paidOf } from '../ledger/rules.ts'
import type { IsoDate } from '../platform/dates.ts'

/** Less is not worth a payment: one lek, one euro. */
const LEAST_PART = 100

/** Whether `amount` of what was chosen can be paid: all of it, or where the biller takes parts less. */
export const mayPay = (amount: number, total: number, takesParts: boolean): boolean =>
  amount === total || (takesParts && amount >= LEAST_PART && amount < total)

type Due = AmountDue & { dueOn: IsoDate; number: string }

/**
 * What `amount` pays of what is due: the oldest invoice first, by due date and number, as the ledger does; those that get nothing are left
 * out. `amount`: at most what all of them come to.
 */
export function partOf<Line extends Due>(lines: readonly Line[], amount: number): Line[] {
  let left = amount
  const paid: Line[] = []
  for (const line of [...lines].sort(byDueDate)) {
    const part = paidOf(line, left)
    left -= part.total
    if (part.total > 0) paid.push({ ...line, ...part })
  }
  return paid
}

/**
 * Shares a captured amount over the contracts of an attempt's lines, in the order of their ids. Each has what its lines come to, as long as
 * there is some; what is left after that is a surplus of the last that has any.
 */
export function shareCapture(
  lines: readonly { contractId: number; total: number }[],
  amount: number,
): CapturedPart[] {
  const byContract = [...Map.groupBy(lines, line => line.contractId)].sort(([a], [b]) => a - b)
  let left = amount
  const parts: CapturedPart[] = []
  for (const [index, [contractId, own]] of byContract.entries()) {
    const share = Math.min(
      left,
      own.reduce((sum, { total }) => sum + total, 0),
    )
    if (share > 0) parts.push({ contractId, place: index + 1, amount: share })
    left -= share
  }
  parts.at(-1)!.amount += left
  return parts
}
