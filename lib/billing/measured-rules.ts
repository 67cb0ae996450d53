// How two bills of a meter differ: by days, by usage a day, by high and low rate, by the block of the price, and by the price. Pure.
import type { Tariff } from '../tariffs/schema.ts'
import type { DifferencePart, Measure } from './difference-schema.ts'
import type { InvoiceLine } from './schema.ts'

type Bill = Measure & { lines: InvoiceLine[] }

/** What of a bill is counted by the meter: all units under one code or under each of several, or by register and block (Kosovo). */
const WHOLE = ['ENERGY', 'WATER', 'SEWERAGE']
const BLOCKS = ['A1B1', 'A2B1', 'A1B2', 'A2B2']

/** By code: how many units, and what one of them costs in minor units; of several `prices`, on average. */
type Priced = Map<string, { quantity: number; price: number; prices: number[] }>

/**
 * Of two bills; null where a bill's lines are not what its units at their prices come to. `codes`: of the lines that are explained. The
 * units come first, at the former prices, then the prices, at the present units. `tariff`: the one in force before.
 */
export function measuredParts(
  before: Bill,
  now: Bill,
  tariff: Tariff | undefined,
): { parts: DifferencePart[]; codes: Set<string> } | null {
  if (before.units === null || now.units === null) return null
  const codes = [...before.lines, ...now.lines].map(({ code }) => code)
  const inBlocks = codes.some(code => BLOCKS.includes(code))
  if (inBlocks && codes.some(code => WHOLE.includes(code))) return null
  const known = inBlocks ? BLOCKS : WHOLE.filter(code => codes.includes(code))
  const [first, second] = [pricedLines(before, known), pricedLines(now, known)]
  if (!first || !second || known.length === 0) return null
  const exact = inBlocks
    ? blockSteps(before, now, first, second, tariff)
    : wholeSteps(before, now, first, second, known, tariff)
  if (!exact) return null
  const amountOf = ({ lines }: Bill) =>
    lines.filter(({ code }) => known.includes(code)).reduce((sum, { amount }) => sum + amount, 0)
  return { parts: inCents(exact, amountOf(now) - amountOf(before)), codes: new Set(known) }
}

/** Null where a line's amount is another than its units at its price, or the lines are not for the bill's units. */
function pricedLines({ lines, units }: Bill, codes: string[]): Priced | null {
  const found: Priced = new Map()
  for (const code of codes) {
    const ofCode = lines.filter(line => line.code === code)
    if (ofCode.length === 0) continue
    const quantity = ofCode.reduce((sum, line) => sum + Number(line.quantity), 0)
    const price = (line: InvoiceLine) => Number(line.unitPrice) * 100
    if (ofCode.some(line => Math.abs(Number(line.quantity) * price(line) - line.amount) > 1)) return null
    const amount = ofCode.reduce((sum, line) => sum + Number(line.quantity) * price(line), 0)
    // Several of one code are prices that changed within the bill's time.
    const prices = [...new Set(ofCode.map(price))]
    found.set(code, {
      ...{ quantity, prices },
      price: prices.length > 1 && quantity !== 0 ? amount / quantity : prices[0]!,
    })
  }
  const quantities = [...found.values()].map(({ quantity }) => quantity)
  const isFor = (quantity: number) => Math.abs(quantity - units!) < 0.001
  const fits = codes.some(code => BLOCKS.includes(code))
    ? isFor(quantities.reduce((sum, quantity) => sum + quantity, 0))
    : quantities.every(isFor)
  // Of nothing used there may be no line at all.
  return fits || (found.size === 0 && units === 0) ? found : null
}

/** A part whose amount is not in whole cents yet. */
type Exact = DifferencePart

/**
 * Days at the former usage a day, then usage a day; without days on both bills, or with the same units, usage alone: else what more days add
 * takes off again. `minor`: the price of one unit.
 */
function unitSteps(before: Bill, now: Bill, minor: number, isAverage: boolean): Exact[] {
  const [first, second] = [before.units!, now.units!]
  const price = isAverage ? null : minor / 100
  const usage = { about: 'usage' as const, price }
  if (before.days === null || now.days === null || first === second)
    return [{ ...usage, perDay: false, before: first, now: second, amount: (second - first) * minor }]
  const perDay = first / before.days
  const amount = (now.days - before.days) * perDay * minor
  return [
    {
      ...{ ...usage, perDay: true, before: perDay, now: second / now.days },
      amount: (second - perDay * now.days) * minor,
    },
    { about: 'days', price, before: before.days, now: now.days, amount },
  ]
}

