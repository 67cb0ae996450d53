// A year of consumption: which months it has, and where the bars of its picture stand.
import { describe, expect, it } from 'vitest'
import {
  type BilledUnits,
  billedOf,
  consumptionChart,
  consumptionMonths,
  consumptionNews,
  consumptionOf,
} from '../../lib/billing/consumption.ts'
import { consumptionLabel, consumptionSentence, yearSentence } from '../../lib/billing/consumption-words.ts'

const billed = (month: string, units: string | null, more: Partial<BilledUnits> = {}): BilledUnits => ({
  period: `${month}-01`,
  units,
  readingKind: 'read',
  cancelledOn: null,
  ...more,
})

describe('the months of a year', () => {
  it('are twelve, oldest first, and those without units are missing', () => {
    const months = consumptionMonths(
      [
        billed('2026-10', '313.000'),
        billed('2025-11', '284'),
        billed('2025-10', '9'),
        billed('2026-09', null),
      ],
      '2026-10-01',
    )
    expect(months.map(({ period }) => period.slice(0, 7))).toEqual([
      ...['2025-11', '2025-12', '2026-01', '2026-02', '2026-03', '2026-04'],
      ...['2026-05', '2026-06', '2026-07', '2026-08', '2026-09', '2026-10'],
    ])
    expect(months[0]).toEqual({ period: '2025-11-01', units: 284, kind: 'read' })
    expect(months[11]).toEqual({ period: '2026-10-01', units: 313, kind: 'read' })
    expect(months.slice(1, 11)).toEqual(
      months.slice(1, 11).map(({ period }) => ({ period, units: null, kind: 'missing' })),
    )
  })

  it('add up what one month was billed for, without what was cancelled, and say that a part was estimated', () => {
    const invoices = [
      billed('2026-10', '100'),
      billed('2026-10', '50.5', { readingKind: 'estimated' }),
      billed('2026-10', '999', { cancelledOn: '2026-11-02' }),
    ]
    expect(consumptionMonths(invoices, '2026-10-01').at(-1)).toEqual({
      period: '2026-10-01',
      units: 150.5,
      kind: 'estimated',
    })
  })
})

describe('what a year answers first', () => {
  const newsOf = (before: string | null, last: string | null) =>
    consumptionNews(consumptionMonths([billed('2026-09', before), billed('2026-10', last)], '2026-10-01'))

  it('is the last month, and how much more or less that is than in the month before', () => {
    expect(newsOf('216', '313')).toEqual({
      period: '2026-10-01',
      units: 313,
      before: '2026-09-01',
      percent: 45,
    })
    expect(newsOf('313', '216')).toMatchObject({ percent: -31 })
    expect(newsOf('216', '216')).toMatchObject({ percent: 0 })
  })

  it('is no share of a month that is missing, was next to nothing, or was credited', () => {
    for (const before of [null, '0', '-5'])
      expect(newsOf(before, '313')).toMatchObject({ units: 313, percent: null })
    expect(newsOf('3', '313')).toMatchObject({ percent: null })
    expect(newsOf('216', '-5')).toMatchObject({ units: -5, percent: null })
  })

  it('is nothing where the last month is missing', () => {
    expect(newsOf('216', null)).toBeNull()
    expect(consumptionNews([])).toBeNull()
  })
})

const chartOf = (units: (number | null)[]) =>
  consumptionChart(
    units.map((value, month) => ({
      period: `2026-${String(month + 1).padStart(2, '0')}-01`,
      ...(value === null ? { units: null, kind: 'missing' } : { units: value, kind: 'read' }),
    })),
  )

