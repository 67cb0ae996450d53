// Why an invoice is for more or less than the one of the month before. Pure; amounts in minor units.
import type { IsoDate } from '../platform/dates.ts'
import type { InvoiceLine } from './schema.ts'
import { splitPrincipal } from './statement-rules.ts'

export type BilledMonth = {
  period: IsoDate
  units: string | null
  principal: number
  tvTax: number
  total: number
  lines: InvoiceLine[]
}

/**
 * A step from the one total to the other. `units`: so many more (fewer: below 0), all at one price. `line`: one of the feed's lines.
 * `vat`: with its percent where all of it is of the steps before, at that rate.
 */
export type WhyStep = { amount: number } & (
  | { about: 'units'; units: number; price: string }
  | { about: 'line'; code: string }
  | { about: 'vat'; percent: string | null }
  | { about: 'tvTax' }
)

/**
 * `steps` add up to the cent, or are null: the lines do not tell. `price` of a unit in both months, where there is one alone.
 */
export type WhyAmount = {
  now: { period: IsoDate; units: number; total: number }
  before: { period: IsoDate; units: number; total: number }
  price: { now: string; before: string } | null
  steps: WhyStep[] | null
}

/** Null where one of the two says no units: there is nothing to explain the amount by. */
export function whyAmount(now: BilledMonth, before: BilledMonth): WhyAmount | null {
  if (now.units === null || before.units === null) return null
  const shown = ({ period, units, total }: BilledMonth) => ({ period, units: Number(units), total })
  const energy = [energyOf(now), energyOf(before)] as const
  return {
    now: shown(now),
    before: shown(before),
    price: energy[0] && energy[1] && { now: energy[0].unitPrice, before: energy[1].unitPrice },
    steps: stepsOf(now, before),
  }
}

const ENERGY = new Set(['ENERGY', 'A1B1', 'A2B1', 'A1B2', 'A2B2'])

/** The line of all units, where there is one alone. */
function energyOf({ lines, units }: BilledMonth): InvoiceLine | null {
  const [line, ...others] = lines.filter(({ code }) => ENERGY.has(code))
  return line && others.length === 0 && Number(line.quantity) === Number(units) ? line : null
}

function stepsOf(now: BilledMonth, before: BilledMonth): WhyStep[] | null {
  const splits = [splitPrincipal(now.lines, now.principal), splitPrincipal(before.lines, before.principal)]
  if (!splits[0] || !splits[1]) return null
  const codes = new Set([...now.lines, ...before.lines].map(({ code }) => code).filter(code => code !== 'TV'))
  const net = [...codes]
    .map((code): WhyStep => lineStep(code, now, before))
    .filter(({ amount }) => amount !== 0)
  const vat = splits[0].vat - splits[1].vat
  const steps: WhyStep[] = [
    ...net,
    { about: 'vat', percent: vatPercent(net, vat, [...now.lines, ...before.lines]), amount: vat },
    { about: 'tvTax', amount: now.tvTax - before.tvTax },
  ]
  const told = steps.filter(({ amount }) => amount !== 0)
  return sumAmounts(told) === now.total - before.total ? told : null
}

const sumAmounts = (items: readonly { amount: number }[]) =>
  items.reduce((sum, { amount }) => sum + amount, 0)

/** By units and price where these, as printed, come to the difference. */
function lineStep(code: string, now: BilledMonth, before: BilledMonth): WhyStep {
  const of = (month: BilledMonth) => sumAmounts(month.lines.filter(line => line.code === code))
  const amount = of(now) - of(before)
  const [one, other] = [energyOf(now), energyOf(before)]
  if (one?.code === code && other?.code === code && Number(one.unitPrice) === Number(other.unitPrice)) {
    const units = Number(one.quantity) - Number(other.quantity)
    if (Math.round(units * Number(one.unitPrice) * 100) === amount)
      return { about: 'units', units, price: one.unitPrice, amount }
  }
  return { about: 'line', code, amount }
}

/** The one rate of what changed, where the difference of the VAT is that of it. */
function vatPercent(net: WhyStep[], vat: number, lines: InvoiceLine[]): string | null {
  const rates = new Set(lines.filter(({ code }) => code !== 'TV').map(line => Number(line.vatPercent)))
  const [rate] = rates
  if (rate === undefined || rates.size > 1) return null
  // Each month's VAT was rounded for itself: their difference may be a cent off.
  return Math.abs((sumAmounts(net) * rate) / 100 - vat) <= 1 ? String(rate) : null
}
