// When a case is due as lists say it: from what the database keeps of it, in days until then; its page counts it in full (deadlines.ts).
import type { CaseState } from '../../db/enums.ts'
import { dayIn, daysBetween } from '../platform/dates.ts'
import type { Limit } from './deadline-rules.ts'

type Kept = {
  state: CaseState
  dueAt: Date | null
  stateAt: Date | null
  limitUnit: Limit['unit'] | null
}

/**
 * `late`: so many days since it was due, one at least. `hours`: whole ones that are left of a limit in hours. `days`: days of
 * the calendar until its last one, 0 on that day. `stopped`: it waits for its owner, and was not late before.
 */
type Due = { is: 'late' | 'hours' | 'days'; count: number } | { is: 'stopped'; count: 0 }

const HOUR_MS = 3_600_000

/** Of an open case; undefined where it has no legal limit. */
export function dueOf(
  { state, dueAt, stateAt, limitUnit }: Kept,
  now: Date,
  timeZone: string,
): Due | undefined {
  if (!dueAt) return undefined
  if (state === 'waiting' && !(stateAt && dueAt <= stateAt)) return { is: 'stopped', count: 0 }
  const today = dayIn(timeZone, now)
  // The last day is the one that its midnight ends.
  const lastOn = dayIn(timeZone, new Date(dueAt.getTime() - 1))
  if (dueAt <= now) return { is: 'late', count: Math.max(1, daysBetween(lastOn, today)) }
  return limitUnit === 'hours'
    ? { is: 'hours', count: Math.floor((dueAt.getTime() - now.getTime()) / HOUR_MS) }
    : { is: 'days', count: daysBetween(today, lastOn) }
}
