// Tables for other programs: their lines, and how they are answered, as a file that is stored nowhere on the way.
import { Readable } from 'node:stream'

type Pieces = AsyncGenerator<string | Buffer>

/**
 * What begins a formula in a spreadsheet, after what it leaves out before one; in its full-width form too. Where lists are written with
 * semicolons or tabs, as in Albania, Kosovo and Serbia, a cell begins after one of those.
 */
const FORMULA = /(^|[;\t\r\n])([\s\u200b\ufeff]*[=+\-@\uff1d\uff0b\uff0d\uff20])/g

/** A line: what would begin a formula begins with an apostrophe. */
export const csvLine = (cells: (string | number)[]): string =>
  cells
    .map(cell =>
      String(cell)
        .replace(FORMULA, "$1'$2")
        .replace(/^[\t\r\n]/, "'$&"),
    )
    .map(cell => (/[",;\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell))
    .join(',')

const headersOf = (name: string) => ({
  'Content-Type': 'text/csv; charset=utf-8',
  'Content-Disposition': `attachment; filename="${name}.csv"`,
  'Cache-Control': 'private, no-store',
  'X-Content-Type-Options': 'nosniff',
})

/** `name` without ending. The mark at its beginning tells spreadsheets that it is UTF-8. */
export const csvResponse = (lines: string[], name: string): Response =>
  new Response(`\ufeff${lines.join('\r\n')}\r\n`, { headers: headersOf(name) })

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