describe('the picture of a year', () => {
  it('has bars of true heights below round numbers, in places of one width', () => {
    const { bars, lines, zero } = chartOf([284, 371, 402, 354, 300, 338, null, 208, 267, 258, 216, 313])
    expect(lines.map(line => line.units)).toEqual([0, 100, 200, 300, 400, 500])
    expect(zero).toBe(1)
    expect(bars[2]).toMatchObject({ isHighest: true })
    expect(bars[2]!.height).toBeCloseTo(402 / 500)
    expect(bars[2]!.top).toBeCloseTo(1 - 402 / 500)
    expect(bars.filter(({ isHighest }) => isHighest)).toHaveLength(1)
    expect(bars[6]).toMatchObject({ kind: 'missing', height: 0, top: 1 })
    bars.forEach((bar, month) => {
      expect(bar.middle).toBeCloseTo((month + 0.5) / 12)
      expect(bar.width).toBeCloseTo(0.684 / 12)
    })
  })

  it('draws nothing for a year of nothing, and for no year at all', () => {
    for (const units of [[0, 0, 0], [null, null, null], []]) {
      const { bars, lines } = chartOf(units)
      for (const bar of bars) expect(bar.height).toBe(0)
      for (const { top } of lines) expect(top).toBeLessThanOrEqual(1)
    }
  })

  it('goes down from zero where units are credited', () => {
    const { bars, zero } = chartOf([100, -50])
    expect(zero).toBeLessThan(1)
    expect(bars[0]!.top + bars[0]!.height).toBeCloseTo(zero)
    expect(bars[1]!.top).toBeCloseTo(zero)
    expect(bars[1]!.height).toBeCloseTo(bars[0]!.height / 2)
  })

  it('keeps a small month small beside a large one', () => {
    const { bars } = chartOf([1, 100_000])
    expect(bars[0]!.height).toBeCloseTo(0.00001)
  })

  it('marks the last of several highest months', () => {
    expect(chartOf([5, 7, 7, 6]).bars.map(({ isHighest }) => isHighest)).toEqual([false, false, true, false])
  })
})

describe('the year before', () => {
  const year = (units: number | null) =>
    consumptionMonths(units === null ? [] : [billed('2026-10', String(units))], '2026-10-01')

  it('stands on the same scale, and is broken where a month is missing', () => {
    const { bars, before } = consumptionChart(year(100), year(400))
    expect(before.slice(0, 11)).toEqual(Array(11).fill(null))
    expect(before[11]).toBeLessThan(bars[11]!.top)
    expect((1 - before[11]!) / bars[11]!.height).toBeCloseTo(4)
    expect(consumptionChart(year(100)).before).toEqual([])
  })
})

/** `count` months up to October 2026, each of 100 units and 30 days, but for what `unlike` says of some. */
const months = (count: number, unlike: Record<string, Partial<BilledUnits>> = {}) =>
  Array.from({ length: count }, (_, back) => {
    const month = new Date(Date.UTC(2026, 9 - back, 1)).toISOString().slice(0, 7)
    const days = { periodFrom: `${month}-01`, periodTo: `${month}-28` }
    return { ...billed(month, '100', { ...days, ...unlike[month] }), total: 1_000 + back }
  })

describe('like is compared with like', () => {
  const begun = { '2026-10': { units: '40', periodTo: '2026-10-12' } }

  it('so a month that has just begun is told as a part, and neither as less than the one before nor than last year’s', () => {
    const { months: bars, before } = consumptionOf(months(24, begun), '2026-10-01')!
    expect(bars.at(-1)).toEqual({ period: '2026-10-01', units: 40, kind: 'read', isPart: true })
    expect(consumptionNews(bars)).toMatchObject({ units: 40, percent: null })
    expect(before.map(({ units }) => units)).toEqual([...Array(11).fill(100), null])
    expect(consumptionNews(consumptionOf(months(24), '2026-10-01')!.months)).toMatchObject({ percent: 0 })
  })

  it('so a year that has just begun stands beside the same months of the year before', () => {
    const { by, months: years, before } = consumptionOf(months(48), '2026-10-01', 36)!
    expect(by).toBe('year')
    expect(years.map(({ period, units, isPart }) => [period, units, isPart])).toEqual([
      ['2023-01-01', 200, true],
      ['2024-01-01', 1200, undefined],
      ['2025-01-01', 1200, undefined],
      ['2026-01-01', 1000, true],
    ])
    expect(before.map(({ units }) => units)).toEqual([200, null, null, 1000])
  })

  it('so a year with a month missing is a part, and is compared with nothing where the year before lacks it too', () => {
    const invoices = months(48).filter(({ period }) => !['2025-03-01', '2024-03-01'].includes(period))
    const { months: years, before } = consumptionOf(invoices, '2026-10-01', 36)!
    expect(years.map(({ units, isPart }) => [units, isPart])).toContainEqual([1100, true])
    expect(before.map(({ units }) => units)).toEqual([200, 1100, 1100, null])
  })

  it('by calendar months: the February of a leap year is a whole one', () => {
    const whole = { period: '2028-02-01', periodFrom: '2028-02-01', periodTo: '2028-02-29' }
    const february = { ...billed('2028-02', '90', whole), total: 1 }
    const { months: bars, before } = consumptionOf([february, billed('2027-02', '80')], '2028-02-01')!
    expect(bars.at(-1)).toEqual({ period: '2028-02-01', units: 90, kind: 'read' })
    expect(before.at(-1)).toMatchObject({ period: '2027-02-01', units: 80 })
  })

  it('in a sentence only where every month of both years was billed', () => {
    const dear = Object.fromEntries(months(12).map(({ period }) => [period.slice(0, 7), { units: '150' }]))
    const said = (invoices: BilledUnits[]) => yearSentence(consumptionOf(invoices, '2026-10-01')!, 'en')
    expect(said(months(24, dear))).toBe('50% more than in the same months a year before.')
    expect(said(months(23, dear))).toBeNull()
    expect(said(months(24, begun))).toBeNull()
  })
})

