// When maintenance is on, when it is told of, and which times an administrator may set. Pure.
import { type IsoDate, instantIn } from '../platform/dates.ts'
import type { Maintenance } from './schema.ts'

const HOUR_MS = 3_600_000
/** So long before it begins customers are told. */
const TOLD_MS = 24 * HOUR_MS
/** Longer is a slip: nobody could pay for days. It can be extended. */
export const MOST_HOURS = 72
/** Later is a slip, too: another month or year than was meant. */
export const MOST_DAYS_AHEAD = 30

export type MaintenanceState = 'announced' | 'on' | 'over'

/** From its start on until its end, that moment excluded. */
export function stateOf({ startsAt, endsAt }: Maintenance, now: Date): MaintenanceState {
  if (now >= endsAt) return 'over'
  return now >= startsAt ? 'on' : 'announced'
}

/** Whether customers are told of it. */
export const isTold = (maintenance: Maintenance, now: Date): boolean =>
  stateOf(maintenance, now) !== 'over' && maintenance.startsAt.getTime() - now.getTime() <= TOLD_MS

export type TimesFault = 'startsPast' | 'startsTooFar' | 'endsBeforeStart' | 'lastsTooLong'

/** What is wrong with the times that somebody sets. `isNow`: it begins at once, or has begun. */
export function timesFault(
  { startsAt, endsAt }: Maintenance,
  isNow: boolean,
  now: Date,
): TimesFault | undefined {
  if (!isNow && startsAt <= now) return 'startsPast'
  if (startsAt.getTime() - now.getTime() > MOST_DAYS_AHEAD * 24 * HOUR_MS) return 'startsTooFar'
  if (endsAt <= startsAt || endsAt <= now) return 'endsBeforeStart'
  return endsAt.getTime() - Math.max(startsAt.getTime(), now.getTime()) > MOST_HOURS * HOUR_MS
    ? 'lastsTooLong'
    : undefined
}

/** The instant of a day and a time to the minute, as they were typed. */
export const instantOf = (timeZone: string, day: IsoDate, time: string): Date =>
  instantIn(timeZone, `${day}T${time}`)!
