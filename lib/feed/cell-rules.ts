// What a cell of a feed must be, and the form in which it is stored. Pure.
import { addDays, type IsoDate, isIsoDate } from '../platform/dates.ts'
import { readBusinessNumber, readPersonalNumber } from '../platform/identifiers.ts'
import { isPrintable } from '../platform/printable.ts'
import { hasInvisible, normaliseText, visibleText } from '../platform/text.ts'
import type { CellKind, Column, NamedKind } from './column-schema.ts'
import type { RowReason, WarningReason } from './schema.ts'

/** What the rules cannot know themselves: the biller's day, and its forms of codes and phones. */
export type FeedContext = {
  /** The day it is at the biller. */
  today: IsoDate
  /** The day that an instant (ISO 8601 with offset) is at the biller. */
  dayOf: (instant: string) => IsoDate
  readContractCode: (text: string) => string | undefined
  readPhone: (text: string) => string | undefined
}

/** A cell that is refused, or one that is kept and looked at; its value otherwise is a string. */
type Refusal = { refused: RowReason }
type Doubt = { value: string; doubt: WarningReason }
export type Cell = string | Refusal | Doubt
export type CellReader = (text: string, context: FeedContext) => Cell

export const refuse = (refused: RowReason): Refusal => ({ refused })
const isNoDate = (cell: Cell) =>
  typeof cell !== 'string' && 'refused' in cell && cell.refused === 'not_a_date'

/**
 * Amounts above this are refused, and so are days of billing outside these years: sums of amounts then
 * always fit a number, and interest its column (10^11 × 73,415 days × a rate in millionths).
 */
const AMOUNT_LIMIT = 100_000_000_000
const FIRST_BILLING_DAY = '1900-01-01'
const LAST_BILLING_DAY = '2100-12-31'

const text =
  (limit: number): CellReader =>
  value => {
    // PostgreSQL keeps no NUL.
    if (value.includes('\0')) return refuse('forbidden_character')
    const shown = visibleText(value)
    if (shown.length > limit && [...shown].length > limit) return refuse('too_long')
    // What a program writes for a letter that it could not read: the biller has lost it.
    return shown.includes('\ufffd') ? { value: shown, doubt: 'lost_letter' } : shown
  }

const shortText = text(200)

/** What looks like another key must be that key, or be refused. */
const key: CellReader = (value, context) => {
  const cell = shortText(value, context)
  if (cell === value) return cell
  const isDoubted = typeof cell !== 'string' && 'doubt' in cell
  return isDoubted || hasInvisible(normaliseText(value)) ? refuse('forbidden_character') : cell
}

/** A number that accounts have too: in their form where it can be, as it is with a doubt otherwise. */
const identifier =
  (normalise: (text: string, context: FeedContext) => string | undefined, doubt: WarningReason): CellReader =>
  (value, context) => {
    const cell = shortText(value, context)
    if (typeof cell !== 'string' || cell === '') return cell
    return normalise(cell, context) ?? { value: cell.toUpperCase(), doubt }
  }

const DECIMAL = /^(-?)(\d+)(?:\.(\d+))?$/

/** A decimal that is not negative, with so many digits before and after the point at most. */
const decimal =
  (whole: number, decimals: number): CellReader =>
  value => {
    const match = DECIMAL.exec(value)
    if (!match) return refuse('not_a_number')
    if (match[1]) return refuse('negative')
    if ((match[3]?.length ?? 0) > decimals) return refuse('too_many_decimals')
    return match[2]!.length > whole ? refuse('does_not_fit') : value
  }

const twoDecimals = decimal(13, 2)

/** Minor units: `456.00` is `45600`. */
const amount: CellReader = (value, context) => {
  const cell = twoDecimals(value, context)
  if (typeof cell !== 'string') return cell
  const point = cell.indexOf('.')
  const minor =
    point === -1
      ? Number(cell) * 100
      : Number(cell.slice(0, point)) * 100 + Number(cell.slice(point + 1).padEnd(2, '0'))
  return minor > AMOUNT_LIMIT ? refuse('does_not_fit') : String(minor)
}

/** Days repeat from row to row: what was found of the last ones is kept. */
const knownDays = new Map<string, Cell>()

const day: CellReader = value => {
  let cell = knownDays.get(value)
  if (cell === undefined) {
    if (knownDays.size > 20_000) knownDays.clear()
    // There is no year 0, and PostgreSQL knows it.
    cell = isIsoDate(value) && value >= '0001' ? value : refuse('not_a_date')
    if (value.length < 20) knownDays.set(value, cell)
  }
  return cell
}

