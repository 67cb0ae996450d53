// What appliances come to: always the tariff's own total, its parts to the cent, whatever is typed in the address.
import fc from 'fast-check'
import { describe, expect, it, test } from 'vitest'
import {
  type Asked,
  appliancePath,
  estimatorPath,
  readAsked,
  readNumber,
  typicalRow,
  UNKNOWN,
  usesMostIn,
} from '../../lib/estimator/address.ts'
import { chosenOf, listChoices, namesUnknown, withoutPrices } from '../../lib/estimator/choice.ts'
import type { GroupPrices, OwnContract } from '../../lib/estimator/queries.ts'
import {
  blockAdvice,
  distribute,
  estimate,
  nightSaving,
  ownBills,
  together,
  wattHours,
} from '../../lib/estimator/rules.ts'
import { applianceKinds, BOUNDS, MOST_APPLIANCES, type UsedAppliance } from '../../lib/estimator/schema.ts'
import { calculateBill } from '../../lib/tariffs/rules.ts'
import { tariffsOf } from '../support/tariffs.ts'

const RUNS = process.env.DEEP ? 20_000 : 300

const household = tariffsOf('oshee', 'household').at(-1)!
const oneRate = tariffsOf('kesco', '4/01').at(-1)!
const twoRates = tariffsOf('kesco', '4/02').at(-1)!
const business = tariffsOf('oshee', 'business-0.4kv').at(-1)!
const today = [household, business, oneRate, twoRates]

const used = (kind: UsedAppliance['kind'], more: Partial<UsedAppliance> = {}): UsedAppliance => ({
  kind,
  watts: 1000,
  use: 100,
  count: 1,
  together: false,
  ...more,
})
/** So many kWh in the month, at 1 kW. */
const kwh = (kwh: number) => used('other', { watts: 1, use: 100, count: Math.round(kwh / 0.03) })

const anyUsed = fc.record({
  kind: fc.constantFrom(...applianceKinds),
  watts: fc.integer({ min: BOUNDS.watts.least, max: BOUNDS.watts.most }),
  use: fc.integer({ min: 0, max: 2400 }),
  count: fc.integer({ min: 1, max: 99 }),
  together: fc.boolean(),
})
const month = (tariff: typeof household, usage: { high: number; low: number }) => {
  const bill = calculateBill([{ ...tariff, validTo: null }], { from: '2026-06-01', to: '2026-06-30' }, usage)
  return bill.ok ? bill.value : undefined
}

describe('an estimate', () => {
  it('is what the tariff itself says, and its parts are all of it', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...today),
        fc.array(anyUsed, { maxLength: MOST_APPLIANCES }),
        fc.integer({ min: 0, max: 100 }),
        (tariff, appliances, day) => {
          const { kwh, shares, energy, standing, tvTax, total } = estimate(tariff, appliances, day)
          const all = shares.reduce((sum, { wattHours }) => sum + wattHours, 0)
          expect(kwh).toBe(all / 1000)
          const high = tariff.low === null ? kwh : Math.round((all * day) / 100) / 1000
          const low = Math.round((kwh - high) * 1000) / 1000
          expect(total).toBe(month(tariff, { high, low })?.total)
          expect(shares.reduce((sum, { amount }) => sum + amount, 0)).toBe(energy)
          expect(energy + standing + tvTax).toBe(total)
          for (const { amount } of shares) expect(amount).toBeGreaterThanOrEqual(0)
          expect(Number.isSafeInteger(total)).toBe(true)
        },
      ),
      { numRuns: RUNS },
    )
  })

  it('of a boiler and a lamp, as one counts by hand', () => {
    const { kwh, shares, energy, standing, tvTax, total } = estimate(
      household,
      [used('boiler', { watts: 2000, use: 200 }), used('lamp', { watts: 9, use: 500, count: 8 })],
      60,
    )
    expect(kwh).toBe(130.8)
    expect(shares).toEqual([
      { wattHours: 120_000, amount: 122_400 },
      { wattHours: 10_800, amount: 11_016 },
    ])
    expect([energy, standing, tvTax, total]).toEqual([133_416, 11_400, 10_000, 154_816])
  })

  it('of nothing is the standing charge and the TV tax', () => {
    expect(estimate(household, [], 60)).toMatchObject({ kwh: 0, shares: [], energy: 0, total: 21_400 })
  })

  it('counts times a week over a month of 30 days, each so many minutes', () => {
    expect(wattHours(used('washer', { watts: 1900, use: 400 }))).toBe(Math.round((1900 * 0.5 * 4 * 30) / 7))
    expect(wattHours(used('kettle', { watts: 2000, use: 25 }))).toBe(15_000)
  })

  it('leaves nothing of a whole', () => {
    expect(distribute(100, [1, 1, 1])).toEqual([34, 33, 33])
    expect(distribute(5, [0, 0])).toEqual([0, 0])
  })
})

