// What the portal reminds of. Pure; amounts in minor units.
import type { IsoDate } from '../platform/dates.ts'

/** A biller's terms: less than so much is due, but nobody is reminded of it. */
export type ReminderTerms = { remindFrom: number }

/** Whether what is due of an invoice is called overdue on the day `on`. */
export const isOverdue = (dueOn: IsoDate, due: number, terms: ReminderTerms, on: IsoDate): boolean =>
  dueOn < on && due > 0 && due >= terms.remindFrom
