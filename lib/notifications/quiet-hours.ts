// The night, in which nobody is told what can wait.
import { addDays, dayIn, hourIn, instantIn } from '../platform/dates.ts'
import { env } from '../platform/env.ts'

/** From the hour `from` to the hour `until`, across midnight where that is the earlier one. */
export type QuietHours = { from: number; until: number }

/** The first moment at or after `now` that is not in the quiet hours of the zone. */
export function afterQuiet(now: Date, timeZone: string, quiet: QuietHours | null = env().QUIET_HOURS): Date {
  if (!quiet) return now
  const { from, until } = quiet
  const hour = hourIn(timeZone, now)
  const overMidnight = from > until
  const isQuiet = overMidnight ? hour >= from || hour < until : hour >= from && hour < until
  if (!isQuiet) return now
  const today = dayIn(timeZone, now)
  const day = overMidnight && hour >= from ? addDays(today, 1) : today
  return instantIn(timeZone, `${day}T${String(until).padStart(2, '0')}:00:00`)!
}
