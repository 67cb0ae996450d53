// What the portal reminds of. Pure; amounts in minor units.
import type { IsoDate } from '../platform/dates.ts'

/** A biller's terms: less than so much is due, but nobody is reminded of it. */
export type ReminderTerms = { remindFrom: number }

/** Whether what is due of an invoice is called overdue on the day `on`. */
export const isOverdue = (dueOn: IsoDate, due: number, terms: ReminderTerms, on: IsoDate): boolean =>
  dueOn < on && due > 0 && due >= terms.remindFrom

/**
 * What unpaid invoices, by due date, are reminded of on the day `on`: how many are overdue and since when, else until
 * when the next is to be paid. What is past but not called overdue is left out of both; null: nothing else is there.
 */
export function deadlineOf(
  unpaid: readonly { dueOn: IsoDate; overdue: boolean }[],
  on: IsoDate,
): { overdue: number; day: IsoDate } | null {
  const overdue = unpaid.filter(invoice => invoice.overdue)
  const first = overdue[0] ?? unpaid.find(invoice => invoice.dueOn >= on)
  return first ? { overdue: overdue.length, day: first.dueOn } : null
}
