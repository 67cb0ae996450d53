// What the difference of two bills is made of. Amounts in minor units.

/**
 * A step from the one total to the other; `before` and `now` are what it is about. `usage`: units, a day where both bills say their
 * days; these and `days` at the former `price` of a unit, null where that is an average of several. `rates`: the share of units at the high rate, in percent. `block`: units above the
 * limit from which on another price holds, for all of them (`whole`: then `price` of a unit) or for what is `above`. `price`: of a unit, beside a border that moved it of the same
 * use; unknown where a bill has several, then `prices` are all of them, where they can be set side by side. `line`: one of the feed's lines. `rounding`: what the lines were rounded by. `principal`: all but the TV tax, where
 * lines do not tell.
 */
export type DifferencePart = { amount: number; before: number; now: number } & (
  | { about: 'usage'; perDay: boolean; price: number | null }
  | { about: 'days'; price: number | null }
  | { about: 'rates' | 'rounding' | 'tvTax' | 'principal' }
  | { about: 'block'; limit: number | null; kind: 'whole' | 'above'; price: number | null }
  | { about: 'price'; known: boolean; prices: Record<'before' | 'now', number[]> | null }
  | { about: 'line'; code: string }
  | { about: 'vat'; percent: string | null }
)

export type Measure = { units: number | null; days: number | null }