describe('in money', () => {
  it('a month is the sum of its invoices in minor units, cancelled ones left out, and missing is not nothing', () => {
    const invoices = [
      ...months(2),
      { ...billed('2026-09', null), total: 50 },
      { ...billed('2026-09', '1', { cancelledOn: '2026-10-02' }), total: 7_000_000 },
      { ...billed('2026-07', '1', { isCorrected: true }), total: 0 },
    ]
    expect(billedOf(invoices, '2026-10-01')!.months.slice(-4)).toEqual([
      { period: '2026-07-01', units: 0, kind: 'read', isCorrected: true },
      { period: '2026-08-01', units: null, kind: 'missing' },
      { period: '2026-09-01', units: 1_051, kind: 'read' },
      { period: '2026-10-01', units: 1_000, kind: 'read' },
    ])
  })
})

describe('in words', () => {
  const sentence = (before: string | null, last: string, today = '2026-11-24') =>
    (['sq', 'en', 'sr'] as const).map(locale =>
      consumptionSentence(
        consumptionMonths([billed('2026-09', before), billed('2026-10', last)], '2026-10-01'),
        'kWh',
        today,
        locale,
      )?.replaceAll('\u00a0', ' '),
    )

  it.each([
    [
      '216',
      '313',
      [
        '313 kWh në tetor, 45% më shumë se në shtator',
        '313 kWh in October, 45% more than in September',
        '313 kWh u oktobru, 45% više nego u septembru',
      ],
    ],
    [
      '313',
      '216',
      [
        '216 kWh në tetor, 31% më pak se në shtator',
        '216 kWh in October, 31% less than in September',
        '216 kWh u oktobru, 31% manje nego u septembru',
      ],
    ],
    [
      '216',
      '216',
      [
        '216 kWh në tetor, njësoj si në shtator',
        '216 kWh in October, the same as in September',
        '216 kWh u oktobru, isto kao u septembru',
      ],
    ],
    [null, '1313', ['1 313 kWh në tetor', '1,313 kWh in October', '1.313 kWh u oktobru']],
  ])('after %s, %s is said first', (before, last, said) => expect(sentence(before, last)).toEqual(said))

  it('names the year of a month long past', () =>
    expect(sentence(null, '30', '2028-01-01')[1]).toBe('30 kWh in October 2026'))

  it('tells the whole picture to who does not see it', () => {
    const months = consumptionMonths(
      [billed('2026-10', '313'), billed('2026-09', '402', { readingKind: 'estimated' })],
      '2026-10-01',
    )
    const label = consumptionLabel({ by: 'month', months }, 'units', units => `${units} kWh`, 'en')
    expect(label).toMatch(
      /^Usage over 12 months\. Highest: 402 kWh, September 2026\. Latest: 313 kWh, October 2026\. No invoice: November 2025, .+ and August 2026\. Estimated: September 2026\.$/,
    )
  })
})