function wholeSteps(
  before: Bill,
  now: Bill,
  first: Priced,
  second: Priced,
  codes: string[],
  tariff: Tariff | undefined,
): Exact[] {
  const priceIn = (one: Priced, other: Priced) =>
    codes.reduce((sum, code) => sum + (one.get(code) ?? other.get(code))!.price, 0)
  const [priceBefore, priceNow] = [priceIn(first, second), priceIn(second, first)]
  const cliff = codes[0] === 'ENERGY' ? cliffOf(tariff, before.units!, now.units!, priceBefore) : null
  // Where the border moved it, the price of the same use is what remains to be compared.
  const former = cliff?.price ?? priceBefore
  const [one, ...others] = codes
  const price = {
    ...{ about: 'price' as const, before: former / 100, now: priceNow / 100 },
    known: [...first.values(), ...second.values()].every(({ prices }) => prices.length === 1),
    prices:
      others.length === 0
        ? { before: majorPrices(first.get(one!)), now: majorPrices(second.get(one!)) }
        : null,
    amount: now.units! * (priceNow - former),
  }
  const isMoved = cliff !== null && cliff.price !== priceBefore
  // All of the change of the price is the border's: then there is none besides.
  const isAllOfIt = isMoved && Math.abs(price.amount) < 0.5
  return [
    ...unitSteps(before, now, priceBefore, !price.known),
    ...(isMoved ? [blockOf(cliff, before.units!, now.units!, now.units! * (cliff.price - priceBefore))] : []),
    ...(isAllOfIt ? [] : [price]),
  ]
}

const majorPrices = (of: { prices: number[] } | undefined): number[] =>
  of?.prices.map(minor => Math.round(minor * 100) / 10_000) ?? []

type Border = { limit: number; kind: 'whole' | 'above'; price: number }

const blockOf = ({ limit, kind, price }: Border, before: number, now: number, amount: number): Exact => ({
  ...{ about: 'block', limit, kind, price: price / 100 },
  before: Math.max(0, before - limit),
  now: Math.max(0, now - limit),
  amount,
})

/** What a unit would have cost before, had the units of now been used; null where the row of prices is not the one that was billed by. */
function cliffOf(tariff: Tariff | undefined, before: number, now: number, billed: number): Border | null {
  const { block, high } = tariff ?? {}
  if (block?.kind !== 'whole') return null
  const priceOf = (units: number) => Number(units > block.limit ? block.high : high) * 100
  if (Math.abs(priceOf(before) - billed) > 0.005) return null
  return { limit: block.limit, kind: block.kind, price: priceOf(now) }
}

/** Null where units are above the limit of a register that has none below it. */
function blockSteps(
  before: Bill,
  now: Bill,
  first: Priced,
  second: Priced,
  tariff: Tariff | undefined,
): Exact[] | null {
  const used = (of: Priced, code: string) => of.get(code)?.quantity ?? 0
  const isRow = tariff !== undefined && isBilledBy(tariff, first)
  /** The former price, else that of the row, else the present one; of what was never used, none is needed. */
  const price = (code: string): number =>
    (first.get(code) ?? (isRow ? rowPrice(tariff, code) : undefined) ?? second.get(code))?.price ?? 0
  if (['A1', 'A2'].some(register => price(`${register}B2`) > 0 && price(`${register}B1`) === 0)) return null
  const high = (of: Priced) => used(of, 'A1B1') + used(of, 'A1B2')
  const shareBefore = before.units! > 0 ? high(first) / before.units! : high(second) / (now.units! || 1)
  const shareNow = now.units! > 0 ? high(second) / now.units! : shareBefore
  const [day, night] = [price('A1B1'), price('A2B1')]
  const average = shareBefore * day + (1 - shareBefore) * night
  const above = (of: Priced) =>
    ['A1', 'A2'].reduce(
      (sum, register) => sum + used(of, `${register}B2`) * (price(`${register}B2`) - price(`${register}B1`)),
      0,
    )
  const unitsAbove = (of: Priced) => used(of, 'A1B2') + used(of, 'A2B2')
  const amounts = {
    rates: now.units! * (shareNow - shareBefore) * (day - night),
    block: above(second) - above(first),
  }
  return [
    ...unitSteps(before, now, average, shareBefore !== 0 && shareBefore !== 1),
    ...(Math.abs(amounts.rates) < 0.5
      ? []
      : [
          {
            about: 'rates' as const,
            before: shareBefore * 100,
            now: shareNow * 100,
            amount: amounts.rates,
          },
        ]),
    ...(unitsAbove(first) + unitsAbove(second) === 0
      ? []
      : [
          {
            ...{ about: 'block' as const, limit: isRow ? (tariff.block?.limit ?? null) : null },
            ...{ kind: 'above' as const, price: null, before: unitsAbove(first), now: unitsAbove(second) },
            amount: amounts.block,
          },
        ]),
    priceStep(first, second, price, isRow ? tariff : undefined),
  ]
}

