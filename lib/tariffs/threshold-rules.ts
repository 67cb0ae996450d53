// Whether a month's use comes near the limit from which another price holds, by a meter that is read remotely; pure.
import { addDays, addMonths, dayIn, daysBetween, type IsoDate } from '../platform/dates.ts'
import { blockState, monthOf, tariffOn } from './rules.ts'
import type { Tariff, Threshold, Usage } from './schema.ts'

/**
 * What is known of a contract's meter. `readings`: the newest one of each register of active energy. `meters`: how many were read since
 * the invoice's last day. `invoice`: the newest that counts.
 */
export type MeterState = {
  timeZone: string
  meterNumber: string | null
  readings: { register: string; value: string; readAt: string; meterNumber: string }[]
  meters: number
  invoice: { period: IsoDate; currentReading: string | null; isEstimated: boolean } | null
  tariffs: Tariff[]
}

/** From this share of the limit on it is near. */
const NEAR = 0.8
/** A reading that is older says nothing of today. */
const FRESH_DAYS = 3

/** Null where it is not near, or where the meter does not say how much of the month was used. */
export function thresholdOf(meter: MeterState, now: Date): Threshold | null {
  const today = dayIn(meter.timeZone, now)
  const month = monthOf(today)
  const usage = monthsUse(meter, month.from, today)
  const state = usage && blockState(meter.tariffs, month, usage)
  if (!state || state.used < state.limit * NEAR) return null
  return { ...state, month: month.from, daysLeft: daysBetween(today, month.to) }
}

/**
 * What was used since the month began: what the registers show together, less what the last month's invoice read, which names their
 * sum. Null where the meter was replaced, a register is missing, or that invoice is not there or estimated.
 */
function monthsUse(meter: MeterState, month: IsoDate, today: IsoDate): Usage | null {
  const { invoice, readings, meterNumber, tariffs, timeZone, meters } = meter
  const lastMonth = addMonths(month, -1)
  if (!invoice || invoice.period !== lastMonth || invoice.isEstimated || invoice.currentReading === null)
    return null
  const days = readings.map(({ readAt }) => dayIn(timeZone, new Date(readAt)))
  const isOfDay = days.every(day => day === days[0] && day >= addDays(today, -FRESH_DAYS) && day >= month)
  const isSameMeter = meters === 1 && readings.every(reading => reading.meterNumber === meterNumber)
  const registers = readings
    .map(({ register }) => register)
    .sort()
    .join()
  const needed = tariffOn(tariffs, month)?.low == null ? ['A1', 'A1,A2'] : ['A1,A2']
  if (!isOfDay || !isSameMeter || !needed.includes(registers)) return null
  const all = readings.reduce((sum, { value }) => sum + Number(value), 0)
  const used = all - Number(invoice.currentReading)
  // How it was shared by day and night is not known, and neither limit nor border ask for it.
  return used >= 0 ? { high: used, low: 0 } : null
}

/** An amount that is said to be about so much: two figures of it, in whole major units where that is enough. */
export function roughly(minor: number): number {
  const step = 10 ** Math.max(0, Math.floor(Math.log10(Math.max(1, minor))) - 1)
  return Math.round(minor / step) * step
}
