// What the header and the rows of a feed must be, and how rows are written for COPY. Pure.
import { addDays } from '../platform/dates.ts'
import { foldName } from '../platform/names.ts'
import { printable, visibleText } from '../platform/text.ts'
import { type Cell, type FeedContext, readerOf, refuse } from './cell-rules.ts'
import type { CellKind } from './column-schema.ts'
import {
  type BrokenFile,
  FEED_FILES,
  type FeedFile,
  type FileDefinition,
  REFUSAL_COLUMNS,
  type RowReason,
} from './schema.ts'

/** Kinds whose cells hold only what COPY takes as it is. */
const PLAIN = new Set<CellKind>([
  'contract_code',
  'day',
  'billing_day',
  'past_day',
  'month',
  'instant',
  'past_instant',
  'amount',
  'received',
])

const ESCAPED: Record<string, string> = { '\\': '\\\\', '\t': '\\t', '\n': '\\n', '\r': '\\r' }
const escapeForCopy = (value: string): string =>
  /[\\\t\n\r]/.test(value) ? value.replace(/[\\\t\n\r]/g, character => ESCAPED[character]!) : value

/**
 * Where each column of a file stands, by its header line: the place of every column of the definition, in its order;
 * -1 for one that older feeds do not have. `width`: how many fields a row has. The order of the file is free, the notes
 * of a file of refused rows are passed over; a column that is unknown, missing or there twice breaks the file.
 */
export function readHeader(
  file: FeedFile,
  fields: readonly string[],
): { places: number[]; width: number } | { broken: BrokenFile } {
  const { columns }: FileDefinition = FEED_FILES[file]
  const known = new Set<string>([...columns.map(column => column.name), ...REFUSAL_COLUMNS])
  const broken = (reason: BrokenFile['reason'], column: string | null = null) => ({
    broken: { reason, line: 1, column: column && printable(column, 60) },
  })
  if (/^sep=/i.test(fields[0]!)) return broken('separator_line')
  const separator = fields.length === 1 && /[;\t|]/.exec(fields[0]!)?.[0]
  if (separator) return broken('other_separator', separator)
  if (!fields.some(name => known.has(columnName(name)))) return broken('no_header')
  for (const [place, name] of fields.entries()) {
    if (name.trim() === '') return broken('unnamed_column')
    if (!known.has(name))
      return broken(known.has(columnName(name)) ? 'misspelt_column' : 'unknown_column', name)
    if (fields.indexOf(name) !== place) return broken('repeated_column', name)
  }
  const missing = columns.filter(column => !column.newer && !fields.includes(column.name))
  if (missing.length > 0) return broken('missing_column', missing.map(column => column.name).join(', '))
  return { places: columns.map(column => fields.indexOf(column.name)), width: fields.length }
}

/** The column that is meant: `Contract Code` is `contract_code`. */
export const columnName = (written: string): string =>
  visibleText(written).toLowerCase().replace(/[ -]/g, '_')

/** The columns of a file's staging table: the line, the file's columns, what follows from them, doubts, why it is refused. */
export function stagingColumns(file: FeedFile): { name: string; sql: string }[] {
  const { columns }: FileDefinition = FEED_FILES[file]
  return [
    { name: 'line', sql: 'bigint' },
    ...columns.map(({ name, sql }) => ({ name, sql })),
    ...(file === 'contracts' ? [{ name: 'holder_name_folded', sql: 'text' }] : []),
    // `column:reason`, separated by blanks.
    { name: 'doubts', sql: 'text' },
    { name: 'refused_column', sql: 'text' },
    { name: 'refused_reason', sql: 'text' },
  ]
}

/** Days that follow each other; the later one is doubted where it does not. */
const DAYS_IN_ORDER: Partial<Record<FeedFile, readonly (readonly [earlier: string, later: string])[]>> = {
  contracts: [['connected_on', 'closed_on']],
  invoices: [
    ['period_from', 'period_to'],
    ['issued_on', 'due_on'],
    ['issued_on', 'cancelled_on'],
  ],
  payments: [['paid_on', 'reversed_on']],
}

/** Days and times of which the later one is refused where it is before the earlier. */
const MUST_FOLLOW: typeof DAYS_IN_ORDER = {
  disconnections: [
    ['announced_on', 'not_before'],
    ['done_at', 'reconnected_at'],
  ],
  outages: [['starts_at', 'ends_at']],
}

/** Days that may lie ahead, and seldom do. */
const DAYS_SELDOM_AHEAD: Partial<Record<FeedFile, readonly string[]>> = {
  contracts: ['connected_on'],
  invoices: ['period', 'period_from', 'issued_on'],
  disconnections: ['announced_on'],
}

/** Due later than this is no term of payment but a wrong year. */
const LONGEST_TERM_DAYS = 366

