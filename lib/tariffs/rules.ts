// What a period's use comes to by the tariffs in force, and how far a month is from a block's limit; pure.
import { addDays, addMonths, daysBetween, type IsoDate } from '../platform/dates.ts'
import { plainAmount } from '../platform/money.ts'
import { ok } from '../platform/result.ts'
import type {
  BillFailure,
  BlockState,
  CalculatedBill,
  CalculatedLine,
  EnergyPrices,
  Period,
  Tariff,
  Usage,
} from './schema.ts'

/** More is no meter's: ten digits before the point, as the feed takes them. */
const MOST_KWH = 1e10

/** A share of the period in which one tariff was in force: so many of its days, and days before it. */
type Part = { tariff: Tariff; before: number; days: number }

/**
 * The bill of one period, both days counted, for what was used in it. Of the group's tariffs in whatever order. Each line is rounded
 * to minor units, and VAT once on their sum, as the billers' own bills do. Fails where a day has no tariff, or where the period or the
 * usage is none. What a change within the period does: docs/decisions/0058-tariffs.md.
 */
export function calculateBill(
  tariffs: readonly Tariff[],
  period: Period,
  usage: Usage,
): { ok: true; value: CalculatedBill } | ({ ok: false } & BillFailure) {
  const total = daysBetween(period.from, period.to) + 1
  if (!(total > 0) || !isUsage(usage.high) || !isUsage(usage.low)) return { ok: false, code: 'invalid' }
  const parts = partsOf(tariffs, period)
  if ('code' in parts) return { ok: false, ...parts }
  const energy = parts.flatMap(part => energyLines(part.tariff, usageIn(part, usage, total)))
  const fixed = monthlyLines('FIXED', parts, total, ({ fixedFee }) => fixedFee)
  const tv = monthlyLines('TV', parts, total, ({ tvTax }) => tvTax)
  const net = sumOf([...energy, ...fixed])
  const tvTax = sumOf(tv)
  const vat = vatOn([...energy, ...fixed], tariffs)
  return ok({ lines: [...energy, ...fixed, ...tv], net, vat, tvTax, total: net + vat + tvTax })
}

const isUsage = (kwh: number): boolean => kwh >= 0 && kwh < MOST_KWH

/** The tariff of a day; undefined where there is none. */
export const tariffOn = (tariffs: readonly Tariff[], day: IsoDate): Tariff | undefined =>
  tariffs.find(({ validFrom, validTo }) => validFrom <= day && (validTo === null || day <= validTo))

function partsOf(tariffs: readonly Tariff[], { from, to }: Period): Part[] | BillFailure {
  const parts: Part[] = []
  for (let day = from; day <= to; ) {
    const tariff = tariffOn(tariffs, day)
    if (!tariff) return { code: 'noTariff', from: day, to: gapEnd(tariffs, day, to) }
    const last = tariff.validTo !== null && tariff.validTo < to ? tariff.validTo : to
    parts.push({ tariff, before: daysBetween(from, day), days: daysBetween(day, last) + 1 })
    day = addDays(last, 1)
  }
  return parts
}

/** The day before the next tariff begins, or the period's last. */
function gapEnd(tariffs: readonly Tariff[], from: IsoDate, to: IsoDate): IsoDate {
  const next = tariffs.map(({ validFrom }) => validFrom).filter(day => day > from && day <= to)
  return next.length > 0 ? addDays(next.sort()[0]!, -1) : to
}

/** By days, in thousandths of a kWh; what the parts have is together what was used. */
function usageIn({ before, days }: Part, usage: Usage, total: number): Usage {
  const until = (kwh: number, day: number) => Math.round((Math.round(kwh * 1000) * day) / total)
  const share = (kwh: number) => (until(kwh, before + days) - until(kwh, before)) / 1000
  return { high: share(usage.high), low: share(usage.low) }
}

function energyLines(tariff: Tariff, used: Usage): CalculatedLine[] {
  const { low, block } = tariff
  const usage = low === null ? { high: kwh(used.high + used.low), low: 0 } : used
  const all = kwh(usage.high + usage.low)
  const line = (code: string, quantity: number, unitPrice: string): CalculatedLine => ({
    code,
    quantity,
    unitPrice,
    amount: amountOf(quantity, unitPrice),
    tariffId: tariff.id,
  })
  const registers = (number: 1 | 2, quantities: Usage, prices: EnergyPrices) => [
    line(`A1B${number}`, quantities.high, prices.high),
    ...(prices.low === null ? [] : [line(`A2B${number}`, quantities.low, prices.low)]),
  ]
  if (block?.kind === 'above') {
    if (all <= block.limit) return registers(1, usage, tariff)
    // Day and night have the same share of both blocks.
    const high = kwh((usage.high * block.limit) / all)
    const within = { high, low: kwh(block.limit - high) }
    const above = { high: kwh(usage.high - within.high), low: kwh(usage.low - within.low) }
    return [...registers(1, within, tariff), ...registers(2, above, block)]
  }
  const prices = block && all > block.limit ? block : tariff
  return low === null ? [line('ENERGY', all, prices.high)] : registers(1, usage, prices)
}

