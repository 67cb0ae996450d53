// What a period's use comes to: every figure that was published or billed, borders, changes within a period, and whatever numbers.
import fs from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it, test } from 'vitest'
import { billerCodes } from '../../db/billers.ts'
import { knownTariffs } from '../../db/tariffs.ts'
import { typedOf } from '../../lib/tariffs/forms.ts'
import { changeBy } from '../../lib/tariffs/preview-rules.ts'
import { blockState, calculateBill, monthOf, tariffOn } from '../../lib/tariffs/rules.ts'
import type { Tariff, Usage } from '../../lib/tariffs/schema.ts'
import { type MeterState, roughly, thresholdOf } from '../../lib/tariffs/threshold-rules.ts'
import { thresholdSentence } from '../../lib/tariffs/threshold-words.ts'
import { readNewTariff } from '../../lib/tariffs/typed.ts'
import { tariffsOf } from '../support/tariffs.ts'

const RUNS = { numRuns: process.env.DEEP ? 20_000 : 300 }

const household = tariffsOf('oshee', 'household')
const business = tariffsOf('oshee', 'business-0.4kv')
const oneRate = tariffsOf('kesco', '4/01')
const twoRates = tariffsOf('kesco', '4/02')

function billOf(tariffs: Tariff[], from: string, usage: Usage, to = monthOf(from).to) {
  const bill = calculateBill(tariffs, { from, to }, usage)
  if (!bill.ok) throw new Error(JSON.stringify(bill))
  return bill.value
}

const byDay = (all: number, share = 0.6): Usage => ({ high: all * share, low: all * (1 - share) })
const high = (all: number): Usage => ({ high: all, low: 0 })

describe('figures that were published', () => {
  test.each([
    [0, 21_400],
    [30, 55_600],
    [47, 74_980],
  ])('Albania in 2023, %d kWh', (kwh, total) => {
    expect(billOf(household, '2023-09-01', high(kwh)).total).toBe(total)
  })

  test.each([
    [700, 714_000],
    [701, 799_140],
  ])('Albania since 2025, %d kWh, without fixed fee and TV tax', (kwh, without) => {
    const { total, tvTax } = billOf(household, '2025-11-01', high(kwh))
    expect(total - tvTax - 11_400).toBe(without)
  })

  test.each([
    ['2023-03-01', 800, 4_686],
    ['2023-04-01', 800, 5_409],
  ])('Kosovo from %s, %d kWh, 60 % by day', (from, kwh, total) => {
    expect(billOf(twoRates, from, byDay(kwh)).total).toBe(total)
  })

  test.each([
    [800, 6_032],
    [1_200, 11_290],
  ])('Kosovo since 2025, %d kWh, without standing charge', (kwh, without) => {
    expect(billOf(twoRates, '2025-06-01', byDay(kwh)).total - 251).toBe(without)
  })
})

/** Every bill of the sample feeds, by its lines: code, quantity, price, amount. */
describe.each(['oshee', 'kesco'] as const)('bills of the sample feed of %s', biller => {
  const read = (file: string) => {
    const [head, ...rows] = fs
      .readFileSync(`db/demonstration/${biller}/${file}.csv`, 'utf8')
      .trim()
      .split('\n')
      .map(row => row.split(','))
    return rows.map(row => Object.fromEntries(head!.map((name, index) => [name, row[index]!])))
  }
  const groups = new Map(read('contracts').map(({ code, tariff_group }) => [code, tariff_group]))
  const lines = Map.groupBy(read('invoice_lines'), ({ invoice_number }) => invoice_number)

  test.each(read('invoices').map(invoice => [invoice.number, invoice] as const))('%s', (number, invoice) => {
    const billed = lines.get(number)!
    const used = (register: RegExp) =>
      billed
        .filter(({ code }) => register.test(code!))
        .reduce((sum, { quantity }) => sum + Number(quantity), 0)
    const group = tariffsOf(biller, groups.get(invoice.contract_code)!)
    // The sample of May 2025 follows the source that has the new prices from 1 June on.
    const tariffs = number === 'K-2025-05-10442' ? [{ ...group.at(-2)!, validTo: null }] : group
    const usage = { high: used(/^(ENERGY|A1)/), low: used(/^A2/) }
    const bill = billOf(tariffs, invoice.period_from!, usage, invoice.period_to)
    const shown = (line: { code: string; quantity: unknown; unitPrice: unknown; amount: number }) => [
      ...[line.code, Number(line.quantity), Number(line.unitPrice), line.amount],
    ]
    expect(bill.lines.map(shown)).toEqual(
      billed.map(({ code, quantity, unit_price, amount }) => [
        ...[code, Number(quantity), Number(unit_price), Math.round(Number(amount) * 100)],
      ]),
    )
    expect([bill.net + bill.vat, bill.tvTax, bill.total]).toEqual(
      ['principal', 'tv_tax', 'total'].map(name => Math.round(Number(invoice[name]) * 100)),
    )
  })
})