/** Returns the function that says what of a row is doubted as a whole, each as `column:reason`. */
function rowDoubts(file: FeedFile, { today }: FeedContext) {
  const { columns }: FileDefinition = FEED_FILES[file]
  const placeOf = (name: string) => columns.findIndex(column => column.name === name)
  const ahead = DAYS_SELDOM_AHEAD[file]?.map(placeOf) ?? []
  const pairs = DAYS_IN_ORDER[file]?.map(pair => pair.map(placeOf) as [number, number]) ?? []
  const dueOn = placeOf('due_on')
  const lastDue = addDays(today, LONGEST_TERM_DAYS)
  return (cells: readonly (string | null)[], doubts: string[]): void => {
    for (const i of ahead) if (cells[i] && cells[i] > today) doubts.push(`${columns[i]!.name}:in_the_future`)
    for (const [earlier, later] of pairs) {
      if (cells[earlier] && cells[later] && cells[later] < cells[earlier])
        doubts.push(`${columns[later]!.name}:dates_out_of_order`)
    }
    if (dueOn !== -1 && cells[dueOn]! > lastDue) doubts.push('due_on:far_ahead')
  }
}

/**
 * Returns the function from a row to its line for COPY into the staging table. A refused row keeps its line, what
 * can be read of its key (so that a repetition of it is seen), and the first thing that is wrong.
 */
export function rowWriter(
  file: FeedFile,
  { places, width }: { places: readonly number[]; width: number },
  context: FeedContext,
) {
  const { columns, key }: FileDefinition = FEED_FILES[file]
  const readers = columns.map(readerOf)
  const plain = columns.map(column => typeof column.kind !== 'string' || PLAIN.has(column.kind))
  const placesOf = (...names: string[]) =>
    names.map(name => columns.findIndex(column => column.name === name))
  const names = file === 'contracts' ? placesOf('holder_first_name', 'holder_last_name') : undefined
  const totals = file === 'invoices' ? placesOf('principal', 'tv_tax', 'total') : undefined
  const following = MUST_FOLLOW[file]?.map(pair => placesOf(...pair)) ?? []
  const findDoubts = rowDoubts(file, context)

  function refusedRow(
    line: number,
    cells: readonly (string | null)[],
    column: string | null,
    reason: RowReason,
  ) {
    let row = String(line)
    for (let i = 0; i < columns.length; i++) {
      const cell = cells[i]
      row += key.includes(columns[i]!.name) && typeof cell === 'string' ? `\t${escapeForCopy(cell)}` : '\t\\N'
    }
    return { row: `${row}${names ? '\t\\N' : ''}\t\\N\t${column ?? '\\N'}\t${reason}\n`, refused: true }
  }

  return (fields: readonly string[], line: number): { row: string; refused: boolean } => {
    if (fields.length !== width) return refusedRow(line, [], null, 'wrong_column_count')
    const cells: (string | null)[] = []
    const doubts: string[] = []
    let wrong: { column: string; reason: RowReason } | undefined
    let row = String(line)
    for (let i = 0; i < columns.length; i++) {
      const { name, required } = columns[i]!
      const place = places[i]!
      const value = place === -1 ? '' : fields[place]!
      let cell: Cell | null = value === '' ? '' : readers[i]!(value, context)
      if (cell === '') cell = required ? refuse('empty') : null
      if (cell !== null && typeof cell !== 'string') {
        if ('refused' in cell) {
          wrong ??= { column: name, reason: cell.refused }
          cell = null
        } else {
          doubts.push(`${name}:${cell.doubt}`)
          cell = cell.value
        }
      }
      cells.push(cell)
      if (cell === null) row += '\t\\N'
      else row += plain[i] ? `\t${cell}` : `\t${escapeForCopy(cell)}`
    }
    if (wrong) return refusedRow(line, cells, wrong.column, wrong.reason)
    if (totals) {
      const [principal, tvTax, total] = totals.map(i => Number(cells[i])) as [number, number, number]
      if (principal + tvTax !== total) return refusedRow(line, cells, 'total', 'wrong_total')
    }
    for (const [earlier, later] of following as [number, number][]) {
      // Times are written with different offsets.
      if (cells[earlier] && cells[later] && Date.parse(cells[later]) < Date.parse(cells[earlier]))
        return refusedRow(line, cells, columns[later]!.name, 'out_of_order')
    }
    if (names) {
      const name = foldName(...names.map(i => cells[i]!))
      row += name === '' ? '\t\\N' : `\t${escapeForCopy(name)}`
    }
    findDoubts(cells, doubts)
    return { row: `${row}\t${doubts.length === 0 ? '\\N' : doubts.join(' ')}\t\\N\t\\N\n`, refused: false }
  }
}
