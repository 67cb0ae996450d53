// The picture of a year: what a browser gets of it, small beside its figures and full with its words.
import { createElement } from 'react'
import { renderToStaticMarkup } from 'react-dom/server'
import { expect, it } from 'vitest'
import { YearChart } from '../../components/year-chart.tsx'
import { type BilledUnits, consumptionMonths } from '../../lib/billing/consumption.ts'

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
  expect(bars(full)[9]).toContain('url(#hatch)')
})

it('tells each month by a letter or its name, and hatches the last one too where it is estimated', () => {
  expect(draw(true).match(/class="sm:hidden print:hidden">\d</g)).toHaveLength(11)
  const estimated = consumptionMonths([billed('2026-10', '313', 'estimated')], '2026-10-01')
  const svg = renderToStaticMarkup(createElement(YearChart, { months: estimated, height: 210, words }))
  expect(bars(svg)[11]).toContain('fill="url(#hatch-last)"')
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
  expect(draw(true)).not.toMatch(/<circle|<line|last-year/)
})