const billingDay: CellReader = (value, context) => {
  const cell = day(value, context)
  if (typeof cell !== 'string') return cell
  return cell < FIRST_BILLING_DAY || cell > LAST_BILLING_DAY ? refuse('does_not_fit') : cell
}

const pastDay: CellReader = (value, context) => {
  const cell = billingDay(value, context)
  return typeof cell === 'string' && cell > context.today ? refuse('in_the_future') : cell
}

const month: CellReader = (value, context) => {
  const cell = billingDay(`${value}-01`, context)
  return isNoDate(cell) ? refuse('not_a_month') : cell
}

const INSTANT =
  /^(\d{4}-\d{2}-\d{2})T([01]\d|2[0-3]):[0-5]\d(:[0-5]\d(\.\d{1,6})?)?(Z|[+-](0\d|1[0-4]):?[0-5]\d)$/

const instant: CellReader = (value, context) => {
  const match = INSTANT.exec(value)
  if (!match) return refuse('not_a_time')
  const written = billingDay(match[1]!, context)
  if (typeof written !== 'string') return isNoDate(written) ? refuse('not_a_time') : written
  return value
}

const pastInstant: CellReader = (value, context) => {
  const cell = instant(value, context)
  if (typeof cell !== 'string') return cell
  // The day that is written is at most one off the biller's.
  const written = value.slice(0, 'YYYY-MM-DD'.length)
  if (written < context.today && written !== addDays(context.today, -1)) return value
  return context.dayOf(value) > context.today ? refuse('in_the_future') : value
}

const smallNumber: CellReader = value => {
  if (!/^-?\d+$/.test(value)) return refuse('not_a_number')
  if (value.startsWith('-')) return refuse('negative')
  return Number(value) > 32_767 ? refuse('does_not_fit') : value
}

const percentDecimals = decimal(3, 2)

/** What documents say; doubted where they print a sign in place of a character that their typefaces lack. */
const printed =
  (read: CellReader): CellReader =>
  (value, context) => {
    const cell = read(value, context)
    return typeof cell === 'string' && !isPrintable(cell) ? { value: cell, doubt: 'not_printable' } : cell
  }

const READERS: Record<NamedKind, CellReader> = {
  text: printed(shortText),
  address: printed(text(300)),
  long_text: text(300),
  qr_content: text(500),
  key: printed(key),
  personal_number: identifier(readPersonalNumber, 'not_a_personal_number'),
  business_number: identifier(value => readBusinessNumber(value)?.number, 'not_a_business_number'),
  phone: identifier((value, { readPhone }) => readPhone(value), 'not_a_phone'),
  contract_code: (value, context) => {
    if (hasInvisible(value)) return refuse('forbidden_character')
    return context.readContractCode(value) ?? refuse('not_a_contract_code')
  },
  day,
  billing_day: billingDay,
  past_day: pastDay,
  month,
  instant,
  past_instant: pastInstant,
  amount,
  received: (value, context) => {
    const cell = amount(value, context)
    return cell === '0' ? refuse('zero') : cell
  },
  small_number: smallNumber,
  power: decimal(8, 2),
  measure: decimal(11, 3),
  price: decimal(10, 4),
  percent: (value, context) => {
    const cell = percentDecimals(value, context)
    return typeof cell === 'string' && Number(cell) > 100 ? refuse('does_not_fit') : cell
  },
}

const oneOf =
  (values: readonly string[]): CellReader =>
  value =>
    values.includes(value) ? value : refuse('unknown_value')

/** Kinds that normalise their text themselves. */
const TEXTS = new Set<CellKind>([
  'text',
  'address',
  'qr_content',
  'key',
  'personal_number',
  'business_number',
  'phone',
])

/**
 * The reader of a column's cells; nothing but blanks is read as nothing. Other kinds than texts hold no blank: theirs
 * are normalised where they are not taken as they are, which costs nothing in a good row.
 */
export function readerOf({ kind }: Column): CellReader {
  const read = typeof kind === 'string' ? READERS[kind] : oneOf(kind)
  if (TEXTS.has(kind)) return read
  return (value, context) => {
    const cell = read(value, context)
    if (typeof cell === 'string') return cell
    const normalised = normaliseText(value)
    if (normalised === value) return cell
    return normalised === '' ? '' : read(normalised, context)
  }
}
