// When the law wants an answer: counted from a case's history and the days off, the same for page, mail, PDF and queue.

import type { CaseState, limitUnits } from '../../db/enums.ts'
import { addDays, dayIn, daysBetween, type IsoDate, instantIn } from '../platform/dates.ts'
import { isDecided } from './rules.ts'

/** How long staff have. A case keeps that of its filing. */
export type Limit = { count: number; unit: LimitUnit }
export type LimitUnit = (typeof limitUnits)[number]

/** Since when a case is in a state; in order. The first is its filing. */
export type Step = { state: CaseState; at: Date }

/** Of a biller: where its days begin, and its country's days off beside Saturdays and Sundays. */
export type WorkingDays = { timeZone: string; daysOff: ReadonlySet<IsoDate> }

export type Deadline = {
  limit: Limit
  /** The last day; it lasts until the biller's midnight. Of hours: the day on which they end. */
  lastOn: IsoDate
  /** From this moment on the case is late. */
  at: Date
  /** The customer owes information, or it is decided: the time does not run, and the last day is what it would be if it ran on. */
  isStopped: boolean
  isLate: boolean
  /** Days of the limit's own that are left after today; 0: today is the last one. Negative: so many ago. Of hours: whole hours. */
  left: number
  /** What was counted on the way, for whoever counts again. `stoppedHours`: of hours alone. */
  counted: { daysOff: IsoDate[]; stoppedDays: number; stoppedHours: number }
}

/** What is left for a case that was decided and is reopened, at least. */
const LEFT_ON_REOPENING = 2
const HOUR_MS = 3_600_000

export const isWorkingDay = ({ daysOff }: WorkingDays, day: IsoDate): boolean =>
  !isWeekend(day) && !daysOff.has(day)

export const isWeekend = (day: IsoDate) => [0, 6].includes(new Date(`${day}T00:00:00Z`).getUTCDay())

/** The working day that is `count` after a day. */
function workingDayAfter(working: WorkingDays, day: IsoDate, count: number): IsoDate {
  let on = day
  for (let left = count; left > 0; ) {
    on = addDays(on, 1)
    if (isWorkingDay(working, on)) left -= 1
  }
  return on
}

const midnightAfter = (working: WorkingDays, day: IsoDate): Date =>
  instantIn(working.timeZone, `${addDays(day, 1)}T00:00:00`)!

/**
 * The day of filing is not counted. Each midnight that passes while the time is stopped adds a day, to a limit of working days
 * only if the day it begins is one; hours stop exactly. Once the last day is over while the time runs, it stays. A case that is
 * reopened goes on with what was left, two working days at least. `from`: from when a limit of hours runs, where that is not
 * the filing.
 */
export function deadlineOf(
  limit: Limit,
  history: readonly Step[],
  working: WorkingDays,
  now: Date,
  from: Date = history[0]!.at,
): Deadline {
  return limit.unit === 'hours'
    ? hoursOf(limit, history, working, now, from)
    : daysOf(limit, history, working, now)
}

const stops = (state: CaseState) => state === 'waiting' || isDecided(state)
const reopens = (history: readonly Step[], step: number) =>
  isDecided(history[step - 1]!.state) && !isDecided(history[step]!.state)

/** On which of the biller's days, and whether at the midnight that begins it: lists count many, and days in a zone are dear. */
type DatedStep = Step & { on: IsoDate; isMidnight: boolean }

function datedStep({ timeZone }: WorkingDays, step: Step): DatedStep {
  const on = dayIn(timeZone, step.at)
  return { ...step, on, isMidnight: step.at.getTime() === instantIn(timeZone, `${on}T00:00:00`)!.getTime() }
}

