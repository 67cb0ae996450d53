// Reads CSV as RFC 4180 has it, piece by piece, knowing the line of every row, and refusing what is not CSV.

/** The text is not CSV: a quote where none may stand, one never closed, a bare carriage return, a row without end. */
export class NotCsv extends Error {
  readonly line: number
  constructor(line: number) {
    super(`Not CSV: line ${line}`)
    this.line = line
  }
}

/** A row longer than this is a quote never closed: it is not waited for with ever more memory. */
const ROW_LIMIT = 1_000_000

/**
 * Hands each row with the line it begins on (from 1) to `onRow`. Lines end in LF or CRLF; an empty line is no row.
 * Call `write` with every piece of the text and `end` once. Throws NotCsv.
 */
export function csvReader(onRow: (fields: string[], line: number) => void) {
  let rest = ''
  let line = 1

  function consume(text: string): void {
    let start = 0
    let quote = text.indexOf('"')
    for (;;) {
      const newline = text.indexOf('\n', start)
      if (newline === -1) break
      if (quote !== -1 && quote < newline) {
        const row = readQuotedRow(text, start, line)
        if (!row) break
        onRow(row.fields, line)
        line += row.lines
        start = row.end
        quote = text.indexOf('"', start)
      } else {
        const end = text.charCodeAt(newline - 1) === 13 && newline > start ? newline - 1 : newline
        if (end > start) {
          const row = text.slice(start, end)
          if (row.includes('\r')) throw new NotCsv(line)
          onRow(row.split(','), line)
        }
        line++
        start = newline + 1
      }
    }
    rest = text.slice(start)
    if (rest.length > ROW_LIMIT) throw new NotCsv(line)
  }

  return {
    write: (text: string): void => consume(rest + text),
    end(): void {
      // The last line may lack its end.
      if (rest !== '') consume(`${rest}\n`)
      if (rest !== '') throw new NotCsv(line)
    },
  }
}

/** A row with quoted fields from `start`; undefined where its end has not arrived yet. */
function readQuotedRow(text: string, start: number, line: number) {
  const fields: string[] = []
  let lines = 1
  let at = start
  for (;;) {
    if (text.charCodeAt(at) === 34) {
      let field = ''
      let from = at + 1
      for (;;) {
        const close = text.indexOf('"', from)
        if (close === -1 || close + 1 >= text.length) return undefined
        field += text.slice(from, close)
        at = close + 1
        if (text.charCodeAt(at) !== 34) break
        field += '"'
        from = at + 1
      }
      for (let i = field.indexOf('\n'); i !== -1; i = field.indexOf('\n', i + 1)) lines++
      fields.push(field)
    } else {
      const from = at
      while (at < text.length && !isDelimiter(text.charCodeAt(at))) at++
      fields.push(text.slice(from, at))
    }
    if (at >= text.length) return undefined
    if (text.charCodeAt(at) === 13) {
      if (at + 1 >= text.length) return undefined
      at++
      if (text.charCodeAt(at) !== 10) throw new NotCsv(line + lines - 1)
    }
    if (text.charCodeAt(at) === 10) return { fields, lines, end: at + 1 }
    if (text.charCodeAt(at) !== 44) throw new NotCsv(line + lines - 1)
    at++
  }
}

/** Comma, line feed, carriage return; a quote too, where it ends the field as an error. */
const isDelimiter = (code: number) => code === 44 || code === 10 || code === 13 || code === 34
