// Reads CSV as RFC 4180 has it, piece by piece, knowing the line of every row, and refusing what is not CSV.
import type { BrokenFile, FileReason } from './schema.ts'

/** Ends the reading of a file that is refused whole. `line` and `column` where they are known. */
export class Unreadable extends Error {
  readonly facts: BrokenFile
  constructor(reason: FileReason, line: number | null, column: string | null = null) {
    super(`${reason}, line ${line}`)
    this.facts = { reason, line, column }
  }
}

/** A row longer than this has no end that is worth waiting for with ever more memory. */
const ROW_LIMIT = 1_000_000

/**
 * Hands each row with the line it begins on (from 1) to `onRow`. Lines end in LF or CRLF; an empty line is no row.
 * Call `write` with every piece of the text and `end` once. Throws Unreadable: a quote where none may stand, one never
 * closed, a bare carriage return, a row without end.
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
          if (row.includes('\r')) throw new Unreadable('bare_return', line)
          onRow(row.split(','), line)
        }
        line++
        start = newline + 1
      }
    }
    rest = text.slice(start)
    if (rest.length > ROW_LIMIT) throw new Unreadable(endless(rest), line)
  }

  return {
    write: (text: string): void => consume(rest + text),
    end(): void {
      // The last line may lack its end.
      if (rest !== '') consume(`${rest}\n`)
      if (rest !== '') throw new Unreadable('unclosed_quote', line)
    },
  }
}

/** Why a row has no end. */
function endless(row: string): FileReason {
  if (row.includes('"')) return 'unclosed_quote'
  return row.includes('\r') ? 'bare_return' : 'row_too_long'
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
      if (text.charCodeAt(at) !== 10) throw new Unreadable('bare_return', line + lines - 1)
    }
    if (text.charCodeAt(at) === 10) return { fields, lines, end: at + 1 }
    if (text.charCodeAt(at) !== 44) {
      // A header of quoted names between semicolons or tabs.
      if (line === 1 && lines === 1 && /[;\t|]/.test(text[at]!))
        throw new Unreadable('other_separator', 1, text[at])
      throw new Unreadable('stray_quote', line + lines - 1)
    }
    at++
  }
}

/** Comma, line feed, carriage return; a quote too, where it ends the field as an error. */
const isDelimiter = (code: number) => code === 44 || code === 10 || code === 13 || code === 34
