// What explains the difference of two bills: parts that add up to the cent, whatever the bills say, and only what is true.
import fc from 'fast-check'
import { expect, it } from 'vitest'
import {
  type ComparedBill,
  differenceOf,
  mainReason,
  type RemarkedBill,
  remarksOn,
  sharesOf,
} from '../../lib/billing/difference-rules.ts'
import type { InvoiceLine } from '../../lib/billing/schema.ts'
import { addMonths } from '../../lib/platform/dates.ts'
import type { Tariff } from '../../lib/tariffs/schema.ts'

const line = (code: string, quantity: number, unitPrice: string, vatPercent = '20.00'): InvoiceLine => ({
  ...{ code, quantity: `${quantity}.000`, unitPrice, vatPercent },
  amount: Math.round(quantity * Number(unitPrice) * 100),
})

const lastDay = (period: string) => {
  const next = new Date(`${addMonths(period, 1)}T00:00:00Z`)
  return new Date(next.getTime() - 86_400_000).toISOString().slice(0, 10)
}

type Bill = ComparedBill & RemarkedBill

/** As OSHEE bills: energy, a standing charge, VAT of 20 %, and the TV tax. */
const bill = (period: string, units: number, more: Partial<Bill> = {}): Bill => {
  const lines = more.lines ?? [line('ENERGY', units, '8.5000'), line('FIXED', 1, '95.0000')]
  const net = lines.reduce((sum, { amount }) => sum + amount, 0)
  const principal = more.principal ?? net + Math.round(net * 0.2)
  const tvTax = more.tvTax ?? 10000
  return {
    ...{ period, periodFrom: period, periodTo: lastDay(period), units: String(units), readingKind: 'read' },
    ...{ cancelledOn: null, correctedOn: null, previousReading: null, currentReading: null },
    ...more,
    ...{ lines, principal, tvTax, total: principal + tvTax },
  }
}
const september = bill('2026-09-01', 216)
const october = bill('2026-10-01', 313)

it('by days, and by usage a day at one price, with the VAT on them', () => {
  const found = differenceOf(september, october)
  expect(found).toMatchObject({
    before: { units: 216, days: 30, total: 241720 },
    now: { units: 313, days: 31, total: 340660 },
    amount: 98940,
  })
  expect(found.parts).toMatchObject([
    { about: 'usage', perDay: true, before: 7.2, amount: 76330 },
    { about: 'days', before: 30, now: 31, amount: 6120 },
    { about: 'price', before: 8.5, now: 8.5, known: true, amount: 0 },
    { about: 'line', code: 'FIXED', before: 9500, now: 9500, amount: 0 },
    { about: 'vat', percent: '20', amount: 16490 },
    { about: 'tvTax', amount: 0 },
  ])
  expect(sharesOf(found)).toMatchObject([
    { part: { about: 'usage' }, percent: 93 },
    { part: { about: 'days' }, percent: 7 },
  ])
  expect(mainReason(found)).toMatchObject({ about: 'usage' })
})

it('the other way round, every part turns its sign', () => {
  const { amount, parts } = differenceOf(october, september)
  expect(amount).toBe(-98940)
  expect(parts.reduce((sum, part) => sum + part.amount, 0)).toBe(-98940)
  expect(mainReason(differenceOf(october, september))).toMatchObject({ about: 'usage' })
})

const household: Tariff = {
  ...{ id: 1, biller: 'oshee', group: 'household', validFrom: '2025-02-01', validTo: null },
  ...{ high: '8.5000', low: null, block: { limit: 700, kind: 'whole', high: '9.5000', low: null } },
  ...{ fixedFee: 9500, tvTax: 10000, vatPercent: '20', source: '', note: null },
}
const dearer = (units: number) => [line('ENERGY', units, '9.5000'), line('FIXED', 1, '95.0000')]

