// What became of a payment's money, for its page and its receipts. Pure; amounts in minor units.
import type { AttemptState } from '../../db/enums.ts'
import type { IsoDate } from '../platform/dates.ts'
import { isUnknown } from './rules.ts'

export type TakenBack = { contractCode: string; amount: number; on: IsoDate }

/** What the biller took back of a transaction's payments. */
export function takenBackOf(
  payments: readonly { contractCode: string; amount: number; reversedOn: IsoDate | null }[],
): Pick<Capture, 'reversedOn' | 'takenBack'> {
  const takenBack = payments.flatMap(({ contractCode, amount, reversedOn }) =>
    reversedOn ? [{ contractCode, amount, on: reversedOn }] : [],
  )
  if (takenBack.length < payments.length) return { reversedOn: null, takenBack }
  const days = takenBack.map(({ on }) => on).sort()
  return { reversedOn: days.at(-1) ?? null, takenBack: [] }
}

/** What the bank took and the biller has not taken back. */
export const takenOf = ({ amount, takenBack }: Pick<Capture, 'amount' | 'takenBack'>): number =>
  takenBack.reduce((rest, part) => rest - part.amount, amount)

/** A capture as its receipt tells of it now; `pays`: what of each invoice. */
export type Capture = {
  number: string
  amount: number
  paidOn: IsoDate
  /** All of it was taken back, on that day at last: it pays nothing. */
  reversedOn: IsoDate | null
  /** What was taken back of one that stands, of a contract each. */
  takenBack: TakenBack[]
  /** What of it is given back, or on its way back. */
  givenBack: number
  /** What else of it pays no invoice. */
  surplus: number
  /** Some of that because another payment pays its invoices. */
  isPaidTwice: boolean
  pays: { invoiceId: number; total: number }[]
}

/** A payment with what was chosen when it began on the day `startedOn`, and what is due of those invoices now. */
export type Settled = {
  state: AttemptState
  amount: number
  startedOn: IsoDate
  /** Less was chosen than was due. */
  isPart: boolean
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
  | ({ about: 'takenBack'; number: string } & TakenBack)
  | { about: 'otherAmount'; taken: number; ordered: number }
  /** Not used for any invoice: the bank took it more than once, another payment pays the same, or neither. */
  | { about: 'takenTwice' | 'paidTwice' | 'surplus'; amount: number }
  /** The bank took the money on a later day than was shown: interest grew meanwhile. */
  | { about: 'short'; amount: number; startedOn: IsoDate; paidOn: IsoDate }
  | { about: 'stillDue'; amount: number }
  /** As its customer chose. */
  | { about: 'rest'; amount: number }

export function notesOf(payment: Settled): Note[] {
  const { captures, stillDue } = payment
  const notes: Note[] = []
  const standing = captures.filter(capture => !capture.reversedOn)
  for (const { number, reversedOn } of captures) {
    if (reversedOn && standing.length > 0) notes.push({ about: 'reversed', number, on: reversedOn })
  }
  for (const { number, takenBack } of standing)
    for (const part of takenBack) notes.push({ about: 'takenBack', number, ...part })
  const [first] = captures
  if (first && first.amount !== payment.amount)
    notes.push({ about: 'otherAmount', taken: first.amount, ordered: payment.amount })
  const surplus = unusedOf(payment)
  if (surplus > 0) notes.push({ about: whyUnused(payment), amount: surplus })
  if (first && stillDue > 0) notes.push(remainder(payment, standing[0]?.paidOn))
  return notes
}

const whyUnused = ({ captures }: Pick<Settled, 'captures'>) =>
  paidTwice({ captures })
    ? 'takenTwice'
    : captures.some(({ isPaidTwice }) => isPaidTwice)
      ? 'paidTwice'
      : 'surplus'

/** What of what stands is given back, or on its way back. */
export const givenBackOf = ({ captures }: Pick<Settled, 'captures'>): number =>
  captures.reduce((sum, { reversedOn, givenBack }) => sum + (reversedOn ? 0 : givenBack), 0)

/** What of what stands is not used for anything. */
export const unusedOf = ({ captures }: Pick<Settled, 'captures'>): number =>
  captures.reduce((sum, { reversedOn, surplus }) => sum + (reversedOn ? 0 : surplus), 0)

/** Why something is still due of invoices that were paid. */
export function remainder(
  { stillDue: amount, startedOn, isPart }: Pick<Settled, 'stillDue' | 'startedOn' | 'isPart'>,
  paidOn = startedOn,
): Extract<Note, { about: 'short' | 'stillDue' | 'rest' }> {
  if (isPart) return { about: 'rest', amount }
  return paidOn > startedOn ? { about: 'short', amount, startedOn, paidOn } : { about: 'stillDue', amount }
}

/** Whether what the money pays now is what was chosen. */
export function paysAsChosen({ invoices, captures }: Pick<Settled, 'invoices' | 'captures'>): boolean {
  const left = new Map(invoices.map(({ invoiceId, total }) => [invoiceId, total]))
  for (const { invoiceId, total } of captures.flatMap(capture => capture.pays))
    left.set(invoiceId, (left.get(invoiceId) ?? 0) - total)
  return [...left.values()].every(rest => rest === 0)
}
