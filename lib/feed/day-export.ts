// What the exports of a day to a biller share: which day is asked for, from where on, and a file that is read a page at a time.
import { csvLine } from '../platform/csv.ts'
import { dayIn, type IsoDate, isIsoDate } from '../platform/dates.ts'
import type { FeedToken } from './tokens.ts'

const ROWS_AT_ONCE = 1000

/** Nothing was done here before; of years of fewer than four digits dates are read in other ways. */
const FIRST_DAY = '2000-01-01'

/** Names a row: one thing may have two of them. */
export type Cursor = { id: number; part: 1 | 2 }

/** `isOver`: nothing more comes to the day. */
export type DayExport = { day: IsoDate; isOver: boolean; lines: AsyncGenerator<string> }

/** `day` and `after` as an address names them. */
export type Asked = { day: string | null; after: string | null }

/** Undefined where day or cursor are none, the day has not come at the biller, or is long before the portal. */
export function readAsked(
  { timeZone }: FeedToken,
  given: Asked,
  now: Date,
): { day: IsoDate; today: IsoDate; after: Cursor | undefined } | undefined {
  const { day } = given
  const today = dayIn(timeZone, now)
  const after = given.after === null ? undefined : readCursor(given.after)
  if (day === null || !isIsoDate(day) || day < FIRST_DAY || day > today) return undefined
  return given.after !== null && !after ? undefined : { day, today, after }
}

function readCursor(text: string): Cursor | undefined {
  const [, id, part] = /^(\d{1,15})\.([12])$/.exec(text) ?? []
  return id === undefined ? undefined : { id: Number(id), part: Number(part) as Cursor['part'] }
}

/**
 * The lines of the file. `after`: the cursor of the last row that arrived before; then there is no header. `read`: so many rows that
 * follow a cursor. `cells`: those of a row that follow its cursor.
 */
export async function* dayLines<Row extends Cursor>(
  columns: readonly string[],
  after: Cursor | undefined,
  read: (last: Cursor, most: number) => Promise<Row[]>,
  cells: (row: Row) => string[],
): AsyncGenerator<string> {
  // With the first rows: nothing is answered before they were read.
  let header = after ? '' : `${csvLine(['cursor', ...columns])}\r\n`
  let last: Cursor = after ?? { id: 0, part: 1 }
  for (;;) {
    const rows = await read(last, ROWS_AT_ONCE)
    const lines =
      header + rows.map(row => `${csvLine([`${row.id}.${row.part}`, ...cells(row)])}\r\n`).join('')
    if (lines) yield lines
    header = ''
    if (rows.length < ROWS_AT_ONCE) return
    last = rows.at(-1)!
  }
}
