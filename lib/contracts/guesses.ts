// Guesses at which names, personal number and contract belong together, counted for what they are about.
import type { BillerCode } from '../billers/contract-codes.ts'
import { answering } from '../platform/answering.ts'
import { limits } from '../platform/limits.ts'
import { countTry } from '../platform/rate-limits.ts'

/**
 * Counts a comparison of what somebody typed with a contract's data, for the address it comes from and, looser, in all, that
 * nobody alone keeps a person out by typing their number; all are in their stored form. Returns 0 where it is allowed, else the seconds to wait. Whether the number or the contract exists makes
 * no difference.
 */
export async function countComparison(typed: {
  biller: BillerCode
  contractCode: string
  personalNumber?: string
}): Promise<number> {
  const address = answering.getStore()?.address ?? null
  const persons = typed.personalNumber ? [`person ${typed.personalNumber}`] : []
  for (const about of [...persons, `contract ${typed.biller} ${typed.contractCode}`]) {
    const seconds =
      (await countTry(limits.comparisonsOfAddress(), { address, about })) ||
      (await countTry(limits.comparisons(), about))
    if (seconds > 0) return seconds
  }
  return 0
}
