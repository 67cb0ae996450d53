// What is said of a legal time limit, in a few words: the same in lists, on a request's page, in its PDF and for staff.
import type { CaseState } from '../../db/enums.ts'
import { formatDay, formatInstant, formatList, formatNearDay } from '../i18n/formats.ts'
import type { Locale } from '../i18n/locale.ts'
import { translator } from '../i18n/translator.ts'
import { dayIn, daysBetween } from '../platform/dates.ts'
import type { Deadline, LimitUnit } from './deadline-rules.ts'

/** `deadline`: while it is open. */
type Timed = {
  state: CaseState
  createdAt: Date
  decidedAt: Date | null
  limitUnit: LimitUnit | null
  biller: { timeZone: string }
  deadline?: Deadline
}

/** `10 days left`, `today`, `stopped`, `2 days late`; of what is decided `after 4 days`. Nothing where it was taken back, or has no limit. */
export function deadlineShort(one: Timed, locale: Locale): string {
  if (one.deadline) return leftShort(one.deadline, locale)
  return one.state === 'withdrawn' ? '' : tookShort(one, locale)
}

function leftShort({ limit: { unit }, isStopped, isLate, left }: Deadline, locale: Locale): string {
  const t = translator(locale, 'requests')
  // What was late before its owner was asked stays late.
  if (isLate) return t('limit.late', { unit, count: -left })
  return isStopped ? t('limit.stopped') : t('limit.left', { unit, count: left })
}

/** How long the answer took: whole hours of a limit of hours, else days by date. */
export function tookShort(
  { createdAt, decidedAt, limitUnit, biller: { timeZone } }: Timed,
  locale: Locale,
): string {
  if (!decidedAt) return ''
  const count =
    limitUnit === 'hours'
      ? Math.floor((decidedAt.getTime() - createdAt.getTime()) / 3_600_000)
      : daysBetween(dayIn(timeZone, createdAt), dayIn(timeZone, decidedAt))
  return translator(locale, 'requests')('limit.took', { unit: limitUnit ?? 'calendarDays', count })
}

/** The last day; of hours the moment at which they end. `today`: the biller's. */
export const lastWords = (
  { limit, lastOn, at }: Deadline,
  { today, timeZone }: { today: string; timeZone: string },
  locale: Locale,
): string =>
  limit.unit === 'hours' ? formatInstant(at, locale, timeZone) : formatNearDay(lastOn, today, locale)

/** How much of the limit has gone: of its own days or hours. */
export const goneOf = ({ limit: { count }, left }: Deadline): number =>
  Math.min(count, Math.max(0, count - left))

/** `Day 5 of 15 · 10 days left`; while it stands still the day alone. */
export function progressWords(deadline: Deadline, locale: Locale): string {
  const { unit, count: of } = deadline.limit
  const progress = translator(locale, 'requests')('limit.progress', { unit, gone: goneOf(deadline), of })
  if (deadline.isLate) return leftShort(deadline, locale)
  return deadline.isStopped ? progress : `${progress} · ${leftShort(deadline, locale)}`
}

/** How it was counted, so that anybody can count again: kind of days, days off, what stood still. */
export function countedWords({ limit, counted }: Deadline, locale: Locale): string[] {
  const t = translator(locale, 'requests')
  const { daysOff, stoppedDays, stoppedHours } = counted
  const days = formatList(
    daysOff.map(day => formatDay(day, locale)),
    locale,
  )
  return [
    t('limit.rule', { unit: limit.unit, count: limit.count }),
    daysOff.length > 0 ? t('limit.daysOff', { days }) : '',
    stoppedDays > 0 ? t('limit.stoppedDays', { count: stoppedDays }) : '',
    stoppedHours > 0 ? t('limit.stoppedHours', { count: stoppedHours }) : '',
  ].filter(Boolean)
}

type Closed = Pick<Timed, 'decidedAt' | 'limitUnit' | 'biller'> & { counted?: Deadline; dueAt: Date | null }

/** The same of a request, open or decided: of what is decided, with the day of the decision and the last one. */
export function howCounted(
  { counted, decidedAt, dueAt, limitUnit, biller: { timeZone } }: Closed,
  locale: Locale,
): string[] {
  if (!counted) return []
  const words = countedWords(counted, locale)
  if (!decidedAt || !dueAt) return words
  const t = translator(locale, 'requests')
  const day = formatDay(dayIn(timeZone, decidedAt), locale)
  const last =
    limitUnit === 'hours'
      ? formatInstant(dueAt, locale, timeZone)
      : formatDay(dayIn(timeZone, new Date(dueAt.getTime() - 1)), locale)
  const closed = t('limit.closed', { day, last })
  // Days off that are known since then are not those by which it was counted.
  return counted.at.getTime() === dueAt.getTime()
    ? [...words, closed]
    : [words[0]!, closed, t('limit.changed')]
}

/** What it is called beside the public states: late, while it is open and nobody waits for its owner. */
export const publicState = ({ state, deadline }: Pick<Timed, 'state' | 'deadline'>): CaseState | 'late' =>
  deadline?.isLate && !deadline.isStopped ? 'late' : state
