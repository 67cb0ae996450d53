// What becomes of a bank's settlement file.
import type { Difference } from '../../db/enums.ts'

/** In the order in which docs/settlement-file.md has them; a file may have them in another one, and more. */
export const SETTLEMENT_COLUMNS = [
  'kind',
  'order_number',
  'transaction_id',
  'amount',
  'currency',
  'at',
] as const
export type SettlementColumn = (typeof SETTLEMENT_COLUMNS)[number]

/** A row that was not taken. `before`: the same transaction was told before with another amount, currency or order. */
export type RefusedRow = {
  line: number
  reason: 'columns' | 'form' | 'repeated' | 'before'
  /** Where one is at fault. */
  column: SettlementColumn | null
}

/** Why a file as a whole is not read. */
export type SettlementRefusal =
  | 'notFound'
  | 'tooLarge'
  | 'tooManyRows'
  | 'notUtf8'
  | 'notCsv'
  | 'columnMissing'

export type SettlementReport = {
  fileId: number
  /** The same bytes were loaded before: nothing was done. */
  isKnown: boolean
  /** That were taken. */
  rows: number
  /** Of these, transactions that no earlier file had. */
  added: number
  refused: RefusedRow[]
  /** That were found now, by kind. */
  differences: Partial<Record<Difference, number>>
}

/** A file's id in an address. */
export const readFileId = (typed: unknown): number | undefined =>
  typeof typed === 'string' && /^[1-9]\d{0,8}$/.test(typed) ? Number(typed) : undefined
