// What the estimator counts: appliances and how they are used, within which bounds, and what comes of it. Types and data alone.

/**
 * `watts`: at full power. `per`: whether `use` is hours a day or times a week; a time counts as so many `minutes` at full power.
 * `isMovable`: it can run at night as well.
 */
type Typical = { watts: number; use: number; count?: number; isMovable?: true } & (
  | { per: 'day' }
  | { per: 'week'; minutes: number }
)

/**
 * Typical power and use, assumed: what appliances of a household are sold with, and their share of an hour at full power. None of it is
 * measured, the page says so, and all of it can be changed.
 */
export const APPLIANCES = {
  fridge: { watts: 120, per: 'day', use: 8 },
  freezer: { watts: 110, per: 'day', use: 8 },
  boiler: { watts: 2000, per: 'day', use: 2, isMovable: true },
  heater: { watts: 2000, per: 'day', use: 5 },
  aircon: { watts: 1100, per: 'day', use: 3 },
  washer: { watts: 1900, per: 'week', use: 4, minutes: 30, isMovable: true },
  dryer: { watts: 2500, per: 'week', use: 3, minutes: 60, isMovable: true },
  dishwasher: { watts: 1800, per: 'week', use: 5, minutes: 35, isMovable: true },
  oven: { watts: 2200, per: 'day', use: 0.5 },
  hob: { watts: 2000, per: 'day', use: 1 },
  microwave: { watts: 1000, per: 'day', use: 0.25 },
  kettle: { watts: 2000, per: 'day', use: 0.25 },
  iron: { watts: 2000, per: 'week', use: 2, minutes: 30 },
  vacuum: { watts: 800, per: 'week', use: 2, minutes: 30 },
  tv: { watts: 110, per: 'day', use: 5 },
  computer: { watts: 100, per: 'day', use: 4 },
  lamp: { watts: 9, per: 'day', use: 5, count: 8 },
  other: { watts: 100, per: 'day', use: 1 },
} as const satisfies Record<string, Typical>

export type ApplianceKind = keyof typeof APPLIANCES
export const applianceKinds = Object.keys(APPLIANCES) as ApplianceKind[]
export const typical = (kind: ApplianceKind): Typical => APPLIANCES[kind]

/** `use` in hundredths, of an hour a day or of a time a week; `together`: it may run at the same time as others. */
export type UsedAppliance = {
  kind: ApplianceKind
  watts: number
  use: number
  count: number
  together: boolean
}

/** In one address; what is beyond is not counted, and the page says so. */
export const MOST_APPLIANCES = 24

/** Each from its first to its last value; of a use its hundredths are counted. */
export const BOUNDS = {
  watts: { least: 1, most: 20_000, decimals: 0 },
  hoursADay: { least: 0, most: 24, decimals: 2 },
  timesAWeek: { least: 0, most: 70, decimals: 2 },
  count: { least: 1, most: 99, decimals: 0 },
  /** Percent of the use that the high rate counts. */
  day: { least: 0, most: 100, decimals: 0 },
  /** Contracted kW. */
  power: { least: 0.1, most: 1000, decimals: 2 },
} as const

/** Percent of the use in the hours of the high rate, where nothing else is said; assumed. */
export const TYPICAL_DAY = 60

/**
 * A month of 30 days, in minor units with VAT: the amounts of `shares`, in the order of the appliances, with `standing` and `tvTax` come to
 * `total`, and that is the tariff's own for so many `kwh`.
 */
export type Estimate = {
  kwh: number
  shares: { wattHours: number; amount: number }[]
  /** Of all appliances. */
  energy: number
  /** The standing charge. */
  standing: number
  tvTax: number
  total: number
}

/**
 * What the limit of a block does to the month. `under`: so many kWh less keep all of it at the lower price, which saves `amount`; `near`:
 * so many are left, and the first one above costs `amount` more; `above`: so many cost more than the others, by `amount` together.
 */
export type BlockAdvice = { about: 'under' | 'near' | 'above'; kwh: number; amount: number }

/** Those that may run together, so many appliances in all; `isTooMuch`: for the contracted power, where that is known. */
export type Together = { kinds: ApplianceKind[]; count: number; watts: number; isTooMuch: boolean }

/** What is saved where these run at night. */
export type NightSaving = { kinds: ApplianceKind[]; amount: number }

/** A billed month of the reader's contract; `units` null where its invoice says none. */
export type BilledMonth = { period: string; total: number; units: number | null }