/** Without what floating point adds: thousandths, as meters have at most. */
const kwh = (quantity: number): number => Math.round(quantity * 1000) / 1000

/** Minor units, half up. */
function amountOf(quantity: number, unitPrice: string): number {
  // Thousandths of a kWh by ten-thousandths of a major unit.
  const exact = BigInt(Math.round(quantity * 1000)) * BigInt(Math.round(Number(unitPrice) * 10_000))
  return Number((exact + 50_000n) / 100_000n)
}

/**
 * Once a period, by the tariffs' days where it changed within. `quantity` is the share of the period, so that a bill of a period
 * without a change has one of it.
 */
function monthlyLines(
  code: string,
  parts: readonly Part[],
  total: number,
  minorOf: (tariff: Tariff) => number,
): CalculatedLine[] {
  const last = parts.at(-1)!
  const isSame = parts.every(({ tariff }) => minorOf(tariff) === minorOf(last.tariff))
  const charged = isSame ? [{ tariff: last.tariff, before: 0, days: total }] : parts
  return charged
    .map(({ tariff, days }) => ({
      code,
      quantity: kwh(days / total),
      unitPrice: plainAmount(minorOf(tariff)),
      amount: Math.round((minorOf(tariff) * days) / total),
      tariffId: tariff.id,
    }))
    .filter(({ amount }) => amount > 0)
}

const sumOf = (lines: readonly CalculatedLine[]): number => lines.reduce((sum, { amount }) => sum + amount, 0)

/** On the sum of the lines; of each rate by itself. */
function vatOn(lines: readonly CalculatedLine[], tariffs: readonly Tariff[]): number {
  const rateOf = new Map(tariffs.map(({ id, vatPercent }) => [id, Math.round(Number(vatPercent) * 100)]))
  const rates = new Set(lines.map(({ tariffId }) => rateOf.get(tariffId)!))
  return [...rates]
    .map(rate => withRate(sumOf(lines.filter(({ tariffId }) => rateOf.get(tariffId) === rate)), rate))
    .reduce((sum, vat) => sum + vat, 0)
}

/** Hundredths of a percent of minor units, half up. */
const withRate = (minor: number, rate: number): number =>
  Number((BigInt(minor) * BigInt(rate) + 5_000n) / 10_000n)

/** The calendar month that a day lies in. */
export const monthOf = (day: IsoDate): Period => ({
  from: addMonths(day, 0),
  to: addDays(addMonths(day, 1), -1),
})

/**
 * How far a month's use is from the limit from which another price holds, and what the first kWh above costs; null where the month's
 * tariff has no block, changes within the month or is missing. What is used is counted in whole kWh, as bills are.
 */
export function blockState(tariffs: readonly Tariff[], month: Period, usage: Usage): BlockState | null {
  if (!isUsage(usage.high) || !isUsage(usage.low)) return null
  const tariff = tariffOn(tariffs, month.from)
  if (!tariff?.block || tariff !== tariffOn(tariffs, month.to)) return null
  const used = Math.floor(kwh(usage.high + usage.low))
  const { limit, kind } = tariff.block
  const shareHigh = used > 0 ? usage.high / (usage.high + usage.low) : 1
  const totalAt = (all: number) => {
    const high = kwh(all * shareHigh)
    const bill = calculateBill([tariff], month, { high, low: kwh(all - high) })
    return bill.ok ? bill.value.total : undefined
  }
  const within = totalAt(limit)
  const above = totalAt(limit + 1)
  if (within === undefined || above === undefined) return null
  return {
    kind,
    limit,
    used,
    left: Math.max(0, limit - used),
    isAbove: used > limit,
    extra: above - within,
    unitPrice: withVat(tariff.high, tariff.vatPercent),
    unitPriceAbove: withVat(tariff.block.high, tariff.vatPercent),
    isTwoRate: tariff.low !== null,
  }
}

/** A price per kWh with VAT, in major units with four decimals. */
const withVat = (price: string, vatPercent: string): string =>
  (Number(price) * (1 + Number(vatPercent) / 100)).toFixed(4)
