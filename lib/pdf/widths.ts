// How wide columns are that share a width. Measures are points.

export const sum = (numbers: number[]): number => numbers.reduce((all, number) => all + number, 0)

/**
 * `total` shared out by need: where it is not enough, nobody gets more than any other who needs more than they got, so
 * that no column, however much another one asks for, gets less than its equal share or its need.
 */
export function fairWidths(needs: number[], total: number): number[] {
  let left = total
  const widths = needs.map(() => 0)
  const byNeed = needs.map((need, column) => ({ need, column })).sort((a, b) => a.need - b.need)
  byNeed.forEach(({ need, column }, order) => {
    widths[column] = Math.min(need, left / (needs.length - order))
    left -= widths[column]
  })
  return widths
}

/**
 * The shares of `total`, each at least `least`; the others give way, in proportion to what they have beyond theirs.
 * Where not even the least widths fit, they are shared out by need.
 */
export function sharedWidths(shares: number[], least: number[], total: number): number[] {
  if (sum(least) > total) return fairWidths(least, total)
  const unit = total / sum(shares)
  const widths = shares.map((share, column) => Math.max(share * unit, least[column]!))
  const spare = widths.map((width, column) => width - least[column]!)
  const give = (sum(widths) - total) / (sum(spare) || 1)
  return widths.map((width, column) => width - spare[column]! * give)
}