describe('a block', () => {
  it('of Albania holds for all of the month, of Kosovo for what is above', () => {
    const prices = (tariffs: Tariff[], all: number) =>
      billOf(tariffs, '2025-11-01', high(all)).lines.map(({ code, quantity, unitPrice }) => [
        ...[code, quantity, Number(unitPrice)],
      ])
    expect(prices(household, 700)[0]).toEqual(['ENERGY', 700, 8.5])
    expect(prices(household, 701)[0]).toEqual(['ENERGY', 701, 9.5])
    expect(prices(oneRate, 800)[0]).toEqual(['A1B1', 800, 0.0905])
    expect(prices(oneRate, 801).slice(0, 2)).toEqual([
      ['A1B1', 800, 0.0905],
      ['A1B2', 1, 0.1543],
    ])
  })

  it('is shared by day and night pro rata', () => {
    const { lines } = billOf(twoRates, '2025-06-01', byDay(1_200))
    expect(lines.map(({ code, quantity }) => [code, quantity])).toEqual([
      ...[['A1B1', 480] as const, ['A2B1', 320], ['A1B2', 240], ['A2B2', 160], ['FIXED', 1]],
    ])
  })

  it('of a meter with one register takes what is counted by night for the same', () => {
    expect(billOf(oneRate, '2025-06-01', { high: 500, low: 400 })).toEqual(
      billOf(oneRate, '2025-06-01', high(900)),
    )
  })
})

describe('without any use', () => {
  it('the fixed fee and the TV tax are billed', () => {
    const [albania, kosovo] = [household, twoRates].map(tariffs => billOf(tariffs, '2026-10-01', high(0)))
    expect(albania).toMatchObject({ net: 9_500, vat: 1_900, tvTax: 10_000, total: 21_400 })
    expect(kosovo).toMatchObject({ net: 232, vat: 19, tvTax: 0, total: 251 })
    expect(billOf(business, '2026-10-01', high(0)).lines.map(({ code }) => code)).toEqual(['ENERGY', 'TV'])
  })
})

describe('a tariff that changes within the period', () => {
  it('is billed by days, each part with the whole limit', () => {
    const bill = billOf(oneRate, '2025-04-16', high(1_200), '2025-05-15')
    expect(bill.lines).toMatchObject([
      { code: 'A1B1', quantity: 600, amount: 4_674, tariffId: 3 },
      { code: 'A1B1', quantity: 600, amount: 5_430, tariffId: 4 },
      { code: 'FIXED', quantity: 0.5, unitPrice: '2.00', amount: 100 },
      { code: 'FIXED', quantity: 0.5, unitPrice: '2.32', amount: 116 },
    ])
    expect(bill).toMatchObject({ net: 10_320, vat: 826, total: 11_146 })
  })

  it('charges a fee that stayed the same once, and the TV tax too', () => {
    const { lines } = billOf(household, '2025-01-16', high(310), '2025-02-15')
    expect(lines.map(({ code, quantity, amount }) => [code, quantity, amount])).toEqual([
      ['ENERGY', 160, 152_000],
      ['ENERGY', 150, 127_500],
      ['FIXED', 1, 9_500],
      ['TV', 1, 10_000],
    ])
  })

  it('leaves old months at the price of then', () => {
    const before = billOf(household, '2025-01-01', high(500))
    const dearer = { ...household.at(-1)!, id: 99, validFrom: '2027-01-01', high: '99' }
    const more = [...household.slice(0, -1), { ...household.at(-1)!, validTo: '2026-12-31' }, dearer]
    expect(billOf(more, '2025-01-01', high(500))).toEqual(before)
    expect(tariffOn(more, '2026-12-31')).toMatchObject({ high: '8.5' })
    expect(tariffOn(more, '2027-01-01')).toMatchObject({ high: '99' })
  })
})

