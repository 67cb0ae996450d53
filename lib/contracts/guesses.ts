// Guesses at which names, personal number and contract belong together, counted for what they are about.
import { env } from '../platform/env.ts'
import { countTry } from '../platform/rate-limits.ts'
import type { BillerCode } from './codes.ts'

/**
 * Counts a comparison of what somebody typed with a contract's data, whatever address or account it comes from; all are in
 * their stored form. Returns 0 where it is allowed, else the seconds to wait. Whether the number or the contract exists makes
 * no difference.
 */
export async function countComparison(typed: {
  biller: BillerCode
  contractCode: string
  personalNumber?: string
}): Promise<number> {
  const limit = { name: 'comparisons', points: env().LIMIT_COMPARISONS_PER_HOUR, seconds: 3600 }
  if (typed.personalNumber) {
    const seconds = await countTry(limit, `person ${typed.personalNumber}`)
    if (seconds > 0) return seconds
  }
  return countTry(limit, `contract ${typed.biller} ${typed.contractCode}`)
}