function daysOf(limit: Limit, history: readonly Step[], working: WorkingDays, now: Date): Deadline {
  const { timeZone } = working
  const inWorkingDays = limit.unit === 'workingDays'
  const after = (day: IsoDate, days: number) =>
    inWorkingDays ? workingDayAfter(working, day, days) : addDays(day, days)
  const steps = history.map(one => datedStep(working, one))
  const filedOn = steps[0]!.on
  const today = dayIn(timeZone, now)
  let lastOn = after(filedOn, limit.count)
  let stoppedDays = 0
  let isOver = false
  let step = 0
  // A wait that outlasts the last day, over a weekend, leaves the day on which it ends, or the next that counts.
  const keepRest = (on: IsoDate) => {
    if (!isOver && lastOn < on) lastOn = after(addDays(on, -1), 1)
  }
  const goTo = (isReached: (next: DatedStep) => boolean) => {
    while (steps[step + 1] && isReached(steps[step + 1]!)) {
      step += 1
      const { state, on } = steps[step]!
      if (stops(steps[step - 1]!.state) && !stops(state)) keepRest(on)
      if (!reopens(history, step)) continue
      const least = workingDayAfter(working, on, LEFT_ON_REOPENING)
      if (least <= lastOn) continue
      lastOn = least
      isOver = false
    }
  }
  // From midnight to midnight: `day` is the one that ends.
  for (let day = filedOn; day < today; day = addDays(day, 1)) {
    goTo(({ on }) => on <= day)
    if (!stops(steps[step]!.state)) isOver ||= day >= lastOn
    const next = addDays(day, 1)
    goTo(({ on, isMidnight }) => on === next && isMidnight)
    if (stops(steps[step]!.state) && !isOver && (!inWorkingDays || isWorkingDay(working, next))) {
      lastOn = after(lastOn, 1)
      stoppedDays += 1
    }
  }
  goTo(({ at }) => at <= now)
  const isStopped = stops(history[step]!.state)
  if (isStopped) keepRest(today)
  const isLate = isOver || (!isStopped && today > lastOn)
  const left = inWorkingDays ? workingDaysBetween(working, today, lastOn) : daysBetween(today, lastOn)
  const daysOff = [...working.daysOff].filter(day => day > filedOn && day <= lastOn && !isWeekend(day)).sort()
  return {
    limit,
    lastOn,
    at: midnightAfter(working, lastOn),
    isStopped,
    isLate,
    // On the Saturday after a Friday no working day has passed yet, and it is late all the same.
    left: isLate ? Math.min(-1, left) : left,
    counted: { daysOff: inWorkingDays ? daysOff : [], stoppedDays, stoppedHours: 0 },
  }
}

/** Working days after `from` up to `to`; negative where `to` is earlier. */
function workingDaysBetween(working: WorkingDays, from: IsoDate, to: IsoDate): number {
  if (to < from) return -workingDaysBetween(working, to, from)
  let count = 0
  for (let day = addDays(from, 1); day <= to; day = addDays(day, 1)) {
    if (isWorkingDay(working, day)) count += 1
  }
  return count
}

function hoursOf(
  limit: Limit,
  history: readonly Step[],
  working: WorkingDays,
  now: Date,
  from: Date,
): Deadline {
  const { timeZone } = working
  let left = limit.count * HOUR_MS
  let stoppedMs = 0
  let at = new Date(from.getTime() + left)
  let isOver = false
  for (const [step, { state, at: begins }] of history.entries()) {
    if (begins > now) break
    const begun = step === 0 ? from : new Date(Math.max(begins.getTime(), from.getTime()))
    if (step > 0 && reopens(history, step)) {
      const day = workingDayAfter(working, dayIn(timeZone, begins), LEFT_ON_REOPENING)
      const least = midnightAfter(working, day).getTime() - begun.getTime()
      if (isOver || least > left) {
        left = least
        isOver = false
      }
    }
    const ends = Math.min(history[step + 1]?.at.getTime() ?? now.getTime(), now.getTime())
    const lasted = Math.max(0, ends - begun.getTime())
    if (isOver) continue
    if (stops(state)) {
      stoppedMs += lasted
      at = new Date(ends + left)
      continue
    }
    at = new Date(begun.getTime() + left)
    if (lasted >= left) isOver = true
    else left -= lasted
  }
  const { state } = history.findLast(step => step.at <= now) ?? history[0]!
  return {
    limit,
    lastOn: dayIn(timeZone, new Date(at.getTime() - 1)),
    at,
    isStopped: stops(state),
    isLate: isOver,
    left: Math.floor((at.getTime() - now.getTime()) / HOUR_MS),
    counted: { daysOff: [], stoppedDays: 0, stoppedHours: Math.floor(stoppedMs / HOUR_MS) },
  }
}
