// A year of consumption: which months it has, and where the bars of its picture stand.
import { describe, expect, it } from 'vitest'
import {
  type BilledUnits,
  consumptionChart,
  consumptionMonths,
  consumptionNews,
} from '../../lib/billing/consumption.ts'
import { consumptionLabel, consumptionSentence } from '../../lib/billing/consumption-words.ts'

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
    expect(consumptionLabel(months, 'kWh', 'en').replaceAll('\u00a0', ' ')).toMatch(
      /^Usage over 12 months\. Highest: 402 kWh, September 2026\. Latest: 313 kWh, October 2026\. No invoice: November 2025, .+ and August 2026\. Estimated: September 2026\.$/,
    )
  })
})