it('from 701 kWh on the whole month costs more: the border, and not a dearer price', () => {
  const before = bill('2026-09-01', 700)
  const now = bill('2026-10-01', 701, { lines: dearer(701), periodTo: '2026-10-30' })
  const { parts } = differenceOf(before, now, [household])
  expect(parts).toMatchObject([
    { about: 'usage', amount: 850 },
    { about: 'days', amount: 0 },
    { about: 'block', limit: 700, kind: 'whole', before: 0, now: 1, price: 9.5, amount: 70100 },
    { about: 'line', code: 'FIXED', amount: 0 },
    { about: 'vat' },
    { about: 'tvTax' },
  ])
  // At 700 kWh nothing is above the border.
  const same = differenceOf(before, bill('2026-10-01', 699), [household])
  expect(same.parts.map(({ about }) => about)).not.toContain('block')
  // By a row of prices that the bill does not have, nothing is explained.
  const other = differenceOf(before, now, [{ ...household, high: '8.6000' }])
  expect(other.parts.find(({ about }) => about === 'price')).toMatchObject({ amount: 70100 })
})

it('a border and a new price are told apart', () => {
  const now = bill('2026-10-01', 800, { lines: [line('ENERGY', 800, '10.0000')], periodTo: '2026-10-30' })
  const before = bill('2026-09-01', 600, { lines: [line('ENERGY', 600, '8.5000')] })
  const { parts } = differenceOf(before, now, [household])
  expect(parts.find(({ about }) => about === 'block')).toMatchObject({ amount: 80000, now: 100 })
  expect(parts.find(({ about }) => about === 'price')).toMatchObject({ before: 9.5, now: 10, amount: 40000 })
  // Also where both bills have one price, and what is the same use's had been another.
  const flat = bill('2024-09-01', 209, { lines: [line('ENERGY', 209, '9.5000')] })
  const back = differenceOf(bill('2026-10-01', 701, { lines: dearer(701) }), flat, [household]).parts
  expect(back.find(({ about }) => about === 'block')).toMatchObject({ price: 8.5, amount: -20900 })
  expect(back.find(({ about }) => about === 'price')).toMatchObject({ before: 8.5, now: 9.5, amount: 20900 })
})

it('in Kosovo by high and low rate, and by what is above the block alone', () => {
  const kesco = (period: string, lines: InvoiceLine[]) => {
    const units = lines.reduce((sum, one) => sum + Number(one.quantity), 0)
    return bill(period, units, { lines, tvTax: 0 })
  }
  const before = kesco('2026-09-01', [line('A1B1', 300, '0.0905'), line('A2B1', 200, '0.0388')])
  const mixed = kesco('2026-10-01', [line('A1B1', 400, '0.0905'), line('A2B1', 100, '0.0388')])
  const rates = differenceOf(before, { ...mixed, periodTo: '2026-10-30' }).parts
  expect(rates.find(({ about }) => about === 'price')).toMatchObject({
    ...{ known: false, amount: 0, prices: { before: [0.0905, 0.0388], now: [0.0905, 0.0388] } },
  })
  expect(rates[0]).toMatchObject({ about: 'usage', amount: 0 })
  expect(rates.find(({ about }) => about === 'rates')).toMatchObject({ before: 60, now: 80, amount: 517 })
  const more = kesco('2026-10-01', [
    ...[line('A1B1', 480, '0.0905'), line('A2B1', 320, '0.0388')],
    ...[line('A1B2', 120, '0.1543'), line('A2B2', 80, '0.0728')],
  ])
  const above = differenceOf(before, more).parts
  expect(above.find(({ about }) => about === 'block')).toMatchObject({ kind: 'above', before: 0, now: 200 })
  expect(above.find(({ about }) => about === 'rates')).toBeUndefined()
})

it('what lines do not tell is one part, and a bill of no units its lines', () => {
  const bare = differenceOf({ ...september, lines: [] }, october).parts
  expect(bare).toMatchObject([{ about: 'principal', amount: 98940 }, { about: 'tvTax' }])
  const phone = (period: string, calls: string) =>
    bill(period, 0, {
      units: null,
      tvTax: 0,
      lines: [line('SUBSCRIPTION', 1, '900'), line('CALLS', 1, calls)],
    })
  expect(differenceOf(phone('2026-09-01', '100'), phone('2026-10-01', '300')).parts).toMatchObject([
    { about: 'line', code: 'SUBSCRIPTION', amount: 0 },
    { about: 'line', code: 'CALLS', amount: 20000 },
    { about: 'vat', percent: '20', amount: 4000 },
  ])
  // Units that the line does not bill.
  const estimated = differenceOf(september, { ...october, units: '300' }).parts
  expect(estimated[0]).toMatchObject({ about: 'line', code: 'ENERGY' })
})

