// Tables for other programs: their lines, and how they are answered, as a file that is stored nowhere on the way.
import { Readable } from 'node:stream'

type Pieces = AsyncGenerator<string | Buffer>

/**
 * What begins a formula in a spreadsheet, after what it leaves out before one; in its full-width form too. Where lists are written with
 * semicolons or tabs, as in Albania, Kosovo and Serbia, a cell begins after one of those.
 */
const FORMULA = /(^|[;\t\r\n])([\s\u200b\ufeff]*[=+\-@\uff1d\uff0b\uff0d\uff20])/g

/** What the spreadsheets of a country take for the ends of a cell and for a decimal mark. */
export type CsvStyle = { separator: ',' | ';'; decimal: '.' | ',' }
const PLAIN: CsvStyle = { separator: ',', decimal: '.' }

/** `code`: a number of somebody or something, which is no quantity. `decimal`: a quantity, as `-12.50`. */
export type Cell = string | number | { code: string } | { decimal: string }

/**
 * Codes that a spreadsheet would take for a quantity or a day, and show without their zeros, or the last of more than eleven digits as
 * zeros: a tab before them, which shows nothing, keeps them a text.
 */
const READ_AS_QUANTITY = /^(0\d*|\d{12,}|\d+[eE]\d+|\d+([./-]\d+)+)$/

/** A line: what would begin a formula begins with an apostrophe. */
export const csvLine = (cells: Cell[], style = PLAIN): string =>
  cells.map(cell => cellOf(cell, style)).join(style.separator)

function cellOf(cell: Cell, { separator, decimal }: CsvStyle): string {
  if (typeof cell === 'object' && 'decimal' in cell)
    return quoted(cell.decimal.replace('.', decimal), separator)
  if (typeof cell === 'object' && READ_AS_QUANTITY.test(cell.code)) return `"\t${cell.code}"`
  const text = String(typeof cell === 'object' ? cell.code : cell)
    .replace(FORMULA, "$1'$2")
    .replace(/^[\t\r\n]/, "'$&")
  return quoted(text, separator)
}

const quoted = (text: string, separator: string): string =>
  /[";\r\n]/.test(text) || text.includes(separator) ? `"${text.replaceAll('"', '""')}"` : text

const headersOf = (name: string) => ({
  'Content-Type': 'text/csv; charset=utf-8',
  'Content-Disposition': `attachment; filename="${name}.csv"`,
  'Cache-Control': 'private, no-store',
  'X-Content-Type-Options': 'nosniff',
})

/** The mark at its beginning tells spreadsheets that it is UTF-8. */
export const csvText = (lines: string[]): string => `\ufeff${lines.join('\r\n')}\r\n`

/** `name` without ending. */
export const csvResponse = (lines: string[], name: string): Response => csvFile(csvText(lines), name)

/** A file that is made already. */
export const csvFile = (file: string | Buffer, name: string): Response =>
  new Response(typeof file === 'string' ? file : new Uint8Array(file), { headers: headersOf(name) })

/**
 * A file that is as long as it is; with its mark where it is to have one. Its first piece is read before the answer begins: what
 * cannot be read then is an error, and no empty file.
 */
export async function csvStream(
  pieces: Pieces,
  name: string,
  more: Record<string, string> = {},
): Promise<Response> {
  const first = await pieces.next()
  const body = Readable.toWeb(Readable.from(afterFirst(first, pieces)))
  return new Response(body as ReadableStream, { headers: { ...headersOf(name), ...more } })
}

async function* afterFirst(first: IteratorResult<string | Buffer>, rest: Pieces): Pieces {
  if (first.done) return
  yield first.value
  yield* rest
}
