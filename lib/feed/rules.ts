// What a cell and a row of a feed must be, and how they are written for COPY. Pure.
import { isIsoDate } from '../platform/dates.ts'
import {
  type BrokenFile,
  type CellKind,
  type Column,
  FEED_FILES,
  type FeedFile,
  type FileDefinition,
  type RowReason,
} from './schema.ts'

/** What the rules cannot know themselves: the biller's contract codes, and how names are folded. */
export type FeedContext = {
  normaliseContractCode: (text: string) => string | undefined
  foldName: (...parts: (string | null)[]) => string
}

/** A cell that is refused; its value otherwise is a string. */
type Refusal = { refused: RowReason }
type Cell = string | Refusal
type CellReader = (text: string, context: FeedContext) => Cell

const REFUSALS = new Map<RowReason, Refusal>()
function refuse(reason: RowReason): Refusal {
  let refusal = REFUSALS.get(reason)
  if (!refusal) {
    refusal = { refused: reason }
    REFUSALS.set(reason, refusal)
  }
  return refusal
}

/**
 * Amounts above this are refused, and so are days of billing outside these years: the unpaid principal × days late
 * then always fits a number (10^11 × 73,415 days < 2^53), so that interest is exact.
 */
const AMOUNT_LIMIT = 100_000_000_000
const FIRST_BILLING_DAY = '1900-01-01'
const LAST_BILLING_DAY = '2100-12-31'

const text =
  (limit: number): CellReader =>
  value => {
    if (value.length > limit && [...value].length > limit) return refuse('too_long')
    // PostgreSQL keeps no NUL.
    return value.includes('\0') ? refuse('forbidden_character') : value
  }

