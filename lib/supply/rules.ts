// How far an outage or a disconnection is, what has to be paid so that it does not happen, and when the supply has to be back. Pure.
import { addDays, dayIn, daysBetween, type IsoDate } from '../platform/dates.ts'
import type { Disconnection, Outage } from './schema.ts'

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS

/** So long an outage is told of before it begins, and after it has ended; so long after it began where nobody says when it ends. */
export const AHEAD_DAYS = 30
export const ENDED_HOURS = 24
export const FORGOTTEN_DAYS = 30

/** So long before it begins home tells of work. */
export const NEAR_DAYS = 3

export type OutagePhase = 'now' | 'coming' | 'ended' | 'cancelled'

export function outagePhase(
  { startsAt, endsAt, isCancelled }: Pick<Outage, 'startsAt' | 'endsAt' | 'isCancelled'>,
  now: Date,
): OutagePhase {
  if (isCancelled) return 'cancelled'
  if (startsAt > now) return 'coming'
  return endsAt && endsAt <= now ? 'ended' : 'now'
}

const ORDER: OutagePhase[] = ['now', 'coming', 'cancelled', 'ended']

/** What is going on, the latest first; then what is to come, the next first; then what was called off or is over. */
export function byUrgency<Of extends Pick<Outage, 'startsAt' | 'endsAt' | 'isCancelled'>>(
  outages: readonly Of[],
  now: Date,
): Of[] {
  const rank = (outage: Of) => {
    const phase = outagePhase(outage, now)
    return { place: ORDER.indexOf(phase), time: outage.startsAt.getTime() * (phase === 'coming' ? 1 : -1) }
  }
  return outages.toSorted((a, b) => rank(a).place - rank(b).place || rank(a).time - rank(b).time)
}

/** Of a contract's own: the one that home tells of. */
export const nearOutage = <Of extends Pick<Outage, 'startsAt' | 'endsAt' | 'isCancelled'>>(
  outages: readonly Of[],
  now: Date,
): Of | undefined =>
  byUrgency(outages, now).find(outage => {
    const phase = outagePhase(outage, now)
    return (
      phase === 'now' ||
      (phase === 'coming' && outage.startsAt.getTime() - now.getTime() < NEAR_DAYS * DAY_MS)
    )
  })

/** Notice has to be given so many calendar days before: Kosovo, Rule 09/2017. */
export const NOTICE_DAYS = 3

export const isShortNotice = ({ announcedOn, notBefore }: Pick<Disconnection, 'announcedOn' | 'notBefore'>) =>
  daysBetween(announcedOn, notBefore) < NOTICE_DAYS

/** The last day to pay so that it does not happen; the day of the announcement itself where there is none before. */
export function payableUntil({ announcedOn, notBefore }: Pick<Disconnection, 'announcedOn' | 'notBefore'>) {
  const before = addDays(notBefore, -1)
  return before < announcedOn ? announcedOn : before
}

/** What the announcement is about where it names no amount: the invoices that were overdue by then. */
export const announcedDebt = <Invoice extends { dueOn: IsoDate; overdue: boolean }>(
  unpaid: readonly Invoice[],
  { announcedOn }: Pick<Disconnection, 'announcedOn'>,
): Invoice[] => unpaid.filter(({ dueOn, overdue }) => overdue && dueOn < announcedOn)

type Demand = Pick<Disconnection, 'reason' | 'amount' | 'payments'>

/**
 * What is left to pay so that it does not happen, or is undone, in minor units; null: it is not for a debt. An amount that the biller
 * named counts down by what was paid from that day on, for older debts may be in it that no invoice here shows; else it is `debt`.
 */
export function leftToPay({ reason, amount, payments }: Demand, debt: number): number | null {
  if (reason !== 'debt') return null
  if (amount === null) return debt
  return Math.max(0, amount - payments.reduce((sum, payment) => sum + payment.amount, 0))
}