describe('a gap', () => {
  it('is named by its days', () => {
    const whole = (from: string, to: string) => calculateBill(twoRates, { from, to }, high(100))
    expect(whole('2022-02-01', '2022-02-28')).toEqual({
      ...{ ok: false, code: 'noTariff', from: '2022-02-01', to: '2022-02-08' },
    })
    expect(whole('2022-01-01', '2022-01-31')).toEqual({
      ...{ ok: false, code: 'noTariff', from: '2022-01-01', to: '2022-01-31' },
    })
    expect(calculateBill([], monthOf('2026-10-01'), high(1))).toMatchObject({ code: 'noTariff' })
  })

  it('is there before the first row alone: each other begins the day after the one before ends', () => {
    for (const biller of billerCodes) {
      const rows = knownTariffs[biller] ?? []
      for (const group of new Set(rows.map(row => row.group))) {
        const days = rows.filter(row => row.group === group).map(({ from }) => from)
        expect(days).toEqual([...new Set(days)].sort())
      }
    }
  })
})

describe('how far a month is from its block', () => {
  const state = (tariffs: Tariff[], usage: Usage, day = '2026-11-21') =>
    blockState(tariffs, monthOf(day), usage)

  it('is said by the same border as the bill', () => {
    expect(state(household, high(640.7))).toEqual({
      ...{ kind: 'whole', limit: 700, used: 640, left: 60, isAbove: false, extra: 85_140 },
      ...{ unitPrice: '10.2000', unitPriceAbove: '11.4000', isTwoRate: false },
    })
    expect(state(household, high(700))).toMatchObject({ left: 0, isAbove: false })
    expect(state(household, high(700.9))).toMatchObject({ used: 700, left: 0, isAbove: false })
    expect(state(household, high(701))).toMatchObject({ left: 0, isAbove: true })
    for (const used of [699, 700, 701]) {
      const [energy] = billOf(household, '2026-11-01', high(used)).lines
      expect(state(household, high(used))!.isAbove).toBe(energy!.unitPrice === '9.5')
    }
  })

  it('costs in Kosovo no more than the kWh above', () => {
    expect(state(twoRates, byDay(700))).toMatchObject({
      ...{ kind: 'above', limit: 800, left: 100, extra: 13, unitPrice: '0.0977', unitPriceAbove: '0.1666' },
    })
  })

  it('is unknown where there is no block, or no tariff for all of the month', () => {
    expect(state(business, high(900))).toBeNull()
    expect(state(household, high(600), '2024-12-01')).toBeNull()
    expect(state(twoRates, high(600), '2022-02-10')).toBeNull()
    expect(state(household, high(Number.NaN))).toBeNull()
  })
})

describe('whatever is used', () => {
  const tariff = fc.constantFrom(household, business, oneRate, twoRates)
  const day = fc
    .integer({ min: Date.parse('2022-02-09') / 86_400_000, max: Date.parse('2027-12-31') / 86_400_000 })
    .map(days => new Date(days * 86_400_000).toISOString().slice(0, 10))
  const amount = fc.integer({ min: 0, max: 3_000_000 }).map(thousandths => thousandths / 1000)
  const whole = fc.integer({ min: 0, max: 3_000 })

  it('the lines add up, and nothing is negative', () => {
    fc.assert(
      fc.property(
        tariff,
        day,
        fc.integer({ min: 0, max: 99 }),
        amount,
        amount,
        (tariffs, from, days, one, other) => {
          const to = new Date(Date.parse(from) + days * 86_400_000).toISOString().slice(0, 10)
          const { lines, net, vat, tvTax, total } = billOf(tariffs, from, { high: one, low: other }, to)
          const sum = (of: typeof lines) => of.reduce((all, line) => all + line.amount, 0)
          expect(sum(lines)).toBe(net + tvTax)
          expect(net + vat + tvTax).toBe(total)
          const kwh = lines
            .filter(({ code }) => /^[AE]/.test(code))
            .reduce((all, { quantity }) => all + quantity, 0)
          expect(kwh).toBeCloseTo(one + other, 6)
          for (const { quantity, amount } of lines) {
            expect(quantity).toBeGreaterThanOrEqual(0)
            expect(Number.isSafeInteger(amount) && amount >= 0).toBe(true)
          }
        },
      ),
      RUNS,
    )
  })

  it('costs no less for a kWh more', () => {
    fc.assert(
      fc.property(tariff, day, whole, whole, fc.boolean(), (tariffs, from, one, other, byNight) => {
        const less = billOf(tariffs, from, { high: one, low: other })
        const more = billOf(tariffs, from, { high: one + (byNight ? 0 : 1), low: other + (byNight ? 1 : 0) })
        expect(more.total).toBeGreaterThanOrEqual(less.total)
      }),
      RUNS,
    )
  })

  it('what is no use, or no period, is refused and never priced', () => {
    for (const kwh of [-1, Number.NaN, Number.POSITIVE_INFINITY, 1e12]) {
      expect(calculateBill(household, monthOf('2026-10-01'), { high: kwh, low: 0 })).toEqual({
        ok: false,
        code: 'invalid',
      })
      expect(calculateBill(twoRates, monthOf('2026-10-01'), { high: 0, low: kwh })).toMatchObject({
        ok: false,
      })
    }
    for (const to of ['2026-09-30', 'soon']) {
      expect(calculateBill(household, { from: '2026-10-01', to }, high(1))).toEqual({
        ok: false,
        code: 'invalid',
      })
    }
    fc.assert(
      fc.property(fc.double(), fc.double(), (one, other) => {
        const bill = calculateBill(twoRates, monthOf('2026-10-01'), { high: one, low: other })
        expect(bill.ok ? bill.value.total >= 251 : bill.code === 'invalid').toBe(true)
      }),
      RUNS,
    )
  })
})

