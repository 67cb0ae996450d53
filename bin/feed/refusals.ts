// Writes refused rows so that they can be mended and sent again: a folder of files like those of a feed.
import fs from 'node:fs/promises'
import path from 'node:path'
import { type FeedFile, REFUSAL_COLUMNS, type RefusedRow, ROW_TEXTS } from '../../lib/feed/schema.ts'

const quoted = (cell: string) => (/[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell)

/** Values stand as they came: the rows are sent again. The notes are in front, so that a row too short or long is no hindrance. */
const lineOf = (cells: readonly string[]) => `${cells.map(quoted).join(',')}\r\n`

/** Takes refused rows by file. `written`: the files that there are now, and how many rows each holds. */
export function refusalWriter(folder: string) {
  const written = new Map<FeedFile, number>()

  async function write(header: readonly string[], rows: readonly RefusedRow[]): Promise<void> {
    const { file } = rows[0]!
    // A file of refused rows that is refused again has its notes already.
    const isNote = header.map(name => (REFUSAL_COLUMNS as readonly string[]).includes(name))
    const own = (cells: readonly string[]) => cells.filter((_, place) => !isNote[place])
    let text = ''
    if (!written.has(file)) {
      await fs.mkdir(folder, { recursive: true })
      // Excel takes a file for UTF-8 by this mark.
      text = `\uFEFF${lineOf([...REFUSAL_COLUMNS, ...own(header)])}`
    }
    for (const row of rows) {
      text += lineOf([String(row.line), row.column ?? '', ROW_TEXTS[row.reason], ...own(row.fields)])
    }
    await fs.appendFile(path.join(folder, `${file}.csv`), text)
    written.set(file, (written.get(file) ?? 0) + rows.length)
  }

  return { write, written }
}