/** Whether what is late of the contract is more than is left to pay so, for late-payment interest, which a payment covers first. */
export const isMoreLate = (late: readonly { interest: number; total: number }[], left: number): boolean =>
  late.some(({ interest }) => interest > 0) && late.reduce((sum, { total }) => sum + total, 0) > left

/** When the portal knew that nothing was left to pay; undefined: something is, or no payment says so. */
export function paidAt(demand: Demand, debt: number): Date | undefined {
  if (leftToPay(demand, debt) !== 0) return undefined
  if (demand.amount === null) return demand.payments.at(-1)?.at
  let missing = demand.amount
  for (const { amount, at } of demand.payments) {
    missing -= amount
    if (missing <= 0) return at
  }
  return undefined
}

/** Elapsed hours, across changes of clock, from when all conditions are met: Kosovo, Rule 09/2017. */
export const RECONNECTION_HOURS = 24

/** Whole hours that have passed. */
export const hoursGone = (from: Date, now: Date): number =>
  Math.floor((now.getTime() - from.getTime()) / HOUR_MS)

export type DisconnectionState =
  /** It is to come: not before a day that is ahead, or any day now. */
  | 'announced'
  | 'possible'
  /** It was announced, and nothing is left to pay. */
  | 'averted'
  /** It was done: something is still to be paid, or the time to reconnect runs, or is over. */
  | 'disconnected'
  | 'reconnecting'
  | 'late'
  | 'reconnected'
  | 'cancelled'

/** `left`: still to be paid; null: it is not for a debt. `clock`: once it is paid, the time within which the supply has to be back. */
export type Standing = {
  state: DisconnectionState
  left: number | null
  clock?: { paid: Date; from: Date; by: Date }
}

/** How a disconnection stands. `debt`: the sum of what `announcedDebt` says; `today`: the biller's day. */
export function disconnectionStanding(
  disconnection: Disconnection,
  debt: number,
  today: IsoDate,
  now: Date,
): Standing {
  const { doneAt, reconnectedAt, cancelledOn, notBefore } = disconnection
  const left = leftToPay(disconnection, debt)
  if (reconnectedAt) return { state: 'reconnected', left }
  if (cancelledOn) return { state: 'cancelled', left }
  if (!doneAt) return { state: left === 0 ? 'averted' : today < notBefore ? 'announced' : 'possible', left }
  const paid = paidAt(disconnection, debt)
  if (!paid) return { state: 'disconnected', left }
  // Who had paid before it was done is owed the supply from then on.
  const from = new Date(Math.max(paid.getTime(), doneAt.getTime()))
  const by = new Date(from.getTime() + RECONNECTION_HOURS * HOUR_MS)
  return { state: now < by ? 'reconnecting' : 'late', left, clock: { paid, from, by } }
}

/** What asks for something to be done, or has to be watched. */
export const isPressing = ({ state }: Standing): boolean =>
  ['announced', 'possible', 'disconnected', 'reconnecting', 'late'].includes(state)

/** The same of a contract with what is unpaid of all; undefined where none is told of. */
export function standingOf(
  contract: { id: number; biller: { timeZone: string }; disconnection: Disconnection | null },
  unpaid: readonly { contract: { id: number }; dueOn: IsoDate; overdue: boolean; total: number }[],
  now: Date,
): Standing | undefined {
  const { id, biller, disconnection } = contract
  if (!disconnection) return undefined
  const debt = announcedDebt(
    unpaid.filter(invoice => invoice.contract.id === id),
    disconnection,
  ).reduce((sum, { total }) => sum + total, 0)
  return disconnectionStanding(disconnection, debt, dayIn(biller.timeZone, now), now)
}

const URGENCY: DisconnectionState[] = ['late', 'possible', 'announced', 'disconnected', 'reconnecting']

/** Of several: what asks for the most first. */
export const byState = <Of extends { standing: Standing }>(some: readonly Of[]): Of[] =>
  some.toSorted((a, b) => URGENCY.indexOf(a.standing.state) - URGENCY.indexOf(b.standing.state))