describe('what it says of a block', () => {
  test.each([
    [559.98, null],
    [687.99, { about: 'near', kwh: 12.01, amount: 85_140 }],
    [699.99, { about: 'near', kwh: 0.01, amount: 85_140 }],
    [700.02, { about: 'under', kwh: 0.02, amount: 84_023 }],
    [711.99, { about: 'under', kwh: 11.99, amount: 97_669 }],
    [840.03, null],
  ])('in Albania at %d kWh', (all, advice) => {
    const appliances = [kwh(all)]
    const result = estimate(household, appliances, 60)
    expect(blockAdvice(household, result.kwh, 60)).toEqual(advice)
    if (advice?.about === 'under')
      expect(result.total - advice.amount).toBe(month(household, { high: 700, low: 0 })?.total)
    if (advice?.about === 'near')
      expect(advice.amount).toBe(
        month(household, { high: 701, low: 0 })!.total - month(household, { high: 700, low: 0 })!.total,
      )
  })

  it('in Kosovo: what is above 800 kWh costs more, and the rest does not', () => {
    expect(blockAdvice(oneRate, 800, 60)).toBeNull()
    const advice = blockAdvice(oneRate, 900, 60)
    // 100 kWh at 0.1543 in place of 0.0905, with VAT of 8 %.
    expect(advice).toEqual({ about: 'above', kwh: 100, amount: 689 })
  })
})

describe('other advice', () => {
  const boiler = used('boiler', { watts: 2000, together: true })
  const oven = used('oven', { watts: 2200, together: true })

  it('names what is too much at once for the contract', () => {
    expect(together([boiler, oven, used('tv')], 4)).toEqual({
      kinds: ['boiler', 'oven'],
      count: 2,
      watts: 4200,
      isTooMuch: true,
    })
    expect(together([boiler, oven], 4.2)?.isTooMuch).toBe(false)
    expect(together([boiler, oven], null)?.isTooMuch).toBe(false)
    expect(together([boiler], 4)).toBeNull()
    expect(together([{ ...boiler, count: 3 }], null)).toMatchObject({ count: 3, isTooMuch: false })
    expect(together([boiler], 1.5)?.isTooMuch).toBe(true)
  })

  it('says what the night saves of what can wait for it', () => {
    const appliances = [used('boiler', { watts: 2000, use: 200 }), used('fridge', { watts: 100, use: 800 })]
    const saving = nightSaving(twoRates, appliances, 60)!
    expect(saving.kinds).toEqual(['boiler'])
    const before = estimate(twoRates, appliances, 60).total
    expect(before - saving.amount).toBe(month(twoRates, { high: 24 * 0.6, low: 120 + 24 * 0.4 })?.total)
    expect(nightSaving(oneRate, appliances, 60)).toBeNull()
    expect(nightSaving(twoRates, [used('fridge')], 60)).toBeNull()
    expect(nightSaving(twoRates, appliances, 0)).toBeNull()
  })

  it('sets the last year of bills beside it, and the same month a year ago', () => {
    const months = ['2024-11-01', '2025-10-01', '2025-11-01', '2026-09-01', '2026-10-01'].map(
      (period, index) => ({
        period,
        total: 1000 * (index + 1),
        units: 10,
      }),
    )
    expect(ownBills(months, '2026-11-27')).toEqual({
      average: { months: 3, total: 4000, kwh: 10 },
      yearAgo: months[2],
    })
    expect(ownBills([{ period: '2026-10-01', total: 5, units: null }], '2026-11-27')).toEqual({
      average: { months: 1, total: 5, kwh: null },
      yearAgo: undefined,
    })
    expect(ownBills([], '2026-11-27').average).toBe(false)
  })
})

