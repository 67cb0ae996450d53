// Whether a meter can show what somebody read on it. Pure.
import { sameMeter } from '../contracts/rules.ts'
import { addDays, daysBetween, type IsoDate } from '../platform/dates.ts'
import { readCode } from '../platform/typed.ts'
import type { NotNeeded, ReadingState } from './schema.ts'

export type Register = 'high' | 'low'

/** Of the biller: read, not estimated. `meterNumber`: null on an invoice, which does not say it. */
export type GoodReading = { register: Register; meterNumber: string | null; value: number; on: IsoDate }

/** `meterNumber`: the one that was typed, else the one on record. */
export type TypedReading = { meterNumber: string | null; high: number; low: number | null }

/** What is known of the meter: `meterNumber` on record, and units a day in the last year, null where nobody can say. */
export type KnownMeter = { meterNumber: string | null; good: GoodReading[]; usualPerDay: number | null }

/** `below`: less than the meter showed before. `unusual`: many times what is used there; it may be so all the same. */
export type Judgement = 'plausible' | 'below' | 'unusual'

/** So many times the usual use is asked about, but never below so many units: who was away uses many times nothing. */
const UNUSUAL_TIMES = 3
const UNUSUAL_FROM = 100
/** Meters count with at least so many digits before they begin again at zero. */
const LEAST_DIGITS = 5
/** Near its end is a meter in the last tenth of what it can show. */
const NEAR_END = 0.9

/**
 * Compares with what the biller read itself, and never with what customers sent: a wrong one would make all after it look wrong, or
 * right. Of another meter than before with that meter's own readings alone.
 */
export function judgeReading(typed: TypedReading, known: KnownMeter, today: IsoDate): Judgement {
  const values = typed.low === null ? { high: typed.high } : { high: typed.high, low: typed.low }
  const steps = Object.entries(values).flatMap(([register, value]) => {
    const base = baseOf(register as Register, typed.meterNumber, known)
    return base ? [{ base, used: value - base.value, value }] : []
  })
  const days = Math.max(1, ...steps.map(({ base }) => daysBetween(base.on, today)))
  const most =
    known.usualPerDay === null ? null : Math.max(UNUSUAL_FROM, UNUSUAL_TIMES * known.usualPerDay * days)
  const used = steps.map(step => (step.used < 0 ? afterZero(step.base.value, step.value, most) : step.used))
  if (used.includes(null)) return 'below'
  const all = used.reduce((sum: number, one) => sum + one!, 0)
  return most !== null && all > most ? 'unusual' : 'plausible'
}

/** What was used where the meter began again at zero; null where it cannot have. `most`: so much at most is usual. */
function afterZero(before: number, now: number, most: number | null): number | null {
  const size = 10 ** Math.max(LEAST_DIGITS, String(Math.floor(before)).length)
  const used = size - before + now
  return before >= size * NEAR_END && used <= (most ?? size * (1 - NEAR_END)) ? used : null
}

/** The last good reading of the register on this meter; undefined where there is none. */
function baseOf(register: Register, meterNumber: string | null, known: KnownMeter): GoodReading | undefined {
  const all = known.good
    .filter(one => one.register === register)
    .sort((one, other) => (one.on < other.on ? -1 : 1))
  const isOwn = (number: string | null) =>
    number !== null && meterNumber !== null && sameMeter(meterNumber, number)
  const own = all.filter(one => isOwn(one.meterNumber))
  const others = all.filter(one => one.meterNumber !== null && !isOwn(one.meterNumber))
  const isRecorded =
    meterNumber === null || known.meterNumber === null || sameMeter(meterNumber, known.meterNumber)
  // An invoice does not say its meter: it is of the one on record, from the day on which that took the other's place.
  const since = own[0]?.on ?? (others.length > 0 ? addDays(others.at(-1)!.on, 1) : null)
  const ofInvoices = all.filter(
    one => one.meterNumber === null && isRecorded && (others.length === 0 || one.on >= since!),
  )
  return [...own, ...ofInvoices].sort((one, other) => (one.on < other.on ? -1 : 1)).at(-1)
}

/** Units a day over these bills; null where none says both. */
export function usualPerDay(
  bills: { units: string | null; periodFrom: IsoDate | null; periodTo: IsoDate | null }[],
): number | null {
  const counted = bills.flatMap(({ units, periodFrom, periodTo }) => {
    const days = periodFrom && periodTo ? daysBetween(periodFrom, periodTo) + 1 : 0
    return units !== null && days > 0 ? [{ units: Number(units), days }] : []
  })
  const sum = (of: 'units' | 'days') => counted.reduce((total, one) => total + one[of], 0)
  return counted.length === 0 ? null : Math.max(0, sum('units')) / sum('days')
}

/** Why no reading is asked for on that day; null: one is. */
export function notNeeded(
  contract: { unit: string; meterRemote: boolean | null; hasMovedOut: boolean; closedOn: IsoDate | null },
  today: IsoDate,
): NotNeeded | null {
  if (contract.unit === 'none') return 'noMeter'
  if (contract.hasMovedOut) return 'movedOut'
  if (contract.closedOn !== null && contract.closedOn <= today) return 'closed'
  return contract.meterRemote ? 'remote' : null
}

export const readingState = (of: { withdrawnAt: unknown; handedOverAt: unknown }): ReadingState =>
  of.withdrawnAt ? 'withdrawn' : of.handedOverAt ? 'handedOver' : 'sent'

/**
 * A reading as people write it, as a decimal string: `18560`, `18 560`, `18.560`, `18560,5`. Three digits behind a point are thousands, for
 * nobody reads a thousandth; undefined where it is none.
 */
export function readReading(typed: string): string | undefined {
  const plain = readCode(typed)
    .replace(/\s/g, '')
    .replace(/[.,](?=\d{3}(?:[.,]|$))/g, '')
  const [, whole, decimals] = /^(\d{1,9})(?:[.,](\d{1,2}))?$/.exec(plain) ?? []
  if (whole === undefined) return undefined
  return decimals === undefined ? whole : `${whole}.${decimals}`
}
