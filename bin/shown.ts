// What others wrote, made fit for a terminal: a folder's name may hold characters that steer one.
import { printable } from '../lib/platform/text.ts'

const MOST_SHOWN = 1000

/** An argument of the command line. */
export const shown = (word: string): string => printable(word, MOST_SHOWN)

/** What an error says, its lines kept. */
export const shownError = (error: unknown): string =>
  (error instanceof Error ? error.message : String(error)).split('\n').map(shown).join('\n')