describe('a number', () => {
  test.each([
    ['0,5', 0.5],
    ['0.5', 0.5],
    [',5', 0.5],
    ['24', 24],
    [' 2 ', 2],
    ['1,25', 1.25],
  ])('%j is read', (text, value) => expect(readNumber(text, BOUNDS.hoursADay)).toBe(value))

  test.each(['-1', '24,01', '0,12345678901234567', 'NaN', 'Infinity', '1e3', '', '.', '1.2.3', '٣'])(
    '%j is refused',
    text => expect(readNumber(text, BOUNDS.hoursADay)).toBeUndefined(),
  )

  test.each(['2.0', '2.000', '1,5', '0', '100'])('%j is no number of appliances', text =>
    expect(readNumber(text, BOUNDS.count)).toBeUndefined(),
  )
})

describe('the address', () => {
  const form = {
    for: 'kesco/4/02@1',
    with: '',
    appliance: ['heater', 'boiler'],
    watts: ['1500', '2000'],
    use: ['0,5', '2'],
    count: ['2', '1'],
    together: '1',
    day: '70',
    power: '6,5',
  }

  it('of the form becomes a short one that says the same', () => {
    const { short, meant } = readAsked(form)
    expect(short?.path).toBe(
      '/estimator?for=kesco/4/02@1&with=heater-1500-0.5-2,boiler----t&day=70&power=6.5',
    )
    const { searchParams } = new URL(short!.path, 'https://drita.example')
    const again = readAsked(Object.fromEntries(searchParams))
    expect(again.meant).toEqual(meant)
    expect(again.chosen).toEqual({ biller: 'kesco', group: '4/02', contract: 1 })
    expect(again.short).toBeNull()
  })

  it('adds one, takes one away, and takes all away', () => {
    const added = readAsked({ ...form, add: 'heater' })
    expect(added.appliances.map(({ kind }) => kind)).toEqual(['heater', 'boiler', 'heater'])
    expect(added.short?.row).toBe(2)
    const removed = readAsked({ ...form, remove: '0' })
    expect(removed.appliances.map(({ kind }) => kind)).toEqual(['boiler'])
    // What may run together stays with its appliance.
    expect(removed.appliances[0]?.together).toBe(true)
    expect(readAsked({ with: '' }).appliances).toEqual([])
    expect(readAsked({}).appliances.length).toBeGreaterThan(0)
    expect(readAsked({ with: 'heater' }).appliances).toEqual([typicalRow('heater')])
  })

  it('that says nothing is an example, of which nothing is on at the same time', () => {
    const { isExample, appliances } = readAsked({})
    expect(isExample).toBe(true)
    expect(appliances.filter(({ together }) => together)).toEqual([])
    for (const said of [{ with: '' }, { with: 'tv' }, form, { add: 'tv' }])
      expect(readAsked(said).isExample).toBe(false)
  })

  it('keeps what is wrong as it was typed, and says where it is', () => {
    const { mistakes, appliances, short, meant } = readAsked({ ...form, use: ['-1', '0,123'], day: 'x' })
    expect(mistakes.map(({ field, row }) => [field, row])).toEqual([
      ['use', 0],
      ['use', 1],
      ['day', undefined],
    ])
    expect(appliances.map(({ use }) => use)).toEqual(['-1', '0,123'])
    expect([short, meant]).toEqual([null, null])
  })

  it('takes so many appliances and tells of the rest', () => {
    const asked = readAsked({ with: Array(1000).fill('tv').join(',') })
    expect(asked.appliances).toHaveLength(MOST_APPLIANCES)
    expect(asked.tooMany).toBe(true)
    expect(readAsked({ with: Array(MOST_APPLIANCES).fill('tv').join(',') }).tooMany).toBe(false)
  })

  it('is never more than is asked, whatever stands in it', () => {
    const text = fc.oneof(
      fc.string(),
      fc.constantFrom('heater', 'kesco/4/02', '2', '0,5', 'NaN', '-1', 'tv-9--2-t'),
    )
    const many = fc.oneof(text, fc.array(text, { maxLength: 5 }))
    const query = fc.record(
      {
        for: many,
        with: many,
        appliance: many,
        watts: many,
        use: many,
        count: many,
        together: many,
        day: many,
        power: many,
        add: many,
        remove: many,
      },
      { requiredKeys: [] },
    )
    fc.assert(
      fc.property(query, said => {
        const { meant, mistakes, chosen }: Asked = readAsked(said)
        expect(meant === null).toBe(mistakes.length > 0)
        if (!meant) return
        const { total } = estimate(household, meant.used, meant.dayPercent)
        expect(total).toBeGreaterThanOrEqual(21_400)
        const { searchParams } = new URL(estimatorPath(chosen, meant), 'https://drita.example')
        expect(readAsked(Object.fromEntries(searchParams)).meant).toEqual(meant)
      }),
      { numRuns: RUNS },
    )
  })
})