it('nothing used is a usage like any other, also without a line of energy', () => {
  const empty = bill('2026-09-01', 0, { lines: [line('FIXED', 1, '95.0000')] })
  expect(differenceOf(empty, october).parts.slice(0, 2)).toMatchObject([
    { about: 'usage', before: 0, amount: 31300 * 8.5 },
    { about: 'days', amount: 0 },
  ])
})

it('without the days of both, usage is told as a whole', () =>
  expect(differenceOf({ ...september, periodTo: null }, october).parts[0]).toMatchObject({
    ...{ about: 'usage', perDay: false, before: 216, now: 313, amount: 82450 },
  }))

it('a year ago is the calendar’s: February of a leap year has a day more', () => {
  const { before, now, parts } = differenceOf(bill('2023-02-01', 280), bill('2024-02-01', 290))
  expect([before.days, now.days]).toEqual([28, 29])
  expect(parts.slice(0, 2)).toMatchObject([
    { about: 'usage', before: 10, now: 10, amount: 0 },
    { about: 'days', before: 28, now: 29, amount: 8500 },
  ])
})

it('there are no shares where parts go against each other, or VAT has two rates', () => {
  const now = bill('2026-10-01', 400, { tvTax: 0 })
  expect(sharesOf(differenceOf(september, now))).toBeNull()
  const mixed = bill('2026-10-01', 313, {
    lines: [line('ENERGY', 313, '8.5000'), line('FIXED', 1, '95.0000', '8.00')],
  })
  expect(sharesOf(differenceOf(september, mixed))).toBeNull()
  expect(sharesOf(differenceOf(september, { ...september }))).toBeNull()
  expect(mainReason(differenceOf(september, { ...september }))).toBeUndefined()
})

it('shares add up to 100', () => {
  // 12.5 % each: rounded one by one they came to 104.
  const charge = (code: string, amount: string) => line(code, 1, amount)
  const of = (amount: string) =>
    bill('2026-10-01', 0, {
      ...{ units: null, tvTax: 0 },
      lines: 'ABCDEFGH'.split('').map(code => charge(code, amount)),
    })
  const shares = sharesOf(differenceOf(of('10'), of('20')))!
  expect(shares.map(({ percent }) => percent).sort()).toEqual([12, 12, 12, 12, 13, 13, 13, 13])
})

it('just above a limit, says what staying within it would have saved', () => {
  const just = (units: number, more: Partial<Bill> = {}, tariffs = [household]) =>
    differenceOf(september, bill('2026-10-01', units, { lines: dearer(units), ...more }), tariffs).justAbove
  expect(just(701)).toEqual({ which: 'now', limit: 700, above: 1, less: 85_140 })
  // As the tariff counts it: (735 × 9.50 − 700 × 8.50) × 1.2.
  expect(just(735)).toMatchObject({ above: 35, less: 123_900 })
  expect(just(736)).toBeNull()
  expect(just(700, { lines: [line('ENERGY', 700, '8.5000')] })).toBeNull()
  // The newer one, whichever is compared with which.
  const turned = differenceOf(bill('2026-10-01', 701, { lines: dearer(701) }), september, [household])
  expect(turned.justAbove).toMatchObject({ which: 'before', less: 85_140 })
  // Where days, units or the row of prices are unknown or others, only what is certain.
  expect(just(701, { periodFrom: null })).toMatchObject({ less: 85_140 })
  expect(just(701, { units: null })).toBeNull()
  expect(just(701, {}, [{ ...household, block: { ...household.block!, high: '9.6000' } }])).toBeNull()
  expect(just(701, {}, [{ ...household, block: { ...household.block!, kind: 'above' } }])).toBeNull()
  const changed = [
    { ...household, validTo: '2026-10-14' },
    { ...household, validFrom: '2026-10-15' },
  ]
  expect(just(701, {}, changed)).toBeNull()
})