describe('a tariff to be added', () => {
  const typed = typedOf({ ...household.at(-1)!, validFrom: '2027-04-01', source: 'ERE' })

  it('is read from an address as it was typed, or not at all', () => {
    const read = readNewTariff({ ...typed, high: '9,5', fixedFee: '100', from: '1.4.2027' })
    expect(read).toMatchObject({ validFrom: '2027-04-01', high: '9.5', fixedFee: 10_000, low: null })
    expect(read!.block).toEqual({ limit: 700, kind: 'whole', high: '9.5', low: null })
    expect(readNewTariff(typedOf(read!))).toEqual(read)
    for (const wrong of [
      ...[{ high: '-1' }, { high: '1e3' }, { high: '' }, { fixedFee: 'NaN' }, { vatPercent: '101' }],
      ...[{ from: '31.02.2027' }, { from: '0027-04-01' }, { blockLimit: '0' }, { blockLimit: '' }],
      ...[{ blockKind: 'none' }, { blockLow: '1' }, { source: '' }, { group: 'a b' }],
    ]) {
      expect(readNewTariff({ ...typed, ...wrong }), JSON.stringify(wrong)).toBeUndefined()
    }
  })

  it('shows which one ends when, and typical bills before and after', () => {
    const added = readNewTariff({ ...typed, high: '9' })!
    expect(changeBy('oshee', household, added)).toEqual({
      ...{ ends: { from: '2026-01-01', lastDay: '2027-03-31' }, replaces: false, until: null },
      examples: [
        { kwh: 300, before: 327_400, after: 345_400 },
        { kwh: 700, before: 735_400, after: 777_400 },
        { kwh: 701, before: 820_540, after: 820_540 },
      ],
    })
    expect(changeBy('oshee', household, { ...added, validFrom: '2026-01-01' })).toMatchObject({
      ...{ ends: null, replaces: true, until: null },
    })
    expect(changeBy('oshee', household, { ...added, validFrom: '2025-06-01' })).toMatchObject({
      ...{ ends: { from: '2025-02-01', lastDay: '2025-05-31' }, until: '2025-12-31' },
    })
    const first = changeBy('oshee', [], added)
    expect(first).toMatchObject({ ends: null, replaces: false })
    expect(first.examples.map(({ before }) => before)).toEqual([null, null, null])
  })

  it('splits what two rates count exactly, so that one kWh more costs its own price', () => {
    const known = tariffsOf('kesco', '4/02')
    const added = {
      ...{ ...known.at(-1)!, validFrom: '2027-01-01', high: '0.1098', low: '0.0471', fixedFee: 281 },
      block: { limit: 800, kind: 'above' as const, high: '0.1872', low: '0.0883' },
    }
    expect(changeBy('kesco', known, added).examples).toEqual([
      { kwh: 300, before: 2513, after: 3048 },
      { kwh: 800, before: 6283, after: 7623 },
      // 480.6 and 320.4 kWh: with 481 of them by day it would be 6299.
      { kwh: 801, before: 6296, after: 7639 },
    ])
  })
})

