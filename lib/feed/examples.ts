// What may be shown of a refused row to whoever asks what is wrong with it: figures alone, never a customer's data. Pure.
import { billerOf } from '../../db/billers.ts'
import { type BillerCode, readContractCode } from '../billers/contract-codes.ts'
import { normaliseText, printable } from '../platform/text.ts'
import type { CellKind } from './column-schema.ts'
import { FEED_FILES, type FeedFile, type FileDefinition, type RowReason } from './schema.ts'

/**
 * A personal number or a phone may have slipped into a column of figures: no more than eight digits, six of them before the decimal
 * sign, and no 0 or + at the beginning.
 */
const NUMBER =
  /^(?!(?:\D*\d){9})-?(?:(?:0|[1-9]\d{0,5})(?:[.,]\d{1,5})?|[1-9]\d{0,2}(?:\.\d{3},|,\d{3}\.)\d{1,5})$/
/** The year tells it from a phone. */
const DAY_OR_TIME =
  /^(?:(?:19|20)\d{2}(?:[-./]\d{1,2}){1,2}|(?:\d{1,2}[-./]){1,2}(?:19|20)\d{2})(?:[T ]\d{1,2}:\d{2}(?::\d{2}(?:\.\d{1,6})?)?(?:Z|[-+]\d{2}:?\d{2})?)?$/
/** A number of ours, and what tells its captures and contracts apart (lib/ledger). */
const PAYMENT_NUMBER = /^[^-.\s]{1,20}(?:[-.]\d{1,3}){0,2}$/

const SHAPES = new Map<CellKind, RegExp>([
  ...(['small_number', 'power', 'measure', 'price', 'percent', 'amount', 'received'] as const).map(
    kind => [kind, NUMBER] as const,
  ),
  ...(['day', 'billing_day', 'past_day', 'month', 'instant', 'past_instant'] as const).map(
    kind => [kind, DAY_OR_TIME] as const,
  ),
])

const SHOWN = 30

type Refused = { file: FeedFile; column: string | null; reason: RowReason }

/** `cellOf`: what stands in the row's column. Null: where nothing can be shown that is surely no customer's. */
export function figuresOf(
  biller: BillerCode,
  { file, column, reason }: Refused,
  cellOf: (column: string) => string,
): string | null {
  if (column === null) return null
  const shown = (name: string) => printable(normaliseText(cellOf(name)), SHOWN)
  const fitting = (shape: RegExp | undefined, name: string) => (shape?.test(shown(name)) ? shown(name) : null)
  if (reason === 'wrong_total') {
    const [principal, tvTax, total] = ['principal', 'tv_tax', 'total'].map(name => fitting(NUMBER, name))
    return principal && tvTax && total ? `${principal} + ${tvTax} ≠\u00a0${total}` : null
  }
  // Where the codes of a biller have no form of their own, a name or a phone is one.
  if (reason === 'unknown_contract')
    return (billerOf(biller).contractCodes && readContractCode(biller, cellOf(column))) ?? null
  if (reason === 'our_payment_not_captured') return fitting(PAYMENT_NUMBER, column)
  const { columns }: FileDefinition = FEED_FILES[file]
  return fitting(SHAPES.get(columns.find(({ name }) => name === column)!.kind), column)
}
