// The picture of a year: what a browser gets of it, small beside its figures and full with its words.
import { gzipSync } from 'node:zlib'
import { createElement } from 'react'
import { renderToStaticMarkup } from 'react-dom/server'
import { expect, it } from 'vitest'
import { markupOf } from '../../components/static-markup.ts'
import { YearChart } from '../../components/year-chart.tsx'
import { type BilledUnits, type ConsumptionMonth, consumptionMonths } from '../../lib/billing/consumption.ts'

const billed = (period: string, units: string, readingKind: BilledUnits['readingKind'] = 'read') => ({
  period: `${period}-01`,
  units,
  readingKind,
  cancelledOn: null,
})
const months = consumptionMonths(
  [
    billed('2026-10', '313'),
    billed('2026-09', '216'),
    billed('2026-08', '259', 'estimated'),
    billed('2026-01', '400'),
  ],
  '2026-10-01',
)
const words = {
  label: 'A year',
  month: (period: string) => period.slice(5, 7),
  letter: (period: string) => period.slice(6, 7),
  units: (units: number) => `${units} kWh`,
}
const draw = (full: boolean) =>
  renderToStaticMarkup(
    createElement(YearChart, { months, height: full ? 210 : 56, words: full ? words : undefined }),
  )
const bars = (svg: string) => [...svg.matchAll(/<rect x="[^>]*>/g)].map(([rect]) => rect)
const number = (rect: string | undefined, name: string) =>
  Number(new RegExp(` ${name}="([^"]+)"`).exec(rect ?? '')![1])

it('draws every month in its place, in its true height, and needs no style attribute', () => {
  for (const full of [false, true]) {
    const svg = draw(full)
    expect(svg).not.toMatch(/style=|viewBox/)
    const drawn = bars(svg)
    expect(drawn).toHaveLength(12)
    const [january, last] = [drawn[2], drawn[11]]
    expect(number(january, 'height') / number(last, 'height')).toBeCloseTo(400 / 313, 1)
    // They stand on one line.
    expect(number(january, 'y') + number(january, 'height')).toBe(number(last, 'y') + number(last, 'height'))
    expect(last).toContain('fill="var(--sun)"')
    expect(drawn[0]).toContain('stroke-dasharray')
  }
})

it('small, fills its room and is nothing for readers; full, says itself and its figures', () => {
  expect(number(bars(draw(false))[2], 'y')).toBe(3)
  expect(draw(false)).toContain('aria-hidden="true"')
  expect(draw(false)).not.toContain('<text')
  const full = draw(true)
  expect(full).toContain('role="img" aria-label="A year"')
  expect(full).toContain('>313 kWh</text>')
  expect(full).toContain('>400 kWh</text>')
  expect(full).not.toContain('216')
  expect(full.match(/>\?<\/text>/g)).toHaveLength(8)
  expect(bars(full)[9]).toContain('url(#estimated-year)')
})

it('tells each month by a letter or its name, and hatches the last one too where it is estimated', () => {
  expect(draw(true).match(/class="sm:hidden print:hidden">\d</g)).toHaveLength(11)
  const estimated = consumptionMonths([billed('2026-10', '313', 'estimated')], '2026-10-01')
  const svg = renderToStaticMarkup(createElement(YearChart, { months: estimated, height: 210, words }))
  expect(bars(svg)[11]).toContain('fill="url(#last-year)"')
})

it('stands where nothing is known, and where nothing was used', () => {
  for (const none of [[], [billed('2026-10', '0')]]) {
    const svg = renderToStaticMarkup(
      createElement(YearChart, { months: consumptionMonths(none, '2026-10-01'), height: 56 }),
    )
    expect(bars(svg)).toHaveLength(12)
    expect(svg).not.toContain('NaN')
  }
})

it('draws the year before as a line, broken where a month is missing', () => {
  const before = consumptionMonths(
    [billed('2025-10', '300'), billed('2025-09', '290'), billed('2025-07', '280')],
    '2025-10-01',
  )
  const svg = renderToStaticMarkup(createElement(YearChart, { months, before, height: 210, words }))
  expect(svg.match(/<circle /g)).toHaveLength(3)
  expect(svg.match(/<line /g)).toHaveLength(1)
  expect(draw(true)).not.toMatch(/<circle|<line|before-year/)
})

const picture = (units: (number | null)[], more: Record<number, object> = {}) =>
  markupOf(
    createElement(YearChart, {
      months: units.map((value, month) => ({
        period: `${2025 + Math.floor(month / 12)}-${String((month % 12) + 1).padStart(2, '0')}-01`,
        ...(value === null ? { units: null, kind: 'missing' } : { units: value, kind: 'read' }),
        ...more[month],
      })) as ConsumptionMonth[],
      height: 130,
      words,
    }),
  )

it('tells nothing used, in figures, from no invoice, in a dashed box with a question mark', () => {
  const svg = picture([100, 0, null, 50])
  const [, zero, missing] = bars(svg)
  expect(number(zero, 'height')).toBe(0)
  expect(svg).toContain('>0 kWh</text>')
  expect(missing).toContain('stroke-dasharray="3 3"')
  expect(svg.match(/>\?<\/text>/g)).toHaveLength(1)
})

it('keeps a figure at the ground clear of the mark of what was corrected', () => {
  const figure = (svg: string) => Number(/y="(\d+)"[^>]*>0 kWh</.exec(svg)![1])
  const ground = number(bars(picture([100, 0, 50]))[1], 'y')
  // The diamond is 12 high.
  expect(figure(picture([100, 0, 50], { 1: { isCorrected: true } }))).toBeLessThan(ground - 12)
  expect(figure(picture([100, 0, 50]))).toBe(ground - 8)
})

it('draws a year of nothing without a height, and no figure that is none', () => {
  for (const units of [Array(12).fill(0), Array(12).fill(null)]) {
    const svg = picture(units)
    expect(svg).not.toMatch(/NaN|Infinity|undefined/)
    for (const bar of bars(svg)) expect([0, 34]).toContain(number(bar, 'height'))
  }
})

it('draws credits down from the ground, within the picture, and figures where a bar is too low to be seen', () => {
  const [used, credited] = bars(picture([100, -50]))
  expect(number(credited, 'y')).toBe(number(used, 'y') + number(used, 'height'))
  expect(number(credited, 'y') + number(credited, 'height')).toBeLessThanOrEqual(130)
  const svg = picture([1, 100_000, -1])
  expect(bars(svg).map(bar => number(bar, 'height'))).toEqual([0, 67, 0])
  for (const figure of ['1', '100000', '-1']) expect(svg).toContain(`>${figure} kWh</text>`)
})

it('tells parts and corrections by their shapes, whatever the colour', () => {
  const svg = picture([10, 20, 30, 40], { 1: { isPart: true }, 2: { isCorrected: true } })
  expect(bars(svg)[1]).toContain('fill="var(--surface)" stroke="var(--bar)"')
  expect(svg.match(/<use href="#corrected-year"/g)).toHaveLength(1)
})

it('of two years takes at most 2 kB on the wire, and little time', () => {
  const units = Array.from({ length: 24 }, (_, month) => 200 + ((month * 7919) % 300))
  const year = units.map((value, month) => ({
    period: `${2025 + Math.floor(month / 12)}-${String((month % 12) + 1).padStart(2, '0')}-01`,
    units: value,
    kind: month % 5 === 0 ? ('estimated' as const) : ('read' as const),
  }))
  const draw = () =>
    markupOf(createElement(YearChart, { months: year, before: year.toReversed(), height: 130, words }))
  expect(gzipSync(draw()).length).toBeLessThanOrEqual(2_000)
  const times = Array.from({ length: 50 }, () => {
    const start = performance.now()
    draw()
    return performance.now() - start
  })
  // Of the quickest: what else the machine does is not the chart's. It takes a fifth of this (docs/performance.md).
  expect(Math.min(...times)).toBeLessThan(2)
})