const upperText: CellReader = (value, context) => {
  const cell = text(200)(value, context)
  return typeof cell === 'string' ? cell.toUpperCase() : cell
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

const month: CellReader = (value, context) => {
  const cell = billingDay(`${value}-01`, context)
  return typeof cell !== 'string' && cell.refused === 'not_a_date' ? refuse('not_a_month') : cell
}

const INSTANT =
  /^(\d{4}-\d{2}-\d{2})T([01]\d|2[0-3]):[0-5]\d(:[0-5]\d(\.\d{1,6})?)?(Z|[+-](0\d|1[0-4]):?[0-5]\d)$/

const instant: CellReader = (value, context) => {
  const match = INSTANT.exec(value)
  if (!match) return refuse('not_a_time')
  const cell = billingDay(match[1]!, context)
  if (typeof cell === 'string') return value
  return cell.refused === 'not_a_date' ? refuse('not_a_time') : cell
}

const smallNumber: CellReader = value => {
  if (!/^-?\d+$/.test(value)) return refuse('not_a_number')
  if (value.startsWith('-')) return refuse('negative')
  return Number(value) > 32_767 ? refuse('does_not_fit') : value
}

const percentDecimals = decimal(3, 2)

const READERS: Record<Extract<CellKind, string>, CellReader> = {
  text: text(200),
  address: text(300),
  qr_content: text(500),
  upper_text: upperText,
  contract_code: (value, context) => context.normaliseContractCode(value) ?? refuse('not_a_contract_code'),
  day,
  billing_day: billingDay,
  month,
  instant,
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

const readerOf = (column: Column): CellReader =>
  typeof column.kind === 'string' ? READERS[column.kind] : oneOf(column.kind)

/** Kinds whose cells hold only what COPY takes as it is. */
const PLAIN = new Set<CellKind>([
  'contract_code',
  'day',
  'billing_day',
  'month',
  'instant',
  'amount',
  'received',
])

const ESCAPED: Record<string, string> = { '\\': '\\\\', '\t': '\\t', '\n': '\\n', '\r': '\\r' }
const escapeForCopy = (value: string): string =>
  /[\\\t\n\r]/.test(value) ? value.replace(/[\\\t\n\r]/g, sign => ESCAPED[sign]!) : value

/**
 * Where each column of a file stands, by its header line: the place of every column of the definition, in its order;
 * -1 for one that older feeds do not have. The order of the file is free; a column that is unknown, missing or there
 * twice breaks the file.
 */
export function readHeader(
  file: FeedFile,
  fields: readonly string[],
): { places: number[] } | { broken: BrokenFile } {
  const { columns }: FileDefinition = FEED_FILES[file]
  const broken = (reason: BrokenFile['reason'], column: string) => ({ broken: { reason, line: 1, column } })
  for (const [place, name] of fields.entries()) {
    if (!columns.some(column => column.name === name)) return broken('unknown_column', name.slice(0, 60))
    if (fields.indexOf(name) !== place) return broken('repeated_column', name)
  }
  const missing = columns.find(column => !column.newer && !fields.includes(column.name))
  if (missing) return broken('missing_column', missing.name)
  return { places: columns.map(column => fields.indexOf(column.name)) }
}

/** The columns of a file's staging table: the line, the file's columns, what follows from them, why it is refused. */
export function stagingColumns(file: FeedFile): { name: string; sql: string }[] {
  const { columns }: FileDefinition = FEED_FILES[file]
  return [
    { name: 'line', sql: 'bigint' },
    ...columns.map(({ name, sql }) => ({ name, sql })),
    ...(file === 'contracts' ? [{ name: 'holder_name_folded', sql: 'text' }] : []),
    { name: 'refused_column', sql: 'text' },
    { name: 'refused_reason', sql: 'text' },
  ]
}

/**
 * Returns the function from a row to its line for COPY into the staging table. A refused row keeps its line, what
 * can be read of its key (so that a repetition of it is seen), and the first thing that is wrong.
 */
export function rowWriter(file: FeedFile, places: readonly number[], context: FeedContext) {
  const { columns, key }: FileDefinition = FEED_FILES[file]
  const readers = columns.map(readerOf)
  const plain = columns.map(column => typeof column.kind !== 'string' || PLAIN.has(column.kind))
  const width = places.filter(place => place !== -1).length
  const folded = file === 'contracts'
  const names = folded
    ? ['holder_first_name', 'holder_last_name'].map(name => columns.findIndex(column => column.name === name))
    : []
  const totals =
    file === 'invoices'
      ? ['principal', 'tv_tax', 'total'].map(name => columns.findIndex(column => column.name === name))
      : undefined

  function refusedRow(
    line: number,
    cells: readonly (Cell | null)[],
    column: string | null,
    reason: RowReason,
  ) {
    let row = String(line)
    for (let i = 0; i < columns.length; i++) {
      const cell = cells[i]
      row += key.includes(columns[i]!.name) && typeof cell === 'string' ? `\t${escapeForCopy(cell)}` : '\t\\N'
    }
    return { row: `${row}${folded ? '\t\\N' : ''}\t${column ?? '\\N'}\t${reason}\n`, refused: true }
  }

  return (fields: readonly string[], line: number): { row: string; refused: boolean } => {
    if (fields.length !== width) return refusedRow(line, [], null, 'wrong_column_count')
    const cells: (Cell | null)[] = []
    let wrong = -1
    let row = String(line)
    for (let i = 0; i < columns.length; i++) {
      const place = places[i]!
      const value = place === -1 ? '' : fields[place]!
      const cell = value !== '' ? readers[i]!(value, context) : columns[i]!.required ? refuse('empty') : null
      cells.push(cell)
      if (cell === null) row += '\t\\N'
      else if (typeof cell === 'string') row += plain[i] ? `\t${cell}` : `\t${escapeForCopy(cell)}`
      else if (wrong === -1) wrong = i
    }
    if (wrong !== -1) return refusedRow(line, cells, columns[wrong]!.name, (cells[wrong] as Refusal).refused)
    if (totals) {
      const [principal, tvTax, total] = totals.map(i => Number(cells[i])) as [number, number, number]
      if (principal + tvTax !== total) return refusedRow(line, cells, 'total', 'wrong_total')
    }
    if (folded) {
      const name = context.foldName(...names.map(i => cells[i] as string | null))
      row += name === '' ? '\t\\N' : `\t${escapeForCopy(name)}`
    }
    return { row: `${row}\t\\N\t\\N\n`, refused: false }
  }
}
