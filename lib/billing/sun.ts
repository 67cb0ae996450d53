// The sun's way over the sky of home: from the day an invoice was issued to the day it is due, and below the horizon after it.
import { daysBetween, type IsoDate } from '../platform/dates.ts'

/** It sinks no further. */
const LOWEST = 1.6

/** How much of the time to pay is over: 0 on the day of issue, 1 on the due date. */
export function timeGone(issuedOn: IsoDate, dueOn: IsoDate, today: IsoDate): number {
  const days = Math.max(1, daysBetween(issuedOn, dueOn))
  return Math.min(LOWEST, Math.max(0, daysBetween(issuedOn, today) / days))
}

/** Where the sun stands then: along the horizon from 0 to 1, and beyond; above it (negative) or below. */
export const sunAt = (t: number): { x: number; y: number } => ({ x: t, y: -Math.sin(Math.PI * t) })
