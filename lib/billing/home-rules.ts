// How a customer stands: what is to be paid of which contract, what comes first, and when the next invoice is expected. Pure.
import type { AccessLevel } from '../contracts/rules.ts'
import { addMonths, daysBetween, type IsoDate, isIsoDate } from '../platform/dates.ts'
import type { Currency } from '../platform/money.ts'
import type { UnpaidInvoice } from './schema.ts'
import { groupBy, sumOf } from './statement-rules.ts'

/** What is said of an unpaid invoice here. */
export type OpenInvoice = Pick<
  UnpaidInvoice,
  'id' | 'dueOn' | 'overdue' | 'total' | 'underWay' | 'today' | 'issuedOn'
> & { contract: { id: number; currency: Currency } }

/** What of an invoice is being paid: of a part no more than that. */
export const waitingOf = ({ total, underWay }: Pick<OpenInvoice, 'total' | 'underWay'>): number =>
  underWay ? total - underWay.rest : 0

/** Invoices of which something is left to pay after what is being paid; nothing can be paid of them until that has ended. */
export const heldOf = <Invoice extends Pick<OpenInvoice, 'underWay'>>(invoices: readonly Invoice[]) =>
  invoices.flatMap(invoice =>
    invoice.underWay && invoice.underWay.rest > 0 ? [{ ...invoice, rest: invoice.underWay.rest }] : [],
  )

/**
 * A contract and what is unpaid of it. `due`: what can be paid now, in minor units; `waiting`: what is being paid, which is in no
 * total. `first`: the invoice that decides, overdue before due.
 */
export type Standing<Contract, Invoice extends OpenInvoice> = {
  contract: Contract
  state: 'overdue' | 'due' | 'waiting' | 'settled'
  due: number
  waiting: number
  first: Invoice | undefined
}

/** `isOwn`: the reader holds it, or has its holder's names; else they pay it for somebody. */
type Owned = { id: number; isOwn: boolean }

const ORDER = ['overdue', 'due', 'waiting', 'settled']

/** One's own before others'; of each, overdue first, by how long; then what is due next, what waits for a bank, and what is settled. */
export function standingsOf<Contract extends Owned, Invoice extends OpenInvoice>(
  contracts: readonly Contract[],
  unpaid: readonly Invoice[],
): Standing<Contract, Invoice>[] {
  const ofContract = Map.groupBy(unpaid, invoice => invoice.contract.id)
  const standings = contracts.map((contract): Standing<Contract, Invoice> => {
    const invoices = ofContract.get(contract.id) ?? []
    const payable = invoices.filter(({ underWay }) => !underWay)
    const first = firstOf(payable)
    return {
      contract,
      state: first?.overdue ? 'overdue' : first ? 'due' : invoices.length > 0 ? 'waiting' : 'settled',
      due: sumOf(payable, 'total'),
      waiting: invoices.reduce((sum, invoice) => sum + waitingOf(invoice), 0),
      first: first ?? invoices[0],
    }
  })
  const rank = ({ contract, state, first }: Standing<Contract, Invoice>) =>
    `${contract.isOwn ? 0 : 1} ${ORDER.indexOf(state)} ${state === 'settled' ? '' : first?.dueOn}`
  return standings.toSorted((a, b) => (rank(a) < rank(b) ? -1 : rank(a) > rank(b) ? 1 : 0))
}

/** Of what can be paid: the one that is overdue longest, else the next that is due. */
export function firstOf<Invoice extends OpenInvoice>(payable: readonly Invoice[]): Invoice | undefined {
  const byDay = payable.toSorted((a, b) => (a.dueOn < b.dueOn ? -1 : a.dueOn > b.dueOn ? 1 : 0))
  return byDay.find(({ overdue }) => overdue) ?? byDay[0]
}

