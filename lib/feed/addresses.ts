// Addresses of staff's pages about feeds.
import { type BillerCode, billerCodes } from '../billers/contract-codes.ts'
import { FEED_FILE_NAMES, type FeedFile } from './schema.ts'

export type ChosenRuns = { biller?: BillerCode; before?: number }

const numberOf = (typed: unknown): number | undefined =>
  typeof typed === 'string' && /^[1-9]\d{0,14}$/.test(typed) ? Number(typed) : undefined

/** What an address says; what has no such form is not chosen. */
export const readChosenRuns = (of: Record<string, unknown>): ChosenRuns => ({
  biller: billerCodes.find(code => code === of.biller),
  before: numberOf(of.before),
})

export function feedsPath(chosen: ChosenRuns = {}): string {
  const query = new URLSearchParams()
  for (const [name, value] of Object.entries(chosen)) if (value) query.set(name, String(value))
  return query.size > 0 ? `/staff/feeds?${query}` : '/staff/feeds'
}

export const runPath = (run: number): string => `/staff/feeds/${run}`

export const refusalsPath = (run: number, file: FeedFile): string => `${runPath(run)}/${file}.csv`

export const readRun = numberOf

/** Of `invoices.csv`. */
export const readFile = (name: string): FeedFile | undefined =>
  FEED_FILE_NAMES.find(file => `${file}.csv` === name)