describe('a month near its limit, by the meter', () => {
  const reading = (value: number, readAt = '2026-11-20T06:00:00+01:00', more = {}) => ({
    ...{ register: 'A1', value: String(value), readAt, meterNumber: 'M-1', ...more },
  })
  const meter: MeterState = {
    ...{ timeZone: 'Europe/Tirane', meterNumber: 'M-1', meters: 1, tariffs: household },
    readings: [reading(16_044)],
    invoice: { period: '2026-10-01', currentReading: '15404.000', isEstimated: false },
  }
  const at = (now: string, more: Partial<MeterState> = {}) =>
    thresholdOf({ ...meter, ...more }, new Date(now))
  const NOW = '2026-11-21T10:00:00Z'

  it('is said with the days that are left', () => {
    expect(at(NOW)).toMatchObject({ month: '2026-11-01', used: 640, limit: 700, daysLeft: 9, isAbove: false })
    expect(at(NOW, { readings: [reading(15_964)] })).toMatchObject({ used: 560 })
    expect(at(NOW, { readings: [reading(15_963.9)] })).toBeNull()
    expect(at(NOW, { readings: [reading(16_105)] })).toMatchObject({ used: 701, isAbove: true })
  })

  it('adds up both registers of a meter that has two', () => {
    const two = [reading(9_000), reading(7_100, undefined, { register: 'A2' })]
    const kosovo = { tariffs: twoRates, invoice: { ...meter.invoice!, currentReading: '15400' } }
    expect(at(NOW, { ...kosovo, readings: two })).toMatchObject({ used: 700, limit: 800, kind: 'above' })
    expect(at(NOW, { ...kosovo, readings: two.slice(0, 1) })).toBeNull()
  })

  it('needs the registers of the month’s own tariff, whatever one to come asks for', () => {
    const [last] = household.slice(-1)
    const toCome = { ...last!, validFrom: '2027-01-01', validTo: null, low: '5.00' }
    const tariffs = [...household.slice(0, -1), { ...last!, validTo: '2026-12-31' }, toCome]
    expect(at(NOW, { tariffs })).toMatchObject({ used: 640 })
  })

  it('is not known by a reading of before, of another meter, or from an estimate', () => {
    for (const more of [
      { readings: [] },
      { readings: [reading(16_044, '2026-11-17T06:00:00+01:00')] },
      { readings: [reading(16_044, undefined, { meterNumber: 'M-2' })] },
      { readings: [reading(12)] },
      { meters: 2 },
      { invoice: null },
      { invoice: { ...meter.invoice!, isEstimated: true } },
      { invoice: { ...meter.invoice!, currentReading: null } },
      { invoice: { ...meter.invoice!, period: '2026-09-01' } },
      { tariffs: [] },
    ]) {
      expect(at(NOW, more), JSON.stringify(more)).toBeNull()
    }
  })

  it('is of the local month and day, in the hour that comes twice too', () => {
    const october = { invoice: { ...meter.invoice!, period: '2026-09-01' } }
    for (const readAt of ['2026-10-25T02:30:00+02:00', '2026-10-25T02:30:00+01:00']) {
      expect(at('2026-10-25T10:00:00Z', { ...october, readings: [reading(16_044, readAt)] })).toMatchObject({
        ...{ month: '2026-10-01', daysLeft: 6 },
      })
    }
    // In Tirana it is November; what was read before midnight is October's.
    const midnight = '2026-10-31T23:30:00Z'
    const read = (readAt: string) => at(midnight, { readings: [reading(16_044, readAt)] })
    expect(read('2026-10-31T23:00:00Z')).toMatchObject({ month: '2026-11-01', daysLeft: 29 })
    expect(read('2026-10-31T22:59:00Z')).toBeNull()
  })

  it('is worded in each language, by two figures of what it costs', () => {
    expect([85_140, 13, 5, 99_600].map(roughly)).toEqual([85_000, 13, 5, 100_000])
    const near = at(NOW)!
    const said = (['sq', 'en', 'sr'] as const).map(locale =>
      thresholdSentence(near, 'ALL', locale).replaceAll('\u00a0', ' '),
    )
    expect(said).toEqual([
      '640 nga 700 kWh të përdorura në nëntor 2026, edhe 9 ditë. Nga 701 kWh e lart, muaji kushton rreth 850 Lekë më shumë.',
      '640 of 700 kWh used in November 2026, 9 days left. From 701 kWh on, the month costs about 850 lek more.',
      'Potrošeno 640 od 700 kWh (novembar 2026.), ostalo je još 9 dana. Od 701 kWh mesec košta oko 850 leka više.',
    ])
    const kosovo = blockState(twoRates, monthOf('2026-11-21'), byDay(700))!
    expect(thresholdSentence({ ...kosovo, month: '2026-11-01', daysLeft: 0 }, 'EUR', 'en')).toBe(
      '700 of 800 kWh used in November 2026, on its last day. From 801 on, each kWh by day costs €0.1666 instead of €0.0977.',
    )
  })
})
