// Columns share a width: what fits is left alone, and nobody takes all.
import { expect, it } from 'vitest'
import { fairWidths, sharedWidths } from '../../lib/pdf/widths.ts'

it.each([
  [[100, 50], 300, [100, 50]],
  [[2500, 60, 40], 400, [300, 60, 40]],
  [[2500, 60, 2500], 400, [170, 60, 170]],
  [[500, 500], 400, [200, 200]],
])('shares by need: %j of %d', (needs, total, widths) => expect(fairWidths(needs, total)).toEqual(widths))

it.each([
  // As they are, one that needs more, two that need more than there is.
  [
    [50, 25, 25],
    [0, 20, 20],
    [200, 100, 100],
  ],
  [
    [50, 25, 25],
    [0, 200, 20],
    [129, 200, 71],
  ],
  [
    [50, 25, 25],
    [100, 900, 100],
    [100, 200, 100],
  ],
])('shares %j of 400, each at least %j', (shares, least, widths) =>
  expect(sharedWidths(shares, least, 400).map(Math.round)).toEqual(widths),
)
