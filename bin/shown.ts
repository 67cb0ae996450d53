// What others wrote, made fit for a terminal: a folder's name may hold characters that steer one.
import { printable } from '../lib/platform/text.ts'

const MOST_SHOWN = 1000

/** An argument of the command line. */
export const shown = (word: string): string => printable(word, MOST_SHOWN)

/** Rows of text in columns as wide as they need, the first to the left; the first row is the head. */
export function tableLines(rows: readonly string[][]): string[] {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map(row => row[column]?.length ?? 0)))
  return rows.map(([first = '', ...rest]) =>
    [first.padEnd(widths[0]!), ...rest.map((cell, i) => cell.padStart(widths[i + 1]!))].join('  '),
  )
}

/** What an error says, its lines kept. */
export const shownError = (error: unknown): string =>
  (error instanceof Error ? error.message : String(error)).split('\n').map(shown).join('\n')