it('is led to with what most likely made a bill, by the contract’s group', () => {
  const path = appliancePath({ biller: 'kesco', group: '4/02' }, usesMostIn('2026-12-01'))
  expect(path).toBe('/estimator?for=kesco/4/02&with=heater')
  expect(appliancePath(null, usesMostIn('2026-07-01'))).toBe('/estimator?with=aircon')
  const { chosen, appliances } = readAsked(Object.fromEntries(new URL(path, 'https://drita.al').searchParams))
  expect(chosen).toEqual({ biller: 'kesco', group: '4/02', contract: null })
  expect(appliances).toEqual([typicalRow('heater')])
})

describe('by what is estimated', () => {
  const prices = [household, oneRate, twoRates].map(
    tariff => ({ tariff, biller: { code: tariff.biller } }) as GroupPrices,
  )
  const contract = (code: string, group: string) =>
    ({ code, group, biller: { code: 'kesco' } }) as OwnContract
  const own = [contract('DPR-1', '4/02'), contract('DPR-2', '4/02'), contract('DPR-3', 'unknown')]
  const choices = listChoices(prices, own)
  const chosen = (asked: Asked['chosen'], of = choices) => {
    const choice = chosenOf(of, asked)
    return [choice?.contract?.code, choice?.tariff.group]
  }

  it('one’s own contracts come first, by their place in their group', () => {
    expect(choices.map(({ value }) => value.contract)).toEqual([1, 2, null, null, null])
    expect(chosen({ biller: 'kesco', group: '4/02', contract: 2 })).toEqual(['DPR-2', '4/02'])
    expect(chosen(null)).toEqual(['DPR-1', '4/02'])
  })

  it('whose contract it is not sees its group', () => {
    const others = listChoices(prices, [])
    expect(chosen({ biller: 'kesco', group: '4/02', contract: 2 }, others)).toEqual([undefined, '4/02'])
    expect(chosen({ biller: 'kesco', group: '9/99', contract: null }, others)).toEqual([
      undefined,
      'household',
    ])
    expect(chosen(null, [])).toEqual([undefined, undefined])
  })

  it.each([
    ['oshee/street-lighting', true],
    ['ukt/x', true],
    ['nonsense', true],
    [UNKNOWN, true],
    ['kesco/4/02@7', false],
    ['', false],
    [undefined, false],
  ])('%j names a group that is not known: %s', (named, isUnknown) => {
    expect(namesUnknown(prices, readAsked(named === undefined ? {} : { for: named }))).toBe(isUnknown)
  })

  it('its address says that the group was not known, and not which', () => {
    const { meant } = readAsked({ appliance: 'tv', watts: '100', use: '4', count: '1' })
    expect(estimatorPath(UNKNOWN, meant!)).toBe('/estimator?for=unknown&with=tv-100-4')
  })

  it('of one’s own contracts those of electricity without prices are told', () => {
    const water = { ...contract('U-1', 'x'), biller: { code: 'ukt' } } as OwnContract
    expect(withoutPrices(prices, [...own, water]).map(({ code }) => code)).toEqual(['DPR-3'])
  })
})
