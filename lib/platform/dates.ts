// Calendar days as ISO strings (`2026-11-21`), without time or zone; instants become days here only.

export type IsoDate = string

/** What is not of one contract is said in it: both countries keep the same time. */
export const PORTAL_ZONE = 'Europe/Belgrade'

const DAY_MS = 86_400_000

/** Days from `from` to `to`; negative where `to` is earlier. */
export function daysBetween(from: IsoDate, to: IsoDate): number {
  return Math.round((Date.parse(`${to}T00:00:00Z`) - Date.parse(`${from}T00:00:00Z`)) / DAY_MS)
}

export function addDays(date: IsoDate, days: number): IsoDate {
  return new Date(Date.parse(`${date}T00:00:00Z`) + days * DAY_MS).toISOString().slice(0, 10)
}

/** The first day of the month `months` after the one `date` lies in. */
export function addMonths(date: IsoDate, months: number): IsoDate {
  const [year, month] = date.split('-').map(Number) as [number, number]
  return new Date(Date.UTC(year, month - 1 + months, 1)).toISOString().slice(0, 10)
}

/** Whether `text` is a day that exists, as YYYY-MM-DD. */
export function isIsoDate(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false
  const time = Date.parse(`${text}T00:00:00Z`)
  return !Number.isNaN(time) && new Date(time).toISOString().slice(0, 10) === text
}

/**
 * The instant of a local time without zone (`2026-04-10T10:11:12`) in an IANA time zone; of an hour that comes twice in
 * autumn, one of the two. Undefined for anything else.
 */
export function instantIn(timeZone: string, local: string): Date | undefined {
  const wanted = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,6})?)?$/.test(local)
    ? Date.parse(`${local}Z`)
    : Number.NaN
  if (Number.isNaN(wanted)) return undefined
  const format = timeFormat(timeZone)
  // How far the zone is ahead is known of an instant only: the second guess is right where the clock changes between.
  const ahead = (at: number) =>
    Date.parse(`${format.format(at).replace(' ', 'T')}Z`) - Math.floor(at / 1000) * 1000
  const guess = wanted - ahead(wanted)
  return new Date(wanted - ahead(guess))
}

const timeFormats = new Map<string, Intl.DateTimeFormat>()

function timeFormat(timeZone: string): Intl.DateTimeFormat {
  let format = timeFormats.get(timeZone)
  if (!format) {
    format = new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'medium' })
    timeFormats.set(timeZone, format)
  }
  return format
}

/** The time it is at `at` in an IANA time zone, without the zone: `2026-11-25 11:00:00`. */
export const timeIn = (timeZone: string, at: Date): string => timeFormat(timeZone).format(at)

const dayFormats = new Map<string, Intl.DateTimeFormat>()

/** The day it is at `now` in an IANA time zone. */
export function dayIn(timeZone: string, now: Date): IsoDate {
  let format = dayFormats.get(timeZone)
  if (!format) {
    format = new Intl.DateTimeFormat('sv-SE', { timeZone, year: 'numeric', month: '2-digit', day: '2-digit' })
    dayFormats.set(timeZone, format)
  }
  return format.format(now)
}

/** The hour it is at `now` in an IANA time zone, from 0 to 23. */
export const hourIn = (timeZone: string, now: Date): number =>
  Number(new Intl.DateTimeFormat('sv-SE', { timeZone, hour: '2-digit' }).format(now))
