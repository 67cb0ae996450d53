// How outages are said: where, when, and how far they are.
import { formatMinute, formatNearDay } from '../i18n/formats.ts'
import { type Locale, languageTag } from '../i18n/locale.ts'
import { translator } from '../i18n/translator.ts'
import { addDays, dayIn } from '../platform/dates.ts'
import { inNormalCase } from '../platform/normal-case.ts'
import { outagePhase } from './rules.ts'
import type { Outage } from './schema.ts'

/** What words about a time need of whoever reads it, and where. */
export type Reading = { timeZone: string; now: Date; locale: Locale }

/** A day as it is said near it: today, tomorrow, `3 shkurt`. */
export function nearDay(at: Date, { timeZone, now, locale }: Reading): string {
  const t = translator(locale, 'supply')
  const today = dayIn(timeZone, now)
  const day = dayIn(timeZone, at)
  if (day === today) return t('today')
  return day === addDays(today, 1) ? t('tomorrow') : formatNearDay(day, today, locale)
}

/** `today, 07:35`. */
export const nearTime = (at: Date, reading: Reading): string =>
  translator(reading.locale, 'supply')('at', {
    day: nearDay(at, reading),
    time: formatMinute(at, reading.locale, reading.timeZone),
  })

/** From when to when it is, in the biller's time zone. */
export function whenOf({ startsAt, endsAt, ...outage }: Outage, reading: Reading): string {
  const { timeZone, now, locale } = reading
  const t = translator(locale, 'supply')
  const minute = (at: Date) => formatMinute(at, locale, timeZone)
  const phase = outagePhase({ startsAt, endsAt, ...outage }, now)
  const begins = { day: nearDay(startsAt, reading), from: minute(startsAt) }
  if (!endsAt) return t(phase === 'coming' ? 'from' : 'since', begins)
  const isOneDay = dayIn(timeZone, startsAt) === dayIn(timeZone, endsAt)
  if (outage.kind === 'fault' && phase === 'now')
    return t('expected', { ...begins, until: isOneDay ? minute(endsAt) : nearTime(endsAt, reading) })
  if (isOneDay) return t('sameDay', { ...begins, to: minute(endsAt) })
  return t('severalDays', { ...begins, until: nearDay(endsAt, reading), to: minute(endsAt) })
}

/** Streets or a quarter, else the smallest area that it names, and what that lies in. A zone is a code, and stays as it came. */
export function whereOf(
  { place, zone, branch, region }: Outage,
  locale: Locale,
): { title: string; within: string[] } {
  const [title, ...within] = [named(place), zone, named(branch), named(region)].filter(part => part !== null)
  return { title: title ?? translator(locale, 'supply')('everywhere'), within: [...new Set(within)] }
}

const named = (place: string | null) => place && inNormalCase(place)

/** What its biller says of it, in the reader's language or in one that there is: `lang`. */
export function saidOf(outage: Outage, locale: Locale): { text: string; lang: string } | undefined {
  const { textSq: sq, textEn: en, textSr: sr } = outage
  const said = { sq, en, sr }
  for (const one of [locale, 'sq', 'en', 'sr'] as const)
    if (said[one] !== null) return { text: said[one], lang: languageTag[one] }
  return undefined
}