/** Whose debts are one's business first: one's own where there are any. `others`: what is owed besides. */
export function leadingOf<Contract extends Owned, Invoice extends OpenInvoice>(
  standings: readonly Standing<Contract, Invoice>[],
) {
  const owing = standings.filter(({ due }) => due > 0)
  const own = owing.filter(({ contract }) => contract.isOwn)
  return own.length > 0
    ? { leading: own, others: owing.filter(({ contract }) => !contract.isOwn) }
    : { leading: owing, others: [] }
}

/** What the reader is asked to pay of several: what is their own; all of it where they pay for others alone. */
export const askedOf = <Contract extends Owned, Invoice extends OpenInvoice>(
  standings: readonly Standing<Contract, Invoice>[],
  someAreOwn: boolean,
) => standings.filter(({ due, contract }) => due > 0 && (contract.isOwn || !someAreOwn))

/** One sum a currency, never added; the one with something overdue first. `contracts`: those it is due of. */
export function sumsOf<Contract extends { biller: { currency: Currency } }, Invoice extends OpenInvoice>(
  standings: readonly Standing<Contract, Invoice>[],
) {
  const owing = standings.filter(({ due }) => due > 0)
  return groupBy(owing, ({ contract }) => contract.biller.currency).map(some => ({
    currency: some[0].contract.biller.currency,
    total: sumOf(some, 'due'),
    owing: some,
  }))
}

/** What is overdue, the oldest first, what is due on the next day that can still be met, and what is due after it; each may be none. */
export function deadlinesOf<Invoice extends OpenInvoice>(payable: readonly Invoice[]) {
  const byDay = payable.toSorted((a, b) => (a.dueOn < b.dueOn ? -1 : a.dueOn > b.dueOn ? 1 : 0))
  const next = byDay.find(({ dueOn, today }) => dueOn >= today)
  return {
    late: byDay.filter(({ overdue }) => overdue),
    next: byDay.filter(({ dueOn }) => dueOn === next?.dueOn),
    later: byDay.filter(({ dueOn }) => next !== undefined && dueOn > next.dueOn),
  }
}

/** So many invoices in a row, issued within so many days of the month, promise another. */
const PROMISING = 3
const WITHIN_DAYS = 3

/**
 * The day on which the next invoice is expected, where the last ones came month by month on about the same day and that day is not
 * over; null: nothing can be said. `invoices`: of one contract, by month.
 */
export function nextInvoice(
  invoices: readonly { period: IsoDate; issuedOn: IsoDate }[],
  today: IsoDate,
): IsoDate | null {
  const last = invoices.slice(-PROMISING)
  const newest = last.at(-1)
  if (!newest || last.length < PROMISING) return null
  const inRow = last.every(({ period }, back) => period === addMonths(newest.period, back + 1 - PROMISING))
  // Days from the first of the month billed: an invoice may come in the month after, or in the same one.
  const days = last.map(({ period, issuedOn }) => daysBetween(period, issuedOn))
  if (!inRow || Math.max(...days) - Math.min(...days) > WITHIN_DAYS) return null
  const month = addMonths(newest.issuedOn, 1)
  const on = `${month.slice(0, 8)}${newest.issuedOn.slice(8)}`
  // The 31st of a month that has none is not awaited.
  return isIsoDate(on) && on >= today ? on : null
}

/** So long home says of a contract that it was added but not recognised as the reader's own. */
const SAID_FOR_MS = 24 * 3_600_000

export type NotHeld = { level: Exclude<AccessLevel, 'holder'> }

/** The contract added last of those that were added a short while ago and whose holder the reader is not, as far as is known. */
export const newNotRecognised = <Contract extends { level: AccessLevel; addedAt: Date }>(
  contracts: readonly Contract[],
  now: Date,
): (Contract & NotHeld) | undefined =>
  contracts
    .filter((contract): contract is Contract & NotHeld => contract.level !== 'holder')
    .filter(({ addedAt }) => now.getTime() - addedAt.getTime() < SAID_FOR_MS)
    .toSorted((a, b) => b.addedAt.getTime() - a.addedAt.getTime())[0]