/**
 * What the units of now cost more than at the former prices; named by one price where there is one alone, else by those of what is
 * used now, as far as what they were is told by the former bill or its `row`.
 */
function priceStep(
  first: Priced,
  second: Priced,
  price: (code: string) => number,
  row: Tariff | undefined,
): Exact {
  const amount = [...second].reduce((sum, [code, now]) => sum + now.quantity * (now.price - price(code)), 0)
  const [one, ...more] = new Set([...first.keys(), ...second.keys()])
  const known =
    one !== undefined &&
    more.length === 0 &&
    [first, second].every(of => (of.get(one)?.prices.length ?? 1) === 1)
  const now = one === undefined ? 0 : (second.get(one)?.price ?? price(one))
  if (known) return { about: 'price', known, prices: null, before: price(one) / 100, now: now / 100, amount }
  const former = (code: string) => first.get(code) ?? (row && rowPrice(row, code))
  const codes = BLOCKS.filter(code => second.has(code) && former(code))
  const prices = {
    before: codes.flatMap(code => majorPrices(former(code))),
    now: codes.flatMap(code => majorPrices(second.get(code))),
  }
  return { about: 'price', known: false, prices, before: 0, now: 0, amount }
}

const rowPrice = ({ high, low, block }: Tariff, code: string) => {
  const prices = code.endsWith('B2') ? block : { high, low }
  const price = code.startsWith('A1') ? prices?.high : prices?.low
  return price == null ? undefined : { price: Number(price) * 100, prices: [Number(price) * 100] }
}

/** The row of prices is the one that was billed by, as far as its lines tell. */
const isBilledBy = (tariff: Tariff, lines: Priced): boolean =>
  [...lines].every(([code, { price }]) => {
    const row = rowPrice(tariff, code)
    return row !== undefined && Math.abs(row.price - price) < 0.005
  })

/** In whole cents that add up to `total`. Where all parts are nothing, what rounding leaves over is a part of its own. */
function inCents(exact: Exact[], total: number): DifferencePart[] {
  const whole = inWhole(
    exact.map(({ amount }) => amount),
    total,
  )
  if (whole) return exact.map((part, index) => ({ ...part, amount: whole[index]! }))
  const parts = exact.map(part => ({ ...part, amount: 0 }))
  return total === 0 ? parts : [...parts, { about: 'rounding', before: 0, now: 0, amount: total }]
}

/** Whole numbers that add up to `total`, by the largest remainder; what is nothing stays nothing. Null where all of it is. */
export function inWhole(exact: number[], total: number): number[] | null {
  // Of what the language makes of 0.1 + 0.2 nothing is left, nor a zero below zero, which would print its sign.
  const precise = exact.map(amount => Math.round(amount * 1e6) / 1e6 + 0)
  const whole = precise.map(amount => Math.floor(amount))
  let left = total - whole.reduce((sum, amount) => sum + amount, 0)
  const byRemainder = precise
    .map((amount, index) => ({ index, rest: amount - Math.floor(amount) }))
    .filter(({ index }) => precise[index] !== 0)
    .sort((one, other) => other.rest - one.rest)
  if (byRemainder.length === 0) return null
  const order = left > 0 ? byRemainder : byRemainder.toReversed()
  for (let turn = 0; left !== 0; turn += 1) {
    const one = Math.sign(left)
    whole[order[turn % order.length]!.index]! += one
    left -= one
  }
  return whole
}
