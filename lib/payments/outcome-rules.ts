// What became of a payment's money, for its page and its receipts. Pure; amounts in minor units.
import type { AttemptState } from '../../db/enums.ts'
import type { IsoDate } from '../platform/dates.ts'
import { isUnknown } from './rules.ts'

/** A capture as its receipt tells of it now; `pays`: what of each invoice. */
export type Capture = {
  number: string
  amount: number
  paidOn: IsoDate
  /** Taken back on that day: it pays nothing. */
  reversedOn: IsoDate | null
  /** What of it pays no invoice. */
  surplus: number
  pays: { invoiceId: number; total: number }[]
}

/** A payment with what was chosen when it began on the day `startedOn`, and what is due of those invoices now. */
export type Settled = {
  state: AttemptState
  amount: number
  startedOn: IsoDate
  invoices: { invoiceId: number; total: number }[]
  captures: Capture[]
  stillDue: number
}

/** How it ended, for the customer: money that the bank took counts for more than what it said before or after. */
export type Ending = 'unknown' | 'captured' | 'reversed' | 'declined' | 'cancelled' | 'expired' | 'voided'

export function endingOf({ state, captures }: Pick<Settled, 'state' | 'captures'>): Ending {
  if (captures.length > 0) return captures.some(capture => !capture.reversedOn) ? 'captured' : 'reversed'
  return isUnknown(state) ? 'unknown' : (state as Ending)
}

/** Whether the bank took money more than once and has not given it back. */
export const paidTwice = ({ captures }: Pick<Settled, 'captures'>): boolean =>
  captures.filter(capture => !capture.reversedOn).length > 1

/** What of a payment is otherwise than its customer expects; days and amounts for a sentence. */
export type Note =
  | { about: 'reversed'; number: string; on: IsoDate }
  | { about: 'otherAmount'; taken: number; ordered: number }
  | { about: 'surplus'; amount: number }
  /** The bank took the money on a later day than was shown: interest grew meanwhile. */
  | { about: 'short'; amount: number; startedOn: IsoDate; paidOn: IsoDate }
  | { about: 'stillDue'; amount: number }

export function notesOf(payment: Settled): Note[] {
  const { captures, stillDue, startedOn } = payment
  const notes: Note[] = []
  const standing = captures.filter(capture => !capture.reversedOn)
  for (const { number, reversedOn } of captures) {
    if (reversedOn && standing.length > 0) notes.push({ about: 'reversed', number, on: reversedOn })
  }
  const [first] = captures
  if (first && first.amount !== payment.amount)
    notes.push({ about: 'otherAmount', taken: first.amount, ordered: payment.amount })
  const surplus = standing.reduce((sum, capture) => sum + capture.surplus, 0)
  if (surplus > 0) notes.push({ about: 'surplus', amount: surplus })
  if (first && stillDue > 0) notes.push(remainder(stillDue, startedOn, standing[0]?.paidOn ?? startedOn))
  return notes
}

/** Why something is still due of invoices that were paid. */
export const remainder = (
  amount: number,
  startedOn: IsoDate,
  paidOn: IsoDate,
): Extract<Note, { about: 'short' | 'stillDue' }> =>
  paidOn > startedOn ? { about: 'short', amount, startedOn, paidOn } : { about: 'stillDue', amount }

/** Whether what the money pays now is what was chosen. */
export function paysAsChosen({ invoices, captures }: Pick<Settled, 'invoices' | 'captures'>): boolean {
  const left = new Map(invoices.map(({ invoiceId, total }) => [invoiceId, total]))
  for (const { invoiceId, total } of captures.flatMap(capture => capture.pays))
    left.set(invoiceId, (left.get(invoiceId) ?? 0) - total)
  return [...left.values()].every(rest => rest === 0)
}
