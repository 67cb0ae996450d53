// The list of all unpaid invoices and the plan, as pages know them: their addresses and what is typed into them.
import { type ListFormat, listFormats } from '../../db/enums.ts'
import { parseMinor } from '../platform/money.ts'
import { readAmount, readId } from '../platform/typed.ts'

export { type ListFormat, listFormats }

export const planPath = '/invoices/unpaid/plan'
export const listPath = (id: string) => `/invoices/unpaid/list/${id}`

/** Where a list is asked for. `anew`: whatever was made before. */
export const askPath = (format: ListFormat, anew = false) =>
  `/invoices/unpaid.${format}${anew ? '?anew=1' : ''}`

/** Of one contract, with what was typed so far. */
export const planOf = (contract: { billerCode: string; code: string }) =>
  `${planPath}?${new URLSearchParams({ biller: contract.billerCode, code: contract.code })}`

/** The id that stands in a list's address. */
export const parseListId = readId

/** An amount that somebody has, in minor units; undefined where it is none. */
export function readCash(typed: unknown): number | undefined {
  if (typeof typed !== 'string' || typed.length > 30) return undefined
  const bare = typed.replace(/(lekë|leke|lek|all|euro|eur|€)/i, '')
  if (/[^\d\s.,'’]/.test(bare)) return undefined
  const minor = parseMinor(readAmount(bare))
  return minor === 0 ? undefined : minor
}

/** So long a list is kept after it was asked for. */
export const KEEP_HOURS = 24