it('says what must be known of the bills first', () => {
  const about = (before: Bill, now: Bill) => remarksOn(before, now, true, []).map(remark => remark.about)
  expect(about(september, october)).toEqual([])
  expect(about({ ...september, readingKind: 'estimated' }, october)).toEqual(['estimated'])
  expect(about(september, { ...october, cancelledOn: '2026-11-02', correctedOn: '2026-11-01' })).toEqual([
    'cancelled',
    'corrected',
  ])
  expect(about({ ...september, units: null }, { ...october, periodTo: null })).toEqual([
    'unknownUnits',
    'unknownDays',
  ])
  // A new meter: it ends below where the old one began.
  const replaced = { ...october, previousReading: '99900.000', currentReading: '120.000' }
  expect(about(september, replaced)).toEqual(['meterBegan'])
  const read = { ...september, currentReading: '18240.000' }
  expect(about(read, { ...october, previousReading: '18240.000' })).toEqual([])
  expect(about(read, { ...october, previousReading: '18300.000' })).toEqual(['readingsApart'])
  // Months without a bill stay months without a bill; others were left out on purpose.
  const june = bill('2026-06-01', 100)
  expect(remarksOn(june, october, true, ['2026-06-01', '2026-10-01'])).toEqual([
    { about: 'monthsBetween', months: 3 },
  ])
  expect(remarksOn(october, june, true, ['2026-06-01', '2026-09-01', '2026-10-01'])).toEqual([])
  // Where nothing is counted, nothing is missing.
  expect(remarksOn({ ...september, units: null }, october, false, [])).toEqual([])
})

const price = fc.constantFrom('8.5000', '9.5000', '0.0905', '0.1543', '14.3333')
const anyLine = fc.record({
  code: fc.constantFrom('ENERGY', 'FIXED', 'WATER', 'A1B1', 'A2B1', 'A1B2', 'A2B2', 'FINE'),
  quantity: fc.integer({ min: 0, max: 2000 }).map(String),
  unitPrice: price,
  vatPercent: fc.constantFrom('20', '8', '0'),
  off: fc.integer({ min: -2, max: 2 }),
})
const anyBill = fc
  .record({
    period: fc.constantFrom('2024-02-01', '2025-02-01', '2026-03-01', '2026-12-01'),
    hasDays: fc.boolean(),
    units: fc.option(fc.integer({ min: 0, max: 2000 }).map(String)),
    lines: fc.array(anyLine, { maxLength: 6 }),
    isMeasured: fc.boolean(),
    tax: fc.integer({ min: 0, max: 90_000 }),
    tvTax: fc.constantFrom(0, 10_000),
  })
  .map(({ hasDays, isMeasured, tax, ...one }): ComparedBill => {
    const lines = one.lines.map(({ off, ...of }) => ({
      ...of,
      amount: Math.max(0, Math.round(Number(of.quantity) * Number(of.unitPrice) * 100) + off),
    }))
    const used = lines.filter(({ code }) => code === 'ENERGY' || /^A/.test(code))
    const units = isMeasured ? String(used.reduce((sum, of) => sum + Number(of.quantity), 0)) : one.units
    const principal = lines.reduce((sum, { amount }) => sum + amount, 0) + tax
    const days = hasDays ? { periodFrom: one.period, periodTo: lastDay(one.period) } : null
    return {
      ...one,
      ...(days ?? { periodFrom: null, periodTo: null }),
      ...{ lines, units, principal, total: principal + one.tvTax },
    }
  })

it('of any two bills the parts are whole cents and add up to the difference', () => {
  const tariff = fc.constantFrom([], [household], [{ ...household, validFrom: '2020-01-01' }])
  fc.assert(
    fc.property(anyBill, anyBill, tariff, (before, now, tariffs) => {
      const { amount, parts } = differenceOf(before, now, tariffs)
      expect(parts.every(part => Number.isInteger(part.amount))).toBe(true)
      expect(parts.every(part => Number.isFinite(part.before) && Number.isFinite(part.now))).toBe(true)
      expect(parts.reduce((sum, part) => sum + part.amount, 0)).toBe(amount)
      expect(amount).toBe(now.total - before.total)
      const shares = sharesOf({ before, now, amount, parts } as never)
      if (shares?.length) expect(shares.reduce((sum, { percent }) => sum + percent, 0)).toBe(100)
    }),
    { numRuns: process.env.DEEP ? 20_000 : 1000 },
  )
})
