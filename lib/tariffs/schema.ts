// Tariffs: what a supplier charges, as dated rows with their source, what a bill by them comes to, and the addresses of staff's page.
import type { BlockKind } from '../../db/enums.ts'
import type { BillerCode } from '../billers/contract-codes.ts'
import type { IsoDate } from '../platform/dates.ts'

/** Prices per kWh before VAT, in major units with up to four decimals. `low`: at night, null where the meter has one register. */
export type EnergyPrices = { high: string; low: string | null }

/**
 * One dated row of what a biller charges a tariff group.
 * `block`: from how many kWh a month on another price holds; `whole`: then for all of the month (Albania), `above`: for what is above it
 * alone (Kosovo).
 */
export type Tariff = EnergyPrices & {
  id: number
  biller: BillerCode
  /** As the biller's contracts name it: `household`, `4/02`. */
  group: string
  validFrom: IsoDate
  /** The last day; null: until another row begins. */
  validTo: IsoDate | null
  block: (EnergyPrices & { limit: number; kind: BlockKind }) | null
  /** Minor units a month, before VAT. */
  fixedFee: number
  /** Minor units a month, without VAT. */
  tvTax: number
  vatPercent: string
  source: string
  /** What is assumed or unverified in it; null: nothing. */
  note: string | null
}

/** kWh by register; a meter with one register counts all as high. */
export type Usage = { high: number; low: number }

/** Codes as in the feed: ENERGY, A1B1, A2B1, A1B2, A2B2, FIXED, TV. Amounts are minor units before VAT. */
export type CalculatedLine = {
  code: string
  quantity: number
  unitPrice: string
  amount: number
  tariffId: number
}

/** Minor units; `net` + `vat` + `tvTax` = `total`, and the lines add up to `net` + `tvTax`. */
export type CalculatedBill = {
  lines: CalculatedLine[]
  net: number
  vat: number
  tvTax: number
  total: number
}

/** Both days counted. */
export type Period = { from: IsoDate; to: IsoDate }

/** Days of the period for which there is no tariff. */
export type TariffGap = { code: 'noTariff' } & Period

/** `invalid`: a period without days, or usage that is no number from 0 on. */
export type BillFailure = TariffGap | { code: 'invalid' }

/**
 * A month's use beside the limit of its tariff's block, in whole kWh; exactly at the limit it is not above. `extra`: what the month costs
 * more with one kWh above the limit than at it, in minor units with VAT. Unit prices are the high ones with VAT, in major units.
 */
export type BlockState = {
  kind: BlockKind
  limit: number
  used: number
  left: number
  isAbove: boolean
  extra: number
  unitPrice: string
  unitPriceAbove: string
  isTwoRate: boolean
}

/** A month's use near or above its limit. `month`: its first day; `daysLeft`: after today. */
export type Threshold = BlockState & { month: IsoDate; daysLeft: number }

/** A tariff to be added: it holds until the next row of its group begins. */
export type NewTariff = Omit<Tariff, 'id' | 'biller' | 'validTo'>

/** Staff's page: of a group, and what was typed of a tariff to be added. */
export const tariffsPath = (of: Record<'biller' | 'group', string> & Record<string, string>) =>
  `/staff/tariffs?${new URLSearchParams(of)}`
